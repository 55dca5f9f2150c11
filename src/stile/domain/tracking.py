"""One attempt is one person: a face that swaps, jumps or comes back after a gap is somebody else.

What is fused must come from one person, or two strangers together could reach a threshold that neither reaches. Where
the track breaks the attempt starts again; it never goes on with what it has.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.faces import DetectedFace

LONGEST_GAP = 0.6
"""Seconds in which frames came and the face was in none. Long enough for a blink of the detector, too short to change
places."""
LONGEST_PAUSE = 2.0
"""Seconds in which no frame was looked at: a busy machine must not lose whoever stands there; that it is still them is
asked of their features."""
SWAY = 0.6
"""How far a face may move between two frames whatever the time between them, in inter-eye distances: the sway of
somebody who stands, and the detector's own noise."""
SPEED = 5.0
"""Inter-eye distances a second: 0.3 m/s across, which is a step to the side."""
GROWTH = 1.25
"""How much larger or smaller a face may become between two frames, as a factor; and as much again each second."""


class Track(StrEnum):
    """How a face follows from the one before it."""

    BEGUN = "begun"
    SAME = "same"
    JUMPED = "jumped"
    AFTER_A_GAP = "after a gap"

    @property
    def starts_again(self) -> bool:
        return self in (Track.JUMPED, Track.AFTER_A_GAP)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tracked face was. `x`, `y`: middle of the eyes, pixels. `size`: inter-eye distance, pixels, as if the
    head looked straight ahead. `at`: seconds on a monotonic clock."""

    x: float
    y: float
    size: float
    at: float

    @classmethod
    def of(cls, face: DetectedFace, at: float) -> "Place":
        """The box's height stands for the size: a head that turns brings its eyes together, and keeps its height."""
        right, left = face.eyes
        middle = (right + left) / 2
        return cls(float(middle[0]), float(middle[1]), 0.4 * face.box[3], at)


def follow(before: Place | None, now: Place, was_missed: bool = False) -> Track:
    """Whether the face now is the one before, by place, size and time. `was_missed`: a frame in between did not show
    it."""
    if before is None:
        return Track.BEGUN
    passed = max(0.0, now.at - before.at)
    if passed > (LONGEST_GAP if was_missed else LONGEST_PAUSE):
        return Track.AFTER_A_GAP
    passed = min(passed, LONGEST_GAP)  # nobody may go further for having been out of sight for longer
    moved = math.hypot(now.x - before.x, now.y - before.y) / before.size
    grown = max(now.size / before.size, before.size / now.size)
    if moved > SWAY + SPEED * passed or grown > GROWTH * (1 + passed):
        return Track.JUMPED
    return Track.SAME
