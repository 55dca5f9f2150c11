"""A backup is consistent, encrypted and verified, and holds nothing biometric (decision 0022).

Beside it lies the journal of erasures, which is always of now: whoever restores the backup is told by it who has been
erased since. The site key is in neither.
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from stile.application.remember_erasures import RememberErasures
from stile.domain.audit import Event
from stile.domain.backup import Backup, made_at, name_at, too_many
from stile.domain.errors import CannotRecord, Conflict, NotConfigured
from stile.ports import Clock, Store
from stile.ports.backup import CopyOut, Record, Sealer
from stile.ports.journal import Journal

FORMAT = 1
AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""One for all rows: it is a third of the work."""
EVERY = 2_000
"""Rows between two words about progress."""
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """`sha256`: of the file, hex. `rows`: how many it holds."""

    backup: Backup
    sha256: str
    rows: int


class MakeBackup:
    def __init__(
        self,
        store: Store,
        copy: CopyOut,
        sealer: Sealer,
        remember: RememberErasures,
        clock: Clock,
        folder: Path | None,
        recipients: Sequence[str],
        keep: int,
        beside: Callable[[], Mapping[str, bytes]],
        journal: Callable[[Path, UUID], Journal],
        version: str,
    ) -> None:
        """`beside`: small files that belong to the site, by name: signed checkpoints, settings without secrets.
        `journal`: the journal of erasures in a folder, of a site."""
        self._store, self._copy, self._sealer, self._remember = store, copy, sealer, remember
        self._clock, self._folder, self._recipients, self._keep = clock, folder, tuple(recipients), keep
        self._beside, self._journal, self._version = beside, journal, version

    @property
    def is_set_up(self) -> bool:
        return self._folder is not None and bool(self._recipients)

    def make(
        self,
        actor: str,
        to: Path | None = None,
        recipients: Sequence[str] = (),
        progress: Progress = lambda _: None,
    ) -> Made:
        """Writes one backup, `to` a file or into the folder of the settings, where older ones than the newest few are
        then deleted. Raises NotConfigured, CannotRecord."""
        now = self._clock.now()
        path = self._path(to, now)
        self._remember.catch_up()
        head = self._head(now)
        self._remember.follow(self._journal(path.parent, UUID(head["site"])))
        content = _Content(head, self._beside(), progress)
        with self._copy.records() as records:
            sealed = self._sealer.write(path, content.lines(records), recipients or self._recipients)
        made = Made(Backup(str(path), now, sealed.size), sealed.sha256, content.rows)
        with self._store.begin() as work:
            facts: dict[str, str | int | float | bool | None]
            facts = {"sha256": made.sha256, "bytes": sealed.size, "rows": made.rows}
            work.audit.append(now, Event.BACKUP_MADE, actor, path.name, facts)
            work.commit()
        if to is None:
            self._delete_old()
        return made

    def seal_alone(self, path: Path, content: bytes, recipients: Sequence[str] = ()) -> None:
        """One secret into an encrypted file of its own. Raises Conflict when there is a file of that name."""
        if path.exists():
            raise Conflict(f"{path} is there already: name a new file.")
        self._sealer.seal(path, content, recipients or self._recipients)

    def _path(self, to: Path | None, now: datetime) -> Path:
        if to is not None:
            return to
        if self._folder is None:
            raise NotConfigured("Where to? Set backup_folder, or say `stile backup --to FILE`.")
        if not self._folder.is_dir():
            raise NotConfigured(f"The backup folder {self._folder} is not there.")
        return self._folder / name_at(now)

    def _head(self, now: datetime) -> dict[str, Any]:
        with self._store.read() as work:
            operator, erasures = work.operators.only(), work.erasures.after(0)
        if operator is None:
            raise NotConfigured("Nothing is set up here, so there is nothing to back up.")
        return {
            "stile backup": FORMAT,
            "site": str(operator.id),
            "made at": now.isoformat(),
            "version": self._version,
            "revision": self._copy.revision(),
            "erasures": len(erasures),
        }

    def all(self) -> Sequence[Backup]:
        """Those in the folder, newest first."""
        return backups_in(self._folder)

    def is_due(self, every: timedelta) -> bool:
        newest = next(iter(self.all()), None)
        return self.is_set_up and (newest is None or self._clock.now() - newest.at >= every)

    def _delete_old(self) -> None:
        for one in too_many(self.all(), self._keep):
            try:
                Path(one.path).unlink(missing_ok=True)
            except OSError as error:
                raise CannotRecord(f"the old backup {one.path} cannot be deleted: {error.strerror}") from None


def backups_in(folder: Path | None) -> Sequence[Backup]:
    """Newest first; none for a folder that is not there."""
    found = []
    if folder is not None and folder.is_dir():
        for path in folder.iterdir():
            at = made_at(path.name)
            if at is not None:
                found.append(Backup(str(path), at, path.stat().st_size))
    return sorted(found, key=lambda one: one.at, reverse=True)


class _Content:
    """The lines of a backup: head, small files, the store, and an end that says how much there was."""

    def __init__(self, head: Record, beside: Mapping[str, bytes], progress: Progress) -> None:
        self._head, self._beside, self._progress = head, beside, progress
        self.rows = 0

    def lines(self, records: Iterator[Record]) -> Iterator[bytes]:
        whole = hashlib.sha256()
        for record in self._records(records):
            line = AS_JSON(record).encode() + b"\n"
            whole.update(line)
            yield line
        yield json.dumps({"end": self.rows, "sha256": whole.hexdigest()}).encode() + b"\n"

    def _records(self, records: Iterator[Record]) -> Iterator[Record]:
        yield self._head
        for name, body in self._beside.items():
            yield {"file": name, "body": base64.b64encode(body).decode()}
        for record in records:
            if not isinstance(record, Mapping):
                self.rows += 1
                if self.rows % EVERY == 0:
                    self._progress(self.rows)
            yield record
        self._progress(self.rows)
