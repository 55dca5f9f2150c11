"""The marked zone of a lane: who stands in it asks to come in, and who passes by outside it does not.

A face outside the zone, or smaller than the lane's least width, is found and then forgotten: it is never measured,
never embedded and never compared (laws 1 and 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Frame
from stile.domain.tracking import Place, Track, follow

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


@dataclass(frozen=True, slots=True)
class Watch:
    """Who stands in a zone, over time. `place`: where somebody was last; `since`: since when it is the same one,
    seconds on one clock. `missed`: a look since then showed nobody. `armed`: standing there would ask."""

    place: Place | None = None
    since: float = 0.0
    missed: bool = False
    armed: bool = True

    def after(self, place: Place | None, at: float) -> "Watch":
        """One look at the zone later. Somebody else, or somebody who came back, may ask anew; one stay asks once."""
        if place is None:
            return replace(self, missed=True)
        track = follow(self.place, place, self.missed)
        if track is Track.SAME:
            return replace(self, place=place, missed=False)
        return Watch(place, at, armed=self.armed or track.starts_again)

    def asks(self, at: float) -> bool:
        return self.armed and self.place is not None and not self.missed and at - self.since >= DWELL

    def asked(self) -> "Watch":
        """An attempt was begun for who stands there."""
        return replace(self, armed=False)
