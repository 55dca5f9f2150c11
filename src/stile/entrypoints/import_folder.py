"""The watched folder: a member file that is put there is imported, and moved to `done` or `failed` with a report beside
it. A file counts as complete when it has not changed from one look to the next; whoever writes it may as well write it
under another name and rename it to .csv at the end.
"""

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import anyio
import anyio.to_thread

from stile.config import Settings
from stile.domain.errors import StileError
from stile.entrypoints import import_uploads
from stile.entrypoints.import_jobs import ImportJobs, Job, Order

LOOK_EVERY = 5.0
"""Seconds."""
ACTOR = "watched folder"

log = logging.getLogger(__name__)


@dataclass(slots=True)
class WatchedFolder:
    settings: Settings
    jobs: ImportJobs
    new_id: Callable[[], UUID]
    _seen: dict[Path, tuple[int, int]] = field(default_factory=dict)

    def look(self) -> list[Path]:
        """Imports what is complete, one after the other; where each file lies now. Never raises for one bad file."""
        import_uploads.sweep(self.settings.data, {job.order.file for job in self.jobs.under_way()})
        folder = self.settings.import_folder
        if folder is None or not folder.is_dir():
            return []
        self._forget_old(folder)
        return [self._import(folder, file) for file in self._complete(folder)]

    def _complete(self, folder: Path) -> list[Path]:
        found = {}
        for file in sorted(folder.iterdir()):
            if (
                file.suffix.lower() == ".csv"
                and not file.name.startswith(".")
                and file.is_file()
                and not file.is_symlink()
            ):
                about = file.stat()
                found[file] = (about.st_size, about.st_mtime_ns)
        complete = [file for file, now in found.items() if self._seen.get(file) == now]
        self._seen = found
        return complete

    def _import(self, folder: Path, file: Path) -> Path:
        try:
            mapping = self.settings.import_mapping
            order = Order(
                file,
                hashlib.sha256(file.read_bytes()).hexdigest(),
                "watched folder",
                ACTOR,
                mapping.read_text() if mapping else None,
            )
            job = self.jobs.begin(self.new_id(), order)
            job.ended.wait()
        except (OSError, UnicodeDecodeError) as error:
            job = Job(self.new_id(), Order(file, "", "watched folder", ACTOR))
            job.error = f"The file or the mapping could not be read: {type(error).__name__}."
        self._seen.pop(file, None)
        return self._put_away(folder, file, job)

    def _put_away(self, folder: Path, file: Path, job: Job) -> Path:
        target = folder / ("done" if job.went_well else "failed")
        target.mkdir(mode=0o700, exist_ok=True)
        name = f"{file.stem}-{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{str(job.id)[-6:]}"
        report = target / f"{name}.json"
        with os.fdopen(os.open(report, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as written:
            json.dump({"file": file.name, "error": job.error} | (job.report or {}), written, indent=2)
        away = target / f"{name}.csv"
        file.rename(away)
        away.chmod(0o600)
        os.utime(away)  # kept from now on, however old the file was when it came
        if not job.went_well:
            log.warning("a member file in the watched folder was not imported: see its report in failed/")
        return away

    def _forget_old(self, folder: Path) -> None:
        """Files hold what the store may have erased since: they go after `import_keep_days`."""
        before = time.time() - self.settings.import_keep_days * 86_400
        for target in (folder / "done", folder / "failed"):
            for file in target.glob("*-*Z-*.*") if target.is_dir() else ():
                if file.suffix in (".csv", ".json") and file.stat().st_mtime < before:
                    file.unlink(missing_ok=True)

    def failures(self, most: int = 5) -> list[dict[str, object]]:
        """What was not imported, newest first: the file's name, why, and when."""
        folder = self.settings.import_folder
        if folder is None or not (folder / "failed").is_dir():
            return []
        reports = sorted(
            (folder / "failed").glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True
        )
        told = []
        for one in reports[:most]:
            said = json.loads(one.read_text())
            told.append(
                {
                    "file": said.get("file"),
                    "why": said.get("error") or said.get("refused"),
                    "at": one.stat().st_mtime,
                }
            )
        return told


async def watch(folder: WatchedFolder) -> None:
    """Goes on until it is cancelled."""
    alone = anyio.CapacityLimiter(1)
    while True:
        try:
            await anyio.to_thread.run_sync(folder.look, limiter=alone, abandon_on_cancel=True)
        except (OSError, StileError) as error:
            log.warning("the watched folder could not be looked at: %s", type(error).__name__)
        await anyio.sleep(LOOK_EVERY)
