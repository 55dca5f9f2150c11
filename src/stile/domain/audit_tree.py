"""The tree is built again from the leaves and held against the hashes that were stored while the log grew."""

from collections.abc import Iterator

from stile.domain import merkle
from stile.domain.audit_findings import Finding, Wrong

MOST_KEPT = 10_000
"""Disagreements that are kept: who rewrote the log from the first entry on makes half as many as there are entries."""


class Tree:
    """`size`: leaves so far. A leaf may be unknown (None); the stored hashes over it then stand in for it."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes | None] = []
        self._disagree: dict[tuple[int, int], None] = {}
        self._spoilt: list[int] = []

    def add(self, leaf: bytes | None, stored: object) -> None:
        """`stored`: the hashes that stand with the leaf's entry, from level 1; anything else is a finding, unless the
        entry itself is missing (no leaf)."""
        levels = merkle.completed_by(self.size)
        whole = isinstance(stored, bytes) and len(stored) == levels * merkle.HASH_BYTES
        if not whole and leaf is not None:
            self._spoilt.append(self.size + 1)
        right = leaf
        for level in range(1, levels + 1):
            left = self._peaks.pop()
            made = merkle.node_hash(left, right) if left is not None and right is not None else None
            kept = _part(stored, level) if whole else None
            if made is not None and kept is not None and made != kept and len(self._disagree) < MOST_KEPT:
                self._disagree[level, self.size >> level] = None
            right = made if made is not None else kept
        self._peaks.append(right)
        self.size += 1

    def root(self) -> bytes | None:
        """None where something under it is not known."""
        known = [peak for peak in self._peaks if peak is not None]
        return merkle.joined(known) if len(known) == len(self._peaks) else None

    def disagreements(self, agreed: int) -> Iterator[Finding]:
        """`agreed`: the size of the largest signed head that the leaves give; up to there they are right, and a stored
        hash that disagrees was changed by itself."""
        for position in self._spoilt:
            yield Finding(
                Wrong.TREE_CHANGED, position, position, "the tree hashes stored with it were changed"
            )
        told_since = False
        for level, index in self._disagree:
            first, last = (index << level) + 1, (index + 1) << level
            if last <= agreed or self._alone(level, index):
                what = f"the tree hash of level {level} stored with it was changed; the entries under it hold"
                yield Finding(Wrong.TREE_CHANGED, last, last, what)
            elif not self._complete(level + 1, index >> 1) and not told_since:
                what = f"disagree with the tree hash stored with entry {last}: one of them was rewritten, or that hash"
                yield Finding(Wrong.TREE_CHANGED, first, last, what)
            elif not told_since:
                told_since = True
                what = (
                    "were rewritten with their hashes, and what follows with them: the tree remembers others"
                )
                yield Finding(Wrong.REWRITTEN_SINCE, first, last, what)

    def _alone(self, level: int, index: int) -> bool:
        """Whether the hash above it agrees, or both hashes below it do: then the leaves are what they were."""
        if len(self._disagree) == MOST_KEPT:
            return False
        if self._complete(level + 1, index >> 1) and (level + 1, index >> 1) not in self._disagree:
            return True
        below = ((level - 1, 2 * index), (level - 1, 2 * index + 1))
        return level > 1 and not any(one in self._disagree for one in below)

    def _complete(self, level: int, index: int) -> bool:
        return (index + 1) << level <= self.size


def _part(stored: object, level: int) -> bytes:
    assert isinstance(stored, bytes)
    return stored[(level - 1) * merkle.HASH_BYTES : level * merkle.HASH_BYTES]
