"""Copies of the store, and the sealed files that they lie in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

Record = Mapping[str, Any] | Sequence[Any]
"""One JSON document: a table's head, or one row of it."""


class CopyOut(Protocol):
    """Reads a whole store as it was at one moment, while others go on writing."""

    def revision(self) -> str: ...
    def records(self) -> AbstractContextManager[Iterator[Record]]:
        """For each table its head, `{"table": …, "columns": [[name, kind], …]}`, then its rows as lists.

        Without templates, keys, look-alikes and sessions. Raises CannotRecord when the store cannot be read, or when
        it is damaged: a copy of a damaged store would take the place of a good one.
        """
        ...


class CopyIn(Protocol):
    """Fills a store that is empty. Nothing is there until `finish`; leaving without it takes everything back."""

    def begin(self, revision: str) -> None:
        """Raises NotConfigured for a revision of a later version, Conflict when something is there already."""
        ...

    def take(self, record: Record) -> None:
        """Raises WrongValue for what is no record of a copy."""
        ...

    def finish(self) -> None:
        """Brings the tables to this version, and checks that everything that is named exists."""
        ...


class Sealer(Protocol):
    """Files that only the holder of a private key can open (age, X25519)."""

    def write(self, path: Path, content: Iterator[bytes], recipients: Sequence[str]) -> "SealedFile":
        """Whole or not at all, private to its owner, on disk when it returns. It is read back and opened with a
        one-time key that is forgotten afterwards, and compared with what went in.

        Raises NotConfigured for what is no public key, CannotRecord when it could not be written or is not what was
        written.
        """
        ...

    def seal(self, path: Path, secret: bytes, recipients: Sequence[str]) -> None:
        """One small secret, as any program for age opens it. Raises as `write` does."""
        ...

    def read(self, path: Path, identity: str, passphrase: str | None, take: Callable[[bytes], None]) -> None:
        """`identity`: the text of an identity file, encrypted with the passphrase where one is given.

        Raises CannotDecrypt for the wrong key and for a file that was altered or cut off; what `take` raises comes
        through. What was taken before that is true, but not the whole.
        """
        ...


class SealedFile(Protocol):
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...
