"""The journal of erasures: a file outside the store, so that an older copy of the store can be told who was erased."""

from collections.abc import Sequence
from typing import Protocol

from stile.ports.keeping import Erasure


class Journal(Protocol):
    """One file. Holds ids and times only. Not thread-safe; several processes may follow one store with it."""

    @property
    def name(self) -> str:
        """Where it is, for people."""
        ...

    @property
    def is_sealed_here(self) -> bool:
        """Once read: whether its lines were sealed under the site key at hand. If not, its hashes alone hold it."""
        ...

    def read(self) -> Sequence[Erasure] | None:
        """In order; None when there is no such file. A last line that was cut off by a power cut is passed over.
        Raises WrongValue for a file that was altered or is another site's, CannotRecord when it cannot be read."""
        ...

    def append(self, erasures: Sequence[Erasure]) -> None:
        """On disk (fsync) when it returns. Read it first. Raises CannotRecord, also when the file is gone."""
        ...

    def replace(self, erasures: Sequence[Erasure]) -> None:
        """The whole file anew, or not at all; with no erasures a journal that says so. Raises CannotRecord."""
        ...
