"""A store as one stream of JSON documents, and back into a store of either kind.

A copy is rows and not pages: free pages, the write-ahead log and what is left out (templates, keys, look-alikes,
sessions) cannot be in it. It is read in one snapshot, and is filled in at the revision that it was made at, past the
triggers, which judge changes and not what was there; then the migrations bring it to this version.
"""

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from stile.adapters.storage.errors import in_our_words
from stile.adapters.storage.schema import HEAD, empty, upgrade_to
from stile.adapters.storage.store import SqlStore, database_at
from stile.adapters.storage.tables import metadata
from stile.adapters.storage.types import Id, Utc, Words
from stile.domain.errors import CannotRecord, Conflict, WrongValue
from stile.ports.backup import Record

LEFT_OUT = frozenset(
    {
        "template",
        "member_key",
        "look_alike",
        "staff_session",
        "own_session",
        "own_link",
        "way_link",
        "staff_link",
        "invitation",
        "device_waiting",
        "retention_permit",
    }
)
"""What no copy holds. Templates and keys: so that a backup made before a withdrawal holds nothing to decrypt, and no
way to decrypt it (decision 0022). Sessions and links: what ended or was used
after the backup must not work again, so everybody signs in anew."""

EMPTIED: Mapping[str, frozenset[str]] = {"guardian": frozenset({"digest", "link_expires_at"})}
"""Columns that no copy holds, of tables that it does: a parent's link is a link as well."""

KINDS: Mapping[str, tuple[type[sa.types.TypeEngine[Any]], Any, Any]] = {
    "id": (Id, lambda value: value.hex, UUID),
    "time": (Utc, lambda value: value.isoformat(), datetime.fromisoformat),
    "day": (sa.Date, lambda value: value.isoformat(), date.fromisoformat),
    "bytes": (sa.LargeBinary, lambda value: base64.b64encode(value).decode(), base64.b64decode),
    "words": (Words, None, None),
    "yes or no": (sa.Boolean, None, None),
    "big": (sa.BigInteger, None, None),
    "whole": (sa.Integer, None, None),
    "number": (sa.Double, None, None),
}
"""How a column's values are written: their type here, to JSON and from it. The first that fits counts."""

ROWS = 1_000
"""Read and written at a time."""
FEW = 4
"""The same, where each row holds a file."""
WITH_FILES = frozenset({"foi_paper", "foi_disclosed_paper"})


def rows_at_a_time(table: str) -> int:
    return FEW if table in WITH_FILES else ROWS


def _kind(column: sa.Column[Any]) -> str:
    return next(name for name, (type_, *_) in KINDS.items() if isinstance(column.type, type_))


class SqlCopyOut:
    def __init__(self, store: SqlStore) -> None:
        self._database = store.database

    def revision(self) -> str:
        return HEAD

    @contextmanager
    def records(self) -> Iterator[Iterator[Record]]:
        with self._database.copying(), self._database.reading() as connection:
            try:
                _check(connection)
                yield _out(connection)
            except SQLAlchemyError as error:
                raise in_our_words(error) from None


