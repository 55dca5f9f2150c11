"""Law 6: audit entries, each a leaf of the tree. Only ever added to; the database refuses the rest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain import merkle
from stile.domain.audit import GENESIS, AuditEntry, Event, Fact
from stile.ports import Wanted

entry = tables.audit_entry

# Made once: building a statement costs as much as running it, and every passage waits for these.
LAST = select(entry.c.position, entry.c.leaf).order_by(entry.c.position.desc()).limit(1)
INSERT = entry.insert()

AT_ONCE = 1_000
"""Rows inserted together."""

UNKNOWN = bytes(merkle.HASH_BYTES)
"""Stands for a stored hash that is damaged: the lanes go on, and `stile audit verify` says what is wrong."""


class SqlAudit:
    """Gapless because writers come one after the other: `begin` takes the write lock of either database."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def append(
        self,
        at: datetime,
        event: Event,
        actor: str,
        subject: str,
        detail: Mapping[str, Fact] | None = None,
    ) -> AuditEntry:
        size, leaf = self._last()
        previous = leaf.hex() if size else GENESIS
        made = AuditEntry.make(size + 1, at, event, actor, subject, detail or {}, previous)
        joined = list(merkle.needed_by(size))
        known = {(0, size - 1): leaf}
        if len(joined) > 1:  # a quarter of the entries: the others need no hash but the last leaf's
            known |= self._nodes(joined[1:])
        nodes = b"".join(merkle.completes(size, made.leaf, lambda level, index: known[level, index]))
        self._tx.run(INSERT, _values(made, nodes))
        return replace(made, nodes=nodes)

    def append_all(
        self, at: datetime, event: Event, actor: str, what: Iterable[tuple[str, Mapping[str, Fact]]]
    ) -> int:
        size, leaf = self._last()
        known = self._nodes(list(merkle.peaks(size)))
        rows: list[dict[str, object]] = []
        count = 0
        for subject, detail in what:
            previous = leaf.hex() if size else GENESIS
            made = AuditEntry.make(size + 1, at, event, actor, subject, detail, previous)
            nodes = merkle.completes(size, made.leaf, lambda level, index: known.pop((level, index)))
            top = (nodes or [made.leaf])[-1]
            known[len(nodes), size >> len(nodes)] = top
            rows.append(_values(made, b"".join(nodes)))
            size, leaf, count = size + 1, made.leaf, count + 1
            if len(rows) == AT_ONCE:
                self._tx.run(INSERT, rows)
                rows = []
        if rows:
            self._tx.run(INSERT, rows)
        return count

    def entries(self) -> Iterator[AuditEntry]:
        for row in self._tx.stream(select(entry).order_by(entry.c.position)):
            yield _entry(row)

    def find(self, wanted: Wanted) -> Sequence[AuditEntry]:
        statement = select(entry).order_by(entry.c.position.desc()).limit(wanted.most)
        if wanted.events is not None:
            statement = statement.where(entry.c.event.in_([event.value for event in wanted.events]))
        if wanted.actors is not None:
            statement = statement.where(entry.c.actor.in_(list(wanted.actors)))
        if wanted.subjects is not None:
            statement = statement.where(entry.c.subject.in_(list(wanted.subjects)))
        if wanted.since is not None:
            statement = statement.where(entry.c.at >= wanted.since)
        if wanted.until is not None:
            statement = statement.where(entry.c.at < wanted.until)
        if wanted.before is not None:
            statement = statement.where(entry.c.position < wanted.before)
        return [_entry(row) for row in self._tx.all(statement)]

    def root(self) -> tuple[int, bytes]:
        size, _ = self._last()
        known = self._nodes(list(merkle.peaks(size)))
        return size, merkle.root(size, lambda level, index: known[level, index])

    def node(self, level: int, index: int) -> bytes:
        return self._nodes([(level, index)])[level, index]

    def _last(self) -> tuple[int, bytes]:
        """How many entries there are, and the leaf hash of the last."""
        last = self._tx.one(LAST)
        return (0, b"") if last is None else (last.position, _hash(last.leaf, 0))

    def _nodes(self, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
        """Each stands with the entry that completed it."""
        if not wanted:
            return {}
        places = {(index + 1) << level: (level, index) for level, index in wanted}
        rows = self._tx.all(
            select(entry.c.position, entry.c.leaf, entry.c.nodes).where(entry.c.position.in_(list(places)))
        )
        found = dict.fromkeys(wanted, UNKNOWN)
        for row in rows:
            level, index = places[row.position]
            kept = row.leaf if level == 0 else row.nodes
            found[level, index] = _hash(kept, max(0, level - 1))
        return found


def _hash(kept: bytes | None, place: int) -> bytes:
    start = place * merkle.HASH_BYTES
    found = kept[start : start + merkle.HASH_BYTES] if isinstance(kept, bytes) else b""
    return found if len(found) == merkle.HASH_BYTES else UNKNOWN


def _values(made: AuditEntry, nodes: bytes) -> dict[str, object]:
    return {
        "position": made.position,
        "at": made.at,
        "event": made.event,
        "actor": made.actor,
        "subject": made.subject,
        # Text and not JSONB, which would change numbers (-0.0, 1e400) and spaces, and with them the hash.
        "detail": made.facts,
        "previous": made.previous,
        "digest": "",
        "leaf": made.leaf,
        "nodes": nodes,
    }


def _entry(row: AnyRow) -> AuditEntry:
    return AuditEntry(
        position=row.position,
        at=row.at.astimezone(UTC),
        event=Event(row.event),
        actor=row.actor,
        subject=row.subject,
        facts=row.detail,
        previous=row.previous,
        leaf=_hash(row.leaf, 0),
        nodes=row.nodes or b"",
        chained=row.digest,
    )
