"""Law 6 inside the database, for the tables of the fourth migration: checkpoints and time stamps are only added to. And
how entries that were there before become leaves of the tree.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from stile.adapters.storage.migrations.columns import UTC as TIME
from stile.adapters.storage.migrations.rules_0001 import (
    APPEND_ONLY,
    NEVER_REPLACED,
    _function,
    _raise,
    _refuse,
    _trigger,
)

KEYS = {"audit_checkpoint": ("size",), "audit_stamp": ("size", "authority")}

ENTRY = sa.table(
    "audit_entry",
    sa.column("position", sa.BigInteger()),
    sa.column("at", TIME),
    *(sa.column(name, sa.Text()) for name in ("event", "actor", "subject", "detail", "previous", "digest")),
    sa.column("leaf", sa.LargeBinary()),
    sa.column("nodes", sa.LargeBinary()),
)

AT_ONCE = 1_000


def statements(dialect: str) -> Iterator[str]:
    """The triggers in the words of `sqlite` or `postgresql`."""
    for table, keys in KEYS.items():
        message = APPEND_ONLY.format(table=table)
        if dialect == "sqlite":
            same = " AND ".join(f"{table}.{key} = NEW.{key}" for key in keys)
            known = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 (names from this file)
            yield _refuse(f"{table}_update", f"UPDATE ON {table}", "1", message)
            yield _refuse(f"{table}_delete", f"DELETE ON {table}", "1", message)
            yield _refuse(f"{table}_replace", f"INSERT ON {table}", known, NEVER_REPLACED.format(table=table))
        else:
            yield _function(f"{table}_only_added", _raise(message))
            yield _trigger(f"{table}_only_added", f"BEFORE UPDATE OR DELETE ON {table}")
            yield _trigger(
                f"{table}_only_added", f"BEFORE TRUNCATE ON {table}", name=f"{table}_kept", each="STATEMENT"
            )


def hash_entries(connection: sa.Connection) -> None:
    """Written out and not imported from the domain: that goes on, what has run does not. The entries' own trigger is
    lifted inside this one transaction."""
    sqlite = connection.dialect.name == "sqlite"
    lift = "DROP TRIGGER audit_entry_update" if sqlite else "ALTER TABLE audit_entry DISABLE TRIGGER USER"
    back = (
        _refuse("audit_entry_update", "UPDATE ON audit_entry", "1", APPEND_ONLY.format(table="audit_entry"))
        if sqlite
        else "ALTER TABLE audit_entry ENABLE TRIGGER USER"
    )
    connection.exec_driver_sql(lift)
    save = (
        sa.update(ENTRY)
        .where(ENTRY.c.position == sa.bindparam("which"))
        .values(leaf=sa.bindparam("leaf"), nodes=sa.bindparam("nodes"))
    )
    after, count, peaks = 0, 0, list[bytes]()
    some = (
        sa.select(ENTRY)
        .where(ENTRY.c.position > sa.bindparam("after"))
        .order_by(ENTRY.c.position)
        .limit(AT_ONCE)
    )
    while rows := connection.execute(some, {"after": after}).all():
        saved = []
        for row in rows:
            leaf = hashlib.sha256(b"\x00" + _record(row)).digest()
            while count + 1 < row.position:  # a hole that somebody made stays one, and shows
                count += 1
                _grow(peaks, bytes(32), count)
            count += 1
            nodes = _grow(peaks, leaf, count)
            saved.append({"which": row.position, "leaf": leaf, "nodes": nodes})
        connection.execute(save, saved)
        after = rows[-1].position
    connection.exec_driver_sql(back)


def _record(row: sa.Row[tuple[object, ...]]) -> bytes:
    at = row.at
    if isinstance(at, datetime):
        at = (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    eight = [row.position, at, row.event, row.actor, row.subject, row.detail, row.previous, row.digest]
    return json.dumps(eight, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogateescape")


def _grow(peaks: list[bytes], leaf: bytes, count: int) -> bytes:
    """Adds the leaf as the `count`th. The hashes of the trees that it completes, from below."""
    made = []
    while not count & 1:
        leaf = hashlib.sha256(b"\x01" + peaks.pop() + leaf).digest()
        made.append(leaf)
        count >>= 1
    peaks.append(leaf)
    return b"".join(made)
