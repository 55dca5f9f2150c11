"""What a password is worth, and when a session is over."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from stile.domain.errors import WrongValue
from stile.domain.factors import (
    check_password,
    generator_secret,
    recovery_code,
    recovery_digest,
)
from stile.domain.ids import StaffId
from stile.domain.sessions import (
    FRESH,
    OWED_LASTS,
    SET_UP_LASTS,
    Limits,
    Means,
    SecondFactor,
    Session,
    Stage,
    stage_after_password,
)
from tests.domain.builders import NOW, SHA256, STAFF

IDLE = timedelta(minutes=30)
ANOTHER = StaffId(UUID(int=77))
SESSION = Session(SHA256, STAFF, "csrf", NOW, NOW, NOW, NOW + timedelta(hours=12), Stage.WHOLE, Means.PASSKEY)


@pytest.mark.parametrize(
    ("has_factor", "setting", "stage"),
    [
        (True, SecondFactor.REQUIRED, Stage.FACTOR_OWED),
        (True, SecondFactor.OPTIONAL, Stage.FACTOR_OWED),
        (False, SecondFactor.REQUIRED, Stage.SET_UP_OWED),
        (False, SecondFactor.OPTIONAL, Stage.WHOLE),
    ],
)
def test_what_a_password_is_worth(has_factor: bool, setting: SecondFactor, stage: Stage) -> None:
    assert stage_after_password(has_factor, setting) is stage


@pytest.mark.parametrize(
    ("later", "seen", "over"),
    [
        (timedelta(0), timedelta(0), False),
        (timedelta(minutes=29), timedelta(0), False),
        (IDLE, timedelta(0), True),
        (timedelta(hours=11), timedelta(hours=11), False),
        (timedelta(hours=12), timedelta(hours=12), True),
    ],
)
def test_a_session_is_over_when_unused_or_old(later: timedelta, seen: timedelta, over: bool) -> None:
    assert replace(SESSION, seen_at=NOW + seen).is_over(NOW + later, IDLE) is over


def test_fresh_is_a_quarter_of_an_hour_and_never_before_the_second_factor() -> None:
    just = timedelta(microseconds=1)
    assert SESSION.is_fresh(NOW + FRESH - just)
    assert not SESSION.is_fresh(NOW + FRESH)
    assert not replace(SESSION, stage=Stage.SET_UP_OWED).is_fresh(NOW)


@pytest.mark.parametrize(
    ("idle", "whole"), [(timedelta(0), IDLE), (-IDLE, IDLE), (IDLE, timedelta(minutes=29))]
)
def test_limits_that_cannot_be(idle: timedelta, whole: timedelta) -> None:
    with pytest.raises(WrongValue):
        Limits(idle, whole)


@pytest.mark.parametrize(
    ("stage", "means", "lasts"),
    [
        (Stage.WHOLE, Means.PASSKEY, timedelta(hours=12)),
        (Stage.WHOLE, Means.PROVIDER, timedelta(hours=1)),
        (Stage.FACTOR_OWED, Means.PASSWORD, OWED_LASTS),
        (Stage.SET_UP_OWED, Means.PASSWORD, SET_UP_LASTS),
    ],
)
def test_how_long_a_session_lasts(stage: Stage, means: Means, lasts: timedelta) -> None:
    assert Limits(IDLE, timedelta(hours=12)).of(stage, means) == lasts
    assert Limits(timedelta(minutes=5), timedelta(minutes=6)).of(stage, means) == timedelta(minutes=6)


def test_a_limit_of_nothing_for_the_provider_cannot_be() -> None:
    with pytest.raises(WrongValue):
        Limits(IDLE, IDLE, timedelta(0))


@pytest.mark.parametrize(
    "password",
    ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "abababababababab", "grace hopper 1906", "Grace Hopper!!!"],
)
def test_passwords_that_will_not_do(password: str) -> None:
    with pytest.raises(WrongValue):
        check_password(password, "Grace Hopper")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "Grace Hopper sails at dawn", "пароль достаточно длинный"]
)
def test_passwords_that_do(password: str) -> None:
    check_password(password, "Grace Hopper")


def test_secrets_have_the_bits_they_say() -> None:
    assert len(generator_secret("chance")) == 32  # base32 of 160 bits
    assert generator_secret("chance") != generator_secret("another")
    code = recovery_code("chance")
    assert len(code.replace("-", "")) == 16  # base32 of 80 bits


def test_a_recovery_code_fits_its_account_however_it_is_typed() -> None:
    code = recovery_code("chance")
    kept = recovery_digest(STAFF, code)
    for typed in (code.upper(), code.replace("-", " "), f"  {code}\n", code.replace("-", "")):
        assert recovery_digest(STAFF, typed) == kept
    assert recovery_digest(STAFF, code[:-1]) != kept
    assert recovery_digest(ANOTHER, code) != kept