def _check(connection: Connection) -> None:
    """PostgreSQL checks what it reads by itself, where its checksums are on."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise CannotRecord("the store's file is damaged: no backup was made, the one before stands")


def _out(connection: Connection) -> Iterator[Record]:
    for table in metadata.sorted_tables:
        if table.name in LEFT_OUT:
            continue
        kinds = [_kind(column) for column in table.columns]
        yield {
            "table": table.name,
            "columns": [[c.name, kind] for c, kind in zip(table.columns, kinds, strict=True)],
        }
        writers = [KINDS[kind][1] for kind in kinds]
        emptied = EMPTIED.get(table.name, frozenset())
        columns = [sa.null().label(c.name) if c.name in emptied else c for c in table.columns]
        rows = connection.execution_options(yield_per=rows_at_a_time(table.name)).execute(
            sa.select(*columns).order_by(*table.primary_key.columns)
        )
        for row in rows:
            yield [
                value if value is None or write is None else write(value)
                for value, write in zip(row, writers, strict=True)
            ]


class SqlCopyIn:
    """A context: leaving it without `finish` leaves the store as it was, empty."""

    def __init__(self, where: str | Path) -> None:
        self._where = where
        self._held = ExitStack()
        self._connection: Connection | None = None
        self._insert: sa.Insert | None = None
        self._columns: list[tuple[str, Any]] = []
        self._rows: list[dict[str, Any]] = []
        self._most = ROWS
        self._triggers: list[str] = []

    def __enter__(self) -> "SqlCopyIn":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def begin(self, revision: str) -> None:
        database = database_at(self._where, 5.0)
        self._held.callback(database.close)
        database.check()
        self._connection = self._held.enter_context(database.writing())
        if not empty(self._connection):
            raise Conflict("There is a store already: a backup is restored into an empty one.")
        upgrade_to(self._connection, revision)
        self._triggers = _triggers_off(self._connection)
        _emptied(self._connection)

    def take(self, record: Record) -> None:
        if isinstance(record, Mapping):
            self._begin_table(record)
        elif self._insert is None or len(record) != len(self._columns):
            raise WrongValue("the backup holds a row that fits no table")
        else:
            self._rows.append(self._row(record))
            if len(self._rows) >= self._most:
                self._flush()

    def _begin_table(self, head: Mapping[str, Any]) -> None:
        self._flush()
        try:
            named = [(str(name), KINDS[kind]) for name, kind in head["columns"]]
            columns = [sa.column(name, type_()) for name, (type_, *_) in named]
            self._insert = sa.insert(sa.table(str(head["table"]), *columns))
        except (KeyError, TypeError, ValueError):
            raise WrongValue("the backup holds a table that this version does not know") from None
        self._columns = [(name, read) for name, (_, _, read) in named]
        self._most = rows_at_a_time(str(head["table"]))

    def _row(self, record: Sequence[Any]) -> dict[str, Any]:
        try:
            return {
                name: value if value is None or read is None else read(value)
                for (name, read), value in zip(self._columns, record, strict=True)
            }
        except (TypeError, ValueError):
            raise WrongValue("the backup holds a value that is none") from None

    def _flush(self) -> None:
        if self._rows:
            assert self._insert is not None
            self._run(self._insert, self._rows)
            self._rows = []

    def _run(self, statement: Any, rows: Any = None) -> None:
        assert self._connection is not None
        try:
            self._connection.execute(statement, rows)
        except SQLAlchemyError as error:
            raise in_our_words(error) from None

    def finish(self) -> None:
        self._flush()
        assert self._connection is not None
        try:
            for statement in self._triggers:
                self._connection.exec_driver_sql(statement)
            upgrade_to(self._connection, "head")
            if self._connection.dialect.name == "sqlite":
                self._check_sqlite(self._connection)
            self._connection.commit()
        except SQLAlchemyError as error:
            raise in_our_words(error) from None

    @staticmethod
    def _check_sqlite(connection: Connection) -> None:
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise WrongValue("the backup names something that is not in it")
        if connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() != "ok":
            raise CannotRecord("what was restored is damaged: the disk may be failing")


def _triggers_off(connection: Connection) -> list[str]:
    """Takes the triggers out of the way; the statements that put them back."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").all()
        for name, _ in found:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return [sql for _, sql in found]
    tables = sa.inspect(connection).get_table_names()
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    return [f'ALTER TABLE "{table}" ENABLE TRIGGER USER' for table in tables]


def _emptied(connection: Connection) -> None:
    """Without what the migrations put in: the copy has it, as it was changed since."""
    names = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name in names:
            connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 (names of tables that we made)
    else:
        connection.exec_driver_sql("TRUNCATE " + ", ".join(f'"{name}"' for name in names))
