"""Doors that only remember what they were told, and can be told to break."""

from stile.domain.door import DoorState, DoorStatus
from stile.domain.errors import DoorFault
from stile.domain.ids import LaneId, PassageId
from stile.domain.places import Lane


class FakeDoor:
    def __init__(self) -> None:
        self.opened_for: list[PassageId] = []
        self.breaks = False

    def open(self, passage: PassageId) -> None:
        if self.breaks:
            raise DoorFault("The fake door was told to break.")
        if passage not in self.opened_for:
            self.opened_for.append(passage)

    def status(self) -> DoorStatus:
        return DoorStatus(DoorState.FAULT if self.breaks else DoorState.SHUT, len(self.opened_for))


class FakeDoors:
    def __init__(self) -> None:
        self._doors: dict[LaneId, FakeDoor] = {}

    def of(self, lane: Lane) -> FakeDoor:
        return self._doors.setdefault(lane.id, FakeDoor())
