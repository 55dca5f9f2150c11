"""Which door a lane has: by the scheme of its address."""

from threading import Lock

from stile.adapters.door.simulated import SimulatedDoor
from stile.adapters.door.timed import OPEN_SECONDS
from stile.domain.door import DoorState, DoorStatus
from stile.domain.errors import DoorFault, WrongValue
from stile.domain.ids import LaneId, PassageId
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
        """Never fails: an address that cannot be used is a door whose fault says why."""
        with self._lock:
            address, door = self._doors.get(lane.id, (None, None))
            if door is None or address != lane.door:
                door = self._make(lane.door)
                self._doors[lane.id] = lane.door, door
            return door

    def _make(self, address: str) -> Door:
        if address.startswith("sim:"):
            return SimulatedDoor(self._clock, self._seconds)
        from stile.adapters.door.relay import HttpRelay  # its HTTP client takes a fifth of a second to import

        try:
            return HttpRelay(address, self._clock, self._seconds)
        except WrongValue as error:
            return Unusable(str(error))


class Unusable:
    """Implements ports.Door for an address that no driver can use. Always in fault, so that the desk sees it."""

    def __init__(self, reason: str) -> None:
        self._reason = reason

    def open(self, passage: PassageId) -> None:  # noqa: ARG002 - the port's
        raise DoorFault(f"the door could not be told to open: {self._reason}")

    def status(self) -> DoorStatus:
        return DoorStatus(DoorState.FAULT)
