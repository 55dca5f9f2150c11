"""Law 7: a threshold is set so that other people than those measured would not have asked for a higher one.

The tail (stile.domain.tail) is fitted to the highest non-mated scores. How far it would have come out otherwise
with other people is found by drawing the people again, with replacement: people and not comparisons, since one
person's face is in hundreds of them (ISO/IEC 19795-1; Bolle, Ratha and Pankanti, Computer Vision and Image
Understanding 93, 2004: the subsets bootstrap). The threshold is the value that 90 % of such draws do not exceed.

Three share it: `stile evaluate recognition`, the calibration of a pack, and a site's own.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from stile.domain import tail
from stile.domain.calibration import OperatingPoint, Threshold
from stile.domain.errors import WrongValue

RESAMPLES = 200
CONFIDENCE = 0.9
"""One-sided: in so many of 100 draws of other people the threshold would have been no higher."""
A_DECADE = 4
"""Points of a calibration: so many that the chord between two of them costs hardly anything."""
LOOSEST = 0.1
"""The laxest false-match rate of a calibration: ten times that of the shots of one person at an enrolment."""
BLOCK = 1024
"""Rows of members compared at a time: 20,000 members make 80 MB of scores, not 1.6 GB."""

People = NDArray[np.integer]


class BoundedTail:
    """The tail of non-mated scores and those of as many draws of the people."""

    def __init__(
        self,
        above: NDArray[np.floating],
        rows: People,
        columns: People,
        u: float,
        comparisons: int,
        appearing: tuple[People, People],
        seed: int,
    ) -> None:
        """`above`: the scores above u, each between the people `rows` and `columns` (numbers from 0, each the same
        person in both). `comparisons`: non-mated ones, in all. `appearing`: for each person, how many rows and how
        many columns are theirs. Raises WrongValue where there is too little for a tail or for a bound."""
        falling = np.argsort(-above, kind="stable")
        self._above = above[falling].astype(np.float64)
        self._rows, self._columns = rows[falling], columns[falling]
        self._u, self._comparisons = u, comparisons
        self.point = tail.fit(self._above, u, comparisons)
        self._draws = self._drawn(seed, *(one.astype(np.float64) for one in appearing))
        self.resampled = []
        for weights, total in map(self._weighed, self._draws):
            kept = weights > 0
            try:
                self.resampled.append(tail.fit(self._above[kept], u, comparisons, weights[kept], total))
            except WrongValue:
                continue  # a draw of hardly anybody: of few people, now and then
        if len(self.resampled) < RESAMPLES // 2:
            raise WrongValue("too few people to say how far a threshold can be trusted")

    @property
    def comparisons(self) -> int:
        return self._comparisons

    def _drawn(
        self, seed: int, of_rows: NDArray[np.float64], of_columns: NDArray[np.float64]
    ) -> list[tuple[NDArray[np.float64], float]]:
        """How often each person was drawn, and how much all comparisons then count together: those between a
        person and themselves, drawn twice, are no non-mated ones."""
        rng = np.random.default_rng(seed)
        people, draws = of_rows.size, []
        once = float(of_rows.sum() * of_columns.sum() - of_rows @ of_columns)
        for _ in range(RESAMPLES):
            times = np.bincount(rng.integers(0, people, people), minlength=people).astype(np.float64)
            rows, columns = times * of_rows, times * of_columns
            total = float(rows.sum() * columns.sum() - rows @ columns)
            draws.append((times, total / once * self._comparisons))
        return draws

    def _weighed(self, draw: tuple[NDArray[np.float64], float]) -> tuple[NDArray[np.float64], float]:
        times, total = draw
        return times[self._rows] * times[self._columns], total

    def threshold(self, fmr: float, confidence: float = CONFIDENCE) -> Threshold | None:
        """The upper one-sided bound over the people drawn, never below the fit itself; None beyond the data.
        For rates above the tail's share it is u or little more: safe, and higher than needed."""
        point = self.point.threshold_for(fmr)
        if point is None:
            return None
        found = [one.threshold_for(fmr) for one in self.resampled]
        value = max(point.value, _upper([one.value if one else math.inf for one in found], confidence))
        return Threshold(value, fmr, point.extrapolated) if value <= 1 else None

    def counted(self, fmr: float, confidence: float = CONFIDENCE) -> Threshold | None:
        """The same bound without a fit, from counting: for rates that many comparisons show. None for a rate at
        which fewer than 20 or more than all of the scores above u match."""
        if fmr * self._comparisons < tail.LEAST or fmr >= self.point.share:
            return None
        values = [self._reached(np.ones(self._above.size), self._comparisons, fmr)]
        values += [self._reached(*self._weighed(draw), fmr) for draw in self._draws]
        value = float(np.nextafter(max(values[0], _upper(values[1:], confidence)), math.inf))
        return Threshold(value, fmr, extrapolated=False) if value <= 1 else None

    def _reached(self, weights: NDArray[np.float64], total: float, fmr: float) -> float:
        """The highest score such that more than the allowed share lies at or above it; u when none does."""
        at = int(np.searchsorted(np.cumsum(weights), fmr * total, side="right"))
        return float(self._above[at]) if at < self._above.size else self._u


