"""Law 7: the site's own calibration. Its members against each other: it needs no stranger's data, and knows the people
who really come, their light and their cameras.

It stands beside the pack's and never in its place: of the two the safer wins (`calibration.safer`). What comes out
is a curve over hundreds of comparisons, from which no member can be found again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from stile.domain import bound, tail
from stile.domain.calibration import Calibration, OperatingPoint, Threshold
from stile.domain.errors import WrongValue
from stile.domain.ids import CalibrationId, CentreId

BEYOND = 3
"""How many times rarer than the comparisons show a rate may be: far less than the 100 of a pack. Measured on members of
50 to 800: at 10 and more the bound, which is one of few people, cost members five in a hundred; at 3 nothing."""
LEAST_MEMBERS = 50
"""With fewer the pack's calibration stands alone: of a site of 25 no gain could be measured."""
CONFIDENCE = 0.9
"""Of the bound: that of the measurements behind BEYOND. This source can only raise what the pack's already keeps."""
CHANGED_BY = 20
CHANGED_SHARE = 0.05
LASTS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SiteCalibration(Calibration):
    """`people`: how many members were compared, of `gallery` who were enrolled. `left_out`: pairs that were left out
    because they are known as look-alikes, who are asked for the card anyway."""

    id: CalibrationId
    centre: CentreId
    at: datetime
    gallery: int
    left_out: int

    def __post_init__(self) -> None:
        Calibration.__post_init__(self)
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")
        if not self.people <= self.gallery:
            raise WrongValue(f"no more members are compared than the {self.gallery} there are")
        if self.left_out < 0:
            raise WrongValue(f"0 or more pairs are left out, not {self.left_out}")

    def threshold_at(self, fmr: float) -> Threshold | None:
        """For a rate beyond the last point it is the threshold of that point, marked as continued: the lane then
        stands on the pack's calibration, and this one may still ask for more."""
        found = Calibration.threshold_at(self, max(fmr, self.rarest_fmr))
        return found and Threshold(found.value, fmr, found.extrapolated or fmr < self.rarest_fmr)


def is_due(at: datetime, measured: int, now: datetime, gallery: int) -> bool:
    """Whether, since the gallery of `measured` members was measured, members came or went by 20 or by 5 in 100, or a
    day is over."""
    changed = abs(gallery - measured)
    return changed >= CHANGED_BY or changed > CHANGED_SHARE * measured or now - at >= LASTS


def data_of(people: int, gallery: int, at: datetime) -> str:
    """On whose faces, in words."""
    drawn = "" if people == gallery else f", drawn at random from {gallery:,}"
    return f"{people:,} members of this site{drawn}, each with every other one, on {at:%Y-%m-%d}"


def points_of(
    scores: NDArray[np.floating],
    first: NDArray[np.integer],
    second: NDArray[np.integer],
    people: int,
    comparisons: int,
    seed: int,
) -> list[OperatingPoint]:
    """The curve, from the highest scores of `comparisons` pairs of `people`. `first`, `second`: who makes each pair.
    Raises WrongValue for fewer than 200 pairs, and where the scores are too much alike for a tail."""
    in_tail = tail.highest_of(comparisons)
    if scores.size <= in_tail:
        raise WrongValue(f"a tail of {in_tail} scores needs one more below it, and there are {scores.size}")
    u = float(-np.partition(-scores, in_tail)[in_tail])
    each = np.ones(people, np.intp)
    own = bound.BoundedTail(scores, first, second, u, comparisons, (each, each), seed)
    return bound.points_of([own], beyond=BEYOND, confidence=CONFIDENCE)


def highest_for(comparisons: int) -> int:
    """How many of the highest scores `points_of` makes use of. Raises WrongValue for fewer than 200 pairs."""
    return bound.kept_of(comparisons, tail.highest_of(comparisons)) + 1
