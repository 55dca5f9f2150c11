"""Two members whom a face does not tell apart: twins, parent and child. Such a pair is asked for the card as well,
silently and politely, by a referral like any other.

Law 2: the fact is derived from both templates. It goes with either of them, in the same transaction.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.calibration import Calibration
from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, MemberId, PackId

EXPECTED = 0.1
"""Pairs of unrelated members that may be expected at or above the threshold, among all pairs of the site. Measured:
one person enrolled twice among 100 moved a site's own bound from 0.48 to 0.61 where they were left in the tail."""

LAXEST = 1e-4
"""False-match rate, at most: of two members alone, one pair in ten would otherwise be called alike."""
MOST_KIN = 0.1
"""Pairs for each member, at most. Where more look so much alike it is not kin but a community that the pack was not
measured on, and to leave them out of the site's tail would hide just that."""


class FoundBy(StrEnum):
    ENROLMENT = "enrolment"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class LookAlike:
    """`member` and `other` in the order of their ids, so that a pair stands once."""

    member: MemberId
    other: MemberId
    pack: PackId
    centre: CentreId
    found_at: datetime
    found_by: FoundBy

    def __post_init__(self) -> None:
        if not self.member < self.other:
            raise WrongValue("a pair of look-alikes is two members, the lower id first")
        if self.found_at.tzinfo is None:
            raise WrongValue("times carry their zone")

    @property
    def pair(self) -> frozenset[MemberId]:
        return frozenset((self.member, self.other))

    @classmethod
    def of(
        cls,
        one: MemberId,
        other: MemberId,
        pack: PackId,
        centre: CentreId,
        found_at: datetime,
        found_by: FoundBy,
    ) -> "LookAlike":
        """In whichever order."""
        return cls(min(one, other), max(one, other), pack, centre, found_at, found_by)


def threshold(calibration: Calibration, members: int) -> float:
    """The score (cosine) from which two of so many members are look-alikes, by the pack's calibration: so high that
    less than one such pair in ten sites is expected among people who are not kin. Beyond what the calibration can
    answer for it is its last point."""
    pairs = max(1, members * (members - 1) // 2)
    found = calibration.threshold_at(min(EXPECTED / pairs, LAXEST))
    return found.value if found is not None else calibration.points[-1].threshold
