"""A request walks along its table, and its clock follows from its history."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.ids import CentreId, MemberId, RequestId
from stile.domain.rights_request import (
    COMPLAINTS,
    OVER,
    REQUESTS,
    TO_EXTEND,
    TO_REFUSE,
    WAITS,
    CameBy,
    Clock,
    Entry,
    Ground,
    Kind,
    RightsRequest,
    State,
    Step,
    table_of,
)

DAY_ONE = date(2026, 3, 2)


def entry(step: Step, day: int = 0, note: str = "because", ground: Ground | None = None) -> Entry:
    on = DAY_ONE + timedelta(days=day)
    if ground is None:
        ground = {Step.EXTEND: Ground.COMPLEX, Step.REFUSE: Ground.EXCESSIVE}.get(step)
    return Entry(step, on, datetime.combine(on, time(12), UTC), "somebody", note, ground)


def request(kind: Kind = Kind.ACCESS, *steps: Entry) -> RightsRequest:
    asked = RightsRequest(
        RequestId(uuid7()),
        1,
        CentreId(uuid7()),
        kind,
        CameBy.LETTER,
        MemberId(uuid7()),
        "",
        "",
        "All of it, please.",
        (entry(Step.RECEIVE),),
    )
    for step in steps:
        asked = asked.take(step)
    return asked


# --- the tables ---


@pytest.mark.parametrize("kind", Kind)
def test_every_state_of_a_table_leads_to_the_end(kind: Kind) -> None:
    table = table_of(kind)
    for start in {state for state, _ in table}:
        seen, ahead = {start}, [start]
        while ahead:
            state = ahead.pop()
            for (before, _), after in table.items():
                if before is state and after not in seen:
                    seen.add(after)
                    ahead.append(after)
        assert State.CLOSED in seen, start


def test_nothing_leads_out_of_the_end_and_every_state_is_reached() -> None:
    both = {**REQUESTS, **COMPLAINTS}
    assert not [one for one in both if one[0] is State.CLOSED]
    assert {State.RECEIVED, *both.values()} == set(State)
    assert {step for _, step in both} == set(Step) - {Step.RECEIVE, Step.NOTE}
    assert not OVER & WAITS


@pytest.mark.parametrize("kind", Kind)
def test_no_step_is_taken_that_the_table_does_not_give(kind: Kind) -> None:
    asked = request(kind)
    for step in Step:
        if step in (*asked.may_take(), Step.NOTE):
            continue
        with pytest.raises(NotAllowed, match="cannot take"):
            asked.take(entry(step))


@given(st.sampled_from(Kind), st.lists(st.tuples(st.sampled_from(Step), st.integers(0, 20)), max_size=12))
def test_any_walk_keeps_to_the_table_and_its_clock_can_be_read(
    kind: Kind, walk: list[tuple[Step, int]]
) -> None:
    asked, day = request(kind), 0
    for step, days in walk:
        before, may = asked.state, asked.may_take()
        try:
            asked = asked.take(entry(step, day + days))
        except (NotAllowed, WrongValue):
            assert step not in may or step is Step.EXTEND
            continue
        day += days
        assert asked.state is (before if step is Step.NOTE else table_of(kind)[before, step])
        clock = asked.clock(DAY_ONE + timedelta(days=day))
        assert (clock == Clock()) == asked.is_over
        assert clock.stopped_by is None or clock.stopped_by in WAITS


# --- what the law says of a step ---


def test_only_an_access_request_may_be_clarified() -> None:
    assert Step.ASK_CLARIFICATION in request(Kind.ACCESS).may_take()
    for kind in set(Kind) - {Kind.ACCESS}:
        assert Step.ASK_CLARIFICATION not in request(kind).may_take(), kind


def test_an_extension_is_told_within_the_month_and_once() -> None:
    searching = request(Kind.ACCESS, entry(Step.SEARCH, 1))
    with pytest.raises(NotAllowed, match="The month is over"):
        searching.take(entry(Step.EXTEND, 40))
    extended = searching.take(entry(Step.EXTEND, 31))
    assert extended.clock(DAY_ONE).by == date(2026, 6, 2)
    assert Step.EXTEND not in extended.may_take()


@pytest.mark.parametrize("step", [Step.EXTEND, Step.REFUSE])
def test_an_extension_and_a_refusal_take_a_ground_and_words(step: Step) -> None:
    grounds = TO_EXTEND if step is Step.EXTEND else TO_REFUSE
    for wrong in (None, *(set(Ground) - set(grounds))):
        with pytest.raises(WrongValue, match="one of these grounds"):
            Entry(step, DAY_ONE, datetime(2026, 3, 2, tzinfo=UTC), "somebody", "because", wrong)
    with pytest.raises(WrongValue, match="in words"):
        Entry(step, DAY_ONE, datetime(2026, 3, 2, tzinfo=UTC), "somebody", " ", grounds[0])


def test_a_step_is_not_taken_before_the_one_before_it() -> None:
    with pytest.raises(WrongValue, match="the step before"):
        request(Kind.ACCESS, entry(Step.SEARCH, 5)).take(entry(Step.ANSWER, 4))


# --- the clock ---


def test_the_clock_of_a_request() -> None:
    asked = request()
    assert asked.clock(DAY_ONE) == Clock(date(2026, 4, 2), "Answer", None, 31)
    waiting = asked.take(entry(Step.ASK_IDENTITY, 2))
    assert waiting.clock(DAY_ONE + timedelta(days=90)) == Clock(None, "Answer", State.IDENTITY_AWAITED)
    shown = waiting.take(entry(Step.IDENTITY_SHOWN, 10))
    assert shown.clock(DAY_ONE).by == date(2026, 4, 13), "12 April is a Sunday"
    late = shown.clock(date(2026, 4, 20))
    assert late.is_overdue
    assert late.days_left == -7
    assert shown.take(entry(Step.ANSWER, 20)).clock(DAY_ONE) == Clock()
    assert shown.take(entry(Step.ANSWER, 20)).last_day == date(2026, 4, 13)


def test_an_extension_stands_also_when_something_is_clarified_meanwhile() -> None:
    asked = request(
        Kind.ACCESS,
        entry(Step.SEARCH, 1),
        entry(Step.ASK_CLARIFICATION, 3),
        entry(Step.CLARIFIED, 7),
        entry(Step.EXTEND, 20),
    )
    assert asked.is_extended
    assert asked.clock(DAY_ONE).by == date(2026, 6, 8), "2 June, and five days; the 7th is a Sunday"


def test_a_withdrawal_waits_for_nothing() -> None:
    assert request(Kind.WITHDRAWAL).clock(DAY_ONE) == Clock(DAY_ONE, "Withdraw at once", None, 0)
    assert request(Kind.WITHDRAWAL).clock(DAY_ONE + timedelta(days=1)).is_overdue


def test_a_complaint_is_acknowledged_in_thirty_days_and_then_answered_without_delay() -> None:
    complaint = request(Kind.COMPLAINT)
    assert complaint.clock(DAY_ONE) == Clock(date(2026, 4, 1), "Acknowledge", None, 30)
    assert complaint.may_take() == [Step.ACKNOWLEDGE, Step.TAKE_BACK]
    known = complaint.take(entry(Step.ACKNOWLEDGE, 3))
    assert known.clock(DAY_ONE).by is None
    assert "undue delay" in known.clock(DAY_ONE).for_what
    told = (
        known.take(entry(Step.LOOK_INTO, 4)).take(entry(Step.TELL_PROGRESS, 9)).take(entry(Step.ANSWER, 12))
    )
    assert told.answered_on == DAY_ONE + timedelta(days=12)
    assert told.take(entry(Step.CLOSE, 12)).state is State.CLOSED


# --- what cannot be ---


def test_a_request_says_who_asks_and_a_complaint_what_is_wrong() -> None:
    here = (RequestId(uuid7()), 1, CentreId(uuid7()))
    first = (entry(Step.RECEIVE),)
    with pytest.raises(WrongValue, match="who asks"):
        RightsRequest(*here, Kind.ACCESS, CameBy.LETTER, None, " ", "", "", first)
    with pytest.raises(WrongValue, match="what is wrong"):
        RightsRequest(*here, Kind.COMPLAINT, CameBy.LETTER, None, "Ada", "", " ", first)
    with pytest.raises(WrongValue, match="begins with its receipt"):
        RightsRequest(*here, Kind.ACCESS, CameBy.LETTER, None, "Ada", "", "", (entry(Step.ANSWER),))
    walked = (*first, entry(Step.CLARIFIED))
    with pytest.raises(WrongValue, match="cannot take"):
        RightsRequest(*here, Kind.ACCESS, CameBy.LETTER, None, "Ada", "", "", walked)
