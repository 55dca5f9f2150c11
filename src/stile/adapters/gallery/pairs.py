"""The members' templates against each other, for the site's own calibration: exact, each pair once.

Law 3: nothing comes in here to be looked for. What comes out are the highest pairs of members who consented,
as scores for a tail and as the few who could be taken for each other.

Law 2 while it runs: the templates lie in a copy of their own, so that lanes and withdrawals never wait for it; a
member who goes is overwritten in the copy at once, and their pairs are not given.
"""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stile.adapters.gallery.blocks import Block

ROWS = 512
COLUMNS = 4096
"""A tile of scores: 8 MB, and about 10 ms of one core at 128 dimensions."""
REST = 1.0
"""Seconds of rest for each second of work: a lane beside it keeps at least half of a core."""


class Copy:
    """`ids`: 2 × n, halves of UUIDs. `vectors`: float32, n × D, unit length. `gone`: who went meanwhile."""

    def __init__(self, ids: NDArray[np.uint64], vectors: NDArray[np.float32]) -> None:
        self.ids, self.vectors = ids, vectors
        self.gone = np.zeros(len(vectors), np.bool_)

    def forget(self, high: int, low: int) -> None:
        """Overwrites one member's row, wherever the comparing has come to."""
        for row in np.flatnonzero((self.ids[1] == low) & (self.ids[0] == high)):
            self.gone[row] = True
            self.vectors[row] = 0

    def wipe(self) -> None:
        self.gone[:] = True
        self.vectors.fill(0)

    def highest(self, most: int) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
        """(first, second, score) of the `most` highest pairs, best first; each pair once, first < second."""
        first = second = np.zeros(0, np.intp)
        scores = np.zeros(0, np.float32)
        least, count = -np.inf, len(self.vectors)
        for top in range(0, count, ROWS):
            for left in range(top, count, COLUMNS):
                began = time.perf_counter()
                tile = self.vectors[top : top + ROWS] @ self.vectors[left : left + COLUMNS].T
                if left < top + ROWS:  # on the diagonal: only what lies right of it is a pair not yet seen
                    rows, columns = np.arange(len(tile)) + top, np.arange(tile.shape[1]) + left
                    tile[columns[None, :] <= rows[:, None]] = -np.inf
                at = np.flatnonzero(tile > least)
                row, column = np.divmod(at, tile.shape[1])
                scores = np.concatenate((scores, tile.ravel()[at]))
                first, second = np.concatenate((first, row + top)), np.concatenate((second, column + left))
                if scores.size > 2 * most:
                    kept = np.argpartition(scores, scores.size - most)[scores.size - most :]
                    first, second, scores = first[kept], second[kept], scores[kept]
                    least = float(scores.min())
                if least > -np.inf:  # a small gallery is done before a rest would be of use to anybody
                    time.sleep(REST * (time.perf_counter() - began))
        stays = np.isfinite(scores) & ~self.gone[first] & ~self.gone[second]
        first, second, scores = first[stays], second[stays], scores[stays]
        order = np.argsort(-scores, kind="stable")[:most]
        return first[order], second[order], scores[order]


def copied(blocks: Sequence[Block], dimensions: int, most: int, seed: int) -> tuple[Copy, int]:
    """Everybody, or so many drawn at random; and how many there were to draw from."""
    count = sum(block.used for block in blocks)
    chosen = np.sort(np.random.default_rng(seed).permutation(count)[:most])
    ids = np.empty((2, len(chosen)), np.uint64)
    vectors = np.empty((len(chosen), dimensions), np.float32)
    done = start = 0
    for block in blocks:
        rows = chosen[done : int(np.searchsorted(chosen, start + block.used))] - start
        vectors[done : done + len(rows)] = block.rows[rows]
        ids[:, done : done + len(rows)] = block.ids[:, rows]
        done, start = done + len(rows), start + block.used
    return Copy(ids, vectors), count
