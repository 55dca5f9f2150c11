"""What a letter says of a refusal is true of it (FOIA s. 17): not that something is held which must not be told."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from stile.domain.foi import EXEMPTIONS, Exemption, Refusal, Refusing
from stile.domain.foi_desk.disclosure_log import DisclosedAnswer
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.letter import Part, Sender, letter
from stile.domain.foi_desk.notices import About, write
from stile.domain.foi_desk.request import DraftedAnswer, DraftVersion
from tests.domain.test_foi_notices import asked

DAY = date(2026, 6, 29)
SENDER = Sender("The Council", "Information Team", ("1 High Street",), "foi@council.example")


def an_answer(n: int, held: Held, by: Exemption | None = None) -> DraftedAnswer:
    refusal = None if by is None else Refusal(by, "It does.", "It weighs more." if by.qualified else "")
    return DraftedAnswer(n, "No.", held, (), refusal)


def response(*answers: DraftedAnswer) -> tuple[str, ...]:
    version = DraftVersion(asked().id, 1, datetime(2026, 6, 29, 9, tzinfo=UTC), "draft", answers)
    made = letter(asked(), version, SENDER, DAY, DAY)
    return next(one.lines for one in made.parts if one.part is Part.RESPONSE)


@pytest.mark.parametrize("exemption", EXEMPTIONS, ids=lambda one: one.name)
def test_a_refusal_says_that_it_is_held_only_where_it_withholds(exemption: Exemption) -> None:
    first, answer = response(an_answer(1, Held.HELD, exemption))
    assert "section 17" in first
    assert "We hold" not in first
    assert exemption.name in answer
    assert exemption.about in answer
    assert "Freedom of Information Act 2000" in answer
    assert ("We withhold this" in answer) is (exemption.does is Refusing.WITHHELD)
    assert ("not obliged" in answer) is (exemption.section in ("12", "14"))
    assert ("neither confirm nor deny" in answer) is (exemption.name == "s. 40(5)")
    public = DisclosedAnswer.of(an_answer(1, Held.HELD, exemption), "?").refused
    assert ("Withheld" in public) is (exemption.does is Refusing.WITHHELD)


def test_what_is_said_to_be_held_is_said_of_what_is_answered() -> None:
    by = next(one for one in EXEMPTIONS if one.name == "s. 40(5)")
    first, *_ = response(an_answer(1, Held.HELD), an_answer(2, Held.HELD, by))
    assert "We hold the information asked for in the questions that we answer." in first
    assert "refusal notice" in first
    first, *_ = response(an_answer(1, Held.HELD), an_answer(2, Held.HELD))
    assert first == "We hold the information that you asked for. The answers to your questions are below."
    assert response(an_answer(1, Held.NOT_HELD), an_answer(2, Held.HELD))[0].startswith("We hold part of the")


def the_letter(sender: Sender) -> dict[Part, str]:
    version = DraftVersion(
        asked().id, 1, datetime(2026, 6, 29, 9, tzinfo=UTC), "draft", (an_answer(1, Held.HELD),)
    )
    return {one.part: one.text for one in letter(asked(), version, sender, DAY, DAY).parts}


def test_whom_the_act_does_not_bind_promises_no_right_under_it() -> None:
    bound, free = the_letter(SENDER), the_letter(replace(SENDER, bound=False))
    assert "handled it under the Freedom of Information Act 2000" in bound[Part.LAW]
    assert "does not bind us" in free[Part.LAW]
    assert "right to complain to the Information Commissioner (section 50" in bound[Part.RIGHTS]
    assert "section 50" not in free[Part.RIGHTS]
    assert "until 29 June 2026" in free[Part.RIGHTS]
    told = write(About.ACKNOWLEDGEMENT, asked(), replace(SENDER, bound=False), DAY, DAY).text
    assert "does not bind us" in told
    by = next(one for one in EXEMPTIONS if one.name == "s. 43(2)")
    version = DraftVersion(
        asked().id, 1, datetime(2026, 6, 29, 9, tzinfo=UTC), "draft", (an_answer(1, Held.HELD, by),)
    )
    said = next(
        one.text
        for one in letter(asked(), version, replace(SENDER, bound=False), DAY, DAY).parts
        if one.part is Part.RESPONSE
    )
    assert "section 17" not in said
    assert "as those whom the Act binds may by s. 43(2)" in said


def test_the_commissioners_address_is_the_one_that_is_set() -> None:
    moved = replace(SENDER, ico="The Information Commission, Manchester")
    assert "The Information Commission, Manchester" in the_letter(moved)[Part.RIGHTS]
    for about in (About.FEES, About.EXTENSION, About.REVIEW_OUTCOME):
        assert "Manchester" in write(about, asked(), moved, DAY, DAY).text


def test_further_information_claims_no_more_than_is_known() -> None:
    assert the_letter(SENDER)[Part.FURTHER] == "We can name no open data portal of ours."
    own = replace(SENDER, published="https://council.example/transparency")
    assert "is at https://council.example/transparency." in the_letter(own)[Part.FURTHER]
