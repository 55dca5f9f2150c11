"""The audit log as it lies in the database, read so that damage is named and ends nothing.

What a damaged row holds may be of any type, a page may not be readable at all, and an index may lead elsewhere: so
rows are taken from the table itself in the order in which they lie, on SQLite past SQLAlchemy, which would convert.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Connection, Select, cast, extract, func, select
from sqlalchemy.exc import SQLAlchemyError

from stile.adapters.storage import tables
from stile.adapters.storage.binding import FIELDS, digest
from stile.adapters.storage.transaction import STREAMED
from stile.domain.audit_check import AsRead, Unreadable
from stile.domain.checkpoint import Kind
from stile.ports import AuditTrail

COLUMNS = ("position", "at", "event", "actor", "subject", "detail", "previous", "digest", "leaf", "nodes")
CHECKED = ("audit_entry", "audit_checkpoint", "audit_stamp")
MOST_LINES = 20
"""Lines of the database's own check that are handed on."""

FARTHEST = 2**62
"""Row numbers are looked for up to there."""


class Records:
    """Digests of records as they stand, by SQLAlchemy: the part that both databases share."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def records(self, kind: Kind, ids: Collection[UUID]) -> Mapping[UUID, str | None]:
        table, _ = FIELDS[kind]
        found: dict[UUID, str | None] = {}
        try:
            for row in self._connection.execute(_of(table, ids)).mappings():
                found[row["id"]] = _digest(kind, row)
        except Exception:  # noqa: BLE001 a value that no type can be made of: one after the other, then
            for id in ids:
                self._one(kind, table, id, found)
        return found

    def _one(self, kind: Kind, table: Any, id: UUID, found: dict[UUID, str | None]) -> None:
        try:
            for row in self._connection.execute(_of(table, [id])).mappings():
                found[id] = _digest(kind, row)
        except Exception:  # noqa: BLE001 that is what is asked here: whether it can be read
            found[id] = None


def _of(table: Any, ids: Collection[UUID]) -> Select[Any]:
    return select(table).where(table.c.id.in_(list(ids)))


def _digest(kind: Kind, row: Mapping[Any, Any]) -> str | None:
    salt = row["salt"]
    return digest(kind, row, salt) if isinstance(salt, bytes) else None


class SqliteTrail(Records):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        self.raw = raw

    def count(self) -> int:
        try:
            return int(self.raw.execute("SELECT count(*) FROM audit_entry NOT INDEXED").fetchone()[0])
        except (sqlite3.Error, OverflowError):
            return 0

    def entries(self) -> Iterator[AsRead | Unreadable]:
        for row in self._lying("audit_entry", COLUMNS):
            yield row if isinstance(row, Unreadable) else AsRead(*row)

    def checkpoints(self) -> Iterator[tuple[object, object] | Unreadable]:
        for row in self._lying("audit_checkpoint", ("size", "note")):
            yield row if isinstance(row, Unreadable) else (row[0], row[1])

    def stamps(self) -> Iterator[tuple[object, object, object] | Unreadable]:
        for row in self._lying("audit_stamp", ("size", "authority", "response")):
            yield row if isinstance(row, Unreadable) else (row[0], row[1], row[2])

    def damage(self) -> Sequence[str]:
        told: list[str] = []
        for table in CHECKED:
            try:
                lines = [str(row[0]) for row in self.raw.execute(f"PRAGMA integrity_check('{table}')")]
            except sqlite3.Error as error:
                lines = [str(error)]
            told += [line.replace("*** in database main ***", "").strip() for line in lines if line != "ok"]
        return [" ".join(line.split()) for line in told][:MOST_LINES]

    def _lying(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...] | Unreadable]:
        """Row after row of the table's own tree; over what cannot be read to the next row that can."""
        # Names from this file; the values are bound.
        ask = f"SELECT rowid, {', '.join(columns)} FROM {table} NOT INDEXED WHERE rowid > ? ORDER BY rowid"  # noqa: S608
        after = -1
        while True:
            try:
                for row in self.raw.execute(ask, (after,)):
                    if (
                        after < row[0] < FARTHEST
                    ):  # a changed row number must not lead away from the next page
                        after = row[0]
                    yield row[1:]
                return
            except (sqlite3.Error, OverflowError, MemoryError) as error:
                yield Unreadable(_why(error))
            beyond = self._readable(ask, after)
            if beyond is None:
                return
            after = beyond

    def _readable(self, ask: str, after: int) -> int | None:
        """The least row number found, beyond which the next row reads; None when there is no such row."""
        step = 1
        while after + step < FARTHEST and not self._reads(ask, after + step):
            step *= 2
        if after + step >= FARTHEST:
            return None
        low, high = after + step // 2, after + step  # below it does not read, from there it does
        while high - low > 1:
            middle = (low + high) // 2
            if self._reads(ask, middle):
                high = middle
            else:
                low = middle
        return high

    def _reads(self, ask: str, after: int) -> bool:
        try:
            return self.raw.execute(f"{ask} LIMIT 1", (after,)).fetchone() is not None
        except (sqlite3.Error, OverflowError, MemoryError):
            return False


def _why(error: BaseException) -> str:
    return "the database file is damaged here" if isinstance(error, sqlite3.DatabaseError) else str(error)


@contextmanager
def opened(connection: Connection) -> Iterator[AuditTrail]:
    """Over a connection in a transaction that sees one moment."""
    if connection.dialect.name != "sqlite":
        yield PostgresTrail(connection)
        return
    trail = SqliteTrail(connection)
    before = trail.raw.text_factory
    # Text comes as str whatever its bytes are, so that text and bytes can be told apart and nothing is raised.
    trail.raw.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
    try:
        yield trail
    finally:
        trail.raw.text_factory = before


class PostgresTrail(Records):
    """PostgreSQL checks what it reads (page checksums) and gives values of their types or none."""

    def count(self) -> int:
        try:
            return int(
                self._connection.execute(select(func.count()).select_from(tables.audit_entry)).scalar_one()
            )
        except SQLAlchemyError:
            return 0

    def entries(self) -> Iterator[AsRead | Unreadable]:
        entry = tables.audit_entry
        at = cast(extract("epoch", entry.c.at) * 1_000_000, BigInteger)
        wanted = [at if name == "at" else entry.c[name] for name in COLUMNS]
        try:
            rows = self._connection.execution_options(yield_per=STREAMED).execute(
                select(*wanted).order_by(entry.c.position)
            )
            for row in rows:
                yield AsRead(*row)
        except SQLAlchemyError as error:
            yield Unreadable(f"the database says: {type(error).__name__}")

    def checkpoints(self) -> Iterator[tuple[object, object] | Unreadable]:
        kept = tables.audit_checkpoint
        try:
            for row in self._connection.execute(select(kept.c.size, kept.c.note).order_by(kept.c.size)):
                yield row.size, row.note
        except SQLAlchemyError as error:
            yield Unreadable(f"the database says: {type(error).__name__}")

    def stamps(self) -> Iterator[tuple[object, object, object] | Unreadable]:
        kept = tables.audit_stamp
        try:
            wanted = select(kept.c.size, kept.c.authority, kept.c.response).order_by(kept.c.size)
            for row in self._connection.execute(wanted):
                yield row.size, row.authority, row.response
        except SQLAlchemyError as error:
            yield Unreadable(f"the database says: {type(error).__name__}")

    def damage(self) -> Sequence[str]:
        return []
