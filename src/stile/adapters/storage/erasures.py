"""UK GDPR Art. 17: what is left of an erased member is an id that leads to nobody. Passages stand with it until their
own time is over; audit entries stand for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Date, Double, Integer, delete, func, insert, select, update

from stile.adapters.storage import noes, templates
from stile.adapters.storage.tables import (
    consent,
    erasure,
    member,
    metadata,
)
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.adapters.storage.types import Utc
from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.member import MembershipStatus
from stile.ports.keeping import ONCE, Erasure

STANDS = {"id", "centre", "version", "number", "status", "erased_at"}
"""Columns of a member that an erasure treats in its own way. Every other one is emptied, also one that comes later."""

GO = (
    "look_alike",
    "member_key",
    "template",
    "consent",
    "member_card",
    "invitation",
    "member_pin",
    "member_phone",
    "member_group",
    "way_link",
    "guardian_word",
    "guardian",
    "own_link",
    "own_session",
    "face_restriction",
    "presence",
    "member_staged",
    "lapsed",
)
"""Tables whose rows of the member are deleted, in this order."""

LEFT = {
    "passage": "goes by its own rule, after some weeks; until then it names an id that leads to nobody",
    "rights_request": "shows that the request was answered, and goes by its own rule",
}
"""Tables that name a member and keep their rows: a table with a member that is in neither fails a test."""


class SqlErasures:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def member(self, id: MemberId, at: datetime) -> int:
        row = self._tx.one(select(member).where(member.c.id == id, member.c.erased_at.is_(None)))
        if row is None:
            raise NotFound("There is no such member.")
        gone = templates.erase(self._tx, id)
        self._end_consents(id, at)
        for name in GO:
            table = metadata.tables[name]
            columns = [table.c[one] for one in ("member", "other") if one in table.c]
            for column in columns:
                self._tx.run(delete(table).where(column == id))
        self._tx.run(update(member).where(member.c.id == id).values(**_emptied(row), erased_at=at))
        self._tx.tell(Kind.MEMBER, id, row.centre, row.version + 1)
        return gone

    def _end_consents(self, id: MemberId, at: datetime) -> None:
        # Ended before they are deleted, so that each is remembered as ended.
        live = select(consent.c.id, consent.c.given_at).where(
            consent.c.member == id, consent.c.withdrawn_at.is_(None)
        )
        for row in self._tx.all(live):
            self._tx.run(
                update(consent).where(consent.c.id == row.id).values(withdrawn_at=max(at, row.given_at))
            )

    def after(self, n: int) -> Sequence[Erasure]:
        rows = self._tx.all(select(erasure).where(erasure.c.n > n).order_by(erasure.c.n))
        return [Erasure(row.n, row.what, row.subject, MemberId(row.member), row.at) for row in rows]

    def again(self, erased: Erasure) -> bool:
        known = select(erasure.c.n).where(erasure.c.what == erased.what, erasure.c.subject == erased.subject)
        if erased.what not in ONCE:
            known = known.where(erasure.c.at == erased.at)
        if self._tx.all(known.limit(1)):
            return False
        done = self._done_again(erased)
        if not self._tx.all(known.limit(1)):  # the backup is older than what was erased: only remember it
            last = self._tx.number(select(func.coalesce(func.max(erasure.c.n), 0)))
            self._tx.run(
                insert(erasure),
                {
                    "n": last + 1,
                    "what": erased.what,
                    "subject": erased.subject,
                    "member": erased.member,
                    "at": erased.at,
                },
            )
        return done

    def _done_again(self, erased: Erasure) -> bool:
        if erased.what == "member":
            return self._member_again(erased)
        return self._consent_again(erased) if erased.what == "consent" else noes.again(self._tx, erased)

    def _member_again(self, erased: Erasure) -> bool:
        try:
            self.member(erased.member, erased.at)
        except NotFound:
            return False
        return True

    def _consent_again(self, erased: Erasure) -> bool:
        row = self._tx.one(
            select(consent).where(consent.c.id == erased.subject, consent.c.withdrawn_at.is_(None))
        )
        if row is None:
            return False
        templates.erase(self._tx, erased.member)
        self._tx.run(
            update(consent)
            .where(consent.c.id == row.id)
            .values(withdrawn_at=max(erased.at, row.given_at), version=row.version + 1)
        )
        self._tx.tell(Kind.CONSENT, row.id, row.centre, row.version + 1)
        return True


def _emptied(row: AnyRow) -> dict[str, Any]:
    emptied: dict[str, Any] = {one.name: _nothing(one) for one in member.c if one.name not in STANDS}
    return emptied | {
        "number": f"erased {row.id}",
        "status": MembershipStatus.LAPSED,
        "version": row.version + 1,
    }


def _nothing(column: Column[Any]) -> object:
    if column.nullable:
        return None
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, (Integer, Double)):
        return 0
    assert not isinstance(column.type, (Date, Utc)), f"member.{column.name} cannot be emptied"
    return ""
