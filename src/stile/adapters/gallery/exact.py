"""Law 3: nobody is searched by name of curiosity. Admission and the duplicate check of enrolment call `search`,
admission `verify`, the site's own calibration `between`, and nothing else does.

Exact 1:N: every row is looked at, for every probe; there is no index that may skip one.
A template is held as it is compared: in half precision, length 1. A score is the float32 inner product with
it and lies within 0.0005 of the cosine with the template as it was enrolled (SCORE_TOLERANCE).
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from stile.adapters.gallery.blocks import Block, Kind, best_kind, make_block
from stile.adapters.gallery.lock import SharedLock
from stile.adapters.gallery.pairs import Copy, copied
from stile.domain.errors import WrongValue
from stile.domain.faces import Probe, Template
from stile.domain.ids import MemberId, PackId
from stile.domain.matching import Candidate
from stile.ports import Pairs

SCORE_TOLERANCE = 5e-4
"""Half precision keeps 11 significant bits, so by Cauchy-Schwarz no score of unit vectors is further than
2**-11 (0.00049) from its cosine, and the rounding of a float32 sum is a hundredth of that. Measured over ten
million random pairs: 0.0001 at most, 0.00001 usually."""

BLOCK_ROWS = 65_536
FIRST_ROWS = 1_024
BATCH_ROWS = 1_024

Batch = tuple[NDArray[np.uint64], NDArray[np.float32]]
"""Ids (2 × n, the high and low halves of UUIDs) and unit vectors (n × D)."""


def open_gallery(pack: PackId, dimensions: int) -> "ExactGallery":
    """An empty gallery that scans with the best that is installed."""
    return ExactGallery(pack, dimensions, best_kind())


class ExactGallery:
    """Implements ports.Gallery. Searches run beside each other; a change waits for them and is then alone,
    so no search sees half of one. What is removed or replaced is overwritten, and never only forgotten."""

    def __init__(self, pack: PackId, dimensions: int, kind: Kind) -> None:
        if dimensions < 2:
            raise WrongValue(f"a vector has at least 2 dimensions, not {dimensions}")
        self._pack = pack
        self._dimensions = dimensions
        self._kind = kind
        self._lock = SharedLock()
        # All but the last are full. A list of blocks rather than one array, because an array that doubles
        # would for a moment hold a million templates three times over. Few blocks, because each scan gives up
        # the interpreter's lock once and may wait 5 ms to have it back.
        self._blocks: list[Block] = []
        self._copies: list[Copy] = []

    @property
    def pack(self) -> PackId:
        return self._pack

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def bytes_held(self) -> int:
        """Of memory, for vectors and ids, the unused rows included."""
        with self._lock.reading():
            return sum(block.rows.nbytes + block.ids.nbytes for block in self._blocks)

    @property
    def memory(self) -> Sequence[NDArray[np.float16]]:
        """The rows themselves, capacity × D a block: for measuring, and for the tests that look for what was
        removed."""
        with self._lock.reading():
            return [block.rows for block in self._blocks]

    def __len__(self) -> int:
        with self._lock.reading():
            return sum(block.used for block in self._blocks)

    def put(self, member: MemberId, template: Template) -> None:
        self._check(template)
        high, low = _halves(member)
        vector = _unit(template.vector[np.newaxis])
        with self._lock.writing():
            place = self._place(high, low)
            if place is None:
                self._append(self._blocks, np.array([[high], [low]], np.uint64), vector)
            else:
                block, row = place
                block.rows[row] = vector[0]
                self._forget_copies(high, low)
        vector.fill(0)

    def load(self, templates: Iterable[tuple[MemberId, Template]]) -> None:
        """Raises WrongValue, and keeps what it held, for another pack's template or a member named twice."""
        self.load_batches(self._batches(templates))

    def load_batches(self, batches: Iterable[Batch]) -> None:
        """`load` from arrays. Overwrites each batch once it is taken in."""
        fresh: list[Block] = []
        try:
            for ids, vectors in batches:
                self._append(fresh, ids, vectors)
                vectors.fill(0)
            if _repeats(fresh):
                raise WrongValue("a member has one template a pack, and somebody is named twice")
            with self._lock.writing():
                fresh, self._blocks = self._blocks, fresh
                for copy in self._copies:
                    copy.wipe()
        finally:
            for block in fresh:  # what stood there before; or, when something was wrong, what was read so far
                block.wipe()

    def remove(self, member: MemberId) -> bool:
        with self._lock.writing():
            place = self._place(*_halves(member))
            if place is None:
                return False
            self._forget_copies(*_halves(member))
            block, row = place
            last = self._blocks[-1]
            block.take(row, last, last.used - 1)
            last.drop_last()
            if last.used == 0:
                self._blocks.pop()
            return True

    def search(self, probe: Probe, most: int = 2) -> Sequence[Candidate]:
        self._check(probe)
        if most < 1:
            raise WrongValue(f"a search gives at least one candidate, not {most}")
        vector = _unit(probe.vector[np.newaxis])
        with self._lock.reading():
            found = [(score, block, row) for block in self._blocks for score, row in block.best(vector, most)]
            best = heapq.nlargest(most, found, key=lambda one: one[0])
            return [Candidate(_member(block, row), min(1.0, max(-1.0, score))) for score, block, row in best]

    def verify(self, member: MemberId, probe: Probe) -> float | None:
        self._check(probe)
        vector = _unit(probe.vector[np.newaxis])[0]
        with self._lock.reading():
            place = self._place(*_halves(member))
            if place is None:
                return None
            block, row = place
            held = block.rows[row].astype(np.float32)
        score = float(held @ vector)
        held.fill(0)
        return min(1.0, max(-1.0, score))

    def between(self, highest: int, most: int, seed: int) -> Pairs:
        if highest < 1 or most < 2:
            raise WrongValue("at least two members are compared, and at least one pair is given")
        with self._lock.writing():  # for the time of copying, so that no removal falls between copy and list
            copy, gallery = copied(self._blocks, self._dimensions, most, seed)
            self._copies.append(copy)
        try:
            first, second, scores = copy.highest(highest)
            left = int((~copy.gone).sum())
            members = [MemberId(UUID(int=high << 64 | low)) for high, low in copy.ids.T.tolist()]
        finally:
            with self._lock.writing():
                self._copies.remove(copy)
            copy.wipe()
        return Pairs(members, first, second, np.clip(scores, -1, 1), left * (left - 1) // 2, gallery)

    def _forget_copies(self, high: int, low: int) -> None:
        for copy in self._copies:
            copy.forget(high, low)

    def _check(self, given: Template | Probe) -> None:
        if given.pack != self._pack:
            raise WrongValue(f"this gallery compares vectors of {self._pack}, not of {given.pack}")
        if given.vector.size != self._dimensions:
            raise WrongValue(f"this gallery compares {self._dimensions} dimensions, not {given.vector.size}")

    def _place(self, high: int, low: int) -> tuple[Block, int] | None:
        for block in self._blocks:
            row = block.find(high, low)
            if row is not None:
                return block, row
        return None

    def _with_room(self, blocks: list[Block]) -> Block:
        """The last block, after it was made larger or another one was added. A small centre needs little."""
        if blocks and blocks[-1].used < blocks[-1].capacity:
            return blocks[-1]
        if not blocks or blocks[-1].capacity == BLOCK_ROWS:
            blocks.append(make_block(self._kind, FIRST_ROWS, self._dimensions))
            return blocks[-1]
        full = blocks[-1]
        larger = make_block(self._kind, min(BLOCK_ROWS, 2 * full.capacity), self._dimensions)
        larger.rows[: full.used] = full.rows
        larger.ids[:, : full.used] = full.ids
        larger.hold(full.used)
        blocks[-1] = larger
        full.wipe()
        return larger

    def _append(self, blocks: list[Block], ids: NDArray[np.uint64], vectors: NDArray[np.float32]) -> None:
        taken = 0
        while taken < len(vectors):
            block = self._with_room(blocks)
            count = min(len(vectors) - taken, block.capacity - block.used)
            place = slice(block.used, block.used + count)
            block.rows[place] = vectors[taken : taken + count]
            block.ids[:, place] = ids[:, taken : taken + count]
            block.hold(block.used + count)
            taken += count

    def _batches(self, templates: Iterable[tuple[MemberId, Template]]) -> Iterator[Batch]:
        """In batches, because a million rows one by one would take numpy ten times as long."""
        ids = np.zeros((2, BATCH_ROWS), np.uint64)
        vectors = np.zeros((BATCH_ROWS, self._dimensions), np.float32)
        count = 0
        for member, template in templates:
            self._check(template)
            ids[:, count] = _halves(member)
            vectors[count] = template.vector
            count += 1
            if count == BATCH_ROWS:
                yield ids, _unit(vectors)
                count = 0
        if count:
            yield ids[:, :count], _unit(vectors[:count])
        vectors.fill(0)


def _halves(member: MemberId) -> tuple[int, int]:
    return member.int >> 64, member.int & 0xFFFF_FFFF_FFFF_FFFF


def _member(block: Block, row: int) -> MemberId:
    return MemberId(UUID(int=(int(block.ids[0, row]) << 64) | int(block.ids[1, row])))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """n × D, each row's length exactly 1 (a Template may be off by 0.001). A copy."""
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _repeats(blocks: Sequence[Block]) -> bool:
    """Whether an id stands in two rows."""
    if not blocks:
        return False
    low = np.sort(np.concatenate([block.ids[1, : block.used] for block in blocks]))
    if not (low[1:] == low[:-1]).any():
        return False  # nearly always: the low half of a UUIDv7 is random, and this needs half the memory
    ids = np.concatenate([block.ids[:, : block.used] for block in blocks], axis=1)
    ids = ids[:, np.lexsort(ids)]
    return bool((ids[:, 1:] == ids[:, :-1]).all(axis=0).any())
