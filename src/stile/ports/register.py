"""Repository of the register's entries."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.ids import EntryId
from stile.domain.register import Entry


class RegisterEntries(Protocol):
    """Only added to."""

    def add(self, entry: Entry) -> None:
        """Raises NotFound when it replaces an entry that does not exist, Conflict when that one is replaced already."""
        ...

    def get(self, id: EntryId) -> Entry | None: ...
    def count(self) -> int:
        """How many entries there are, in any process: it only grows."""
        ...

    def all(self) -> Sequence[Entry]:
        """Every entry, also those that were replaced, oldest first."""
        ...
