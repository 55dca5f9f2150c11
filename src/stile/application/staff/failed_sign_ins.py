"""A failed sign-in is written down: whose account it was aimed at, and never what was typed, which may be a password in
the wrong field. Whoever fails on purpose must not fill the log or keep the lanes' writes waiting: of a flood the first
ones are written, and how many more there were."""

from datetime import datetime, timedelta
from threading import Lock

from stile.domain.audit import Event
from stile.domain.ids import StaffId
from stile.ports import Clock, Store

MOST = 60
WINDOW = timedelta(minutes=1)


class FailedSignIns:
    """Thread-safe."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._lock = Lock()
        self._since: datetime | None = None
        self._written = self._left_out = 0

    def note(self, staff: StaffId | None, what: str) -> None:
        """`staff`: None where nobody can be named. `what`: which proof it was."""
        now = self._clock.now()
        with self._lock:
            if self._since is None or now - self._since >= WINDOW:
                self._since, self._written = now, 0
            if self._written >= MOST:
                self._left_out += 1
                return
            self._written += 1
            left_out, self._left_out = self._left_out, 0
        detail: dict[str, str | int | float | bool | None] = {"what": what}
        if left_out:
            detail["more_before"] = left_out
        with self._store.begin() as work:
            subject = str(staff) if staff else "unknown"
            work.audit.append(now, Event.STAFF_SIGN_IN_FAILED, "nobody", subject, detail)
            work.commit()
