"""A log's entries are the leaves of one tree, so that one hash, its root, stands for all of them in their order.

RFC 6962 section 2.1 (the same in RFC 9162): leaf = SHA-256(0x00 ‖ entry), node = SHA-256(0x01 ‖ left ‖ right), and the
left side of a node is the largest complete tree that fits. Leaves are counted from 0. A *node* `(level, index)` is the
root of the complete tree over the leaves `index·2^level … (index + 1)·2^level - 1`; level 0 are the leaves.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

EMPTY = hashlib.sha256().digest()
"""The root of no entries."""

HASH_BYTES = 32

Node = Callable[[int, int], bytes]
"""The stored hash of a complete tree, by level and index."""


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    # The other first byte: or a node could be passed off as an entry (second preimage).
    return hashlib.sha256(b"\x01" + left + right).digest()


def completed_by(leaf: int) -> int:
    """How many complete trees of two and more leaves end with this leaf: one at each level from 1."""
    return ((leaf + 1) & ~leaf).bit_length() - 1


def peaks(size: int) -> Iterator[tuple[int, int]]:
    """Level and index of the complete trees that make up a tree of `size` leaves, from the left."""
    start = 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            yield level, start >> level
            start += 1 << level


def needed_by(leaf: int) -> Iterator[tuple[int, int]]:
    """The nodes that are joined from the left when this leaf is added, from below."""
    for level in range(completed_by(leaf)):
        yield level, (leaf >> level) - 1


def completes(leaf: int, hashed: bytes, node: Node) -> list[bytes]:
    """The hashes of the trees that this leaf completes, from level 1 upwards. `node` gives those of `needed_by`."""
    made, right = [], hashed
    for level, index in needed_by(leaf):
        right = node_hash(node(level, index), right)
        made.append(right)
    return made


def joined(hashes: Sequence[bytes]) -> bytes:
    """The root over the hashes of `peaks`, from the left."""
    if not hashes:
        return EMPTY
    right = hashes[-1]
    for left in reversed(hashes[:-1]):
        right = node_hash(left, right)
    return right


def root(size: int, node: Node) -> bytes:
    return joined([node(level, index) for level, index in peaks(size)])


# --- proofs ---------------------------------------------------------------------------------------------------


def inclusion(leaf: int, size: int, node: Node) -> list[bytes]:
    """The audit path of one leaf in a tree of `size` (RFC 6962, 2.1.1), from below."""
    if not 0 <= leaf < size:
        raise IndexError(f"a tree of {size} has no leaf {leaf}")
    return _path(leaf, 0, size, node)


def _path(leaf: int, start: int, end: int, node: Node) -> list[bytes]:
    if end - start == 1:
        return []
    middle = start + _left(end - start)
    if leaf < middle:
        return [*_path(leaf, start, middle, node), _over(middle, end, node)]
    return [*_path(leaf, middle, end, node), _over(start, middle, node)]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """The proof that the tree of `size` only adds to the tree of `old` leaves (RFC 6962, 2.1.2)."""
    if not 0 < old <= size:
        raise IndexError(f"a tree of {size} does not continue one of {old}")
    return _grown(old, 0, size, node, whole=True)


def _grown(old: int, start: int, end: int, node: Node, whole: bool) -> list[bytes]:
    if old == end - start:
        return [] if whole else [_over(start, end, node)]
    left = _left(end - start)
    middle = start + left
    if old <= left:
        return [*_grown(old, start, middle, node, whole), _over(middle, end, node)]
    return [*_grown(old - left, middle, end, node, whole=False), _over(start, middle, node)]


def _left(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def _over(start: int, end: int, node: Node) -> bytes:
    """The hash over leaves `start` to `end`; the splits of RFC 6962 put `start` on a multiple of what follows."""
    return joined([node(level, (start >> level) + index) for level, index in peaks(end - start)])


def includes(leaf: int, hashed: bytes, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from the leaf to the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= leaf < size:
        return False
    place, last, found = leaf, size - 1, hashed
    for one in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(one, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, one)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def continues(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `size` begins with the tree of `old` (RFC 9162, 2.1.4.2)."""
    if old == size:
        return not proof and old_root == root
    if not 0 < old < size or not proof:
        return False
    hashes = list(proof) if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    before = after = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            before, after = node_hash(one, before), node_hash(one, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, one)
        place, last = place >> 1, last >> 1
    return last == 0 and before == old_root and after == root
