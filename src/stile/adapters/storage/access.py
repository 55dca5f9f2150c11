"""Invitations. Secrets lie here as digests only."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.access import Invitation
from stile.domain.consent import Channel
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import InvitationId, LaneId, MemberId, StaffId

invitation = tables.invitation


class SqlInvitations:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, invitation: Invitation) -> None:
        self._tx.add(
            tables.invitation,
            _values(invitation),
            taken="that invitation exists already",
            missing="the invited member does not exist",
        )

    def by_digest(self, digest: str) -> Invitation | None:
        """Also one that is used or over: the caller looks."""
        return self._one(invitation.c.digest == digest)

    def by_code(self, code: str) -> Invitation | None:
        return self._one(invitation.c.code == code)

    def latest_of(self, member: MemberId) -> Invitation | None:
        mine = select(invitation).where(invitation.c.member == member)
        return _first(self._tx.all(mine.order_by(invitation.c.id.desc()).limit(1)))

    def was_sent(self, id: InvitationId, at: datetime) -> None:
        self._tx.run(update(invitation).where(invitation.c.id == id).values(sent_at=at))

    def end_all(self, member: MemberId, at: datetime) -> None:
        self._tx.run(
            update(invitation)
            .where(invitation.c.member == member, invitation.c.used_at.is_(None))
            .values(used_at=at, code=None, code_expires_at=None)
        )

    def use(self, id: InvitationId, at: datetime) -> None:
        """Raises NotFound for an invitation that was never made, and Conflict as the port says."""
        done = self._tx.run(
            update(invitation)
            .where(invitation.c.id == id, invitation.c.used_at.is_(None))
            .values(used_at=at, code=None, code_expires_at=None)
        )
        if done.rowcount:
            return
        if self._tx.one(select(invitation.c.id).where(invitation.c.id == id)) is None:
            raise NotFound("that invitation does not exist")
        raise Conflict("that invitation was used already")

    def _one(self, condition: ColumnElement[bool]) -> Invitation | None:
        # The newest, should a code of few digits ever be drawn twice.
        return _first(
            self._tx.all(select(invitation).where(condition).order_by(invitation.c.id.desc()).limit(1))
        )


def _values(invitation: Invitation) -> Mapping[str, object]:
    return {
        "id": invitation.id,
        "member": invitation.member,
        "digest": invitation.digest,
        "expires_at": invitation.expires_at,
        "used_at": invitation.used_at,
        "look_alike_allowed": invitation.look_alike_allowed,
        "made_at": invitation.made_at,
        "made_by": invitation.made_by,
        "sent_at": invitation.sent_at,
        "channel": invitation.channel,
        "assisted_by": invitation.assisted_by,
        "lane": invitation.lane,
        "code": invitation.code,
        "code_expires_at": invitation.code_expires_at,
    }


def _first(rows: Sequence[AnyRow]) -> Invitation | None:
    return invitation_of_row(rows[0]) if rows else None


def invitation_of_row(row: AnyRow) -> Invitation:
    return Invitation(
        InvitationId(row.id),
        MemberId(row.member),
        row.digest,
        row.expires_at,
        row.used_at,
        row.look_alike_allowed,
        row.made_at,
        row.made_by,
        row.sent_at,
        Channel(row.channel),
        None if row.assisted_by is None else StaffId(row.assisted_by),
        None if row.lane is None else LaneId(row.lane),
        row.code,
        row.code_expires_at,
    )
