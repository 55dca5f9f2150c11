"""What an import writes: a decision first, then its members, a few at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from stile.domain.ids import CentreId
from stile.domain.member_import import Change


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """An import that was decided. `finished_at`: None while its members are being written. `errors`: lines that were
    left out."""

    id: UUID
    centre: CentreId
    at: datetime
    actor: str
    source: str
    sha256: str
    rows: int
    added: int
    changed: int
    unchanged: int
    lapsed: int
    errors: int
    finished_at: datetime | None = None


class MemberImports(Protocol):
    """An import is laid down in short transactions that change nobody, decided in one, and carried out in short ones,
    whoever does it: what was decided is finished after a crash as well."""

    def lay_down(self, id: UUID, place: int, changes: Sequence[Change]) -> None:
        """Changes `place`, `place` + 1 … of an import that is not decided yet."""
        ...

    def decide(self, record: ImportRecord) -> None: ...

    def carry_out(self, id: UUID, place: int, changes: Sequence[Change]) -> int:
        """Writes these members, laid down before at these places, with their cards and their rows of the outbox. How
        many were left as they are, because somebody changed them since, or a number or card was taken meanwhile."""
        ...

    def finish(self, id: UUID, at: datetime) -> None: ...

    def unfinished(self) -> Sequence[ImportRecord]: ...

    def left(self, id: UUID, most: int) -> Sequence[tuple[int, Change]]:
        """What of a decided import is not carried out, in order, with its places."""
        ...

    def sweep(self, before: datetime) -> int:
        """Lets go what was laid down before then and never decided, a part of it at a time. How many rows went."""
        ...

    def latest(self, most: int = 50) -> Sequence[ImportRecord]:
        """Newest first."""
        ...

    def get(self, id: UUID) -> ImportRecord | None: ...
