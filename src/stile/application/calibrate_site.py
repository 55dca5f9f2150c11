"""Law 7: the site's own calibration is made from its members against each other, again as the gallery changes.

gallery → highest pairs → who looks alike is asked for the card from now on → the tail of all others → kept as history

It needs no stranger's data, and nobody is looked for (law 3): every member is compared with every other one. Between
recalculations a lane reads the newest one from memory.
"""

import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from stile.domain import look_alike, site_calibration, tail
from stile.domain.audit import Event
from stile.domain.calibration import in_force, required_fmr
from stile.domain.errors import Conflict, NotConfigured, NotFound, WrongValue
from stile.domain.ids import CalibrationId, CentreId, MemberId, PackId
from stile.domain.look_alike import MOST_KIN, FoundBy, LookAlike
from stile.domain.places import Ask, Lane
from stile.domain.site_calibration import SiteCalibration, data_of, is_due
from stile.ports import Chance, Clock, EyesPool, Gallery, Pairs, Store, UnitOfWork

MOST = 20_000
"""Members compared, at most: two hundred million pairs, a second of one core. Of more, so many are drawn at random."""
SEED = 0
"""Of the draw of the members and of the bootstrap: the same gallery gives the same calibration."""
AHEAD = timedelta(hours=1)
"""How far clocks may differ between programs that write to one store."""
MORE_PAIRS = 1_000
"""Beyond what the tail needs, for look-alikes that are not known yet."""


@dataclass(frozen=True, slots=True)
class Calibrated:
    """`look_alikes`: pairs found that were not known before."""

    calibration: SiteCalibration
    look_alikes: int


@dataclass(frozen=True, slots=True)
class TooLittle:
    """No calibration came of it, and why, in words; the pack's stands alone. Look-alikes were found all the same."""

    why: str
    members: int
    look_alikes: int


@dataclass(frozen=True, slots=True)
class _Tried:
    at: datetime
    gallery: int


