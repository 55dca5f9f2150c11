"""Repositories of what is kept for how long, and of who was erased."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from stile.domain.ids import MemberId
from stile.domain.retention import Period, Subject


@dataclass(frozen=True, slots=True)
class Run:
    """What one rule did, at one time: `gone` rows or members older than `cut_off`. `subject`: None for a whole night's
    run, with the sum of it."""

    subject: Subject | None
    cut_off: datetime
    at: datetime
    gone: int


@dataclass(frozen=True, slots=True)
class Swept:
    """What one batch took: how many, and from when the first and the last of them were, where that is kept."""

    gone: int
    first: datetime | None = None
    last: datetime | None = None


class Retention(Protocol):
    def choose(self, period: Period) -> None: ...
    def chosen(self) -> Sequence[Period]:
        """Every period that was ever chosen, oldest first."""
        ...

    def due(self, subject: Subject, cut_off: datetime) -> int:
        """How many rows or members are older."""
        ...

    def sweep(self, subject: Subject, cut_off: datetime, most: int) -> Swept:
        """Deletes up to so many that are older. Raises NotAllowed for passages that are too young for any rule.

        Not for members and their templates, whose ids `lapsed` gives: they are erased by a use case.
        """
        ...

    def lapsed(self, subject: Subject, cut_off: datetime, most: int) -> Sequence[MemberId]:
        """Members (with a template or a live consent, where the subject is that) who have not been admitted since."""
        ...

    def note_lapsed(self, now: datetime, most: int) -> int:
        """Notes who lapsed since the last time, and forgets who is a member again; how many were noted."""
        ...

    def ran(self, run: Run) -> None: ...
    def runs(self, most: int = 50) -> Sequence[Run]:
        """Newest first."""
        ...


ONCE = frozenset({"consent", "member"})
"""What ends once and for good. A no may be said again, after a yes: each is told apart by its time."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """`n`: its place in order, from 1. `what`: consent or member, or what was said no to since: restriction, marketing,
    objection, refusal, pin, phone, device, token, account. `subject`: the id of it. `member`: whose it was; the same id
    again where it is no member's."""

    n: int
    what: str
    subject: UUID
    member: MemberId
    at: datetime

    @property
    def key(self) -> tuple[str, UUID, datetime | None]:
        """What tells it from every other, in a store and in a journal."""
        return self.what, self.subject, None if self.what in ONCE else self.at


class Erasures(Protocol):
    """Who was erased and what was said no to, by id: what a restored backup has to be told. The store itself adds a row
    when a consent ends, and for each no."""

    def member(self, id: MemberId, at: datetime) -> int:
        """Erases everything personal of the member, and ends and erases their consents and templates; how many
        templates there were. What is left of the member is an id. Raises NotFound for nobody, or somebody erased."""
        ...

    def after(self, n: int) -> Sequence[Erasure]:
        """In order."""
        ...

    def again(self, erasure: Erasure) -> bool:
        """Does an erasure, or a no, that this store, restored from an older copy, knows nothing of; whether there was
        anything left to do. It is remembered either way."""
        ...
