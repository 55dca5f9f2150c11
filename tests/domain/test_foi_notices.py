"""What a requester is told on the way: what the law wants said stands in each."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from stile.domain.foi import TRANSITIONS, State, Step, Taken
from stile.domain.foi_desk.letter import Sender
from stile.domain.foi_desk.notices import ABOUT, STEP_OF, About, fitting, write
from stile.domain.foi_desk.questions import Regime, split
from stile.domain.foi_desk.request import Channel, FoiRequest, Requester
from stile.domain.ids import FoiRequestId

TODAY, BY = date(2026, 6, 8), date(2026, 6, 29)
SENDER = Sender("The Council", "Information Team", ("1 High Street",), "foi@council.example")
TEXT = "1. Do you use facial recognition?\n2. Where?"
SAYS = {
    About.ACKNOWLEDGEMENT: (
        "29 June 2026",
        "Freedom of Information Act 2000",
        "1. Do you use facial recognition?",
    ),
    About.NOT_VALID: ("Section 8", "[what is missing]", "8 August 2026"),
    About.CLARIFICATION: ("section 1(3)", "begin anew", "8 August 2026"),
    About.FEES: ("section 9", "£9.20 (copies)", "7 September 2026", "review", "Information Commissioner"),
    About.EXTENSION: ("10(3)", "17(2)", "29 June 2026", "review", "Information Commissioner"),
    About.REVIEW_LONGER: ("[why]", "29 June 2026"),
    About.REVIEW_OUTCOME: ("Information Commissioner", "did not write"),
}


def asked(state: State = State.RECEIVED, name: str = "Ada Lovelace") -> FoiRequest:
    return FoiRequest(
        FoiRequestId(UUID(int=1)),
        "FOI-2026-0001",
        date(2026, 6, 1),
        Channel.EMAIL,
        Requester(name, "ada@example.org"),
        TEXT,
        Regime.FOI,
        tuple(split(TEXT)),
        datetime(2026, 6, 1, 9, tzinfo=UTC),
        state,
    )


@pytest.mark.parametrize("about", About)
def test_each_says_what_it_must(about: About) -> None:
    written = write(about, asked(), SENDER, TODAY, BY, fee="£9.20 (copies)")
    assert "FOI-2026-0001" in written.subject
    assert "\n" not in written.subject
    for words in ("FOI-2026-0001", "Dear Ada Lovelace", "The Council", *SAYS[about]):
        assert words in written.text, words
    assert "{" not in written.text
    assert "\n\n\n" not in written.text
    body = written.text.partition("Information Team\n")[0]
    assert not re.search(r"[a-z,]\n[a-z]", body), "a paragraph is one line"


def test_what_goes_by_itself_repeats_nothing_of_what_was_written() -> None:
    written = write(About.ACKNOWLEDGEMENT, asked(), SENDER, TODAY, BY, automatic=True)
    assert "[" not in written.text
    assert not any(words in written.text for words in ("Ada", "example.org", "facial", "Where"))


def test_what_is_meant_is_asked_under_the_law_that_it_is_handled_under() -> None:
    told = write(About.CLARIFICATION, replace(asked(), regime=Regime.EIR), SENDER, TODAY, BY).text
    assert "regulation 9(2)" in told
    assert "section 1(3)" not in told


def test_a_review_is_acknowledged_as_one_with_the_day_it_was_asked_for() -> None:
    """S. 45 Code, part 5: it is acknowledged, with the day by which it is answered."""
    taken = (Taken(Step.SEND, date(2026, 6, 2)), Taken(Step.ASK_REVIEW, date(2026, 6, 5)))
    reviewed = replace(asked(State.INTERNAL_REVIEW), taken=taken)
    told = write(About.ACKNOWLEDGEMENT, reviewed, SENDER, TODAY, BY).text
    assert "your request for a review of our answer on 5 June 2026" in told
    assert About.ACKNOWLEDGEMENT in fitting(State.INTERNAL_REVIEW)


def test_each_letter_goes_with_a_step_of_the_table() -> None:
    assert set(STEP_OF) == set(About)
    assert {ABOUT[step] for step in ABOUT} == set(About)
    taken = {step for _, step in TRANSITIONS}
    assert set(STEP_OF.values()) <= taken
    assert fitting(State.VALID) == [About.CLARIFICATION, About.FEES]
    assert fitting(State.CLOSED) == []
    assert Step.SEND not in ABOUT, "the answer has its own letter"
