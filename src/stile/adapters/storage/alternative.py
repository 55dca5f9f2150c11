"""PINs, phones and their links. Secrets lie here sealed, as public keys, or as digests."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table, delete, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.ids import LaneId, MemberId
from stile.domain.passes import Phone, SetsUp
from stile.domain.pins import PinKept

member_pin, member_phone, way_link = tables.member_pin, tables.member_phone, tables.way_link

NOBODY = "There is no such member."


class SqlAlternatives:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # --- PIN ---

    def pin_of(self, member: MemberId) -> PinKept | None:
        row = self._tx.one(select(member_pin).where(member_pin.c.member == member))
        if row is None:
            return None
        return PinKept(MemberId(row.member), row.sealed, row.set_at, row.failures, row.rests_until)

    def keep_pin(self, pin: PinKept) -> None:
        values = {
            "member": pin.member,
            "sealed": pin.sealed,
            "set_at": pin.set_at,
            "failures": pin.failures,
            "rests_until": pin.rests_until,
        }
        self._replace(member_pin, pin.member, values)

    def count_failures(self, member: MemberId, failures: int, rests_until: datetime | None) -> None:
        self._tx.run(
            update(member_pin)
            .where(member_pin.c.member == member)
            .values(failures=failures, rests_until=rests_until)
        )

    def forget_pin(self, member: MemberId) -> bool:
        return self._tx.run(delete(member_pin).where(member_pin.c.member == member)).rowcount > 0

    # --- phone ---

    def phone(self, handle: str) -> Phone | None:
        return _phone(self._tx.one(select(member_phone).where(member_phone.c.handle == handle)))

    def phone_of(self, member: MemberId) -> Phone | None:
        return _phone(self._tx.one(select(member_phone).where(member_phone.c.member == member)))

    def keep_phone(self, phone: Phone) -> None:
        values = {
            "member": phone.member,
            "handle": phone.handle,
            "key": phone.key,
            "made_at": phone.made_at,
            "last_step": phone.last_step,
            "last_at": phone.last_at,
            "last_lane": phone.last_lane,
        }
        self._replace(member_phone, phone.member, values)

    def used(self, phone: Phone) -> None:
        self._tx.run(
            update(member_phone)
            .where(member_phone.c.handle == phone.handle)
            .values(last_step=phone.last_step, last_at=phone.last_at, last_lane=phone.last_lane)
        )

    def forget_phone(self, member: MemberId) -> bool:
        return self._tx.run(delete(member_phone).where(member_phone.c.member == member)).rowcount > 0

    # --- links ---

    def add_link(self, digest: str, member: MemberId, sets_up: SetsUp, expires_at: datetime) -> None:
        self.end_links(member, sets_up)
        values = {"member": member, "sets_up": sets_up, "digest": digest, "expires_at": expires_at}
        self._tx.add(way_link, values, taken="that link exists already", missing=NOBODY)

    def link(self, digest: str, sets_up: SetsUp, at: datetime) -> MemberId | None:
        wanted = select(way_link.c.member).where(
            way_link.c.digest == digest, way_link.c.sets_up == sets_up, way_link.c.expires_at > at
        )
        row = self._tx.one(wanted)
        return None if row is None else MemberId(row.member)

    def end_links(self, member: MemberId, sets_up: SetsUp) -> None:
        self._tx.run(delete(way_link).where(way_link.c.member == member, way_link.c.sets_up == sets_up))

    def _replace(self, table: Table, member: MemberId, values: Mapping[str, object]) -> None:
        self._tx.run(delete(table).where(table.c.member == member))
        self._tx.add(table, values, taken="that exists already", missing=NOBODY)


def _phone(row: AnyRow | None) -> Phone | None:
    if row is None:
        return None
    return Phone(
        row.handle,
        MemberId(row.member),
        row.key,
        row.made_at,
        row.last_step,
        row.last_at,
        None if row.last_lane is None else LaneId(row.last_lane),
    )
