"""Who has parental responsibility for a child that is a member, and what they said. What was said is only added to: the
latest word of each counts, and an objection counts whoever it comes from.

Protection of Freedoms Act 2012 ss. 26 to 28; UK GDPR Art. 7(3). Held of a parent: a name, what they are to the child,
and an e-mail address where a link was asked for. Nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.access import check_digest
from stile.domain.consent import Channel, Relation
from stile.domain.errors import WrongValue
from stile.domain.ids import GuardianId, MemberId, WordId
from stile.domain.member import EMAIL, LONGEST


class Said(StrEnum):
    """NOTIFIED and EXCUSED are said about a parent by the staff; CONSENTED and OBJECTED by a parent; AGREED and REFUSED
    by the child."""

    NOTIFIED = "notified"
    EXCUSED = "excused"
    CONSENTED = "consented"
    OBJECTED = "objected"
    AGREED = "agreed"
    REFUSED = "refused"


OF_THE_CHILD = frozenset((Said.AGREED, Said.REFUSED))


class Excuse(StrEnum):
    """Why a parent need not be notified or asked (Protection of Freedoms Act 2012 s. 27(1))."""

    NOT_FOUND = "cannot be found"
    LACKS_CAPACITY = "lacks capacity to object or consent"
    WELFARE = "the child's welfare requires that they are not contacted"
    NOT_PRACTICABLE = "otherwise not reasonably practicable"


@dataclass(frozen=True, slots=True)
class Guardian:
    """`digest`: of the token in the link that they were sent, while it may be used, until `link_expires_at`."""

    id: GuardianId
    member: MemberId
    name: str
    relation: Relation
    email: str | None = None
    digest: str | None = None
    link_expires_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST:
            raise WrongValue(f"a parent or guardian has a name of up to {LONGEST} characters")
        if self.email is not None and (len(self.email) > 254 or not EMAIL.fullmatch(self.email)):
            raise WrongValue("expected an e-mail address like name@example.org")
        if self.digest is not None:
            check_digest(self.digest, self.link_expires_at)
        if (self.digest is None) is not (self.link_expires_at is None):
            raise WrongValue("a link has an end")


@dataclass(frozen=True, slots=True)
class Word:
    """`guardian`: who said it, or whom it is about; None for the child. `by`: who recorded it (an id, or "the link").
    `notice_sha256`: of the words they had before them. `excuse`: only of EXCUSED."""

    id: WordId
    member: MemberId
    guardian: GuardianId | None
    said: Said
    at: datetime
    channel: Channel
    by: str
    notice_sha256: str | None = None
    excuse: Excuse | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")
        if (self.guardian is None) is not (self.said in OF_THE_CHILD):
            raise WrongValue("a child agrees or refuses; everything else is said by or about a parent")
        if (self.excuse is None) is not (self.said is not Said.EXCUSED):
            raise WrongValue("it is said why a parent is not asked, and only then")
        if self.said is Said.CONSENTED and self.notice_sha256 is None:
            raise WrongValue("a parent consents to words that they had before them")


@dataclass(frozen=True, slots=True)
class Parent:
    """What counts of one parent now."""

    notified: bool = False
    consents: bool = False
    objects: bool = False
    excused: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What counts of everybody now."""

    parents: tuple[Parent, ...] = ()
    child_refuses: bool = False

    @property
    def somebody_consents(self) -> bool:
        return any(one.consents for one in self.parents)

    @property
    def somebody_objects(self) -> bool:
        return any(one.objects for one in self.parents)


NOTHING_SAID = Evidence()


def evidence(guardians: Iterable[Guardian], words: Iterable[Word]) -> Evidence:
    """The latest word of each. Who consented or objected knew of it, and so was notified."""
    in_order = sorted(words, key=lambda one: (one.at, one.id))
    of_the_child = [one.said for one in in_order if one.guardian is None]
    parents = tuple(_parent([one.said for one in in_order if one.guardian == who.id]) for who in guardians)
    return Evidence(parents, of_the_child[-1:] == [Said.REFUSED])


def _parent(said: list[Said]) -> Parent:
    answers = [one for one in said if one in (Said.CONSENTED, Said.OBJECTED)]
    excused = [one for one in said if one is not Said.NOTIFIED][-1:] == [Said.EXCUSED]
    return Parent(
        notified=bool(answers) or Said.NOTIFIED in said,
        consents=answers[-1:] == [Said.CONSENTED] and not excused,
        objects=answers[-1:] == [Said.OBJECTED],
        excused=excused,
    )
