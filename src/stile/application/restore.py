"""A backup becomes a store again, and who was erased since stays erased: the journal is applied before anything opens.

Without a journal nothing is restored, unless whoever restores says that they know what that means. A journal that was
altered, is another site's, or is shorter than when the backup was made is not taken for one.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from stile.application.remember_erasures import RememberErasures
from stile.domain.audit import Event
from stile.domain.errors import CannotDecrypt, NotAllowed, NotConfigured, WrongValue
from stile.ports import Clock, Store
from stile.ports.backup import CopyIn, Sealer
from stile.ports.journal import Journal
from stile.ports.keeping import Erasure


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup says of itself."""

    site: UUID
    made_at: datetime
    version: str
    revision: str
    erasures: int


@dataclass(slots=True)
class Filled:
    """A backup, read to its end."""

    head: Head
    rows: int
    files: dict[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restored:
    """`erased_again`: what was erased after the backup and was still in it. `known`: how many erasures the journal
    held. `sealed_here`: whether the journal was sealed under the site key at hand; otherwise its hashes alone hold."""

    head: Head
    rows: int
    known: int
    erased_again: int
    sealed_here: bool


class Reader:
    """Takes a backup line by line and fills the store with it. `first` is told what the backup says of itself before
    anything is done, and may refuse."""

    def __init__(self, into: CopyIn, first: Callable[[Head], None], progress: Callable[[int], None]) -> None:
        self._into, self._first, self._progress = into, first, progress
        self._hash = hashlib.sha256()
        self._filled: Filled | None = None
        self._ended = False

    def take(self, line: bytes) -> None:
        try:
            record: Any = json.loads(line)
        except ValueError:
            raise WrongValue("the file is no backup of Stile") from None
        if self._filled is None:
            self._filled = Filled(_head(record), 0)
            self._first(self._filled.head)
            self._into.begin(self._filled.head.revision)
        elif isinstance(record, Mapping) and "end" in record:
            self._end(record)
            return
        elif isinstance(record, Mapping) and "file" in record:
            self._filled.files[Path(str(record["file"])).name] = base64.b64decode(record["body"])
        else:
            self._row(record)
        self._hash.update(line + b"\n")

    def _row(self, record: Any) -> None:
        assert self._filled is not None
        self._into.take(record)
        if not isinstance(record, Mapping):
            self._filled.rows += 1
            if self._filled.rows % 2_000 == 0:
                self._progress(self._filled.rows)

    def _end(self, record: Mapping[str, Any]) -> None:
        assert self._filled is not None
        if record["end"] != self._filled.rows or record.get("sha256") != self._hash.hexdigest():
            raise CannotDecrypt("the backup does not hold what it says at its end")
        self._ended = True

    def finish(self) -> Filled:
        if self._filled is None or not self._ended:
            raise CannotDecrypt("the backup has no end: it is not whole")
        self._into.finish()
        self._progress(self._filled.rows)
        return self._filled


def _head(record: Any) -> Head:
    try:
        if record["stile backup"] != 1:
            raise NotConfigured("the backup was made by a later version of Stile: install that version")
        return Head(
            UUID(record["site"]),
            datetime.fromisoformat(record["made at"]),
            str(record["version"]),
            str(record["revision"]),
            int(record["erasures"]),
        )
    except (KeyError, TypeError, ValueError):
        raise WrongValue("the file is no backup of Stile") from None


def fill(
    sealer: Sealer,
    file: Path,
    identity: str,
    passphrase: str | None,
    into: CopyIn,
    first: Callable[[Head], None],
    progress: Callable[[int], None],
) -> Filled:
    """Opens the backup and fills the store. Raises CannotDecrypt, WrongValue, Conflict, NotConfigured, and what
    `first` raises."""
    reader = Reader(into, first, progress)
    sealer.read(file, identity, passphrase, reader.take)
    return reader.finish()


def journals_of(found: Sequence[Journal], head: Head, without: bool) -> Sequence[Erasure]:
    """The longest journal. Raises NotAllowed when there is none, or none that is as long as it was at the backup."""
    read = [(one, written) for one in found if (written := one.read()) is not None]
    longest = max((written for _, written in read), key=len, default=None)
    if longest is None:
        if without:
            return ()
        raise NotAllowed(
            "There is no journal of erasures beside the backup or in the data folder, so whoever was erased since "
            "would come back. Name it with --journal, or say --without-journal when you are sure that nobody was."
        )
    for journal, written in read:
        if list(written) != list(longest[: len(written)]):
            raise WrongValue(
                f"the journals do not agree: {journal.name} is not the beginning of the longest one"
            )
    if len(longest) < head.erasures and not without:
        raise NotAllowed(
            f"The journal holds {len(longest)} erasures, and there were {head.erasures} when the backup was made: its "
            "end was cut off. Find a longer one."
        )
    return longest


class FinishRestore:
    """What comes after the rows: erasures again, an audit entry, and no trace left of what was erased."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def __call__(self, filled: Filled, written: Sequence[Erasure], sealed_here: bool, actor: str) -> Restored:
        with self._store.read() as work:
            operator = work.operators.only()
        if operator is None or operator.id != filled.head.site:
            raise WrongValue("the backup holds another site than it says")
        again = RememberErasures(self._store, lambda _: (), self._clock).do_again(written)
        with self._store.begin() as work:
            detail: dict[str, str | int | float | bool | None] = {
                "made at": filled.head.made_at.isoformat(),
                "rows": filled.rows,
                "erasures": len(written),
                "erased again": again,
            }
            work.audit.append(self._clock.now(), Event.BACKUP_RESTORED, actor, str(filled.head.site), detail)
            work.commit()
        self._store.scrub()
        return Restored(filled.head, filled.rows, len(written), again, sealed_here)
