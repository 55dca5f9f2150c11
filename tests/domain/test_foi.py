"""The states of a request, its clock, and what a refusal must hold."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.adapters.bank_holidays import bank_holidays
from stile.domain.errors import WrongValue
from stile.domain.foi import (
    EXEMPTIONS,
    TRANSITIONS,
    Exemption,
    Refusal,
    State,
    Step,
    Taken,
    after,
    answer_due,
    possible,
    review_due,
)
from stile.domain.working_days import due

HOLIDAYS = bank_holidays()
MONDAY = date(2026, 6, 1)


def test_the_ordinary_way_leads_to_an_answer_in_the_log() -> None:
    state = State.RECEIVED
    for step in (
        Step.ACCEPT,
        Step.SEARCH,
        Step.DRAFT,
        Step.CHECK,
        Step.CLEAR,
        Step.SEND,
        Step.LOG,
        Step.CLOSE,
    ):
        state = after(state, step)
    assert state is State.CLOSED


def test_nothing_is_sent_that_was_not_checked_and_approved() -> None:
    assert {state for (state, step), to in TRANSITIONS.items() if to is State.SENT} == {State.APPROVAL}
    assert {state for (state, step), to in TRANSITIONS.items() if to is State.APPROVAL} == {State.REDACTION}


@pytest.mark.parametrize("state", [State.SENT, State.LOGGED, State.CLOSED, State.INTERNAL_REVIEW])
def test_whoever_has_an_answer_may_complain_and_the_complaint_may_end_without_a_decision(
    state: State,
) -> None:
    complained = after(state, Step.COMPLAIN)
    assert complained is State.ICO_COMPLAINT
    assert after(complained, Step.CLOSE) is State.CLOSED
    assert after(after(complained, Step.DECIDE), Step.APPEAL) is State.TRIBUNAL


def test_every_state_is_reached_and_every_open_one_can_end() -> None:
    reached = {State.RECEIVED} | set(TRANSITIONS.values())
    assert reached == set(State)
    ends = {State.CLOSED, State.LAPSED}
    while more := {state for (state, _), to in TRANSITIONS.items() if to in ends} - ends:
        ends |= more
    assert ends == set(State)


@pytest.mark.parametrize("state", State)
def test_what_does_not_follow_is_refused(state: State) -> None:
    for step in Step:
        if step in possible(state):
            assert isinstance(after(state, step), State)
        else:
            with pytest.raises(WrongValue, match="cannot go on"):
                after(state, step)


# --- the clock -----------------------------------------------------------------------------------------------


def test_without_more_it_is_twenty_working_days() -> None:
    assert answer_due(MONDAY, [], HOLIDAYS, MONDAY) == due(MONDAY, HOLIDAYS)


def test_clarification_begins_a_new_period() -> None:
    asked, clarified = Taken(Step.ASK, date(2026, 6, 10)), Taken(Step.CLARIFIED, date(2026, 6, 24))
    assert (
        answer_due(MONDAY, [asked, clarified], HOLIDAYS, MONDAY).due == due(date(2026, 6, 24), HOLIDAYS).due
    )
    waiting = answer_due(MONDAY, [asked], HOLIDAYS, date(2026, 6, 20))
    assert waiting.due == due(date(2026, 6, 20), HOLIDAYS).due


def test_a_fee_suspends_the_period_and_says_so() -> None:
    charged, paid = Taken(Step.CHARGE, date(2026, 6, 8)), Taken(Step.PAID, date(2026, 6, 12))
    found = answer_due(MONDAY, [charged, paid], HOLIDAYS, date(2026, 6, 20))
    assert found.due == date(2026, 7, 7)  # and 15 June 2026 was a holiday in Scotland
    assert [one.date.day for one in found.skipped if one.why == "the fee is awaited"] == [8, 9, 10, 11, 12]


def test_the_public_interest_adds_twenty_at_most() -> None:
    weigh = Taken(Step.WEIGH, date(2026, 6, 20))
    assert answer_due(MONDAY, [weigh, weigh], HOLIDAYS, MONDAY).due == due(MONDAY, HOLIDAYS, 40).due


def test_a_review_takes_twenty_days_and_a_complex_one_forty() -> None:
    assert review_due(MONDAY, HOLIDAYS).days == 20
    assert review_due(MONDAY, HOLIDAYS, complex_=True).days == 40


@given(
    received=st.dates(date(2010, 1, 1), date(2035, 1, 1)), begins=st.integers(1, 30), lasts=st.integers(0, 60)
)
def test_a_fee_never_brings_the_day_nearer(received: date, begins: int, lasts: int) -> None:
    charged = received + timedelta(days=begins)
    taken = [Taken(Step.CHARGE, charged), Taken(Step.PAID, charged + timedelta(days=lasts))]
    found = answer_due(received, taken, HOLIDAYS, received)
    assert found.due >= due(received, HOLIDAYS).due
    assert (found.due - received).days == 20 + len(found.skipped)


# --- refusing --------------------------------------------------------------------------------------------------


def test_the_sections_that_are_asked_for_are_there() -> None:
    assert {one.section for one in EXEMPTIONS} == {
        *("12", "14", "21", "22", "24", "31", "38", "40", "41", "42", "43", "44")
    }
    assert len({one.name for one in EXEMPTIONS}) == len(EXEMPTIONS)


@pytest.mark.parametrize("exemption", EXEMPTIONS, ids=lambda one: one.name)
def test_a_refusal_says_why_and_weighs_where_it_must(exemption: Exemption) -> None:
    balance = "The interest in keeping it is greater." if exemption.qualified else ""
    assert Refusal(exemption, "Because.", balance).exemption == exemption
    with pytest.raises(WrongValue, match="why it applies"):
        Refusal(exemption, " ", balance)
    with pytest.raises(WrongValue, match="public interest"):
        Refusal(exemption, "Because.", "" if exemption.qualified else "Weighed.")
