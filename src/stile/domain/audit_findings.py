"""What may be wrong with the audit log: a closed set, and each finding names where."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    CHANGED = "entry changed"
    REWRITTEN = "entry rewritten"
    REWRITTEN_SINCE = "entries rewritten from here on"
    REMOVED = "entry removed"
    INSERTED = "entry inserted"
    OUT_OF_PLACE = "entry out of place"
    HASH_CHANGED = "stored hash changed"
    TREE_CHANGED = "stored tree hash changed"
    UNREADABLE = "cannot be read"
    CUT_OFF = "end cut off"
    NOT_AS_SIGNED = "not as signed"
    CHECKPOINT_CHANGED = "checkpoint changed"
    CHECKPOINT_MISSING = "checkpoint missing"
    RECORD_CHANGED = "record changed"
    RECORD_MISSING = "record missing"
    DATABASE_DAMAGED = "database damaged"


@dataclass(frozen=True, slots=True)
class Finding:
    """`first`, `last`: positions of the entries; `first` is None where it is about none of them, `last` where it goes
    on to the end, however far that is. `what`: in words, to follow them."""

    wrong: Wrong
    first: int | None
    last: int | None
    what: str

    @property
    def line(self) -> str:
        """One line for a person."""
        named = entries_named(self.first, self.last)
        return f"{named} {self.what}" if named else self.what[:1].upper() + self.what[1:]


def entries_named(first: int | None, last: int | None) -> str:
    if first is None:
        return ""
    if last is None:
        return f"Entries from {first} on"
    return f"Entry {first}" if first == last else f"Entries {first} to {last}"
