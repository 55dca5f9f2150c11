"""Kiosks and invitations. Secrets lie here as digests only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.access import Device, Invitation
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import DeviceId, InvitationId, LaneId, MemberId

device, invitation = tables.device, tables.invitation


class SqlDevices:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, device: Device) -> None:
        self._tx.add(
            tables.device,
            {"id": device.id} | _device_values(device),
            taken="that kiosk exists already",
            missing="the kiosk's lane does not exist",
        )

    def save(self, device: Device) -> None:
        """Raises NotFound for a kiosk that was never added, or is gone."""
        with self._tx.part("that kiosk exists already", "the kiosk's lane does not exist"):
            done = self._tx.run(
                update(tables.device).where(tables.device.c.id == device.id).values(**_device_values(device))
            )
        if not done.rowcount:
            raise NotFound("that kiosk does not exist")

    def by_digest(self, digest: str) -> Device | None:
        row = self._tx.one(select(device).where(device.c.digest == digest))
        return None if row is None else _device(row)

    def of_lane(self, lane: LaneId) -> Sequence[Device]:
        return [
            _device(row)
            for row in self._tx.all(select(device).where(device.c.lane == lane).order_by(device.c.id))
        ]

    def remove(self, id: DeviceId) -> None:
        self._tx.run(delete(device).where(device.c.id == id))


class SqlInvitations:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, invitation: Invitation) -> None:
        self._tx.add(
            tables.invitation,
            {
                "id": invitation.id,
                "member": invitation.member,
                "digest": invitation.digest,
                "expires_at": invitation.expires_at,
                "used_at": invitation.used_at,
                "look_alike_allowed": invitation.look_alike_allowed,
            },
            taken="that invitation exists already",
            missing="the invited member does not exist",
        )

    def by_digest(self, digest: str) -> Invitation | None:
        """Also one that is used or over: the caller looks."""
        row = self._tx.one(select(invitation).where(invitation.c.digest == digest))
        if row is None:
            return None
        return Invitation(
            InvitationId(row.id),
            MemberId(row.member),
            row.digest,
            row.expires_at,
            row.used_at,
            row.look_alike_allowed,
        )

    def end_all(self, member: MemberId, at: datetime) -> None:
        self._tx.run(
            update(invitation)
            .where(invitation.c.member == member, invitation.c.used_at.is_(None))
            .values(used_at=at)
        )

    def use(self, id: InvitationId, at: datetime) -> None:
        """Raises NotFound for an invitation that was never made, and Conflict as the port says."""
        done = self._tx.run(
            update(invitation).where(invitation.c.id == id, invitation.c.used_at.is_(None)).values(used_at=at)
        )
        if done.rowcount:
            return
        if self._tx.one(select(invitation.c.id).where(invitation.c.id == id)) is None:
            raise NotFound("that invitation does not exist")
        raise Conflict("that invitation was used already")


def _device_values(device: Device) -> dict[str, object]:
    return {
        "lane": device.lane,
        "digest": device.digest,
        "paired_at": device.paired_at,
        "expires_at": device.expires_at,
    }


def _device(row: AnyRow) -> Device:
    return Device(DeviceId(row.id), LaneId(row.lane), row.digest, row.paired_at, row.expires_at)
