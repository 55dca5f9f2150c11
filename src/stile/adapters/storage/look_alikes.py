"""Law 2: that two members look alike is derived from their templates. What stands here goes with either of them, in
the same transaction; the database sees to it as well (`migrations/rules_0002`)."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, or_, select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.domain.errors import NotFound
from stile.domain.ids import CentreId, MemberId, PackId
from stile.domain.look_alike import FoundBy, LookAlike

look_alike, template = tables.look_alike, tables.template


class SqlLookAlikes:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, pair: LookAlike) -> bool:
        known = (
            look_alike.c.member == pair.member,
            look_alike.c.other == pair.other,
            look_alike.c.pack == pair.pack,
        )
        if self._tx.one(select(look_alike.c.id).where(*known)) is not None:
            return False
        both = select(func.count()).where(
            template.c.pack == pair.pack, template.c.member.in_((pair.member, pair.other))
        )
        if self._tx.number(both) != 2:
            raise NotFound("one of the two has no template of this pack any more")
        id = self._tx.new_id()
        self._tx.run(look_alike.insert(), {"id": id, "version": 1} | _values(pair))
        self._tx.tell(Kind.LOOK_ALIKE, id, pair.centre, 1)
        return True

    def remove(self, pair: LookAlike) -> None:
        _remove(
            self._tx,
            look_alike.c.member == pair.member,
            look_alike.c.other == pair.other,
            look_alike.c.pack == pair.pack,
        )

    def of_pack(self, pack: PackId) -> Sequence[LookAlike]:
        return self._pairs(look_alike.c.pack == pack)

    def of_member(self, member: MemberId, pack: PackId) -> Sequence[LookAlike]:
        return self._pairs(look_alike.c.pack == pack, _of(member))

    def count(self, pack: PackId) -> int:
        return self._tx.number(select(func.count()).select_from(look_alike).where(look_alike.c.pack == pack))

    def _pairs(self, *which: ColumnElement[bool]) -> Sequence[LookAlike]:
        rows = self._tx.all(select(look_alike).where(*which).order_by(look_alike.c.id))
        return [_pair(row) for row in rows]


def erase(tx: Transaction, member: MemberId, pack: PackId | None = None) -> None:
    """Every pair that the member is one of; of one pack, or of all."""
    _remove(tx, *([_of(member)] if pack is None else [_of(member), look_alike.c.pack == pack]))


def _remove(tx: Transaction, *which: ColumnElement[bool]) -> None:
    gone = tx.all(select(look_alike.c.id, look_alike.c.centre, look_alike.c.version).where(*which))
    tx.run(delete(look_alike).where(*which))
    for row in gone:
        tx.tell(Kind.LOOK_ALIKE, row.id, row.centre, row.version + 1)


def _of(member: MemberId) -> ColumnElement[bool]:
    return or_(look_alike.c.member == member, look_alike.c.other == member)


def _values(pair: LookAlike) -> dict[str, object]:
    return {
        "member": pair.member,
        "other": pair.other,
        "pack": pair.pack,
        "centre": pair.centre,
        "found_at": pair.found_at,
        "found_by": pair.found_by,
    }


def _pair(row: AnyRow) -> LookAlike:
    return LookAlike(
        MemberId(row.member),
        MemberId(row.other),
        PackId(row.pack),
        CentreId(row.centre),
        row.found_at,
        FoundBy(row.found_by),
    )
