"""Screens that wait for the desk, and screens that it approved. Their secrets lie here as digests only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.devices import Device, Waiting
from stile.domain.errors import NotFound
from stile.domain.ids import DeviceId, LaneId

device, waiting = tables.device, tables.device_waiting


class SqlWaitingScreens:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, screen: Waiting) -> None:
        self._tx.add(
            tables.device_waiting,
            {
                "id": screen.id,
                "code": screen.code,
                "digest": screen.digest,
                "address": screen.address,
                "agent": screen.agent,
                "asked_at": screen.asked_at,
                "expires_at": screen.expires_at,
                "wants": screen.wants,
            },
            taken="another screen shows that code",
            missing="the screen's lane does not exist",
        )

    def all(self) -> Sequence[Waiting]:
        return [_waiting(row) for row in self._tx.all(select(waiting).order_by(waiting.c.id))]

    def by_code(self, code: str) -> Waiting | None:
        """Also one whose time is over: the caller looks."""
        row = self._tx.one(select(waiting).where(waiting.c.code == code))
        return None if row is None else _waiting(row)

    def by_digest(self, digest: str) -> Waiting | None:
        """Also one whose time is over: the caller looks."""
        row = self._tx.one(select(waiting).where(waiting.c.digest == digest))
        return None if row is None else _waiting(row)

    def remove(self, id: DeviceId) -> None:
        self._tx.run(delete(waiting).where(waiting.c.id == id))

    def remove_expired(self, now: datetime) -> int:
        return self._tx.run(delete(waiting).where(waiting.c.expires_at <= now)).rowcount


class SqlDevices:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, device: Device) -> None:
        self._tx.add(
            tables.device,
            {"id": device.id} | _values(device),
            taken="that kiosk exists already",
            missing="the kiosk's lane does not exist",
        )

    def save(self, device: Device) -> None:
        """Raises NotFound for a kiosk that was never added, or is gone."""
        with self._tx.part("that kiosk exists already", "the kiosk's lane does not exist"):
            done = self._tx.run(
                update(tables.device).where(tables.device.c.id == device.id).values(**_values(device))
            )
        if not done.rowcount:
            raise NotFound("that kiosk does not exist")

    def get(self, id: DeviceId) -> Device | None:
        row = self._tx.one(select(device).where(device.c.id == id))
        return None if row is None else _device(row)

    def by_digest(self, digest: str) -> Device | None:
        row = self._tx.one(select(device).where(device.c.digest == digest))
        return None if row is None else _device(row)

    def of_lane(self, lane: LaneId) -> Sequence[Device]:
        return [
            _device(row)
            for row in self._tx.all(select(device).where(device.c.lane == lane).order_by(device.c.id))
        ]

    def all(self) -> Sequence[Device]:
        return [_device(row) for row in self._tx.all(select(device).order_by(device.c.id))]

    def remove(self, id: DeviceId) -> None:
        self._tx.run(delete(device).where(device.c.id == id))

    def remove_uncollected(self, now: datetime) -> int:
        late = (device.c.paired_at.is_(None)) & (device.c.expires_at <= now)
        return self._tx.run(delete(device).where(late)).rowcount


def _values(device: Device) -> dict[str, object]:
    return {
        "lane": device.lane,
        "digest": device.digest,
        "paired_at": device.paired_at,
        "expires_at": device.expires_at,
        "name": device.name,
        "approved_by": device.approved_by,
        "approved_at": device.approved_at,
        "last_seen": device.last_seen,
        "revoked_at": device.revoked_at,
    }


def _device(row: AnyRow) -> Device:
    return Device(
        DeviceId(row.id),
        LaneId(row.lane),
        row.digest,
        row.paired_at,
        row.expires_at,
        row.name,
        row.approved_by,
        row.approved_at,
        row.last_seen,
        row.revoked_at,
    )


def _waiting(row: AnyRow) -> Waiting:
    return Waiting(
        DeviceId(row.id),
        row.code,
        row.digest,
        row.address,
        row.agent,
        row.asked_at,
        row.expires_at,
        None if row.wants is None else LaneId(row.wants),
    )
