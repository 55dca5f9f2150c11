"""Law 7: a measured rate is published with its interval. Exact (Clopper–Pearson) where a promise is held against
it, Wilson's where many small groups are compared. Counts are of people: several photographs of one person
are not several pieces of evidence (ISO/IEC 19795-1)."""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from stile.domain.errors import WrongValue

CONFIDENCE = 0.95
FEW_ERRORS = 30
"""Rule of 30: with fewer errors the true rate lies more than 30 % away in one case of ten and more (Doddington
and others, Speech Communication 31, 2000; ISO/IEC 19795-1:2006, annex B)."""

_HALVINGS = 60
"""Bisections of 0 to 1: the last is smaller than a double can tell apart near any rate of interest."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Two-sided, as shares of 1."""

    lower: float
    upper: float


def clopper_pearson(errors: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of a binomial rate (Clopper and Pearson, Biometrika 26, 1934). 0 to 1 without trials.

    Each bound is the rate at which so many errors or more (lower), so few or fewer (upper), would be seen
    with half of what the confidence leaves. It never covers less than it says; with few errors it covers more.
    """
    _checked(errors, trials, confidence)
    half = (1 - confidence) / 2
    lower = 0.0 if errors == 0 else _rate_where(errors - 1, trials, 1 - half)
    upper = 1.0 if errors == trials else _rate_where(errors, trials, half)
    return Interval(lower, upper)


def wilson(errors: int, trials: int, confidence: float = CONFIDENCE) -> Interval:
    """Wilson's score interval (JASA 22, 1927): covers what it says on average. 0 to 1 without trials."""
    _checked(errors, trials, confidence)
    if trials == 0:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, more = errors / trials, z * z / trials
    middle = (share + more / 2) / (1 + more)
    reach = z / (1 + more) * math.sqrt(share * (1 - share) / trials + more / (4 * trials))
    # At the ends the two terms are equal, and rounding must not leave a sliver of a rate.
    lower = 0.0 if errors == 0 else max(0.0, middle - reach)
    upper = 1.0 if errors == trials else min(1.0, middle + reach)
    return Interval(lower, upper)


def at_most(most: int, trials: int, rate: float) -> float:
    """The chance of so many errors or fewer: the binomial distribution function, summed from its largest term."""
    if most >= trials:
        return 1.0
    if rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    counts = np.arange(most + 1, dtype=np.float64)
    ways = np.concatenate(([0.0], np.cumsum(np.log((trials - counts[:-1]) / (counts[:-1] + 1)))))
    logs = ways + counts * math.log(rate) + (trials - counts) * math.log1p(-rate)
    largest = float(logs.max())
    return min(1.0, math.exp(largest) * float(np.exp(logs - largest).sum()))


def _rate_where(most: int, trials: int, chance: float) -> float:
    """The rate at which the chance of `most` errors or fewer has fallen to `chance`."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if at_most(most, trials, middle) > chance:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _checked(errors: int, trials: int, confidence: float) -> None:
    if not 0 <= errors <= trials:
        raise WrongValue(f"errors lie between 0 and the {trials} trials, not {errors}")
    if not 0 < confidence < 1:
        raise WrongValue(f"a confidence lies between 0 and 1, not {confidence}")


def rule_of_3(trials: int) -> float:
    """What the rate may still be, at 95 % confidence, when none of so many trials was an error."""
    return min(1.0, 3 / trials) if trials else 1.0