def _upper(values: Sequence[float], confidence: float) -> float:
    rising = sorted(values)
    return rising[min(len(rising) - 1, math.ceil(confidence * len(rising)) - 1)]


# --- from scores, and from members ---------------------------------------------------------------------


def of_scores(
    scores: NDArray[np.floating],
    rows: People,
    columns: People,
    seed: int,
    highest: int = tail.HIGHEST,
    share: float = tail.LARGEST_SHARE,
) -> BoundedTail:
    """From all scores, (rows, columns): of which person each row and each column is, numbered from 0. Comparisons
    of a person with themselves are left out. Raises WrongValue when there is too little."""
    others = rows[:, None] != columns[None, :]
    non_mated = scores[others]
    u = tail.begins_at(non_mated, highest, share)
    row, column = np.nonzero(others & (scores > u))
    people = 1 + int(max(rows.max(), columns.max()))
    appearing = np.bincount(rows, minlength=people), np.bincount(columns, minlength=people)
    return BoundedTail(
        scores[row, column], rows[row], columns[column], u, non_mated.size, appearing, seed
    )


def of_members(vectors: NDArray[np.float32], seed: int, highest: int = tail.HIGHEST) -> BoundedTail:
    """From members against each other, each pair once: (members, dimensions), unit vectors. Needs no stranger's
    data. Raises WrongValue for fewer than 21 members, who make fewer than 200 pairs."""
    members = len(vectors)
    pairs = members * (members - 1) // 2
    if pairs < tail.LEAST_COMPARISONS:
        raise WrongValue(
            f"a tail needs at least {tail.LEAST_COMPARISONS} pairs of members, not {pairs}: more members"
        )
    wanted = tail.above(pairs, highest)
    best = np.zeros(0, np.float32)
    row = column = np.zeros(0, np.intp)
    for start in range(0, members, BLOCK):
        block = vectors[start : start + BLOCK] @ vectors[start:].T
        # Each pair once: in a block's rows only the columns to the right of the diagonal.
        least = best.min() if best.size > wanted else -np.inf
        at, to = np.nonzero(np.triu(block >= least, 1))
        best = np.concatenate((best, block[at, to]))
        row, column = np.concatenate((row, at + start)), np.concatenate((column, to + start))
        if best.size > wanted + 1:
            # One more than wanted is kept: it is u itself.
            kept = np.argpartition(-best, wanted)[: wanted + 1]
            best, row, column = best[kept], row[kept], column[kept]
    u = float(best.min())
    over = best > u
    each = np.ones(members, np.intp)
    return BoundedTail(best[over], row[over], column[over], u, pairs, (each, each), seed)


# --- the points of a calibration -----------------------------------------------------------------------


def points_of(
    tails: Sequence[BoundedTail],
    bodies: Sequence[BoundedTail] = (),
    fnmr: Callable[[float], float | None] = lambda _: None,
) -> list[OperatingPoint]:
    """Four a decade, from 1 in 10 to where one of the tails gives no threshold any more; at each rate the highest
    threshold wins. `bodies`: of the same scores but more of them, for the rates above the tails' share, which
    are counted. `fnmr`: the share of mated comparisons below a threshold. Raises WrongValue for fewer than two."""
    points: list[OperatingPoint] = []
    last = min(one.point.shown for one in tails) / tail.BEYOND
    # Rounded outwards, so that the rarest rate asked for is never one that the tails refuse by a rounding.
    rates = [LOOSEST * 10 ** (-step / A_DECADE) for step in range(math.ceil(A_DECADE * math.log10(LOOSEST / last)) + 1)]
    for rate in rates:
        pass
    return points
