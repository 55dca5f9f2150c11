"""Requests counted as the Code of Practice asks: each once, in one quarter, by what became of it and by when."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from stile.adapters.bank_holidays import bank_holidays
from stile.domain.errors import WrongValue
from stile.domain.foi import EXEMPTIONS, Refusal, Step
from stile.domain.foi_desk.counting import (
    HEADINGS,
    Case,
    InTime,
    Outcome,
    case,
    outcome,
    quarters,
    rows,
    years,
)
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Regime, split
from stile.domain.foi_desk.request import Channel, DraftedAnswer, DraftVersion, FoiRequest, Requester
from stile.domain.ids import FoiRequestId

DAY = date(2020, 2, 10)
DUE = date(2020, 3, 9)
HOLIDAYS = bank_holidays()
VEXATIOUS = Refusal(next(one for one in EXEMPTIONS if one.name == "s. 14(1)"), "It is the tenth this week.")


def request(*steps: tuple[Step, date]) -> FoiRequest:
    asked = FoiRequest(
        FoiRequestId(uuid7()),
        "R-1",
        DAY,
        Channel.EMAIL,
        Requester(),
        "Do you?",
        Regime.FOI,
        tuple(split("Do you?")),
        datetime(2020, 2, 10, tzinfo=UTC),
    )
    for step, on in steps:
        asked = asked.go(step, on)
    return asked


TO_DRAFT = ((Step.ACCEPT, DAY), (Step.SEARCH, DAY), (Step.DRAFT, DAY))


def sent(on: date, *between: tuple[Step, date]) -> FoiRequest:
    return request(*TO_DRAFT, *between, *((step, on) for step in (Step.CHECK, Step.CLEAR, Step.SEND)))


def answer(*held: Held, refused: int = 0) -> DraftVersion:
    answers = [DraftedAnswer(n, "x", one, ()) for n, one in enumerate(held, 1)]
    answers[:refused] = [replace(one, refusal=VEXATIOUS) for one in answers[:refused]]
    return DraftVersion(FoiRequestId(uuid7()), 1, datetime(2020, 2, 11, tzinfo=UTC), "x", tuple(answers))


def counted(asked: FoiRequest, today: date = DUE, **more: Any) -> Case:
    return case(asked, answer(Held.HELD), HOLIDAYS, today, **more)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        (answer(Held.HELD, Held.HELD), Outcome.GRANTED),
        (answer(Held.HELD, Held.NOT_HELD), Outcome.PART),
        (answer(Held.PARTLY), Outcome.PART),
        (answer(Held.NOT_HELD, Held.NOT_HELD), Outcome.NOT_HELD),
        (answer(Held.HELD, Held.HELD, refused=2), Outcome.REFUSED),
        (answer(Held.HELD, Held.HELD, refused=1), Outcome.PART),
        (answer(Held.HELD, Held.NOT_HELD, refused=1), Outcome.PART),
    ],
)
def test_what_became_of_it(version: DraftVersion, expected: Outcome) -> None:
    assert outcome(version) is expected


def test_in_time_to_the_day() -> None:
    assert counted(sent(DUE)).in_time is InTime.WITHIN
    assert counted(sent(DUE + timedelta(days=1))).in_time is InTime.LATE


def test_an_extension_is_told_apart_and_ends_too() -> None:
    weighed = ((Step.WEIGH, DUE), (Step.WEIGHED, DUE))
    assert counted(sent(date(2020, 3, 20), *weighed)).in_time is InTime.EXTENDED
    assert counted(sent(date(2020, 4, 30), *weighed)).in_time is InTime.LATE


def test_clarification_begins_the_clock_anew() -> None:
    asked = request((Step.ACCEPT, DAY), (Step.ASK, DAY))
    assert (counted(asked, date(2020, 6, 1)).stopped, counted(asked, date(2020, 6, 1)).overdue) == (
        True,
        False,
    )
    later = date(2020, 3, 30)
    on = tuple(
        (step, later) for step in (Step.CLARIFIED, Step.SEARCH, Step.DRAFT, Step.CHECK, Step.CLEAR, Step.SEND)
    )
    assert counted(request((Step.ACCEPT, DAY), (Step.ASK, DAY), *on)).in_time is InTime.WITHIN


def test_what_is_open_and_what_ended() -> None:
    assert counted(request()).outcome is Outcome.OPEN
    assert not counted(request()).overdue
    assert counted(request(), DUE + timedelta(days=1)).overdue
    assert counted(request((Step.WITHDRAW, DAY))).outcome is Outcome.ENDED


def test_a_review_is_counted_with_its_request_and_changes_nothing_else() -> None:
    asked = sent(DUE).go(Step.ASK_REVIEW, date(2020, 3, 12))
    assert counted(asked) == replace(counted(sent(DUE)), review=True)


CASES = st.builds(
    lambda received, outcome, in_time, review: Case(
        received,
        Regime.FOI,
        outcome,
        None if outcome in (Outcome.OPEN, Outcome.ENDED) else in_time,
        review=review,
    ),
    st.dates(date(2019, 1, 1), date(2021, 12, 31)),
    st.sampled_from(Outcome),
    st.sampled_from(InTime),
    st.booleans(),
)


@given(st.lists(CASES, max_size=30))
def test_every_request_stands_in_one_quarter_and_in_one_year(cases: list[Case]) -> None:
    first, last = date(2019, 1, 1), date(2021, 12, 31)
    by_quarter, by_year = quarters(cases, first, last), years(cases, first, last)
    assert len(by_quarter) == 12
    assert [one.name for one in by_year] == ["2019", "2020", "2021"]
    for name in HEADINGS[4:]:
        of_quarters = sum(getattr(one, name) for one in by_quarter)
        assert of_quarters == sum(getattr(one, name) for one in by_year)
    assert sum(one.received for one in by_quarter) == len(cases)


def test_quarters_are_whole_and_other_laws_stand_apart() -> None:
    eir = Case(date(2020, 5, 1), Regime.EIR, Outcome.GRANTED, InTime.LATE)
    usual = Case(date(2020, 5, 1), Regime.SUBJECT_ACCESS, Outcome.OPEN)
    found = quarters([eir, usual], date(2020, 2, 10), date(2020, 6, 1))
    assert [(one.name, one.regime, one.received) for one in found] == [
        ("2020 Q1", Regime.FOI, 0),
        ("2020 Q1", Regime.EIR, 0),
        ("2020 Q2", Regime.FOI, 0),
        ("2020 Q2", Regime.EIR, 1),
    ]
    assert (found[1].first, found[1].last) == (date(2020, 1, 1), date(2020, 3, 31))
    assert found[3].in_time == 0
    assert found[2].in_time is None, "of no answer there is no share"


def test_the_published_table_has_a_name_for_each_column() -> None:
    from stile.adapters.documents.papers.plain import written

    table = written(rows(quarters([counted(sent(DUE))], DAY, DAY))).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(table))
    assert row["regime"] == "Freedom of Information Act 2000"
    assert (row["received"], row["answered"], row["granted_in_full"], row["refused_in_full"]) == (
        "1",
        "1",
        "1",
        "0",
    )


def test_counts_that_do_not_add_up_are_not_made() -> None:
    [one] = quarters([counted(sent(DUE))], DAY, DAY)
    wrongs: tuple[dict[str, Any], ...] = (
        {"received": 2},
        {"granted_in_full": 0},
        {"answered_late": 1},
    )
    for wrong in wrongs:
        with pytest.raises(WrongValue):
            replace(one, **wrong)
    with pytest.raises(WrongValue):
        Case(DAY, Regime.FOI, Outcome.GRANTED)
