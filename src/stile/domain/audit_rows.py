"""A row of the audit log as it lies in the database, whatever is in it, and the hashes that it should have."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from stile.domain import merkle
from stile.domain.audit import EPOCH, AuditEntry, microseconds, record

HEX_DIGITS = 64


@dataclass(frozen=True, slots=True)
class AsRead:
    """A row as it lies in the database, whatever is in it. `at`: microseconds since 1970."""

    position: object
    at: object
    event: object
    actor: object
    subject: object
    facts: object
    previous: object
    chained: object
    leaf: object
    nodes: object

    @classmethod
    def of(cls, entry: AuditEntry) -> "AsRead":
        return cls(
            entry.position,
            microseconds(entry.at),
            str(entry.event),
            entry.actor,
            entry.subject,
            entry.facts,
            entry.previous,
            entry.chained,
            entry.leaf,
            entry.nodes,
        )

    def hashed(self, position: object = None) -> bytes | None:
        """The leaf hash of what stands here; None where a value is not of its kind."""
        words = (self.event, self.actor, self.subject, self.facts, self.previous, self.chained)
        position = self.position if position is None else position
        if (
            type(position) is not int
            or type(self.at) is not int
            or not all(type(one) is str for one in words)
        ):
            return None
        return merkle.leaf_hash(record(position, self.at, *words))

    @property
    def kept(self) -> bytes | None:
        """The leaf hash that is stored with it."""
        return self.leaf if isinstance(self.leaf, bytes) and len(self.leaf) == merkle.HASH_BYTES else None

    @property
    def link(self) -> bytes | None:
        """The leaf hash of the entry before, as this one remembers it."""
        if self.chained != "" or not isinstance(self.previous, str) or len(self.previous) != HEX_DIGITS:
            return None
        try:
            return bytes.fromhex(self.previous)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Rows that the database cannot give. `after`: the row before them, counted from the beginning of the reading."""

    why: str


def chained_digest(row: AsRead) -> str | None:
    """What the first version of the log kept with an entry: SHA-256 over it and the digest before it."""
    if not isinstance(row.at, int) or not isinstance(row.facts, str):
        return None
    at = (EPOCH + timedelta(microseconds=row.at)).isoformat()
    try:
        detail = json.loads(row.facts)
    except ValueError:
        return None
    fields = [row.position, at, row.event, row.actor, row.subject, detail, row.previous]
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