class CalibrateSite:
    def __init__(
        self, store: Store, pool: EyesPool | None, gallery: Gallery | None, clock: Clock, chance: Chance
    ) -> None:
        self._store, self._pool, self._gallery = store, pool, gallery
        self._clock, self._chance = clock, chance
        self._current: SiteCalibration | None = None
        self._tried: _Tried | None = None
        self._running = Lock()
        self.follow()

    def current(self) -> SiteCalibration | None:
        """The newest one of the pack in use. In memory: it is asked on the frame's path."""
        return self._current

    def follow(self) -> None:
        """Takes the newest from the store: another program may have made it. One that a wrong clock dated ahead does
        not stand in the way of those after it."""
        if self._gallery is not None:
            now = self._clock.now()
            with self._store.read() as work:
                made = work.calibrations.history(self._gallery.pack)
            self._current = next((one for one in made if one.at <= now + AHEAD), None)

    def keep_current(self) -> Calibrated | TooLittle | None:
        """Makes a new one when it is due; None when it is not. The serving process calls it every minute, in a thread
        of its own: at 20,000 members it works for seconds, and rests for as long."""
        if self._gallery is None or self._pool is None:
            return None
        self.follow()
        if not self._is_due(len(self._gallery)):
            return None
        with suppress(Conflict):  # somebody measures at this moment
            return self.make("system")
        return None

    def _is_due(self, gallery: int) -> bool:
        now = self._clock.now()
        if self._tried is not None and not is_due(self._tried.at, self._tried.gallery, now, gallery):
            return False
        last = self._current
        return gallery > 1 and (last is None or is_due(last.at, last.gallery, now, gallery))

    def make(self, actor: str) -> Calibrated | TooLittle:
        """Compares, records look-alikes and keeps the calibration. Raises NotConfigured where nothing can see, Conflict
        while it is being done: nobody waits for it in a thread that a card may need (law 4)."""
        if self._gallery is None or self._pool is None:
            raise NotConfigured("No model pack is in use: run `stile doctor` to see what to do.")
        if not self._running.acquire(blocking=False):
            raise Conflict(
                "The members are being compared at this moment. Please look again in a little while."
            )
        try:
            return self._make(self._gallery, actor)
        finally:
            self._running.release()

    def _make(self, gallery: Gallery, actor: str) -> Calibrated | TooLittle:
        with self._store.read() as work:
            lanes, centre = work.lanes.all(), work.centres.all()[0].id
        pairs = gallery.between(_wanted(min(len(gallery), MOST)) + MORE_PAIRS, MOST, SEED)
        now = self._clock.now()
        self._tried = _Tried(now, pairs.gallery)
        kin = self._kin(pairs)
        made = self._calibration(pairs, kin, gallery.pack, centre, now)
        alike = kin | (pairs.scores >= self._in_force(lanes, pairs.gallery, made))
        with self._store.begin() as work:
            new = 0
            found = [
                (pairs.members[pairs.first[at]], pairs.members[pairs.second[at]])
                for at in np.flatnonzero(alike)
            ]
            self._forget_others(work, gallery.pack, {frozenset(pair) for pair in found}, pairs)
            for one, other in found:
                with suppress(NotFound):  # one of the two withdrew meanwhile
                    new += work.look_alikes.add(
                        LookAlike.of(one, other, gallery.pack, centre, now, FoundBy.CALIBRATION)
                    )
            # Numbers only: who looks like whom goes with their templates, and the audit log never forgets.
            detail: dict[str, str | int] = {
                "pack": gallery.pack,
                "members": len(pairs.members),
                "look_alikes": new,
            }
            if isinstance(made, SiteCalibration):
                work.calibrations.add(made)
                detail |= {"comparisons": made.comparisons, "left_out": made.left_out}
            if isinstance(made, SiteCalibration) or new:
                work.audit.append(now, Event.SITE_CALIBRATED, actor, str(centre), detail)
            work.commit()
        if not isinstance(made, SiteCalibration):
            return TooLittle(made, len(pairs.members), new)
        self._current = made
        return Calibrated(made, new)

    @staticmethod
    def _forget_others(work: UnitOfWork, pack: PackId, alike: set[frozenset[MemberId]], pairs: Pairs) -> None:
        """Who was found alike by an earlier calibration, and is not by this one, may come in by face again. What an
        enrolment found stays: reception looked."""
        compared = set(pairs.members)
        for known in work.look_alikes.of_pack(pack):
            again = known.pair in alike or not known.pair <= compared
            if known.found_by is FoundBy.CALIBRATION and not again:
                work.look_alikes.remove(known)

    def _kin(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Pairs so much alike that they are left out of the tail; of more than kin can be, the closest. The others show
        that the members are a harder crowd than the pack was measured on, and the calibration must show it."""
        assert self._pool is not None
        kin: NDArray[np.bool_] = pairs.scores >= look_alike.threshold(self._pool.calibration, pairs.gallery)
        kin[max(3, int(MOST_KIN * len(pairs.members))) :] = False  # the highest come first
        return kin

    def _in_force(self, lanes: Sequence[Lane], members: int, made: SiteCalibration | str) -> float:
        """The lowest threshold of a lane with face mode: a pair above it can be taken for each other there."""
        assert self._pool is not None
        own = made if isinstance(made, SiteCalibration) else self._current
        lowest = math.inf
        for lane in lanes:
            fmr = lane.fmr if lane.ask is Ask.CARD_FIRST else required_fmr(lane.fpir, max(members, 1))
            found = in_force(self._pool.calibration, own, fmr)
            if lane.face_mode and found is not None:
                lowest = min(lowest, found.value)
        return lowest

    def _calibration(
        self, pairs: Pairs, kin: NDArray[np.bool_], pack: PackId, centre: CentreId, now: datetime
    ) -> SiteCalibration | str:
        """Or why there is none."""
        others, people = ~kin, len(pairs.members)
        if people < site_calibration.LEAST_MEMBERS:
            return f"{people} members are enrolled, and {site_calibration.LEAST_MEMBERS} are needed."
        comparisons = pairs.comparisons - int(kin.sum())
        try:
            points = site_calibration.points_of(
                pairs.scores[others], pairs.first[others], pairs.second[others], people, comparisons, SEED
            )
            return SiteCalibration(
                pack=pack,
                data=data_of(people, pairs.gallery, now),
                comparisons=comparisons,
                people=people,
                points=points,
                id=CalibrationId(self._chance.new_id()),
                centre=centre,
                at=now,
                gallery=pairs.gallery,
                left_out=int(kin.sum()),
            )
        except WrongValue as error:
            return f"The scores of {people} members do not make a tail: {error}."


def _wanted(members: int) -> int:
    """How many of the highest pairs a calibration of so many members uses."""
    pairs = members * (members - 1) // 2
    return site_calibration.highest_for(pairs) if pairs >= tail.LEAST_COMPARISONS else max(pairs, 1)
