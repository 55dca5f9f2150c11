"""Every entry of the audit log is what it was when it was written, and in its place; or the one that is not is named.

Three things remember each entry: its own leaf hash, the link of the entry after it, and the hashes of the tree stored
with later entries. Two of them against one say which was changed. Whoever changes all three has written the log anew
from there on, which the signed checkpoints show.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from stile.domain.audit import GENESIS, AuditEntry
from stile.domain.audit_findings import Finding, Wrong, entries_named
from stile.domain.audit_rows import AsRead, Unreadable, chained_digest
from stile.domain.audit_tree import Tree
from stile.domain.checkpoint import Head


@dataclass(frozen=True, slots=True)
class _Held:
    """The last entry, until the next one says what it remembers of it."""

    position: int
    row: AsRead
    hashed: bytes | None


class Check:
    """Fed with rows in their order: `see`, `unreadable`, at last `end`. `heads`: what was signed; `most`: positions
    beyond it are taken for damage. `sound`: is told of each entry that holds, in order."""

    def __init__(
        self,
        heads: Sequence[Head] = (),
        most: int = 2**62,
        sound: Callable[[int, AsRead], None] | None = None,
    ) -> None:
        self.heads, self.most, self.sound = heads, most, sound
        self.findings: list[Finding] = []
        self.tree = Tree()
        self._expected = 1
        self._held: _Held | None = None
        self._missing: dict[int, str] = {}
        self._blocked: str | None = None
        self._roots: dict[int, bytes | None] = {}

    @property
    def size(self) -> int:
        return self._expected - 1

    def unreadable(self, rows: Unreadable) -> None:
        self._blocked = rows.why

    def see(self, row: AsRead) -> None:
        position, hashed = self._placed(row)
        if position is None:
            return
        if position > self._expected:
            self._gap(position - 1)
        self._blocked = None
        self._chain(row, position)
        if self._held is not None:
            self._settle(row, hashed)
        elif position == 1 and row.previous != GENESIS and hashed == row.kept:
            self._say(Wrong.REWRITTEN, 1, 1, "names an entry before it, and is the first")
        self._held, self._expected = _Held(position, row, hashed), position + 1

    def _chain(self, row: AsRead, position: int) -> None:
        """Of an entry from before the log was a tree: whether the chain of that time holds, of which the tree was made
        without asking."""
        if row.chained == "" or row.kept is None or row.hashed() != row.kept:
            return
        held = self._held
        known = held is not None and held.position == position - 1 and held.hashed == held.row.kept
        before = held.row.chained if held is not None and known else None
        linked = before is None or row.previous == before
        if not linked or row.chained != chained_digest(row):
            self._say(Wrong.CHANGED, position, position, "did not hold when the chain became a tree")

    def _placed(self, row: AsRead) -> tuple[int | None, bytes | None]:
        """Which entry it is, and its leaf hash as that entry. None for one that stands there besides."""
        hashed, expected = row.hashed(), self._expected
        if row.position == expected and type(row.position) is int:
            return expected, hashed
        if hashed is not None and hashed == row.kept and isinstance(row.position, int):
            if row.position > expected:
                return row.position, hashed
            self._besides(row.position)
            return None, hashed
        moved = row.hashed(expected)
        if moved is not None and moved == row.kept:
            self._say(Wrong.CHANGED, expected, expected, f"its number was changed to {_shown(row.position)}")
            return expected, moved
        if isinstance(row.position, int) and expected < row.position <= self.most:
            return row.position, hashed
        return expected, None

    def _besides(self, position: int) -> None:
        where = f"after entry {self._expected - 1}" if self._expected > 1 else "before entry 1"
        if position in self._missing:
            self._missing.pop(position)
            self._say(Wrong.OUT_OF_PLACE, position, position, f"stands {where}: the order was changed")
        else:
            self._say(Wrong.INSERTED, position, position, f"stands a second time, {where}")

    def _gap(self, last: int) -> None:
        self._settle(None, None)
        for position in range(self._expected, last + 1):
            self._missing[position] = self._blocked or ""
            self._add(position, None, b"")
        self._expected = last + 1

    def _settle(self, row: AsRead | None, hashed: bytes | None) -> None:
        """The entry that is held, now that the next one is known. `row` is None where that is missing."""
        if self._held is None:
            return
        held, self._held = self._held, None
        link = row.link if row is not None else None
        sound = row is not None and hashed is not None and hashed == row.kept
        leaf = self._judged(held, link, sound)
        self._add(held.position, leaf, held.row.nodes)

    def _judged(self, held: _Held, link: bytes | None, sound: bool) -> bytes | None:
        """The leaf hash that most of what remembers the entry agree on. Says what disagrees."""
        hashed, kept, position = held.hashed, held.row.kept, held.position
        if hashed is not None and hashed == kept:
            if link is None or link == hashed or not sound:
                if self.sound is not None:
                    self.sound(position, held.row)
                return hashed
            self._say(
                Wrong.REWRITTEN,
                position,
                position,
                "was rewritten with its hash: the next entry remembers another",
            )
            return link
        if hashed is not None and hashed == link:
            self._say(
                Wrong.HASH_CHANGED, position, position, "the hash stored with it was changed; the entry holds"
            )
            return hashed
        if not any(one.first == position and one.wrong is Wrong.CHANGED for one in self.findings[-3:]):
            self._say(Wrong.CHANGED, position, position, "is not what was written")
        return kept if kept is not None and (link is None or link == kept or not sound) else link

    def _add(self, position: int, leaf: bytes | None, nodes: object) -> None:
        self.tree.add(leaf, nodes)
        if any(head.size == position for head in self.heads):
            self._roots[position] = self.tree.root()

    def _say(self, wrong: Wrong, first: int, last: int, what: str) -> None:
        self.findings.append(Finding(wrong, first, last, what))

    # --- at the end ---

    def last(self) -> None:
        """No more rows come: the last entry is judged. `end` does it too."""
        self._settle(None, None)

    def end(self, damage: Sequence[str] = ()) -> list[Finding]:
        """Everything that is wrong, by position. `damage`: what the database's own check found."""
        self.last()
        told = [*self.findings, *self._gone(bool(damage))]
        if self._blocked is not None:
            told.append(Finding(Wrong.UNREADABLE, self._expected, None, f"cannot be read: {self._blocked}"))
        agreed = max((head.size for head in self.heads if self._roots.get(head.size) == head.root), default=0)
        told += self.tree.disagreements(agreed)
        told += self._against_heads(agreed)
        return sorted(told, key=lambda one: (one.first or 0, one.wrong))

    def _gone(self, damaged: bool) -> Iterable[Finding]:
        for first, last, why in _ranges(self._missing):
            if why:
                yield Finding(Wrong.UNREADABLE, first, last, f"cannot be read: {why}")
            elif damaged:
                yield Finding(
                    Wrong.UNREADABLE, first, last, "cannot be read: the database file is damaged here"
                )
            else:
                yield Finding(Wrong.REMOVED, first, last, "is missing" if first == last else "are missing")

    def _against_heads(self, agreed: int) -> Iterable[Finding]:
        size = self.size
        beyond = [head for head in self.heads if head.size > size]
        if beyond:
            head = max(beyond, key=lambda one: one.size)
            what = (
                f"cut off: on {head.at:%d %B %Y at %H:%M:%S} UTC the log was signed with {head.size} entries"
            )
            yield Finding(Wrong.CUT_OFF, size + 1, head.size, what)
        for head in sorted(self.heads, key=lambda one: one.size):
            found = self._roots.get(head.size)
            if found is not None and found != head.root:
                before = max(
                    (one.size for one in self.heads if one.size < head.size and one.size <= agreed), default=0
                )
                what = f"do not give the root that was signed on {head.at:%d %B %Y at %H:%M:%S} UTC"
                yield Finding(Wrong.NOT_AS_SIGNED, before + 1, head.size, what)
                return  # the later ones disagree because of it

    def agreed(self) -> Head | None:
        """The newest signed head that the log gives."""
        fitting = [head for head in self.heads if self._roots.get(head.size) == head.root]
        return max(fitting, key=lambda head: head.size, default=None)


def _ranges(missing: dict[int, str]) -> Iterable[tuple[int, int, str]]:
    positions = sorted(missing)
    start = 0
    for place, position in enumerate(positions):
        last = place + 1 == len(positions)
        if last or positions[place + 1] != position + 1 or missing[positions[place + 1]] != missing[position]:
            yield positions[start], position, missing[position]
            start = place + 1


def _shown(value: object) -> str:
    return str(value) if isinstance(value, int) else "something that is no number"


def check(entries: Iterable[AuditEntry], heads: Sequence[Head] = ()) -> list[Finding]:
    """What is wrong with these entries; nothing, when the log holds."""
    checking = Check(heads)
    for entry in entries:
        checking.see(AsRead.of(entry))
    return checking.end()


__all__ = ["AsRead", "Check", "Finding", "Unreadable", "Wrong", "check", "entries_named"]
