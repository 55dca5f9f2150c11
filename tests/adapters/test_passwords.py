"""Passwords are slow on purpose, and as slow for nobody as for somebody."""

import time

import pytest

from stile.adapters.passwords import Argon2Passwords

PASSWORDS = Argon2Passwords()
HASHED = PASSWORDS.hash("correct horse battery")


def test_the_right_password_and_no_other() -> None:
    assert PASSWORDS.verify(HASHED, "correct horse battery")
    assert not PASSWORDS.verify(HASHED, "Correct horse battery")
    assert not PASSWORDS.verify(HASHED, "")


def test_a_hash_is_argon2id_and_salted() -> None:
    assert HASHED.startswith("$argon2id$")
    assert PASSWORDS.hash("correct horse battery") != HASHED
    assert "correct" not in HASHED


def test_nobody_is_let_in_and_costs_as_much_as_somebody() -> None:
    assert not PASSWORDS.verify(None, "correct horse battery")
    somebody, nobody = (min(_seconds(hashed) for _ in range(5)) for hashed in (HASHED, None))
    assert 0.4 < nobody / somebody < 2.5
    assert nobody > 0.01


def _seconds(hashed: str | None) -> float:
    began = time.perf_counter()
    PASSWORDS.verify(hashed, "wrong")
    return time.perf_counter() - began


def test_one_way_of_writing_a_letter_is_as_good_as_the_other() -> None:
    assert PASSWORDS.verify(PASSWORDS.hash("caf\u00e9 au lait"), "cafe\u0301 au lait")


@pytest.mark.parametrize("password", ["\ud800", "\0", "x" * 100_000], ids=["half a character", "NUL", "long"])
def test_odd_passwords_are_passwords(password: str) -> None:
    assert PASSWORDS.verify(PASSWORDS.hash(password), password)


@pytest.mark.parametrize(
    "hashed", ["", "$argon2id$", "plain", HASHED[:-1]], ids=["empty", "only its name", "plain", "cut short"]
)
def test_a_damaged_hash_lets_nobody_in(hashed: str) -> None:
    assert not PASSWORDS.verify(hashed, "correct horse battery")
