"""Repository of devices."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.access import Device
from stile.domain.ids import (
    DeviceId,
    LaneId,
)


class Devices(Protocol):
    def add(self, device: Device) -> None: ...
    def save(self, device: Device) -> None: ...
    def by_digest(self, digest: str) -> Device | None: ...
    def of_lane(self, lane: LaneId) -> Sequence[Device]: ...
    def remove(self, id: DeviceId) -> None: ...
