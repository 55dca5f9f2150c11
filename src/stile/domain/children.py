"""Who may enrol at all, and by whose consent. Under 18 nobody, unless the operator has turned it on; under 13 only by
a parent or guardian; from 13 the member's own, and a guardian's too where the operator asks for it; in a group of a
school or college as the Protection of Freedoms Act 2012 ss. 26 and 27 say. Any objection or refusal ends it. Staff
never.

13 is the age of Data Protection Act 2018 s. 9. That section is about online services; here it is our own line for who
is taken to understand the notice. In Scotland the law presumes it from 12 (s. 208), and 13 is the stricter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stile.domain.consent import Audience, Consent, Giver
from stile.domain.guardians import Evidence
from stile.domain.member import Member
from stile.domain.places import is_of_staff

OWN_CONSENT_FROM, ADULT_FROM = 13, 18
"""Years."""

STANDS_FOR = timedelta(days=60)
"""How long a template stands on a parent's consent after the birthday from which the member decides for themselves.
They are asked from that day; who has not answered by the end of it comes in by card."""


class Children(StrEnum):
    """What the operator has turned on."""

    OFF = "off"
    FROM_13 = "13 to 17"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Rules:
    """`guardian_too`: from 13 to 17 a guardian is asked as well. `adults_only`: membership is for adults, so that who
    has no date of birth is one."""

    children: Children = Children.OFF
    guardian_too: bool = False
    adults_only: bool = False


class WhyNot(StrEnum):
    """Why a member may not enrol now, in the order in which it is looked at."""

    NEVER_FOR_STAFF = "never for staff"
    DATE_OF_BIRTH_UNKNOWN = "date of birth unknown"
    CHILDREN_OFF = "children off"
    TOO_YOUNG = "too young"
    CHILD_REFUSES = "child refuses"
    PARENT_OBJECTS = "parent objects"
    NO_PARENT_NAMED = "no parent named"
    PARENT_NOT_NOTIFIED = "parent not notified"
    PARENT_HAS_NOT_CONSENTED = "parent has not consented"


@dataclass(frozen=True, slots=True)
class May:
    """`giver`: whose consent it is. `audience`: which words they are shown; the member is shown their own as well."""

    giver: Giver
    audience: Audience


@dataclass(frozen=True, slots=True)
class MayNot:
    reason: WhyNot


@dataclass(frozen=True, slots=True)
class _Case:
    member: Member
    rules: Rules
    evidence: Evidence
    age: int | None

    @property
    def is_child(self) -> bool:
        return self.age is not None and self.age < ADULT_FROM

    @property
    def decides(self) -> bool:
        """Whether they may give their own consent."""
        return self.age is None or self.age >= OWN_CONSENT_FROM

    @property
    def of_a_school(self) -> bool:
        """s. 28(1): a child is anybody under 18, so that a student of 18 is asked like every adult."""
        return self.is_child and self.member.group is not None

    @property
    def needs_a_parent(self) -> bool:
        if not self.is_child:
            return False
        asked = [one for one in self.evidence.parents if not one.excused]
        # s. 27(1): where no parent can be asked, none need be; but nobody under 13 consents for themselves.
        return not self.decides or (self.of_a_school and bool(asked)) or self.rules.guardian_too


NOT: tuple[tuple[WhyNot, Callable[[_Case], bool]], ...] = (
    (WhyNot.NEVER_FOR_STAFF, lambda case: is_of_staff(case.member.kind)),
    (WhyNot.DATE_OF_BIRTH_UNKNOWN, lambda case: case.age is None and not case.rules.adults_only),
    (WhyNot.CHILDREN_OFF, lambda case: case.is_child and case.rules.children is Children.OFF),
    (WhyNot.TOO_YOUNG, lambda case: not case.decides and case.rules.children is not Children.ALL),
    (WhyNot.CHILD_REFUSES, lambda case: case.is_child and case.evidence.child_refuses),
    (WhyNot.PARENT_OBJECTS, lambda case: case.is_child and case.evidence.somebody_objects),
    (WhyNot.NO_PARENT_NAMED, lambda case: case.of_a_school and not case.evidence.parents),
    (
        WhyNot.PARENT_NOT_NOTIFIED,
        lambda case: (
            case.of_a_school and any(not one.notified and not one.excused for one in case.evidence.parents)
        ),
    ),
    (
        WhyNot.PARENT_HAS_NOT_CONSENTED,
        lambda case: case.needs_a_parent and not case.evidence.somebody_consents,
    ),
)
"""The table: the first that holds is the reason."""


def may_enrol(member: Member, today: date, rules: Rules, evidence: Evidence) -> May | MayNot:
    """Whether they may be asked, today, and who gives the consent."""
    case = _Case(member, rules, evidence, age_on(today, member.born_on))
    for reason, holds in NOT:
        if holds(case):
            return MayNot(reason)
    if not case.is_child:
        return May(Giver.MEMBER, Audience.ADULT)
    return May(Giver.MEMBER, Audience.TEENAGER) if case.decides else May(Giver.GUARDIAN, Audience.PARENT)


def age_on(day: date, born_on: date | None) -> int | None:
    """Whole years; reached at the start of the birthday (Family Law Reform Act 1969 s. 9), of those born on 29 February
    on 1 March. None without a date, and for one that lies ahead: a slip of the pen is no age."""
    if born_on is None or born_on > day:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def birthday(born_on: date, age: int) -> date:
    """The day on which they reach that age."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


class WhyAgain(StrEnum):
    """Why a member who consented is asked again."""

    TURNED_13 = "turned 13"
    TURNED_18 = "turned 18"
    NOTICE_CHANGED = "notice changed"


@dataclass(frozen=True, slots=True)
class AskAgain:
    """`lapses_on`: the day from which the consent stands no more; None where it stands until it is withdrawn."""

    reason: WhyAgain
    since: date | None
    lapses_on: date | None = None


def asked_again(
    consent: Consent, given_on: date, born_on: date | None, today: date, outdated: bool
) -> AskAgain | None:
    """Whether a consent that stands is asked for anew. `outdated`: what is done has changed since its notice.

    A parent's consent lapses `STANDS_FOR` after the 13th birthday: special category data of somebody who can answer
    for themselves rests on their own yes. A consent of their own stands at 18; they are asked once more, in an adult's
    words (the ICO's guidance on children: consent is refreshed at milestones).
    """
    if born_on is not None:
        thirteen, eighteen = birthday(born_on, OWN_CONSENT_FROM), birthday(born_on, ADULT_FROM)
        if consent.giver is Giver.GUARDIAN and thirteen <= today:
            return AskAgain(WhyAgain.TURNED_13, thirteen, thirteen + STANDS_FOR)
        if given_on < eighteen <= today:
            return AskAgain(WhyAgain.TURNED_18, eighteen)
    return AskAgain(WhyAgain.NOTICE_CHANGED, None) if outdated else None
