"""Signed heads of the audit log, and the time stamps that authorities gave them. Only ever added to."""

from collections.abc import Sequence

from sqlalchemy import select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import Transaction
from stile.domain.checkpoint import Checkpoint, Stamp

checkpoint, stamp = tables.audit_checkpoint, tables.audit_stamp


class SqlCheckpoints:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, made: Checkpoint) -> None:
        with self._tx.part("there is a checkpoint of that size already"):
            self._tx.run(checkpoint.insert(), {"size": made.head.size, "note": made.note})

    def latest(self) -> Checkpoint | None:
        row = self._tx.one(select(checkpoint.c.note).order_by(checkpoint.c.size.desc()).limit(1))
        return None if row is None else Checkpoint.read(row.note)

    def all(self) -> Sequence[Checkpoint]:
        rows = self._tx.all(select(checkpoint.c.note).order_by(checkpoint.c.size))
        return [Checkpoint.read(row.note) for row in rows]

    def add_stamp(self, given: Stamp) -> None:
        with self._tx.part("that checkpoint has a stamp of that authority already"):
            self._tx.run(
                stamp.insert(),
                {
                    "size": given.size,
                    "authority": given.authority,
                    "at": given.at,
                    "response": given.response,
                },
            )

    def stamps(self) -> Sequence[Stamp]:
        rows = self._tx.all(select(stamp).order_by(stamp.c.size, stamp.c.authority))
        return [Stamp(row.size, row.authority, row.at, row.response) for row in rows]
