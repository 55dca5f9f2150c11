"""Many rows at once, past SQLAlchemy's own preparing of each value: at 100,000 members it was most of the time that the
write lock was held."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from stile.adapters.storage.transaction import Transaction
from stile.adapters.storage.types import EPOCH, MICROSECOND
from stile.domain.errors import WrongValue

Rows = Sequence[Sequence[object]]


def insert_many(tx: Transaction, table: str, columns: Sequence[str], rows: Rows) -> None:
    """Values as the tables of `stile.adapters.storage.tables` take them. Raises what a plain insertion raises."""
    if rows:
        marks = ", ".join([_mark(tx)] * len(columns))
        statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 (names from our files)
        tx.run_many(statement, _raw(tx, rows))


def update_many(tx: Transaction, table: str, columns: Sequence[str], key: str, rows: Rows) -> None:
    """The key's value stands last in each row."""
    if rows:
        mark = _mark(tx)
        sets = ", ".join(f"{one} = {mark}" for one in columns)
        tx.run_many(f"UPDATE {table} SET {sets} WHERE {key} = {mark}", _raw(tx, rows))  # noqa: S608


def _mark(tx: Transaction) -> str:
    return "%s" if tx.dialect == "postgresql" else "?"


def _raw(tx: Transaction, rows: Rows) -> list[tuple[Any, ...]]:
    """As the drivers take them: what `types.Id`, `types.Utc` and `types.Words` do, in one pass."""
    as_is = tx.dialect == "postgresql"
    return [tuple(_plain(value) if as_is else _of_sqlite(value) for value in row) for row in rows]


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _words(value)
    return value


def _of_sqlite(value: object) -> object:
    if isinstance(value, str):
        return _words(value)
    if isinstance(value, UUID):
        return value.bytes
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    if isinstance(value, date):
        return value.isoformat()
    return value


def _words(value: str) -> str:
    if "\0" in value:
        raise WrongValue("a text holds the character NUL, which cannot be stored")
    return value.value if isinstance(value, StrEnum) else value
