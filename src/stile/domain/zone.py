"""The marked zone of a lane: who stands in it asks to come in, and who passes by outside it does not.

A face outside the zone, or smaller than the lane's least width, is found and then forgotten: it is never measured,
never embedded and never compared (laws 1 and 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Frame

LEAST_AREA = 0.01
"""Share of the frame. A smaller zone is a slip of the hand, and nobody could stand in it."""
MOST_CORNERS = 12

Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon. `corners`: x and y in shares of the frame, 0 to 1, from its top left; the last is joined to the
    first."""

    corners: Sequence[Corner]

    def __post_init__(self) -> None:
        if not 3 <= len(self.corners) <= MOST_CORNERS:
            raise WrongValue(f"a zone has 3 to {MOST_CORNERS} corners, not {len(self.corners)}")
        if not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in self.corners):
            raise WrongValue("a zone's corners are shares of the frame between 0 and 1")
        if self.area < LEAST_AREA:
            raise WrongValue(f"a zone covers at least {LEAST_AREA:.0%} of the frame, not {self.area:.2%}")

    @property
    def area(self) -> float:
        """Share of the frame (shoelace formula)."""
        return abs(sum(x * v - u * y for (x, y), (u, v) in self._sides())) / 2

    def contains(self, x: float, y: float) -> bool:
        """Whether a point, in shares of the frame, lies inside (crossing number)."""
        inside = False
        for (ax, ay), (bx, by) in self._sides():
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                inside = not inside
        return inside

    def _sides(self) -> list[tuple[Corner, Corner]]:
        return list(pairwise([*self.corners, self.corners[0]]))


def standing_in(
    faces: Sequence[DetectedFace], frame: Frame, zone: Zone | None, least_face: float
) -> Sequence[DetectedFace]:
    """The faces whose middle lies in the zone and whose box is at least so wide, a share of the frame's width. All of
    them where the lane has no zone: there a touch has asked."""
    if zone is None:
        return faces
    return [face for face in faces if _stands_in(face, frame, zone, least_face)]


def _stands_in(face: DetectedFace, frame: Frame, zone: Zone, least_face: float) -> bool:
    x, y, width, height = face.box
    return width >= least_face * frame.width and zone.contains(
        (x + width / 2) / frame.width, (y + height / 2) / frame.height
    )


DWELL = 0.3
"""Seconds that somebody stands in the zone before that is asking: who walks through it does not ask."""
EMPTY = 1.0
"""Seconds that the zone is empty before somebody who stands there asks anew: one stay is one attempt."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who stands in a zone, over time. `since`: since when somebody does; `gone`: since when nobody does; seconds on
    one clock. `armed`: standing there would ask."""

    since: float | None = None
    gone: float | None = None
    armed: bool = True

    def after(self, standing: bool, at: float) -> "Watch":
        """One look at the zone later."""
        if standing:
            return Watch(at if self.since is None else self.since, None, self.armed)
        gone = at if self.gone is None else self.gone
        return Watch(None, gone, self.armed or at - gone >= EMPTY)

    def asks(self, at: float) -> bool:
        return self.armed and self.since is not None and at - self.since >= DWELL

    def asked(self) -> "Watch":
        """An attempt was begun for who stands there."""
        return Watch(self.since, self.gone, armed=False)
