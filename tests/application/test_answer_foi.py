"""From a request to an answer, and the real request that this was built for."""

from datetime import date
from pathlib import Path

import pytest

from stile.adapters.bank_holidays import bank_holidays
from stile.application.answer_foi import AnswerFoi, Incoming, Voice
from stile.application.register.registering import Registering
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.foi import EXEMPTIONS, Refusal, State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.request import Requester, differences
from stile.domain.ids import EntryId
from stile.domain.register import (
    Deployment,
    EventKind,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Phase,
    Relationship,
)
from tests.conftest import Here

TEXT = "1. Do you use facial recognition?\n2. Where and when?\n3. What colour are the doors?"
DAY = date(2020, 2, 10)


@pytest.fixture
def desk(here: Here) -> AnswerFoi:
    site = here.site
    voice = Voice(
        OrganisationKind.AUTHORITY, "the council", {"GLL": "the operator's data protection officer"}
    )
    return AnswerFoi(site.store, site.clock, site.chance, bank_holidays, voice)


@pytest.fixture
def register(here: Here) -> Registering:
    return here.site.registering


def what_the_letter_says(register: Registering) -> None:
    """What the council of the real letter knew."""
    source = "the manager of the leisure contract"
    register.add(OwnUse(False), source, "test", DAY)
    known = Deployment(
        "leisure",
        "leisure centres managed on behalf of the council",
        "GLL",
        Phase.IN_USE,
        Relationship.OPERATORS_ALONE,
        purpose="to facilitate member access",
        controller="GLL",
        asked_for=False,
    )
    register.add(known, source, "test", DAY)
    for kind in (EventKind.ICO_SELF_REFERRAL, EventKind.ICO_THIRD_PARTY):
        register.add(NoneHappened(kind, date(2018, 5, 25), DAY), source, "test", DAY)


@pytest.mark.shared
def test_the_golden_case(desk: AnswerFoi, register: Registering, shared: Path) -> None:
    letter = (shared / "foi" / "barnet-6063588.txt").read_text()
    request = letter[letter.index("**To whom") : letter.index("We have processed")]
    what_the_letter_says(register)
    logged = desk.log(Incoming(request, DAY, ref="6063588"), "test")
    assert desk.due(logged).due == date(2020, 3, 9)
    version = desk.draft("6063588", "test", as_of=DAY)
    assert [one.n for one in version.answers] == [1, 2, 3, 4, 5]
    assert all(one.text and one.citations for one in version.answers)
    first = version.answers[0].text
    assert "The council does not use facial recognition." in first
    assert "GLL uses facial recognition" in first
    assert "to facilitate member access" in first
    assert "GLL is the controller of the personal data involved." in first
    assert "The council is not responsible for it and did not ask for its use." in first


def test_every_citation_is_an_entry_with_its_day(desk: AnswerFoi, register: Registering) -> None:
    what_the_letter_says(register)
    desk.log(Incoming(TEXT, DAY), "test")
    entries = {str(one.id): one.at for one in register.history()}
    for answer in desk.draft("FOI-2020-0001", "test", as_of=DAY).answers:
        for cited in answer.citations:
            assert cited.entry == "register" or entries[cited.entry] == cited.date


def test_what_was_not_yet_known_is_not_told(desk: AnswerFoi, register: Registering) -> None:
    what_the_letter_says(register)
    desk.log(Incoming(TEXT, DAY), "test")
    before = desk.draft("FOI-2020-0001", "test", as_of=date(2020, 2, 9))
    assert before.answers[0].held is Held.NOT_HELD
    assert "not recorded" in before.answers[0].text


def test_an_officers_words_are_a_version_and_the_differences_are_kept(
    desk: AnswerFoi, register: Registering
) -> None:
    what_the_letter_says(register)
    request = desk.log(Incoming(TEXT, DAY), "test")
    first = desk.draft(request.ref, "test", as_of=DAY)
    assert first.answers[2].held is Held.NOT_MATCHED
    second = desk.edit(request.ref, {3: ("Blue.", Held.HELD)}, "an officer", after=1)
    assert desk.edit(request.ref, {3: ("Blue.", Held.HELD)}, "an officer", after=2) == second
    assert [one.by for one in desk.versions(request.ref)] == ["draft", "an officer"]
    assert differences(first, second)[-2:] == ["-3. [to be answered by the officer] ", "+3. [held] Blue."]
    with pytest.raises(Conflict, match="meanwhile"):
        desk.edit(request.ref, {3: ("Red.", Held.HELD)}, "another", after=1)


