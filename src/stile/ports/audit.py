"""The audit log: what is added to it, what is read of it, and what its checks need of the world."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from stile.domain.audit import AuditEntry, Event, Fact
from stile.domain.audit_check import AsRead, Unreadable
from stile.domain.checkpoint import Checkpoint, Kind, Stamp


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: those that fit all that is given. `before`: positions below it. `until` is left out itself."""

    events: Collection[Event] | None = None
    actors: Collection[str] | None = None
    subjects: Collection[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    most: int = 50


class Audit(Protocol):
    def append(
        self,
        at: datetime,
        event: Event,
        actor: str,
        subject: str,
        detail: Mapping[str, Fact] | None = None,
    ) -> AuditEntry: ...

    def append_all(
        self, at: datetime, event: Event, actor: str, what: Iterable[tuple[str, Mapping[str, Fact]]]
    ) -> int:
        """One entry for each subject and its detail, quickly: for an import. How many there were."""
        ...

    def entries(self) -> Iterator[AuditEntry]:
        """In order, from the first."""
        ...

    def find(self, wanted: Wanted) -> Sequence[AuditEntry]:
        """Newest first."""
        ...

    def root(self) -> tuple[int, bytes]:
        """How many entries there are, and the root hash over them (RFC 6962)."""
        ...

    def node(self, level: int, index: int) -> bytes:
        """The stored hash of a complete tree, for proofs (`stile.domain.merkle`)."""
        ...


class Checkpoints(Protocol):
    """Signed heads of the log. Only added to."""

    def add(self, checkpoint: Checkpoint) -> None:
        """Raises Conflict when there is one of that size."""
        ...

    def latest(self) -> Checkpoint | None: ...
    def all(self) -> Sequence[Checkpoint]:
        """From the smallest."""
        ...

    def add_stamp(self, stamp: Stamp) -> None: ...
    def stamps(self) -> Sequence[Stamp]: ...


class AuditTrail(Protocol):
    """The log as it lies in the database, of one moment, for its check. Nothing here raises because of what a row
    holds: a value of the wrong kind is handed on as it is, and what cannot be read is named."""

    def count(self) -> int:
        """About how many entries there are; for a progress bar."""
        ...

    def entries(self) -> Iterator[AsRead | Unreadable]:
        """In the order in which they lie, which is that of their positions unless somebody changed it."""
        ...

    def checkpoints(self) -> Iterator[tuple[object, object] | Unreadable]:
        """Size and note."""
        ...

    def stamps(self) -> Iterator[tuple[object, object, object] | Unreadable]:
        """Size, authority and response."""
        ...

    def damage(self) -> Sequence[str]:
        """What the database's own check finds wrong with the pages that the log lies on."""
        ...

    def records(self, kind: Kind, ids: Collection[UUID]) -> Mapping[UUID, str | None]:
        """The digests of the records as they stand; None for one that cannot be read. Missing ones are not in it."""
        ...


class AuditTrails(Protocol):
    def trail(self) -> AbstractContextManager[AuditTrail]:
        """The log of one moment. Opens also where rows cannot be read."""
        ...


class Signer(Protocol):
    """The site's key for checkpoints: Ed25519 (RFC 8032)."""

    @property
    def public(self) -> bytes:
        """32 bytes."""
        ...

    def make(self) -> None:
        """A new key, unless there is one."""
        ...

    def sign(self, text: bytes) -> bytes:
        """64 bytes. Raises NotConfigured when the key is lost."""
        ...

    def holds(self, public: bytes, signature: bytes, text: bytes) -> bool: ...


class CheckpointFile(Protocol):
    """A plain file beside the database, so that a cut-off end shows against something outside it."""

    def append(self, text: str) -> None:
        """Durable when it returns. Raises CannotRecord."""
        ...

    def read(self) -> str:
        """Empty when there is none."""
        ...


class TimeStamps(Protocol):
    """A time-stamp authority (RFC 3161)."""

    authority: str

    def stamp(self, data: bytes) -> bytes:
        """The authority's response, DER. Waits for the network. Raises CannotRecord."""
        ...

    def time_in(self, response: bytes, data: bytes) -> datetime:
        """When it says that the data existed. Raises WrongValue when it is not a stamp of these data, or, where the
        authority's certificates are in the settings, not one of that authority."""
        ...
