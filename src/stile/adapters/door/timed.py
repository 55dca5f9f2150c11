"""Law 8: leaving is never controlled. The state of a door, moved only along the table of `domain/door.py`.

There is no thread behind it: that time ran out is noticed when somebody looks.
"""

from stile.domain.door import DoorEvent, DoorState, DoorStatus, after
from stile.domain.errors import WrongValue
from stile.ports import Clock

OPEN_SECONDS = 5.0
"""How long a door stays open for one person: a wheelchair user or a parent with a pushchair takes up to five."""


class TimedState:
    """Not thread-safe: its door holds a lock around each call."""

    def __init__(self, clock: Clock, seconds: float = OPEN_SECONDS) -> None:
        if not 0 < seconds <= 60:
            raise WrongValue(f"a door stays open for up to 60 seconds, not {seconds}")
        self._clock = clock
        self._seconds = seconds
        self._state = DoorState.SHUT
        self._shuts_at = 0.0
        self._openings = 0
        self._passed = 0

    @property
    def state(self) -> DoorState:
        if self._state is DoorState.OPEN and self._clock.monotonic() >= self._shuts_at:
            self._state = after(self._state, DoorEvent.TIME_RAN_OUT)
        return self._state

    @property
    def status(self) -> DoorStatus:
        return DoorStatus(self.state, self._openings, self._passed)

    def take(self, event: DoorEvent) -> None:
        """Raises WrongValue, and changes nothing, where the table has no such step."""
        self._state = after(self.state, event)
        if event is DoorEvent.TOLD_TO_OPEN:
            self._openings += 1
            self._shuts_at = self._clock.monotonic() + self._seconds
        elif event is DoorEvent.SOMEONE_PASSED:
            self._passed += 1
