"""The clocks against a second reading of the law that walks from day to day."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.rights import (
    DAY,
    Pause,
    acknowledge_by,
    answer_by,
    is_weekend,
    month_after,
    next_day_that_counts,
)

DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def never(_: date) -> bool:
    return False


# --- a month ---


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 9, 3), 1, date(2026, 10, 3)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
    ids=["the ICO's example", "no 31st", "leap year", "no 31st of April", "over the year", "three months"],
)
def test_the_corresponding_date_or_the_last_day_of_the_month(day: date, months: int, expected: date) -> None:
    assert month_after(day, months) == expected


@given(DAYS)
def test_a_month_ends_in_the_next_month_and_never_on_a_later_number(day: date) -> None:
    """Read again: walk until the number comes round, or the next month ends."""
    walked = day + DAY
    while not (walked.month != day.month and (walked.day == day.day or (walked + DAY).day == 1)):
        walked += DAY
    assert month_after(day) == walked


# --- the whole clock, read again from day to day ---


def slowly(
    received: date, identity: Pause | None, clarifications: Sequence[Pause], extended: bool
) -> date | None:
    """One day after the other: which of them count, until there were as many as the period has."""
    start = received
    if identity is not None:
        in_time = identity.asked <= month_after(received)
        if in_time and identity.answered is None:
            return None
        if in_time:
            start = identity.answered or start
    needed = (month_after(start, 3 if extended else 1) - start).days
    counted, day = 0, start
    while counted < needed:
        day += DAY
        if any(one.asked <= day and one.answered is None for one in clarifications):
            return None
        if not any(one.asked <= day <= (one.answered or day) for one in clarifications):
            counted += 1
    while day.weekday() in (5, 6):
        day += DAY
    return day


@st.composite
def pauses(draw: st.DrawFn, received: date) -> list[Pause]:
    """Questions one after the other, the last of them perhaps without an answer."""
    found: list[Pause] = []
    day = received
    for _ in range(draw(st.integers(0, 4))):
        asked = day + timedelta(draw(st.integers(0, 40)))
        answered = asked + timedelta(draw(st.integers(0, 40)))
        found.append(Pause(asked, answered))
        day = answered + DAY
    stays_open: bool = draw(st.booleans())
    if found and stays_open:
        found[-1] = Pause(found[-1].asked)
    return found


@st.composite
def requests(draw: st.DrawFn) -> tuple[date, Pause | None, list[Pause], bool]:
    received = draw(DAYS)
    identity = None
    begins = received
    if draw(st.booleans()):
        asked = received + timedelta(draw(st.integers(0, 50)))
        answered = asked + timedelta(draw(st.integers(0, 60))) if draw(st.booleans()) else None
        identity = Pause(asked, answered)
        begins = answered or asked
    return received, identity, draw(pauses(begins)), draw(st.booleans())


@given(requests())
def test_the_clock_agrees_with_the_slow_reading(
    request: tuple[date, Pause | None, list[Pause], bool],
) -> None:
    received, identity, clarifications, extended = request
    fast = answer_by(received, identity=identity, clarifications=clarifications, extended=extended)
    assert fast == slowly(received, identity, clarifications, extended)


@given(DAYS, st.integers(0, 27), st.integers(0, 90))
def test_what_is_awaited_never_shortens_the_time(received: date, after: int, waits: int) -> None:
    asked = received + timedelta(after)
    pause = Pause(asked, asked + timedelta(waits))
    plain = answer_by(received)
    for by in (answer_by(received, clarifications=[pause]), answer_by(received, identity=pause)):
        assert plain is not None
        assert by is not None
        assert by >= plain


@given(DAYS)
def test_the_last_day_is_never_a_weekend_and_at_most_two_days_later(received: date) -> None:
    by = answer_by(received)
    assert by is not None
    assert not is_weekend(by)
    assert timedelta() <= by - month_after(received) <= timedelta(days=2)


def test_a_question_that_came_after_the_time_was_over_brings_it_back_neither_way() -> None:
    received = date(2026, 3, 2)
    late = Pause(date(2026, 4, 3))
    assert answer_by(received, clarifications=[late]) == date(2026, 4, 2)
    assert answer_by(received, identity=late) == date(2026, 4, 2)


def test_the_days_from_the_question_to_the_answer_do_not_count_both_included() -> None:
    """Art. 12A(5): “beginning with the day on which the controller makes the request and ending with the day on which
    the controller receives the information”."""
    asked = Pause(date(2026, 3, 10), date(2026, 3, 20))
    assert answer_by(date(2026, 3, 2), clarifications=[asked], rests=never) == date(2026, 4, 2) + timedelta(
        11
    )


def test_identity_shown_begins_the_month_anew() -> None:
    asked = Pause(date(2026, 3, 4), date(2026, 3, 20))
    assert answer_by(date(2026, 3, 2), identity=asked, rests=never) == date(2026, 4, 20)


def test_it_stands_still_while_something_is_awaited() -> None:
    open_question = Pause(date(2026, 3, 4))
    assert answer_by(date(2026, 3, 2), identity=open_question) is None
    assert answer_by(date(2026, 3, 2), clarifications=[open_question]) is None


def test_two_further_months() -> None:
    assert answer_by(date(2026, 3, 2), extended=True) == date(2026, 6, 2)


def test_public_holidays_move_the_last_day_where_somebody_knows_them() -> None:
    holidays = {date(2026, 12, 25), date(2026, 12, 28)}
    by = answer_by(date(2026, 11, 25), rests=lambda day: is_weekend(day) or day in holidays)
    assert by == date(2026, 12, 29)
    assert answer_by(date(2026, 11, 25)) == date(2026, 12, 25), "earlier than the law asks, never later"
    assert next_day_that_counts(date(2026, 11, 28)) == date(2026, 11, 30)


@given(DAYS)
def test_a_complaint_is_acknowledged_within_thirty_days(received: date) -> None:
    assert (acknowledge_by(received) - received).days == 30


def test_an_answer_comes_after_its_question() -> None:
    with pytest.raises(WrongValue, match="after its question"):
        Pause(date(2026, 3, 4), date(2026, 3, 3))
