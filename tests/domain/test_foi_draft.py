"""A draft says what the register says, cites each sentence, and says of the rest that it is not recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from stile.domain.foi_desk.draft import Answer, Citation, Facts, Held, Sentence
from stile.domain.foi_desk.questions import Question, Topic
from stile.domain.foi_desk.sentences import TOPICS, draft
from stile.domain.ids import EntryId
from stile.domain.register import (
    Deployment,
    Entry,
    EventKind,
    Fact,
    Happened,
    Involved,
    Mode,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Party,
    Phase,
    Register,
    Relationship,
    SignOff,
)

DAY = date(2020, 2, 10)
LEISURE = Deployment(
    "leisure",
    "the leisure centres",
    "Barnstone Leisure",
    Phase.IN_USE,
    Relationship.OPERATORS_ALONE,
    purpose="to facilitate member access",
    controller="Barnstone Leisure",
    asked_for=False,
)
OWN = replace(
    LEISURE,
    place="Barnstone Pool",
    relationship=Relationship.OWN,
    since=date(2019, 5, 1),
    mode=Mode.ONE_TO_MANY,
    suppliers=(Party("Camera Makers Ltd", "supplies the cameras"),),
    lawful_basis="explicit consent",
    condition="Art. 9(2)(a)",
    retention="until consent is withdrawn",
    alternative="a card at the same door",
)


def an_entry(fact: Fact, **more: Any) -> Entry:
    recorded = datetime(2020, 2, 10, 9, tzinfo=UTC)
    return Entry(EntryId(uuid7()), more.pop("at", DAY), "the manager", recorded, "system", fact, **more)


def facts(*known: Fact, **more: Any) -> Facts:
    register = Register.as_of([an_entry(fact) for fact in known], DAY)
    given = {"measured": {}, "contacts": {}} | more
    return Facts(OrganisationKind.AUTHORITY, "the council", register, DAY, **given)


def ask(topic: Topic, *known: Fact, **more: Any) -> Answer:
    [answer] = draft([Question(1, "?", (topic,))], facts(*known, **more))
    return answer


def test_a_council_that_knows_of_anothers_use() -> None:
    answer = ask(Topic.USE, OwnUse(False), LEISURE)
    assert answer.held is Held.HELD
    assert answer.text == (
        "The council does not use facial recognition. The council is aware that Barnstone Leisure uses facial "
        "recognition at the leisure centres, to facilitate member access. The technology is managed entirely by "
        "Barnstone Leisure. Barnstone Leisure is the controller of the personal data involved. The council is not "
        "responsible for it and did not ask for its use."
    )
    assert len(answer.citations) == 2


def test_an_empty_register_says_of_everything_that_it_is_not_recorded() -> None:
    for topic in Topic:
        answer = ask(topic)
        assert answer.held is Held.NOT_HELD, topic
        assert "not recorded" in answer.text
        assert set(answer.citations) == {Citation("register", DAY)}


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize(
    "known",
    [(), (OwnUse(False),), (OwnUse(False), LEISURE), (OwnUse(True), OWN), (OwnUse(True), OWN, LEISURE)],
    ids=["nothing", "no", "another's", "own", "both"],
)
def test_every_sentence_cites_an_entry_with_its_day(topic: Topic, known: tuple[Fact, ...]) -> None:
    given = facts(*known)
    ids = {str(one.id) for one in given.register.entries} | {"register"}
    [answer] = draft([Question(1, "?", (topic,))], given)
    assert answer.sentences
    for sentence in answer.sentences:
        assert sentence.citations
        assert {one.entry for one in sentence.citations} <= ids
        assert sentence.text[0].isupper()
        assert sentence.text.endswith(".")


def test_what_another_holds_comes_with_where_to_ask() -> None:
    answer = ask(
        Topic.RESULTS, OwnUse(False), LEISURE, contacts={"Barnstone Leisure": "dpo@barnstone.example"}
    )
    assert answer.held is Held.PARTLY
    assert "held by Barnstone Leisure, which can be reached at dpo@barnstone.example" in answer.text


def test_no_police_only_because_the_register_says_so() -> None:
    assert (
        "Whether a police force was involved at Barnstone Pool is not recorded."
        in ask(Topic.INVOLVED, OWN).text
    )
    said = ask(Topic.INVOLVED, OWN, Involved("leisure", police=False))
    assert "No police force was involved at Barnstone Pool." in said.text
    assert said.held is Held.HELD
    with_them = ask(Topic.INVOLVED, OWN, Involved("leisure", police=True, who="Barnstone Police"))
    assert "Barnstone Police was involved" in with_them.text
    assert "Camera Makers Ltd supplies the cameras." in with_them.text


def test_referrals_are_told_and_none_only_where_that_is_recorded() -> None:
    none = [
        NoneHappened(kind, date(2018, 5, 25), DAY)
        for kind in (EventKind.ICO_SELF_REFERRAL, EventKind.ICO_THIRD_PARTY)
    ]
    assert ask(Topic.ICO, *none).held is Held.HELD
    referred = Happened(EventKind.ICO_THIRD_PARTY, date(2019, 6, 1), "A charity referred the system.")
    answer = ask(Topic.ICO, *none, referred)
    assert "1 June 2019: A charity referred the system." in answer.text
    assert "no referrals to the Information Commissioner by a third party" not in answer.text


def test_own_use_is_told_with_its_day_its_place_and_its_basis() -> None:
    known = (OwnUse(True), OWN, SignOff("leisure", "Manager", "Board", "Followed.", date(2021, 1, 1)))
    assert "It has been in use since 1 May 2019." in ask(Topic.WHERE_WHEN_WHY, *known).text
    assert (
        "signed off on 10 February 2020; it is to be reviewed by 1 January 2021"
        in ask(Topic.BASIS, *known).text
    )
    assert ask(Topic.RETENTION, *known).held is Held.HELD
    assert "a card at the same door" in ask(Topic.ALTERNATIVE, *known).text


def test_figures_come_from_where_they_are_measured() -> None:
    measured = Sentence("3 of 1,000 alerts were false.", (Citation("figures", DAY),))
    answer = ask(Topic.ACCURACY, OwnUse(True), OWN, measured={Topic.ACCURACY: [measured]})
    assert answer.text == "3 of 1,000 alerts were false."
    assert ask(Topic.ACCURACY, OwnUse(True), OWN).held is Held.NOT_HELD


def test_a_question_that_no_rule_fits_is_left_to_the_officer() -> None:
    [answer] = draft([Question(1, "What colour?", ())], facts(OwnUse(False)))
    assert (answer.held, answer.sentences) == (Held.NOT_MATCHED, ())


def test_every_topic_has_its_words() -> None:
    assert set(TOPICS) == set(Topic)
