"""A stretch of the gallery's memory: half-precision rows beside their members' ids, and one way to scan them.

Both scans look at every row and compute each score in float32 from the same half-precision row, so they
differ only in speed: faiss decodes and multiplies at the pace of the memory, numpy converts first and takes
about 25 times as long. docs/decisions/0007-exact-search.md has the figures.
"""

from collections.abc import Sequence
from enum import StrEnum
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import NotConfigured

ROWS_AT_A_TIME = 1024


class Kind(StrEnum):
    """How the rows are scanned. The rows, and so the answers, are the same."""

    FAISS = "faiss-fp16"
    NUMPY = "numpy-fp16"


def best_kind() -> Kind:
    """faiss where it is installed and loads: it was the fastest at every size from 100 rows up."""
    try:
        _faiss()
    except NotConfigured:
        return Kind.NUMPY
    return Kind.FAISS


class Block:
    """`rows`: float16, capacity × D. `ids`: uint64, 2 × capacity, a UUID's high and low half. The first `used`
    rows hold members; all others are zeros. Scanned by numpy."""

    def __init__(self, rows: NDArray[np.float16]) -> None:
        self.rows = rows
        self.ids: NDArray[np.uint64] = np.zeros((2, len(rows)), np.uint64)
        self.used = 0

    @property
    def capacity(self) -> int:
        return len(self.rows)

    def hold(self, used: int) -> None:
        """From now on the first `used` rows count."""
        self.used = used

    def find(self, high: int, low: int) -> int | None:
        """The row of this id. Looks at every id: about 60 µs among 100,000, and no table to keep in step."""
        same = self.ids[1, : self.used] == low
        for row in np.flatnonzero(same):
            if self.ids[0, row] == high:
                return int(row)
        return None

    def take(self, row: int, other: "Block", other_row: int) -> None:
        """Copies one row and its id from another block."""
        self.rows[row] = other.rows[other_row]
        self.ids[:, row] = other.ids[:, other_row]

    def drop_last(self) -> None:
        """Overwrites the last row in use, which then is in use no more."""
        self.hold(self.used - 1)
        self.rows[self.used] = 0
        self.ids[:, self.used] = 0

    def wipe(self) -> None:
        """Overwrites every row."""
        self.hold(0)
        self.rows.fill(0)
        self.ids.fill(0)

    def best(self, probe: NDArray[np.float32], most: int) -> Sequence[tuple[float, int]]:
        """(score, row) of the best `most` rows, best first. `probe`: float32, 1 × D."""
        scores = np.empty(self.used, np.float32)
        scratch = np.empty((min(ROWS_AT_A_TIME, self.used), self.rows.shape[1]), np.float32)
        for start in range(0, self.used, ROWS_AT_A_TIME):
            part = scratch[: min(ROWS_AT_A_TIME, self.used - start)]
            np.copyto(part, self.rows[start : start + len(part)])
            np.dot(part, probe[0], out=scores[start : start + len(part)])
        scratch.fill(0)  # it held templates, and freed memory is not cleared by anybody
        count = min(most, self.used)
        rows = np.argpartition(scores, self.used - count)[self.used - count :]
        return [(float(scores[row]), int(row)) for row in rows[np.argsort(-scores[rows])]]


class FaissBlock(Block):
    """The same rows inside a faiss index: its memory is written through `rows`, its scan is `best`."""

    def __init__(self, capacity: int, dimensions: int) -> None:
        self._faiss = _faiss()
        self._index = self._faiss.IndexScalarQuantizer(
            dimensions, self._faiss.ScalarQuantizer.QT_fp16, self._faiss.METRIC_INNER_PRODUCT
        )
        # Sized once and never through `add`: a vector that grows leaves its old, unwiped memory behind.
        self._index.codes.resize(capacity * self._index.code_size)
        memory = np.asarray(_Memory(self._faiss, self._index, capacity * self._index.code_size))
        super().__init__(memory.view(np.float16).reshape(capacity, dimensions))

    def hold(self, used: int) -> None:
        super().hold(used)
        self._index.ntotal = used

    def best(self, probe: NDArray[np.float32], most: int) -> Sequence[tuple[float, int]]:
        # OpenMP's thread count belongs to the calling thread. With more than one, faiss wakes a team that has
        # nothing to do (one probe is one unit of work), which took up to three times as long on busy cores.
        self._faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(probe, min(most, self.used))
        return list(zip(scores[0].tolist(), rows[0].tolist(), strict=True))


class _Memory:
    """An index's bytes for numpy. An array made of it keeps the index, whose memory it is, from being freed."""

    def __init__(self, faiss: ModuleType, index: Any, size: int) -> None:
        self._index = index
        self.__array_interface__ = faiss.rev_swig_ptr(index.codes.data(), size).__array_interface__


def _faiss() -> ModuleType:
    try:
        import faiss  # only here: a council's Stile has no vision packages, and this takes 0.2 s
    except ImportError:
        raise NotConfigured("faiss is missing: install Stile with the extra “vision”") from None
    module: ModuleType = faiss
    return module


def make_block(kind: Kind, capacity: int, dimensions: int) -> Block:
    """An empty block. Raises NotConfigured when its package is missing."""
    if kind is Kind.FAISS:
        return FaissBlock(capacity, dimensions)
    return Block(np.zeros((capacity, dimensions), np.float16))
