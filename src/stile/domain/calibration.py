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


ROUNDING = 1e-9
"""A rate that was turned into another and back is still the same: at the last point the lane must not close for it."""


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """At this threshold (cosine) such a share of non-mated comparisons matches, at most, and such a share of mated
    ones does not; `fnmr` is None where no mated ones were made."""

    threshold: float
    fmr: float
    fnmr: float | None = None

    def __post_init__(self) -> None:
        if not -1 <= self.threshold <= 1:
            raise WrongValue(f"a threshold is a cosine between -1 and 1, not {self.threshold}")
        if not 0 < self.fmr <= 1:
            raise WrongValue(f"a measured false-match rate lies between 0 and 1, not {self.fmr}")
        if self.fnmr is not None and not 0 <= self.fnmr <= 1:
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
    """Measured rates of a pack, or of a site's own members with it. `points` rise in threshold and fall in FMR;
    each is the upper bound of a fitted tail (stile.domain.bound), and they end where the tail may not be
    continued any further. `comparisons`: how many non-mated ones they rest on, of how many `people`;
    `data` says in words on whose faces."""

    pack: PackId
    data: str
    comparisons: int
    people: int
    points: Sequence[OperatingPoint]

    def __post_init__(self) -> None:
        if self.comparisons < 1:
            raise WrongValue(f"a calibration rests on at least one comparison, not {self.comparisons}")
        if self.people < 2:
            raise WrongValue(f"a calibration rests on at least two people, not {self.people}")
        if len(self.points) < 2:
            raise WrongValue(f"a calibration has at least two points, not {len(self.points)}")
        for lower, upper in pairwise(self.points):
            if not (lower.threshold < upper.threshold and lower.fmr > upper.fmr > 0):
                raise WrongValue("a calibration's points rise in threshold and fall in FMR")

    @property
    def shown_fmr(self) -> float:
        """The rarest false-match rate that so many comparisons can show (rule of 3)."""
        return 3 / self.comparisons

    @property
    def rarest_fmr(self) -> float:
        """The rarest false-match rate that there is a threshold for."""
        return self.points[-1].fmr

    def threshold_for(self, fpir: float, members: int) -> Threshold | None:
        """One to many: the threshold that keeps the rate of false positives per attempt among so many members
        (an empty gallery counts as one). None when that asks for a rate rarer than the data can answer for."""
        return self.threshold_at(required_fmr(fpir, max(members, 1)))

    def threshold_at(self, fmr: float) -> Threshold | None:
        """One to one: the threshold that keeps the false-match rate of a comparison. None beyond the last point:
        there the tail that made the points was not to be trusted, and nobody is let in by face.

        Between points log10(FMR) is taken as linear in the threshold. Where the tail falls faster, as that of
        unit vectors does, the chord lies a little under it: with four points a decade the rate is exceeded by up
        to 1 % of itself (Gaussian tail), with one a decade by up to 13 %.
        """
        if not 0 < fmr < 1:
            raise WrongValue(f"a false-match rate lies between 0 and 1, not {fmr}")
        extrapolated = fmr < self.shown_fmr
        if fmr >= self.points[0].fmr:
            return Threshold(self.points[0].threshold, fmr, extrapolated)
        for lower, upper in pairwise(self.points):
            if fmr >= upper.fmr * (1 - ROUNDING):
                return Threshold(_between(lower, upper, fmr), fmr, extrapolated)
        return None


def in_force(pack: Calibration, site: Calibration | None, fmr: float) -> Threshold | None:
    """What two sources say together: the safer wins. Where a rate is too rare for the pack's data, and a large site's
    own members have really shown it (rule of 3), theirs stands alone, and never for less than the highest threshold
    that the pack's data could give."""
    of_pack = pack.threshold_at(fmr)
    if site is None:
        return of_pack
    of_site = site.threshold_at(fmr)
    if of_pack is None and of_site is not None and fmr >= max(site.shown_fmr, site.rarest_fmr):
        return Threshold(max(of_site.value, pack.points[-1].threshold), fmr, of_site.extrapolated)
    return safer(of_pack, of_site)


def safer(pack: Threshold | None, site: Threshold | None) -> Threshold | None:
    """Of two sources the safer wins: the higher threshold. Without the pack's there is none, and the lane is
    closed to faces; without the site's, as with too few members to measure, the pack's stands."""
    if pack is None or site is None or site.value <= pack.value:
        return pack
    return site


def _between(lower: OperatingPoint, upper: OperatingPoint, fmr: float) -> float:
    share = math.log(lower.fmr / fmr) / math.log(lower.fmr / upper.fmr)
    return lower.threshold + share * (upper.threshold - lower.threshold)
