"""Liveness measured by people on the lane's own camera: somebody presents at the kiosk, and the lane's record of the
passage says what it made of it.

Reads outcomes that the lane records anyway (law 1: no image, no score of a stranger). Presents nothing itself.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stile.domain.errors import WrongValue
from stile.domain.ids import LaneId, PassageId
from stile.domain.passage import Method
from stile.domain.presentation_attacks import Tally
from stile.ports import Store
from stile.testing.presentations import Kind

PRESENTED = (
    Kind.MATTE_PRINT,
    Kind.GLOSSY_PRINT,
    Kind.CUT_OUT,
    Kind.FLAT_MASK,
    Kind.SCREEN_PHOTO,
    Kind.SCREEN_FILM,
)
"""Six kinds of attack. An injection is no presentation to a camera."""
EACH = 150
"""With none of 150 taken for live the rate is at most 2.4 % (exact, two-sided 95 %)."""
EVERY = 0.3
"""Seconds between two looks at the record."""


@dataclass(slots=True)
class Kit:
    """How far a measurement is: kind → reason → how many. Kept in a file by the caller, and gone on with later."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    each: int = EACH

    @classmethod
    def read(cls, kinds: Mapping[str, Mapping[str, int]], each: int = EACH) -> "Kit":
        """Raises WrongValue for a kind or a count that cannot be."""
        known = {kind.value for kind in (Kind.BONA_FIDE, *PRESENTED)}
        for kind, reasons in kinds.items():
            if kind not in known:
                raise WrongValue(
                    f"“{kind}” is none of the kinds that are presented: {', '.join(sorted(known))}"
                )
            if any(not isinstance(count, int) or count < 0 for count in reasons.values()):
                raise WrongValue(f"the counts of “{kind}” are whole numbers from 0")
        return cls({kind: dict(reasons) for kind, reasons in kinds.items()}, each)

    def add(self, kind: Kind, reason: str) -> None:
        reasons = self.counts.setdefault(kind.value, {})
        reasons[reason] = reasons.get(reason, 0) + 1

    def done(self, kind: Kind) -> int:
        return sum(self.counts.get(kind.value, {}).values())

    @property
    def next(self) -> Kind | None:
        """The kind that is presented next: bona fide first, so that a lane that admits nobody shows at once. None when
        all are done."""
        waiting = (kind for kind in (Kind.BONA_FIDE, *PRESENTED) if self.done(kind) < self.each)
        return next(waiting, None)

    def tally(self, kind: Kind) -> Tally:
        return Tally(kind.value, dict(sorted(self.counts.get(kind.value, {}).items())))


def last_of(store: Store, lane: LaneId) -> PassageId | None:
    """The lane's last passage by face."""
    with store.read() as work:
        return next((one.id for one in work.passages.latest(50, lane) if one.method is Method.FACE), None)


def next_reason(
    store: Store,
    lane: LaneId,
    after: PassageId | None,
    wait: Callable[[float], None] = time.sleep,
    patience: float = 600.0,
) -> tuple[PassageId, str] | None:
    """Waits for the lane's next passage by face, and gives its reason. None when nobody came in `patience` seconds."""
    for _ in range(max(1, round(patience / EVERY))):
        with store.read() as work:
            rows = [one for one in work.passages.latest(50, lane) if one.method is Method.FACE]
        newer = []
        for one in rows:
            if one.id == after:
                break
            newer.append(one)
        if newer:
            return newer[-1].id, newer[-1].reason
        wait(EVERY)
    return None
