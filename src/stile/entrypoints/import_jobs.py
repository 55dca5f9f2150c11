"""Imports that the serving process has others do, one at a time. What they told is kept in memory, for the page."""

import json
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from stile.config import Settings

KEPT = 50
"""Jobs that are remembered. What an import did is in the store."""
FAILED = {"error": "The import ended without saying why. Please try again, and see the log of the machine."}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done. `file`: stays where it is. `mapping`: its text; None takes the headings as they are."""

    file: Path
    sha256: str
    source: str
    actor: str
    mapping: str | None = None
    centre: str | None = None
    dry_run: bool = False
    strict: bool = False
    lapse_many: bool = False


@dataclass(slots=True)
class Job:
    id: UUID
    order: Order
    stage: str = "Waiting"
    done: int = 0
    of: int = 0
    report: dict[str, Any] | None = None
    error: str | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def went_well(self) -> bool:
        return self.report is not None and self.report["refused"] is None

    @property
    def why_not(self) -> str | None:
        return self.error or (self.report or {}).get("refused")


class ImportJobs:
    """Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._jobs: OrderedDict[UUID, Job] = OrderedDict()
        self._lock, self._one = threading.Lock(), threading.Lock()

    def begin(self, id: UUID, order: Order) -> Job:
        """At once; the work is done in a thread and a process of its own."""
        job = Job(id, order)
        with self._lock:
            self._jobs[id] = job
            while len(self._jobs) > KEPT:
                self._jobs.popitem(last=False)
        threading.Thread(target=self._run, args=(job,), name="import", daemon=True).start()
        return job

    def get(self, id: UUID) -> Job | None:
        with self._lock:
            return self._jobs.get(id)

    def under_way(self) -> list[Job]:
        with self._lock:
            return [one for one in self._jobs.values() if not one.ended.is_set()]

    def _run(self, job: Job) -> None:
        try:
            with self._one:
                self._ask(job)
        except OSError as error:
            job.error = f"The import could not be begun: {error.strerror or error}."
        finally:
            if job.report is None and job.error is None:
                job.error = FAILED["error"]
            job.ended.set()

    def _ask(self, job: Job) -> None:
        command = [sys.executable, "-m", "stile.entrypoints.import_child"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:  # noqa: S603 ourselves
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(self._told(job.order)).encode())
            child.stdin.close()
            for line in child.stdout:
                said = json.loads(line)
                if "stage" in said:
                    job.stage, job.done, job.of = said["stage"], said["done"], said["of"]
                job.report, job.error = said.get("report"), said.get("error")

    def _told(self, order: Order) -> dict[str, Any]:
        own = self._settings
        return {
            # By its standard input and not by its arguments: an address may hold a password.
            "settings": {
                "data": str(own.data),
                "database": own.database,
                "time_zone": own.time_zone,
                "country": own.country,
            },
            "file": str(order.file),
            "mapping": order.mapping,
            "centre": order.centre,
            "dry_run": order.dry_run,
            "strict": order.strict,
            "lapse_many": order.lapse_many,
            "source": order.source,
            "actor": order.actor,
        }