def test_a_question_is_refused_and_the_refusal_taken_back(desk: AnswerFoi) -> None:
    request = desk.log(Incoming(TEXT, DAY), "test")
    desk.draft(request.ref, "test")
    exemption = next(one for one in EXEMPTIONS if one.name == "s. 43(2)")
    refusal = Refusal(exemption, "It would show prices.", "The interest in competition is greater.")
    refused = desk.refuse(request.ref, 2, refusal, "test", after=1)
    assert [one.refusal for one in refused.answers] == [None, refusal, None]
    assert desk.versions(request.ref)[-1] == refused
    assert desk.refuse(request.ref, 2, None, "test", after=2).answers[1].refusal is None


def test_steps_follow_the_table_and_are_audited(desk: AnswerFoi, here: Here) -> None:
    request = desk.log(Incoming(TEXT, DAY, requester=Requester("Ada", "ada@example.org")), "test")
    assert desk.take(request.ref, Step.ACCEPT, "test").state is State.VALID
    with pytest.raises(WrongValue, match="cannot go on"):
        desk.take(request.ref, Step.SEND, "test")
    with pytest.raises(WrongValue, match="before the one"):
        desk.take(request.ref, Step.SEARCH, "test", on=date(2019, 1, 1))
    with here.site.store.read() as work:
        told = [one for one in work.audit.entries() if one.event in (Event.FOI_LOGGED, Event.FOI_STEP)]
    assert len(told) == 2
    assert not any("Ada" in str(one) or "example.org" in str(one) for one in told)


def test_references_are_given_in_order_and_taken_once(desk: AnswerFoi) -> None:
    assert [desk.log(Incoming(TEXT, DAY), "test").ref for _ in range(2)] == ["FOI-2020-0001", "FOI-2020-0002"]
    desk.log(Incoming(TEXT, DAY, ref="6063588"), "test")
    with pytest.raises(Conflict, match="6063588"):
        desk.log(Incoming(TEXT, DAY, ref="6063588"), "test")
    with pytest.raises(NotFound):
        desk.get("nothing")
    with pytest.raises(WrongValue, match="day to come"):
        desk.log(Incoming(TEXT, date(2999, 1, 1)), "test")


def test_similar_requests_and_answers_that_say_otherwise(desk: AnswerFoi, register: Registering) -> None:
    first = desk.log(Incoming(TEXT, DAY), "test")
    desk.draft(first.ref, "test", as_of=DAY)
    what_the_letter_says(register)
    again = desk.log(Incoming("Do you use facial recognition in your buildings?", DAY), "test")
    other = desk.log(Incoming("How many trees were planted by the lake?", DAY), "test")
    assert [one.request.ref for one in desk.similar(again)] == [first.ref]
    assert desk.similar(other) == []
    desk.draft(again.ref, "test", as_of=DAY)
    [told] = desk.contradictions(again)
    assert told == f"Question 1: held here, not held in {first.ref}, question 1."


def test_a_request_for_ones_own_data_is_due_within_a_month_also_over_christmas(desk: AnswerFoi) -> None:
    """Which is sooner than twenty working days are."""
    day = date(2020, 12, 18)
    own = desk.log(Incoming("Please send me the information you hold about me.", day), "test")
    assert own.regime is Regime.SUBJECT_ACCESS
    assert desk.due(own).due == date(2021, 1, 18)
    assert desk.due(desk.log(Incoming(TEXT, day), "test")).due == date(2021, 1, 21)


def test_what_was_told_to_one_and_is_refused_to_another_is_a_contradiction(desk: AnswerFoi) -> None:
    first, again = (desk.log(Incoming("Do you use facial recognition?", DAY), "test") for _ in range(2))
    for one in (first, again):
        desk.draft(one.ref, "test", as_of=DAY)
    assert desk.contradictions(again) == []
    refusal = Refusal(next(one for one in EXEMPTIONS if one.name == "s. 14(1)"), "It is vexatious.")
    desk.refuse(again.ref, 1, refusal, "test", after=1)
    assert desk.contradictions(again) == [f"Question 1: refused here, answered in {first.ref}, question 1."]
    assert desk.contradictions(first) == [f"Question 1: answered here, refused in {again.ref}, question 1."]


def test_an_entry_is_found_again(register: Registering) -> None:
    entry = register.add(OwnUse(True), "the manager", "test")
    assert register.entry(entry.id) == entry
    with pytest.raises(NotFound):
        register.entry(EntryId(register._chance.new_id()))
    with pytest.raises(WrongValue, match="source"):
        register.add(OwnUse(True), " ", "test")
