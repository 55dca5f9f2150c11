"""Who is inside: asked and told in the transaction that records a passage."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from stile.domain.ids import CentreId, MemberId


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`here`: the member is inside this centre. `others`: how many else are."""

    here: bool
    others: int


class Presences(Protocol):
    """State, not history. A member is inside from an admission until somebody tells that they left, or until the
    hours that a visit is taken to last have passed: `since` is the moment before which admissions no longer count."""

    def is_kept(self, centre: CentreId) -> bool:
        """Whether any setting of the centre or its lanes asks who is inside; nothing is kept where none does."""
        ...

    def of(self, member: MemberId, centre: CentreId, since: datetime) -> Whereabouts: ...

    def come(
        self, id: UUID, member: MemberId | None, centre: CentreId, at: datetime, since: datetime
    ) -> None:
        """Somebody was let in. Forgets who came before `since`. `member`: None for a guest."""
        ...

    def leave(self, member: MemberId) -> bool:
        """Whether they were inside, anywhere. Law 8: this is told, never asked for."""
        ...

    def one_leaves(self, centre: CentreId) -> bool:
        """Somebody left who is not known: whoever came first counts as gone, guests before members."""
        ...

    def count(self, centre: CentreId, since: datetime) -> int: ...

    def forget(self, before: datetime) -> int:
        """Those who came before then; how many there were."""
        ...
