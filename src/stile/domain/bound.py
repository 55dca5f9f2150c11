"""Law 7: a threshold is set so that other people than those measured would not have asked for a higher one.

The tail (stile.domain.tail) is fitted to the highest non-mated scores. How far it would have come out otherwise
with other people is found by drawing the people again, with replacement: people and not comparisons, since one
person's face is in hundreds of them (ISO/IEC 19795-1; Bolle, Ratha and Pankanti, Computer Vision and Image
Understanding 93, 2004: the subsets bootstrap). The threshold is the value that 95 % of such draws do not exceed.

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
CONFIDENCE = 0.95
"""One-sided: in so many of 100 draws of other people the threshold would have been no higher. Measured: at 0.9 `dlib`
let in more than a target of 0.1 % on the average of many splits; docs/how-to/measure-accuracy.md."""
KEPT = 100_000
"""So many of the highest scores are kept, and no more than KEPT_SHARE of all: those below the tail answer for
rates that need no tail, such as that of the shots of one person at an enrolment."""
KEPT_SHARE = 0.11
A_DECADE = 4
"""Points of a calibration: so many that the chord between two of them costs hardly anything."""
LAXEST = 0.1
DIGITS = 5
"""Of a point's threshold, rounded up."""

People = NDArray[np.integer]


class BoundedTail:
    """The tail of non-mated scores, and those of as many draws of the people."""

    def __init__(
        self,
        scores: NDArray[np.floating],
        rows: People,
        columns: People,
        u: float,
        comparisons: int,
        appearing: tuple[People, People],
        seed: int,
    ) -> None:
        """`scores`: the highest ones, all those above u at least, each between the people `rows` and `columns`
        (numbers from 0, the same person by the same number in both). `u`: where the tail begins. `comparisons`:
        non-mated ones, in all. `appearing`: how many rows, and how many columns, are each person's. Raises
        WrongValue where there is too little for a tail or for a bound."""
        falling = np.argsort(-scores, kind="stable")
        self._scores = scores[falling].astype(np.float64)
        self._rows, self._columns = rows[falling], columns[falling]
        self._in_tail = int((self._scores > u).sum())
        self.comparisons = comparisons
        above = self._scores[: self._in_tail]
        self.point = tail.fit(above, u, comparisons)
        self._draws = self._drawn(seed, *(one.astype(np.float64) for one in appearing))
        self.resampled = []
        for times, total in self._draws:
            weights = self._weights(times, self._in_tail)
            kept = weights > 0
            try:
                self.resampled.append(tail.fit(above[kept], u, comparisons, weights[kept], total))
            except WrongValue:
                continue  # a draw of hardly anybody: of few people, now and then
        if len(self.resampled) < RESAMPLES // 2:
            raise WrongValue("too few people to say how far a threshold can be trusted")

    def _drawn(
        self, seed: int, of_rows: NDArray[np.float64], of_columns: NDArray[np.float64]
    ) -> list[tuple[NDArray[np.float64], float]]:
        """How often each person was drawn, and how much all comparisons then count together. Those of somebody
        drawn twice with themselves are left out, as they are no non-mated ones."""
        rng = np.random.default_rng(seed)
        people, draws = of_rows.size, []
        once = float(of_rows.sum() * of_columns.sum() - of_rows @ of_columns)
        for _ in range(RESAMPLES):
            times = np.bincount(rng.integers(0, people, people), minlength=people).astype(np.float64)
            rows, columns = times * of_rows, times * of_columns
            total = float(rows.sum() * columns.sum() - rows @ columns)
            draws.append((times, total / once * self.comparisons))
        return draws

    def _weights(self, times: NDArray[np.float64], highest: int) -> NDArray[np.float64]:
        weights: NDArray[np.float64] = times[self._rows[:highest]] * times[self._columns[:highest]]
        return weights

    @property
    def laxest(self) -> float:
        """For rates above this the threshold is the lowest score kept: safe, and higher than needed."""
        return self._scores.size / self.comparisons

    def threshold(self, fmr: float, confidence: float = CONFIDENCE) -> Threshold | None:
        """The upper one-sided bound over the people drawn, never below the fit itself; None beyond the data.
        For rates that more comparisons showed than the tail holds it is counted, not fitted."""
        if fmr > self.point.share:
            return self._counted(fmr, confidence)
        point = self.point.threshold_for(fmr)
        if point is None:
            return None
        found = [one.threshold_for(fmr) for one in self.resampled]
        value = max(point.value, _upper([one.value if one else math.inf for one in found], confidence))
        return Threshold(value, fmr, point.extrapolated) if value <= 1 else None

    def _counted(self, fmr: float, confidence: float) -> Threshold:
        values = [self._reached(np.ones(self._scores.size), self.comparisons * fmr)]
        values += [
            self._reached(self._weights(times, self._scores.size), total * fmr)
            for times, total in self._draws
        ]
        value = float(np.nextafter(max(values[0], _upper(values[1:], confidence)), 2))
        return Threshold(value, fmr, extrapolated=False)

    def _reached(self, weights: NDArray[np.float64], allowed: float) -> float:
        """The highest score that too many reach; the lowest one kept if that is not too many yet."""
        at = int(np.searchsorted(np.cumsum(weights), allowed, side="right"))
        return float(self._scores[min(at, self._scores.size - 1)])


