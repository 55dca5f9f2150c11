"""Who may enrol: a table, one test a reason. Staff never, children only as turned on, and any objection ends it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from stile.domain.children import (
    NOT,
    STANDS_FOR,
    AskAgain,
    Children,
    May,
    MayNot,
    Rules,
    WhyAgain,
    WhyNot,
    age_on,
    asked_again,
    birthday,
    may_enrol,
)
from stile.domain.consent import Audience, Channel, Consent, Giver, Notice, Relation
from stile.domain.guardians import NOTHING_SAID, Evidence, Parent
from stile.domain.ids import ConsentId
from stile.domain.places import PURPOSE, is_of_staff
from tests.domain.builders import ADA, NOW, member

TODAY = date(2026, 11, 2)
ALL = Rules(Children.ALL)
YES, TOLD, UNTOLD = Parent(notified=True, consents=True), Parent(notified=True), Parent()
NO, EXCUSED = Parent(notified=True, objects=True), Parent(excused=True)


def aged(years: int) -> date:
    return birthday(TODAY, -years)


@dataclass(frozen=True)
class Case:
    age: int | None
    rules: Rules = ALL
    said: Evidence = NOTHING_SAID
    group: str | None = None
    kind: str = "member"

    def decide(self) -> May | MayNot:
        born_on = None if self.age is None else aged(self.age)
        who = replace(member(), born_on=born_on, group=self.group, kind=self.kind)
        return may_enrol(who, TODAY, self.rules, self.said)


REFUSED = {
    WhyNot.NEVER_FOR_STAFF: Case(40, kind="Staff"),
    WhyNot.DATE_OF_BIRTH_UNKNOWN: Case(None),
    WhyNot.CHILDREN_OFF: Case(17, Rules()),
    WhyNot.TOO_YOUNG: Case(12, Rules(Children.FROM_13), Evidence((YES,))),
    WhyNot.CHILD_REFUSES: Case(12, said=Evidence((YES,), child_refuses=True)),
    WhyNot.PARENT_OBJECTS: Case(12, said=Evidence((YES, NO))),
    WhyNot.NO_PARENT_NAMED: Case(15, group="Year 10"),
    WhyNot.PARENT_NOT_NOTIFIED: Case(15, said=Evidence((YES, UNTOLD)), group="Year 10"),
    WhyNot.PARENT_HAS_NOT_CONSENTED: Case(12, said=Evidence((TOLD,))),
}


@pytest.mark.parametrize("reason", WhyNot, ids=str)
def test_each_reason_refuses(reason: WhyNot) -> None:
    assert REFUSED[reason].decide() == MayNot(reason)


def test_every_reason_stands_in_the_table_once() -> None:
    assert [reason for reason, _ in NOT] == list(WhyNot)


@pytest.mark.parametrize(
    ("case", "giver", "audience"),
    [
        (Case(18, Rules()), Giver.MEMBER, Audience.ADULT),
        (Case(None, Rules(adults_only=True)), Giver.MEMBER, Audience.ADULT),
        (Case(13, Rules(Children.FROM_13)), Giver.MEMBER, Audience.TEENAGER),
        (
            Case(17, Rules(Children.FROM_13, guardian_too=True), Evidence((YES,))),
            Giver.MEMBER,
            Audience.TEENAGER,
        ),
        (Case(12, said=Evidence((YES,))), Giver.GUARDIAN, Audience.PARENT),
        (Case(12, said=Evidence((YES, TOLD))), Giver.GUARDIAN, Audience.PARENT),
        (Case(12, said=Evidence((YES, UNTOLD))), Giver.GUARDIAN, Audience.PARENT),
        (Case(15, said=Evidence((YES, TOLD)), group="Year 10"), Giver.MEMBER, Audience.TEENAGER),
        (Case(15, said=Evidence((YES, EXCUSED)), group="Year 10"), Giver.MEMBER, Audience.TEENAGER),
        (Case(15, said=Evidence((EXCUSED,)), group="Year 10"), Giver.MEMBER, Audience.TEENAGER),
        (Case(18, Rules(), group="College"), Giver.MEMBER, Audience.ADULT),
        (Case(30, said=Evidence((NO,), child_refuses=True)), Giver.MEMBER, Audience.ADULT),
    ],
    ids=[
        "adult",
        "no date where all are adults",
        "13",
        "17 and a guardian too",
        "12 by a parent",
        "12, the other parent silent",
        "12 of no school, the other not told",
        "school, one consents and all are told",
        "school, the other need not be asked",
        "school, nobody can be asked: their own yes",
        "college, an adult",
        "an adult, whatever was said when they were a child",
    ],
)
def test_who_may_and_by_whose_consent(case: Case, giver: Giver, audience: Audience) -> None:
    assert case.decide() == May(giver, audience)


def test_17_with_a_guardian_too_waits_for_the_guardian() -> None:
    rules = Rules(Children.FROM_13, guardian_too=True)
    assert Case(17, rules).decide() == MayNot(WhyNot.PARENT_HAS_NOT_CONSENTED)


def test_school_children_under_13_need_a_parent_even_where_none_can_be_asked() -> None:
    assert Case(12, said=Evidence((EXCUSED,)), group="Year 7").decide() == MayNot(
        WhyNot.PARENT_HAS_NOT_CONSENTED
    )


def test_one_objection_ends_what_another_parent_consented_to() -> None:
    assert Case(15, said=Evidence((YES, NO)), group="Year 10").decide() == MayNot(WhyNot.PARENT_OBJECTS)


def test_a_missing_date_is_an_adults_only_where_all_are_adults() -> None:
    assert Case(None, Rules(Children.ALL)).decide() == MayNot(WhyNot.DATE_OF_BIRTH_UNKNOWN)
    assert Case(10, Rules(adults_only=True)).decide() == MayNot(WhyNot.CHILDREN_OFF), (
        "a date that is there counts"
    )


@pytest.mark.parametrize("kind", ["staff", " Staff ", "EMPLOYEE", "Team member"])
def test_staff_are_never_enrolled(kind: str) -> None:
    """The Information Commissioner's enforcement notice to Serco Leisure, 23 February 2024."""
    assert is_of_staff(kind)
    assert Case(40, Rules(adults_only=True), kind=kind).decide() == MayNot(WhyNot.NEVER_FOR_STAFF)


