"""Law 7: what a score is held against, at this lane, now. From the rate that the lane promises, at the size of the
gallery that is searched; of the pack's calibration and the site's own the safer one."""

from collections.abc import Callable

from stile.application.shots import SAME_PERSON_FMR
from stile.domain.calibration import Calibration, Threshold, in_force, required_fmr
from stile.domain.places import Ask, Lane
from stile.ports import EyesPool, Gallery

TURNED_PERSON_FMR = 1e-2
"""A head that turned is compared with itself looking straight: it scores lower, and is held to less."""


class Thresholds:
    def __init__(
        self, pool: EyesPool | None, gallery: Gallery | None, of_site: Callable[[], Calibration | None]
    ) -> None:
        """`of_site`: the site's own calibration, where it has one; it is asked on the frame's path."""
        self._pool, self._gallery, self._of_site = pool, gallery, of_site

    def of(self, lane: Lane) -> Threshold | None:
        """What the lane holds a face to now. None where there is none, and the lane is closed to faces."""
        if lane.ask is Ask.CARD_FIRST:
            return self.one_to_one(lane.fmr)
        return None if self._gallery is None else self.among(lane, len(self._gallery))

    def among(self, lane: Lane, members: int) -> Threshold | None:
        """One to many: among so many members."""
        return self.one_to_one(required_fmr(lane.fpir, max(members, 1)))

    def one_to_one(self, fmr: float) -> Threshold | None:
        return None if self._pool is None else in_force(self._pool.calibration, self._of_site(), fmr)

    def of_one_person(self) -> tuple[Threshold, Threshold] | None:
        """Whether two frames show one person, looking straight and turned. The pack's word alone: how much the members
        resemble each other has no part in it. None where the pack's calibration does not reach."""
        if self._pool is None:
            return None
        straight = self._pool.calibration.threshold_at(SAME_PERSON_FMR)
        turned = self._pool.calibration.threshold_at(TURNED_PERSON_FMR)
        return (straight, turned) if straight and turned else None
