"""Law 7: a threshold for a rate so rare that hardly any comparison showed it follows from the shape of the tail.

The highest non-mated scores, above a high score u, follow a generalised Pareto distribution (Pickands, Annals
of Statistics 3, 1975): among the comparisons above u the chance to exceed u + x is (1 + shape·x/scale)^(−1/shape).
Cosines end at 1, so the shape comes out below 0, and the tail falls faster than a straight line on a log scale.

How far the data reaches is said: a rate below 3 in the number of comparisons was not seen (rule of 3), and
a rate a hundred times rarer than that gets no threshold at all.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.domain.calibration import Threshold
from stile.domain.errors import WrongValue

HIGHEST = 2000
"""So many of the highest scores make the tail; why so many: docs/how-to/measure-accuracy.md."""
LARGEST_SHARE = 0.05
"""No more than this share of all comparisons is called their tail, as long as that leaves LEAST."""
LEAST = 20
"""With fewer scores above u the shape is noise."""
LEAST_COMPARISONS = 10 * LEAST
"""A tenth of all comparisons is the most that may be called a tail."""
BEYOND = 100
"""How many times rarer than the data shows a rate may be: two decades, and no further."""
MOST_SHAPE = 0.5
"""Probability-weighted moments are not defined at a shape of 1 and scatter widely from 0.5 on."""


@dataclass(frozen=True, slots=True)
class Tail:
    """`u`: the score (cosine) where the tail begins. `share`: of the comparisons, above u. `shape`, `scale`:
    of the generalised Pareto distribution (ξ and σ). `count`: how many comparisons there were in all."""

    u: float
    share: float
    shape: float
    scale: float
    count: int

    def __post_init__(self) -> None:
        if not -1 <= self.u < 1:
            raise WrongValue(f"a tail begins at a cosine between -1 and 1, not {self.u}")
        if not 0 < self.share <= 1:
            raise WrongValue(f"the share in a tail lies between 0 and 1, not {self.share}")
        if not (math.isfinite(self.shape) and self.shape < 1):
            raise WrongValue(f"a tail's shape is a number below 1, not {self.shape}")
        if not 0 < self.scale < math.inf:
            raise WrongValue(f"a tail's scale is above 0, not {self.scale}")
        if self.count < 1:
            raise WrongValue(f"a tail rests on at least one comparison, not {self.count}")

    @property
    def shown(self) -> float:
        """The rarest false-match rate that so many comparisons can show (rule of 3)."""
        return 3 / self.count

    def fmr_at(self, threshold: float) -> float:
        """Share of non-mated comparisons at or above a threshold; below u it is at least `share`."""
        if threshold <= self.u:
            return self.share
        excess = (threshold - self.u) / self.scale
        if abs(self.shape) < 1e-9:
            return self.share * math.exp(-excess)
        inside = 1 + self.shape * excess
        return 0.0 if inside <= 0 else self.share * inside ** (-1 / self.shape)

    def threshold_for(self, fmr: float) -> Threshold | None:
        """The score that this share of non-mated comparisons reaches. For rates above `share` that is u, which is
        safe and higher than needed. None for a rate more than two decades beyond the data, and where the
        score would lie above 1, which no cosine reaches."""
        if not 0 < fmr < 1:
            raise WrongValue(f"a false-match rate lies between 0 and 1, not {fmr}")
        if fmr >= self.share:
            return Threshold(self.u, fmr, extrapolated=False)
        if fmr < self.shown / BEYOND:
            return None
        logs = math.log(self.share / fmr)
        reach = logs if abs(self.shape) < 1e-9 else math.expm1(self.shape * logs) / self.shape
        value = self.u + self.scale * reach
        return Threshold(value, fmr, extrapolated=fmr < self.shown) if value <= 1 else None


def highest_of(comparisons: int, highest: int = HIGHEST) -> int:
    """How many of so many non-mated scores make the tail: at most 5 % of all; of fewer than 400 the highest 20.
    Raises WrongValue for fewer than 200."""
    if comparisons < LEAST_COMPARISONS:
        raise WrongValue(
            f"a tail needs at least {LEAST_COMPARISONS} non-mated comparisons, not {comparisons}: "
            "more people are needed"
        )
    return min(highest, max(LEAST, int(comparisons * LARGEST_SHARE)))


def fit(
    above: NDArray[np.floating],
    u: float,
    count: int,
    weights: NDArray[np.floating] | None = None,
    total: float | None = None,
) -> Tail:
    """By probability-weighted moments (Hosking and Wallis, Technometrics 29, 1987). `above`: the scores above u.

    `weights`: how often each score counts, in a resample of the people; `total` is then how often all
    comparisons count together. Raises WrongValue for too few scores or ones that are all the same.
    """
    order = np.argsort(above)
    excess = above[order].astype(np.float64) - u
    weight = np.ones(above.size) if weights is None else weights[order].astype(np.float64)
    mass = float(weight.sum())
    if mass < LEAST or above.size < 2:
        raise WrongValue(f"a tail is fitted to at least {LEAST} scores, not {mass:g}")
    rising = np.cumsum(weight)
    # (n − j) / (n − 1) of the j-th of n equal weights, carried over to unequal ones.
    exceeded = (mass - rising) / (mass - mass / above.size)
    b0 = float(excess @ weight) / mass
    b1 = float((excess * exceeded) @ weight) / mass
    if not b0 > 2 * b1 > 0:
        raise WrongValue("the scores above u do not spread: no tail can be fitted to them")
    shape = min(2 - b0 / (b0 - 2 * b1), MOST_SHAPE)
    # With the shape held back the mean excess, scale / (1 − shape), is kept.
    scale = 2 * b0 * b1 / (b0 - 2 * b1) if shape < MOST_SHAPE else b0 * (1 - shape)
    return Tail(u, mass / (total if total is not None else count), shape, scale, count)
