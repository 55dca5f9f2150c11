"""The request that this was built for, put to a council as it is set up: its words, its days, every section."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from stile.application.answer_foi import Incoming
from stile.config import FoiDesk
from stile.domain.foi_desk.letter import Part
from stile.domain.register import (
    Deployment,
    EventKind,
    Fact,
    NoneHappened,
    OwnUse,
    Phase,
    Relationship,
)
from tests.council import Council, open_council

RECEIVED = date(2020, 2, 10)
KNOWN: tuple[Fact, ...] = (
    OwnUse(False),
    Deployment(
        "leisure",
        "leisure centres managed on behalf of the council",
        "GLL",
        Phase.IN_USE,
        Relationship.OPERATORS_ALONE,
        purpose="to facilitate member access",
        controller="GLL",
        asked_for=False,
    ),
    NoneHappened(EventKind.ICO_SELF_REFERRAL, date(2018, 5, 25), RECEIVED),
    NoneHappened(EventKind.ICO_THIRD_PARTY, date(2018, 5, 25), RECEIVED),
)


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    desk = FoiDesk(
        who="the council",
        address="2 Bristol Avenue, Colindale, London NW9 4EW",
        email="foi@barnet.gov.uk",
        portal_name="Open Barnet",
        portal_url="http://open.barnet.gov.uk/",
    )
    opened = open_council(tmp_path / "data", foi=desk)
    yield opened
    opened.office.close()


@pytest.mark.shared
def test_the_real_request_is_answered_with_every_section_of_the_real_letter(
    council: Council, shared: Path
) -> None:
    real = (shared / "foi" / "barnet-6063588.txt").read_text()
    office = council.office
    for fact in KNOWN:
        office.registering.add(fact, "the manager of the leisure contract", "test", RECEIVED)
    asked = real[real.index("**To whom") : real.index("We have processed")]
    request = office.answer_foi.log(Incoming(asked, RECEIVED, ref="6063588"), "test")
    assert office.answer_foi.due(request).due == date(2020, 3, 9)
    version = office.answer_foi.draft("6063588", "test", as_of=RECEIVED)
    assert [one.n for one in version.answers] == [1, 2, 3, 4, 5]
    assert all(one.text and one.citations for one in version.answers)
    letter = office.foi_letters.make("6063588")
    parts = {one.part: one.text for one in letter.parts}
    assert list(parts) == list(Part)
    first = version.answers[0].text
    for words in (
        "The council does not use facial recognition.",
        "GLL uses facial recognition",
        "to facilitate member access",
        "GLL is the controller of the personal data involved.",
        "The council is not responsible for it and did not ask for its use.",
    ):
        assert words in first
        assert words in parts[Part.RESPONSE]
    assert "Freedom of Information Act 2000" in parts[Part.LAW]
    assert "Open Barnet" in parts[Part.FURTHER]
    assert "soft opt-in" in parts[Part.MARKETING]
    assert "40 working days" in parts[Part.RIGHTS]
    assert "foi@barnet.gov.uk" in parts[Part.RIGHTS]
    assert "Wycliffe House" in parts[Part.RIGHTS]


@pytest.mark.shared
def test_it_is_in_the_products_own_words(council: Council, shared: Path) -> None:
    """No sentence of the real letter's answer is taken over."""
    real = " ".join((shared / "foi" / "barnet-6063588.txt").read_text().split())
    answer = real[real.index("The council does not use facial recognition software") :]
    office = council.office
    for fact in KNOWN:
        office.registering.add(fact, "the manager of the leisure contract", "test", RECEIVED)
    office.answer_foi.log(Incoming("1. Do you use facial recognition?", RECEIVED, ref="1"), "test")
    office.answer_foi.draft("1", "test", as_of=RECEIVED)
    for part in office.foi_letters.make("1").parts:
        if part.part is not Part.REQUEST:
            assert [one for one in part.text.split(". ") if len(one) > 60 and one in answer] == []