def _upper(values: Sequence[float], confidence: float) -> float:
    rising = sorted(values)
    return rising[min(len(rising) - 1, math.ceil(confidence * len(rising)) - 1)]


# --- from scores ---------------------------------------------------------------------


def of_scores(
    scores: NDArray[np.floating], rows: People, columns: People, seed: int, highest: int = tail.HIGHEST
) -> BoundedTail:
    """From all scores, (rows, columns). `rows`, `columns`: whose each is, people numbered from 0; comparisons of
    somebody with themselves are left out. Raises WrongValue when there is too little."""
    others = rows[:, None] != columns[None, :]
    non_mated = scores[others]
    count = tail.highest_of(non_mated.size, highest)
    falling = np.argpartition(-non_mated, (count, kept := kept_of(non_mated.size, count)))[: kept + 1]
    row, column = (one[falling] for one in np.nonzero(others))
    people = 1 + int(max(rows.max(), columns.max()))
    return BoundedTail(
        non_mated[falling],
        rows[row],
        columns[column],
        float(non_mated[falling[count]]),
        non_mated.size,
        (np.bincount(rows, minlength=people), np.bincount(columns, minlength=people)),
        seed,
    )


def kept_of(comparisons: int, in_tail: int) -> int:
    """How many of the highest of so many scores are kept, besides the one below them."""
    return min(comparisons - 1, max(in_tail, min(KEPT, int(comparisons * KEPT_SHARE))))


# --- the points of a calibration -----------------------------------------------------------------------


def points_of(
    tails: Sequence[BoundedTail],
    fnmr: Callable[[float], float | None] = lambda _: None,
    beyond: float = tail.BEYOND,
    confidence: float = CONFIDENCE,
) -> list[OperatingPoint]:
    """Four a decade, from 1 in 10 to the rarest rate that every tail has a threshold for; of several tails the
    highest threshold wins. `fnmr`: the share of mated comparisons below a threshold. `beyond`: how many times
    rarer than the comparisons show a rate may be."""
    laxest = min(LAXEST, *(one.laxest for one in tails))
    rarest = max(one.point.shown for one in tails) / beyond * (1 + 1e-9)
    points: list[OperatingPoint] = []
    first = math.ceil(-math.log10(laxest) * A_DECADE - 1e-9)
    last = math.floor(-math.log10(rarest) * A_DECADE)
    for rate in (*(10 ** (-step / A_DECADE) for step in range(first, last + 1)), rarest):
        found = [one.threshold(rate, confidence) for one in tails]
        values = [one.value for one in found if one is not None]
        if len(values) < len(tails):
            break
        value = math.ceil(max(values) * 10**DIGITS) / 10**DIGITS
        if value > 1 or (points and value <= points[-1].threshold):
            continue
        points.append(OperatingPoint(value, float(f"{rate:.4g}"), fnmr(value)))
    return points
