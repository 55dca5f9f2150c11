"""Repository of requests for information."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from stile.domain.foi_desk.request import DraftVersion, FoiRequest, Requester
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

    def at_work(self, most: int, words: Sequence[str] = ()) -> Sequence[FoiRequest]:
        """Those that are neither closed nor lapsed, oldest first, `most` at most. `words`: only those that have each of
        them in their reference or text, whatever their case."""
        ...

    def over(self, most: int, words: Sequence[str] = ()) -> Sequence[FoiRequest]:
        """Closed and lapsed ones, newest first, `most` at most."""
        ...

    def latest(self, most: int) -> Sequence[FoiRequest]:
        """Newest first, whatever their state."""
        ...

    def same(self, received: date, requester: Requester, text: str) -> FoiRequest | None:
        """One with these very words of this very person on that day."""
        ...

    def count_of_year(self, year: int) -> int:
        """How many were received in that year."""
        ...

    def add_version(self, version: DraftVersion) -> None:
        """Versions are only added to. Raises Conflict for a number that is taken."""
        ...

    def versions_of(self, requests: Sequence[FoiRequestId]) -> Iterator[DraftVersion]:
        """Of many requests, each one's oldest first."""
        ...

    def versions(self, request: FoiRequestId) -> Sequence[DraftVersion]:
        """Oldest first."""
        ...
