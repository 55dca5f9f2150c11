"""Imports of members: laid down, decided, carried out a few at a time."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.member_json import from_text, to_text
from stile.adapters.storage.members import values_of
from stile.adapters.storage.pour import insert_many, update_many
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import CentreId, MemberId
from stile.domain.member_import import Change
from stile.ports import ImportRecord

member, card, staged, record = (
    tables.member,
    tables.member_card,
    tables.member_staged,
    tables.member_import,
)
COLUMNS = {
    "given_name": ("given_name", "given_key"),
    "family_name": ("family_name", "family_key"),
    "marketing": ("marketing", "marketing_at", "marketing_how"),
    "group": ("group_name",),
    "cards": (),
}
"""Of a field whose column is not called as it is."""
SWEPT = 2_000
"""Rows let go at a time: zeroing them takes the write lock from the lanes."""


class SqlMemberImports:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def lay_down(self, id: UUID, place: int, changes: Sequence[Change]) -> None:
        rows = [
            (id, place + n, change.member.id, change.was, to_text(change)) for n, change in enumerate(changes)
        ]
        with self._tx.part():
            insert_many(self._tx, staged.name, ("import_id", "place", "member", "was", "body"), rows)

    def decide(self, record: ImportRecord) -> None:
        self._tx.add(
            tables.member_import,
            {"version": 1} | asdict(record),
            taken="that import is decided already",
            missing="the import's centre does not exist",
        )

    def carry_out(self, id: UUID, place: int, changes: Sequence[Change]) -> int:
        stands = self._standing(changes)
        fit = [one for one in changes if one.was == stands.get(one.member.id, 0)]
        left = len(changes) - len(fit)
        try:
            with self._tx.part():
                self._write(fit)
        except (Conflict, NotFound):
            left += sum(not self._write_alone(one) for one in fit)
        between = and_(staged.c.place >= place, staged.c.place < place + len(changes))
        self._tx.run(delete(staged).where(staged.c.import_id == id, between))
        return left

    def _standing(self, changes: Sequence[Change]) -> dict[UUID, int]:
        """The versions that stand now. Who was erased meanwhile is not in it, and is not brought back."""
        known = [one.member.id for one in changes if one.was]
        rows = self._tx.all(select(member.c.id, member.c.version).where(member.c.id.in_(known)))
        return {row.id: row.version for row in rows}

    def _write_alone(self, change: Change) -> bool:
        try:
            with self._tx.part():
                self._write([change])
        except (Conflict, NotFound):
            return False
        return True

    def _write(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        columns = tuple(values_of(changes[0].member))
        new = [one.member for one in changes if not one.was]
        old = [one for one in changes if one.was]
        held = [one.member.id for one in old if one.cards]
        if held:
            self._tx.run(delete(card).where(card.c.member.in_(held)))
        insert_many(
            self._tx,
            member.name,
            (*columns, "id", "version"),
            [(*values_of(one).values(), one.id, 1) for one in new],
        )
        for fields in {one.fields for one in old}:
            self._update(fields, [one for one in old if one.fields == fields])
        self._close_old_mailboxes([one.member.id for one in old if "email" in one.fields])
        cards = [
            (number, one.member.id, place)
            for one in changes
            if one.cards
            for place, number in enumerate(one.member.cards)
        ]
        insert_many(self._tx, card.name, ("card", "member", "place"), cards)
        told_at, kind = self._tx.now(), Kind.MEMBER
        insert_many(
            self._tx,
            tables.outbox.name,
            ("id", "centre", "kind", "record", "version", "at"),
            [
                (self._tx.new_id(), one.member.centre, kind, one.member.id, one.was + 1, told_at)
                for one in changes
            ],
        )

    def _close_old_mailboxes(self, members: Sequence[MemberId]) -> None:
        """As `stile.application.rights.old_mailbox` says, for many at once."""
        if not members:
            return
        own, opened, sent, now = tables.own_link, tables.own_session, tables.invitation, self._tx.now()
        self._tx.run(
            update(own).where(own.c.member.in_(members), own.c.used_at.is_(None)).values(used_at=now)
        )
        self._tx.run(delete(opened).where(opened.c.member.in_(members)))
        by_mail = sent.c.sent_at.is_not(None) | sent.c.made_by.startswith("token:")
        self._tx.run(
            update(sent)
            .where(sent.c.member.in_(members), sent.c.used_at.is_(None), by_mail)
            .values(used_at=now, code=None, code_expires_at=None)
        )

    def _update(self, fields: tuple[str, ...], changes: Sequence[Change]) -> None:
        """Only the columns of these fields: SQLite writes the index of each column that is named, changed or not."""
        columns = [column for name in fields for column in COLUMNS.get(name, (name,))]
        rows = []
        for one in changes:
            values = values_of(one.member)
            rows.append((*(values[column] for column in columns), one.was + 1, one.member.id))
        update_many(self._tx, member.name, (*columns, "version"), "id", rows)

    def finish(self, id: UUID, at: datetime) -> None:
        self._tx.run(
            update(record).where(record.c.id == id).values(finished_at=at, version=record.c.version + 1)
        )

    def unfinished(self) -> Sequence[ImportRecord]:
        found = select(record).where(record.c.finished_at.is_(None)).order_by(record.c.at, record.c.id)
        return [_record(row) for row in self._tx.all(found)]

    def left(self, id: UUID, most: int) -> Sequence[tuple[int, Change]]:
        found = select(staged).where(staged.c.import_id == id).order_by(staged.c.place).limit(most)
        return [(row.place, from_text(row.was, row.body)) for row in self._tx.all(found)]

    def sweep(self, before: datetime) -> int:
        # A UUIDv7 begins with its milliseconds (RFC 9562), and sorts by them in both databases.
        first = UUID(int=int(before.timestamp() * 1000) << 80)
        some = (
            select(staged.c.import_id, staged.c.place)
            .where(staged.c.import_id < first, staged.c.import_id.not_in(select(record.c.id)))
            .limit(SWEPT)
        )
        gone = [(row.import_id, row.place) for row in self._tx.all(some)]
        for id in {one for one, _ in gone}:
            places = [place for one, place in gone if one == id]
            self._tx.run(
                delete(staged).where(
                    staged.c.import_id == id,
                    staged.c.place >= min(places),
                    staged.c.place <= max(places),
                )
            )
        return len(gone)

    def latest(self, most: int = 50) -> Sequence[ImportRecord]:
        found = select(record).order_by(record.c.at.desc(), record.c.id.desc()).limit(most)
        return [_record(row) for row in self._tx.all(found)]

    def get(self, id: UUID) -> ImportRecord | None:
        row = self._tx.one(select(record).where(record.c.id == id))
        return None if row is None else _record(row)


def _record(row: AnyRow) -> ImportRecord:
    return ImportRecord(
        id=row.id,
        centre=CentreId(row.centre),
        at=row.at,
        actor=row.actor,
        source=row.source,
        sha256=row.sha256,
        rows=row.rows,
        added=row.added,
        changed=row.changed,
        unchanged=row.unchanged,
        lapsed=row.lapsed,
        errors=row.errors,
        finished_at=row.finished_at,
    )
