"""The register's entries. The database refuses to change or delete one."""

import json
from collections.abc import Sequence

from sqlalchemy import func, select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.ids import EntryId
from stile.domain.register import Entry
from stile.domain.register_json import fact_from_json, kind_of, to_json

entry = tables.register_entry


class SqlRegister:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, entry: Entry) -> None:
        self._tx.add(
            tables.register_entry,
            {
                "id": entry.id,
                "at": entry.at,
                "source": entry.source,
                "recorded_at": entry.recorded_at,
                "recorded_by": entry.recorded_by,
                "kind": kind_of(entry.fact),
                "fact": json.dumps(to_json(entry.fact), ensure_ascii=False, sort_keys=True),
                "replaces": entry.replaces,
            },
            taken="that entry is replaced already: look at the register again",
            missing="the entry that this one replaces does not exist",
        )

    def get(self, id: EntryId) -> Entry | None:
        row = self._tx.one(select(entry).where(entry.c.id == id))
        return None if row is None else _entry(row)

    def count(self) -> int:
        return self._tx.number(select(func.count()).select_from(entry))

    def all(self) -> Sequence[Entry]:
        return [_entry(row) for row in self._tx.all(select(entry).order_by(entry.c.at, entry.c.id))]


def _entry(row: AnyRow) -> Entry:
    return Entry(
        EntryId(row.id),
        row.at,
        row.source,
        row.recorded_at,
        row.recorded_by,
        fact_from_json(row.kind, json.loads(row.fact)),
        None if row.replaces is None else EntryId(row.replaces),
    )
