"""Weekly hours: written in words, kept to the minute."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.hours import Hours, Window, hours
from tests.domain.builders import quick

MONDAY = datetime(2026, 6, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("mon-fri 06:00-16:00", "mon-fri 06:00-16:00"),
        ("Mon – Fri 06:00–16:00 ; sat , sun 08:00-12:00", "mon-fri 06:00-16:00; sat,sun 08:00-12:00"),
        ("daily 00:00-24:00", "mon-sun 00:00-24:00"),
        ("tue 17:00-20:00, 06:00-09:00", "tue 06:00-09:00,17:00-20:00"),
        ("sat 08:00-12:00;mon 08:00-12:00", "mon,sat 08:00-12:00"),
        ("mon 06:00-12:00; mon 12:00-14:00", "mon 06:00-12:00,12:00-14:00"),
    ],
)
def test_how_hours_are_written(written: str, kept: str) -> None:
    found = hours(written)
    assert str(found) == kept
    assert hours(kept) == found


@pytest.mark.parametrize("written", ["", "  ", "always", " Always "], ids=repr)
def test_nothing_is_always(written: str) -> None:
    assert hours(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "06:00-16:00",
        "mon",
        "mon 6-16",
        "mon 16:00-06:00",
        "mon 06:00-06:00",
        "mon 06:00-24:01",
        "mon 25:00-26:00",
        "fri-mon 06:00-07:00",
        "mun 06:00-07:00",
        "mon 06:00-12:00; mon 11:59-14:00",
        ";",
        "mon 06:00-16:00, always",
    ],
)
def test_what_is_no_hours(written: str) -> None:
    with pytest.raises(WrongValue):
        hours(written)


@pytest.mark.parametrize(
    ("day", "time", "admits"),
    [
        (0, "05:59", False),
        (0, "06:00", True),
        (0, "15:59", True),
        (0, "16:00", False),
        (4, "12:00", True),
        (5, "12:00", False),
        (6, "23:59", True),
        (6, "21:59", False),
    ],
)
def test_when_they_admit(day: int, time: str, admits: bool) -> None:
    found = hours("mon-fri 06:00-16:00; sun 22:00-24:00")
    assert found is not None
    hour, minute = map(int, time.split(":"))
    assert (MONDAY + timedelta(days=day, hours=hour, minutes=minute, seconds=59) in found) is admits


@st.composite
def any_hours(draw: st.DrawFn) -> Hours:
    windows = []
    for day in draw(st.sets(st.integers(0, 6), min_size=1)):
        edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
        pairs = list(zip(edges[::2], edges[1::2], strict=False))
        windows += [Window(day, opens, closes) for opens, closes in pairs]
    return Hours(tuple(sorted(windows)))


@quick
@given(any_hours())
def test_what_is_written_is_read_back(one: Hours) -> None:
    assert hours(str(one)) == one
