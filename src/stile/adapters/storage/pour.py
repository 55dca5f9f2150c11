"""Many rows at once, past SQLAlchemy's own preparing of each value: at 100,000 members it was most of the time that the
write lock was held."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from stile.adapters.storage.transaction import Kind, Transaction
from stile.adapters.storage.types import EPOCH, MICROSECOND
from stile.domain.errors import WrongValue
from stile.domain.member import MembershipStatus

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
    """As the drivers take them: what `types.Id`, `types.Utc` and `types.Words` do, by kind, in one pass."""
    as_driver = POSTGRESQL if tx.dialect == "postgresql" else SQLITE
    found = as_driver.get
    return [tuple(make(value) if (make := found(type(value))) else value for value in row) for row in rows]


def _words(value: str) -> str:
    if "\0" in value:
        raise WrongValue("a text holds the character NUL, which cannot be stored")
    return value


def _microseconds(value: datetime) -> int:
    return (value - EPOCH) // MICROSECOND


POSTGRESQL: dict[type, Callable[[Any], Any]] = {
    str: _words,
    MembershipStatus: lambda one: one.value,
    Kind: lambda one: one.value,
}
SQLITE: dict[type, Callable[[Any], Any]] = {
    **POSTGRESQL,
    UUID: lambda one: one.bytes,
    datetime: _microseconds,
    date: date.isoformat,
}
"""What is not in it goes in as it is."""
