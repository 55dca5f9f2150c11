"""Who is inside. One row a person, gone when they leave or when their visit must be over."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import Transaction
from stile.domain.ids import CentreId, MemberId
from stile.ports import Whereabouts

presence, lane, centre = tables.presence, tables.lane, tables.centre


class SqlPresences:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def is_kept(self, id: CentreId) -> bool:
        asks = or_(
            exists().where(centre.c.id == id, centre.c.capacity.is_not(None)),
            exists().where(lane.c.centre == id, lane.c.anti_passback),
        )
        return bool(self._tx.run(select(asks)).scalar_one())

    def of(self, member: MemberId, centre: CentreId, since: datetime) -> Whereabouts:
        inside = (presence.c.centre == centre, presence.c.at >= since)
        here = self._tx.number(
            select(func.count()).select_from(presence).where(presence.c.member == member, *inside)
        )
        return Whereabouts(here > 0, self._count(*inside) - here)

    def come(
        self, id: UUID, member: MemberId | None, centre: CentreId, at: datetime, since: datetime
    ) -> None:
        self.forget(since)
        if member is not None:
            self.leave(member)
        self._tx.add(
            presence,
            {"id": id, "centre": centre, "member": member, "at": at},
            taken="somebody is inside already under that id",
            missing="that centre or member does not exist",
        )

    def leave(self, member: MemberId) -> bool:
        return self._tx.run(delete(presence).where(presence.c.member == member)).rowcount > 0

    def one_leaves(self, centre: CentreId) -> bool:
        first = (
            select(presence.c.id)
            .where(presence.c.centre == centre)
            .order_by(presence.c.member.is_not(None), presence.c.at, presence.c.id)
            .limit(1)
        )
        return self._tx.run(delete(presence).where(presence.c.id.in_(first))).rowcount > 0

    def count(self, centre: CentreId, since: datetime) -> int:
        return self._count(presence.c.centre == centre, presence.c.at >= since)

    def forget(self, before: datetime) -> int:
        return int(self._tx.run(delete(presence).where(presence.c.at < before)).rowcount)

    def _count(self, *where: object) -> int:
        return self._tx.number(select(func.count()).select_from(presence).where(*where))  # type: ignore[arg-type]
