"""PINs: what may be chosen, and how seldom one may be tried."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from stile.domain.errors import WrongValue
from stile.domain.ids import MemberId
from stile.domain.pins import (
    FREE_TRIES,
    KEYPAD_LONGEST_REST,
    KEYPAD_MEMORY,
    KEYPAD_REST,
    KEYPAD_TRIES,
    LONGEST_REST,
    PinKept,
    keypad_rests,
    pin,
    rest_after,
    tried,
)

NOW = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
KEPT = PinKept(MemberId(UUID(int=1)), b"sealed", NOW)


@pytest.mark.parametrize("text", ["8305", " 83 05 ", "83-05", "83051", "83059164"])
def test_a_pin_of_4_to_8_digits(text: str) -> None:
    assert pin(text) == text.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    "text",
    [
        *("", "830", "830591640", "83o5", "٣٤٥٦"),
        *("0000", "99999", "1234", "7890", "8901", "4321", "98765432", "1212", "2580", "1985", "2004"),
    ],
)
def test_what_is_no_pin_or_is_tried_first(text: str) -> None:
    with pytest.raises(WrongValue) as wrong:
        pin(text)
    assert not text or text not in str(wrong.value)


def test_what_is_typed_at_the_keypad_is_compared_as_it_was_chosen() -> None:
    assert (tried("83 05"), tried("1234"), tried("123"), tried("123456789")) == ("8305", "1234", None, None)


def test_the_first_tries_are_free_and_then_the_rests_double() -> None:
    rests = [rest_after(failures) for failures in range(FREE_TRIES + 3)]
    assert rests[:FREE_TRIES] == [timedelta(0)] * FREE_TRIES
    assert rests[FREE_TRIES:] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert rest_after(1_000_000) == LONGEST_REST


def test_how_many_tries_somebody_has_who_guesses_all_day() -> None:
    """The figure of the decision record: 16 on the first day, 4 on every further one."""
    at, tries, kept = NOW, [], KEPT
    while at < NOW + timedelta(days=2):
        tries.append(at)
        failures, until = kept.after_failure(at)
        kept = PinKept(kept.member, kept.sealed, kept.set_at, failures, until)
        at = until or at
    first = [one for one in tries if one < NOW + timedelta(days=1)]
    assert (len(first), len(tries) - len(first)) == (16, 4)


def test_a_pin_rests_until_its_time_and_not_longer() -> None:
    until = NOW + timedelta(minutes=1)
    kept = PinKept(KEPT.member, KEPT.sealed, NOW, 5, until)
    assert kept.rests(until - timedelta(microseconds=1))
    assert not kept.rests(until)


def test_a_keypad_rests_after_many_wrong_pins_of_whomever() -> None:
    wrong = [float(n) for n in range(KEYPAD_TRIES)]
    assert keypad_rests(wrong[:-1], KEYPAD_TRIES) == 0
    assert keypad_rests(wrong, wrong[-1]) == KEYPAD_REST
    assert keypad_rests(wrong, wrong[-1] + KEYPAD_REST) == 0
    assert keypad_rests([*wrong, 100.0], 100.0) == 2 * KEYPAD_REST
    assert keypad_rests([0.0] * 60, 0.0) == KEYPAD_LONGEST_REST
    assert keypad_rests(wrong, KEYPAD_MEMORY + KEYPAD_TRIES) == 0, "an hour later they are forgotten"


@pytest.mark.parametrize("broken", [{"failures": -1}, {"set_at": datetime(2026, 1, 1)}])  # noqa: DTZ001
def test_what_cannot_be_kept(broken: dict[str, object]) -> None:
    given: dict[str, object] = {"member": KEPT.member, "sealed": b"x", "set_at": NOW, "failures": 0}
    with pytest.raises(WrongValue):
        PinKept(**(given | broken))  # type: ignore[arg-type]
