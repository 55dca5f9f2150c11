"""The check of the audit log that runs beside the pages, one at a time, and what the audit page shows of it."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from stile.application.audit.verify_audit import Progress, Verified
from stile.domain.errors import StileError

REST = 0.002
"""Seconds of rest after some hundred entries: the lanes share the interpreter with this."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Now:
    """`done` of about `count` entries. `failed`: why there is no result."""

    running: bool = False
    done: int = 0
    count: int = 0
    found: Verified | None = None
    failed: str | None = None

    @property
    def percent(self) -> int:
        return min(100, 100 * self.done // self.count) if self.count else 0


class AuditCheck:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._now = Now()

    @property
    def now(self) -> Now:
        with self._lock:
            return self._now

    def start(self, run: Callable[[Progress], Verified]) -> bool:
        """False when one is running already."""
        with self._lock:
            if self._now.running:
                return False
            self._now = Now(running=True)
        threading.Thread(target=self._work, args=(run,), daemon=True, name="audit check").start()
        return True

    def _work(self, run: Callable[[Progress], Verified]) -> None:
        try:
            found = run(self._tell)
            self._set(Now(found=found))
        except StileError as error:
            self._set(Now(failed=str(error)))
        except Exception as error:  # noqa: BLE001 the page must not say “running” for ever
            log.warning("the audit log could not be checked: %s", type(error).__name__)
            self._set(
                Now(failed="The log could not be checked. Run `stile audit verify` on the machine itself.")
            )

    def _tell(self, done: int, count: int) -> None:
        self._set(replace(self.now, done=done, count=count))
        time.sleep(REST)

    def _set(self, now: Now) -> None:
        with self._lock:
            self._now = now
