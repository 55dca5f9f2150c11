"""Codes that screens show, and what a device may be."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some

from stile.domain.devices import (
    ALPHABET,
    CODE_LASTS,
    LETTERS,
    MOST_WAITING,
    SEEN_EVERY,
    Device,
    Waiting,
    code_from,
    code_typed,
)
from stile.domain.errors import WrongValue
from stile.domain.ids import DeviceId, LaneId

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
DIGEST = "a" * 64


def device(paired_at: datetime | None = NOW, expires_at: datetime | None = None, **more: object) -> Device:
    return Device(DeviceId(uuid4()), LaneId(uuid4()), DIGEST, paired_at, expires_at, **more)  # type: ignore[arg-type]


def waiting(**more: object) -> Waiting:
    given = {"code": "BCDFGHJK", "digest": DIGEST, "address": "10.0.0.5", "agent": "", "asked_at": NOW}
    return Waiting(DeviceId(uuid4()), **{**given, "expires_at": NOW + CODE_LASTS, **more})  # type: ignore[arg-type]


@given(some.text())
def test_a_code_is_eight_letters_that_nobody_confuses(secret: str) -> None:
    code = code_from(secret.encode("utf-8", "replace").decode())
    assert len(code) == LETTERS
    assert set(code) <= set(ALPHABET)
    assert code_typed(code) == code


def test_codes_are_many_enough_that_guessing_is_hopeless() -> None:
    assert len({code_from(str(n)) for n in range(5000)}) == 5000
    assert MOST_WAITING / len(ALPHABET) ** LETTERS < 1e-9


@pytest.mark.parametrize("typed", ["bcdf-ghjk", "BCDF GHJK", " bcdfghjk ", "BCDF–GHJK"])
def test_a_code_is_typed_as_people_type(typed: str) -> None:
    assert code_typed(typed) == "BCDFGHJK"


@pytest.mark.parametrize("typed", ["", "BCDF", "BCDFGHJA", "BCDFGHJKL", "BCDF-GHJ1", "B" * 4000, "ＢCDFGHJK"])
def test_what_is_no_code(typed: str) -> None:
    assert code_typed(typed) is None


def test_a_code_is_shown_in_two_groups() -> None:
    assert waiting().shown == "BCDF-GHJK"


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "AEIOUAEI"},
        {"digest": "secret"},
        {"address": ""},
        {"agent": "x" * 99},
        {"asked_at": NOW.replace(tzinfo=None)},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_waiting_screen_that_cannot_be(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongValue):
        waiting(**wrong)


def test_a_raw_token_is_never_kept() -> None:
    with pytest.raises(WrongValue):
        Device(DeviceId(uuid4()), LaneId(uuid4()), "the token itself", NOW, None)


def test_a_device_works_from_its_pairing_to_its_end() -> None:
    assert device().works
    assert not device(None, NOW).works
    assert not device(revoked_at=NOW).works


def test_a_token_is_collected_once_and_in_time() -> None:
    approved = device(None, NOW + CODE_LASTS)
    assert approved.may_collect(NOW)
    assert not approved.may_collect(NOW + CODE_LASTS)
    assert not device(NOW, None).may_collect(NOW)
    assert not device(None, NOW + CODE_LASTS, revoked_at=NOW).may_collect(NOW)


def test_when_it_was_seen_is_noted_now_and_then() -> None:
    assert device().is_stale(NOW)
    assert not device(last_seen=NOW).is_stale(NOW + SEEN_EVERY - timedelta(seconds=1))
    assert device(last_seen=NOW).is_stale(NOW + SEEN_EVERY)