def test_the_purpose_is_one_and_fixed() -> None:
    assert PURPOSE == "to let members of the leisure centre in"


@pytest.mark.parametrize(
    ("born_on", "day", "age"),
    [
        (date(2008, 11, 2), TODAY, 18),
        (date(2008, 11, 3), TODAY, 17),
        (date(2012, 2, 29), date(2025, 2, 28), 12),
        (date(2012, 2, 29), date(2025, 3, 1), 13),
        (TODAY + timedelta(days=1), TODAY, None),
        (None, TODAY, None),
    ],
    ids=[
        "on the birthday",
        "the day before",
        "leap day, the eve",
        "leap day, 1 March",
        "not born yet",
        "unknown",
    ],
)
def test_age(born_on: date | None, day: date, age: int | None) -> None:
    assert age_on(day, born_on) == age
    if born_on is not None and age == 13:
        assert birthday(born_on, 13) == day


# --- asked again ---

WORDS = Notice("1", "words")
BY_A_PARENT = Consent(
    ConsentId(ADA),
    ADA,
    WORDS.version,
    WORDS.sha256,
    Channel.PAPER,
    "a parent or guardian",
    NOW,
    giver=Giver.GUARDIAN,
    guardian="Annabella Byron",
    relation=Relation.PARENT,
)
THEIR_OWN = replace(BY_A_PARENT, giver=Giver.MEMBER, guardian=None, relation=None)


def test_a_parents_consent_is_asked_again_at_13_and_lapses_after_a_while() -> None:
    assert asked_again(BY_A_PARENT, TODAY, aged(12), TODAY, False) is None
    born_on = TODAY - timedelta(days=1)
    day = birthday(born_on, 13)
    again = asked_again(BY_A_PARENT, TODAY, born_on, day, False)
    assert again == AskAgain(WhyAgain.TURNED_13, day, day + STANDS_FOR)


def test_their_own_consent_stands_at_18_and_is_refreshed() -> None:
    born_on = aged(17) - timedelta(days=200)
    eighteen = birthday(born_on, 18)
    assert asked_again(THEIR_OWN, TODAY, born_on, eighteen - timedelta(days=1), False) is None
    assert asked_again(THEIR_OWN, TODAY, born_on, eighteen, False) == AskAgain(WhyAgain.TURNED_18, eighteen)
    assert asked_again(THEIR_OWN, eighteen, born_on, eighteen, False) is None, "given as an adult"


def test_a_change_of_what_is_done_is_asked_again_and_lapses_nothing() -> None:
    assert asked_again(THEIR_OWN, TODAY, aged(40), TODAY, True) == AskAgain(WhyAgain.NOTICE_CHANGED, None)
    assert asked_again(THEIR_OWN, TODAY, None, TODAY, True) == AskAgain(WhyAgain.NOTICE_CHANGED, None)
