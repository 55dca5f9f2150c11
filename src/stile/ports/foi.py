"""Repository of requests for information."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.foi_request import DraftVersion, FoiRequest
from stile.domain.ids import FoiRequestId


class FoiRequests(Protocol):
    def add(self, request: FoiRequest) -> None:
        """Raises Conflict when the reference is taken."""
        ...

    def save(self, request: FoiRequest) -> None:
        """Writes it with `version + 1`. Raises Conflict when somebody saved another version."""
        ...

    def get(self, id: FoiRequestId) -> FoiRequest | None: ...
    def by_ref(self, ref: str) -> FoiRequest | None: ...
    def all(self) -> Sequence[FoiRequest]:
        """Newest first."""
        ...

    def count_of_year(self, year: int) -> int:
        """How many were received in that year."""
        ...

    def add_version(self, version: DraftVersion) -> None:
        """Versions are only added to. Raises Conflict for a number that is taken."""
        ...

    def versions(self, request: FoiRequestId) -> Sequence[DraftVersion]:
        """Oldest first."""
        ...
