"""Law 8: leaving is never controlled: `push_from_inside` lets out in every state.

A door for trials, demonstrations and tests. It really keeps the table of `domain/door.py`, and says what a
door's own sensors would say.
"""

from threading import Lock

from stile.adapters.door.remember import Recent
from stile.adapters.door.timed import OPEN_SECONDS, TimedState
from stile.domain.door import LETS_OUT, DoorEvent, DoorState, DoorStatus
from stile.domain.errors import DoorFault
from stile.domain.ids import PassageId
from stile.ports import Clock


class SimulatedDoor:
    """Implements ports.Door. Opens for `seconds`, then shuts by the clock it was given."""

    def __init__(self, clock: Clock, seconds: float = OPEN_SECONDS) -> None:
        self._lock = Lock()
        self._timed = TimedState(clock, seconds)
        self._opened_for: Recent[PassageId, bool] = Recent()
        self._let_out = 0

    def open(self, passage: PassageId) -> None:
        with self._lock:
            if self._opened_for.get(passage):
                return
            if self._timed.state is DoorState.FAULT:
                raise DoorFault("the simulated door is broken and did not open")
            self._timed.take(DoorEvent.TOLD_TO_OPEN)
            self._opened_for.put(passage, True)

    def status(self) -> DoorStatus:
        with self._lock:
            return self._timed.status

    def someone_passes(self) -> None:
        """The sensor behind the door. Raises WrongValue when the door is not open."""
        self._take(DoorEvent.SOMEONE_PASSED)

    def breaks(self) -> None:
        """From now on it does not open, and still lets out. Raises WrongValue when it is broken already."""
        self._take(DoorEvent.BROKE)

    def mends(self) -> None:
        """Raises WrongValue when it was not broken."""
        self._take(DoorEvent.MENDED)

    def push_from_inside(self) -> bool:
        """Somebody leaves. Whether the door gave way: in every state, or the test of law 8 fails."""
        with self._lock:
            gave_way = self._timed.state in LETS_OUT
            self._let_out += gave_way
            return gave_way

    @property
    def let_out(self) -> int:
        """How many left."""
        with self._lock:
            return self._let_out

    def _take(self, event: DoorEvent) -> None:
        with self._lock:
            self._timed.take(event)
