"""The code on the phone: its form, its half minute, and that it opens once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from stile.domain.errors import WrongValue
from stile.domain.ids import LaneId, MemberId
from stile.domain.passes import GRACE, LONGEST_CODE, STEP, Phone, Use, is_of_now, message, shown, step_at

NOW = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
HANDLE = "01234567890123456789"
CODE = f"1{HANDLE}{58_774_980:09}{5:078}{7:078}"
PHONE = Phone(HANDLE, MemberId(UUID(int=1)), b"key", NOW)
LANE = LaneId(UUID(int=2))


def test_a_code_is_digits_in_their_places() -> None:
    found = shown(f" {CODE}\n")
    assert found is not None
    assert (found.use, found.handle, found.step, found.r, found.s) == (Use.COME_IN, HANDLE, 58_774_980, 5, 7)
    assert found.message == b"stile pass 1 01234567890123456789 58774980"
    assert len(CODE) == LONGEST_CODE


@pytest.mark.parametrize(
    "text", ["", "5500001", CODE[:-1], CODE + "1", "3" + CODE[1:], CODE[:-1] + "x", CODE.replace("5", "٥")]
)
def test_what_is_no_code(text: str) -> None:
    assert shown(text) is None


def test_a_question_is_never_taken_for_a_way_in() -> None:
    assert message(Use.COME_IN, HANDLE, 1) != message(Use.LOOK, HANDLE, 1)


@pytest.mark.parametrize(
    ("seconds", "good"),
    [
        (-GRACE - 0.1, False),
        (-GRACE, True),
        (0, True),
        (STEP, True),
        (STEP + GRACE - 0.1, True),
        (STEP + GRACE, False),
    ],
)
def test_a_code_lives_for_its_half_minute(seconds: float, good: bool) -> None:
    step = step_at(NOW)
    begins = datetime.fromtimestamp(step * STEP, UTC)
    assert is_of_now(step, begins + timedelta(seconds=seconds)) is good


def test_a_code_and_every_one_before_it_is_used_up_together() -> None:
    assert not PHONE.used(10)
    after = PHONE.after(10, NOW, LANE)
    assert (after.used(9), after.used(10), after.used(11)) == (True, True, False)
    assert (after.last_at, after.last_lane) == (NOW, LANE)


@pytest.mark.parametrize("handle", ["1", "x" * 20])
def test_a_handle_has_20_digits(handle: str) -> None:
    with pytest.raises(WrongValue):
        Phone(handle, PHONE.member, b"key", NOW)
