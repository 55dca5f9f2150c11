"""Law 7: the threshold follows from a stated rate at the gallery's size, never from a constant.

A lane states its false-positive identification rate (FPIR): how often a stranger who asks to come in may be
taken for some member. With N members and a false-match rate FMR per comparison,
FPIR ≈ 1 − (1 − FMR)^N  (ISO/IEC 19795-1; measured to hold on Labeled Faces in the Wild),
so the comparison must keep FMR = 1 − (1 − FPIR)^(1/N).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stile.domain.errors import WrongValue
from stile.domain.ids import PackId


def required_fmr(fpir: float, members: int) -> float:
    """The false-match rate per comparison that keeps the stated FPIR among so many members."""
    if not 0 < fpir < 1:
        raise WrongValue(f"a false-positive rate lies between 0 and 1, not {fpir}")
    if members < 1:
        raise WrongValue(f"a gallery to calibrate for has at least one member, not {members}")
    return -math.expm1(math.log1p(-fpir) / members)


def expected_fpir(fmr: float, members: int) -> float:
    """The inverse: the rate at which strangers are taken for somebody among so many members."""
    if not 0 <= fmr < 1:
        raise WrongValue(f"a false-match rate lies between 0 and 1, not {fmr}")
    if members < 0:
        raise WrongValue(f"a gallery has no fewer than 0 members, not {members}")
    return -math.expm1(members * math.log1p(-fmr))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """At this threshold (cosine) such shares of non-mated comparisons matched and of mated ones did not."""

    threshold: float
    fmr: float
    fnmr: float

    def __post_init__(self) -> None:
        if not -1 <= self.threshold <= 1:
            raise WrongValue(f"a threshold is a cosine between -1 and 1, not {self.threshold}")
        if not 0 < self.fmr <= 1:
            raise WrongValue(f"a measured false-match rate lies between 0 and 1, not {self.fmr}")
        if not 0 <= self.fnmr <= 1:
            raise WrongValue(f"a false non-match rate lies between 0 and 1, not {self.fnmr}")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A threshold and what it rests on. `fmr`: the rate per comparison that it must keep.
    `extrapolated`: beyond the rarest rate that the data showed."""

    value: float
    fmr: float
    extrapolated: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """Measured rates of a pack. `points` rise in threshold and fall in FMR; `comparisons` is how many
    non-mated comparisons they rest on; `data` says in words on whose faces."""

    pack: PackId
    data: str
    comparisons: int
    points: Sequence[OperatingPoint]

    def __post_init__(self) -> None:
        if self.comparisons < 1:
            raise WrongValue(f"a calibration rests on at least one comparison, not {self.comparisons}")
        if len(self.points) < 2:
            raise WrongValue(f"a calibration has at least two points, not {len(self.points)}")
        for lower, upper in pairwise(self.points):
            if not (lower.threshold < upper.threshold and lower.fmr > upper.fmr > 0):
                raise WrongValue("a calibration's points rise in threshold and fall in FMR")

    @property
    def rarest_fmr(self) -> float:
        """The lowest false-match rate that the data showed."""
        return self.points[-1].fmr

    @property
    def safest_fmr(self) -> float:
        """How far the last slope may be continued: two decades beyond the data, and no further."""
        return self.rarest_fmr / 100

    def threshold_for(self, fpir: float, members: int) -> Threshold | None:
        """The lowest threshold that keeps the rate; None when that would need more than the data can say.

        Between points log10(FMR) is taken as linear in the threshold. Where the tail falls faster than
        log-linear, as that of unit vectors does, the chord lies a little under it: between points half a decade
        apart the rate is exceeded by up to 4 % of itself (Gaussian tail), a decade apart by up to 13 %. So
        measure points half a decade apart, at the upper ends of their confidence intervals.

        Beyond the last point its slope is continued for two decades and the result is marked; there the same
        bend errs on the safe side, as long as the gallery holds no closer kin than the data did.
        """
        wanted = required_fmr(fpir, max(members, 1))
        if wanted < self.safest_fmr:
            return None
        if wanted >= self.points[0].fmr:
            return Threshold(self.points[0].threshold, wanted, extrapolated=False)
        for lower, upper in pairwise(self.points):
            if wanted >= upper.fmr:
                return Threshold(_between(lower, upper, wanted), wanted, extrapolated=False)
        value = _between(self.points[-2], self.points[-1], wanted)
        # No cosine is above 1: cutting it off there would claim a rate that the slope does not promise.
        return Threshold(value, wanted, extrapolated=True) if value <= 1 else None


def _between(lower: OperatingPoint, upper: OperatingPoint, fmr: float) -> float:
    share = math.log(lower.fmr / fmr) / math.log(lower.fmr / upper.fmr)
    return lower.threshold + share * (upper.threshold - lower.threshold)
