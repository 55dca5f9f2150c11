"""Repositories of notices, of the parents and guardians of children, and of enrolments that wait for somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from stile.domain.access import Invitation
from stile.domain.consent import Consent, Notice
from stile.domain.guardians import Evidence, Guardian, Word
from stile.domain.ids import GuardianId, MemberId, PackId
from stile.domain.member import Member


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """Words that somebody was shown, and when they were first."""

    notice: Notice
    first_shown_at: datetime


class Notices(Protocol):
    """Only added to; the store enforces it."""

    def add(self, shown: ShownNotice) -> None:
        """Keeps these words, once: those that are kept already stay as they are."""
        ...

    def by_digest(self, sha256: str) -> ShownNotice | None: ...
    def all(self) -> Sequence[ShownNotice]:
        """The latest first."""
        ...


class Guardians(Protocol):
    """What was said is only added to; the store enforces it."""

    def add(self, guardian: Guardian) -> None: ...
    def save(self, guardian: Guardian) -> None:
        """Raises NotFound for one who was never added."""
        ...

    def get(self, id: GuardianId) -> Guardian | None: ...
    def by_digest(self, digest: str) -> Guardian | None:
        """Who was sent this link; also one that is out of date: the caller looks."""
        ...

    def of_member(self, member: MemberId) -> Sequence[Guardian]:
        """In the order in which they were named."""
        ...

    def use_link(self, id: GuardianId, digest: str) -> None:
        """The link works no more. Raises Conflict when it did not any more."""
        ...

    def say(self, word: Word) -> None: ...
    def words_of(self, member: MemberId) -> Sequence[Word]:
        """The oldest first."""
        ...

    def evidence_of(self, members: Sequence[MemberId]) -> Mapping[MemberId, Evidence]:
        """What counts now of what was said about each of them, in two questions."""
        ...


class Waiting(Protocol):
    """Enrolments that wait for somebody. Each list is by membership number, and holds at most `most`."""

    def invited(self, most: int) -> Sequence[tuple[Member, Invitation]]:
        """Whose latest link was not used, also where it is out of date."""
        ...

    def without_template(self, pack: PackId, most: int) -> Sequence[tuple[Member, Consent]]:
        """Who consented, and has no template of this pack."""
        ...

    def outdated(self, versions: Sequence[str], most: int) -> Sequence[tuple[Member, Consent]]:
        """Whose live consent is to a notice of none of these versions."""
        ...

    def to_renew(self, born_after: date, born_until: date, most: int) -> Sequence[tuple[Member, Consent]]:
        """Live consents of those born between these days, and those given by a parent or guardian."""
        ...

    def to_look_at(self, born_after: date, after: str, most: int) -> Sequence[tuple[Member, Consent]]:
        """A page: live consents of those born after that day, of all in a group of a school, of whoever is listed as
        staff, and by a parent; of members with a number after the given one."""
        ...

    def children_with_a_parent(self, most: int) -> Sequence[Member]:
        """For whom a parent or guardian is named, and who have no live consent."""
        ...
