"""Which door a lane has: by the scheme of its address."""

from threading import Lock

from stile.adapters.door.relay import HttpRelay
from stile.adapters.door.simulated import SimulatedDoor
from stile.adapters.door.timed import OPEN_SECONDS
from stile.domain.errors import WrongValue
from stile.domain.ids import LaneId
from stile.domain.places import Lane
from stile.ports import Clock, Door


class LaneDoors:
    """Implements ports.Doors. A lane keeps its door, and what that door remembers, until its address changes."""

    def __init__(self, clock: Clock, seconds: float = OPEN_SECONDS) -> None:
        self._clock = clock
        self._seconds = seconds
        self._lock = Lock()
        self._doors: dict[LaneId, tuple[str, Door]] = {}

    def of(self, lane: Lane) -> Door:
        """Raises WrongValue for an address that no door here can use."""
        with self._lock:
            address, door = self._doors.get(lane.id, (None, None))
            if door is None or address != lane.door:
                door = self._make(lane.door)
                self._doors[lane.id] = lane.door, door
            return door

    def _make(self, address: str) -> Door:
        scheme = address.partition(":")[0]
        if scheme == "sim":
            return SimulatedDoor(self._clock, self._seconds)
        if scheme in ("http", "https"):
            return HttpRelay(address, self._clock, self._seconds)
        raise WrongValue(f"a door is “sim:” or the http(s) address of a relay, not “{scheme}:”")
