"""A head is not a plane: when it turns, the nose leaves the plane of eyes and mouth, and on paper it stays there.

Between two views a plane's points move by one affinity, however it is held (weak perspective; Hartley and Zisserman,
Multiple View Geometry, 2004, ch. 14). It is fitted to eyes and mouth corners, and tried on the nose, which stands out
of a head by about half an inter-eye distance.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stile.domain.faces import DetectedFace, Landmarks
from stile.domain.quality import pose

FORESHORTENED = 0.92
"""Ratio of the axes at which a view has turned far enough to tell a plane from a head (cos 23°)."""
LEAST_VIEWS = 3
"""Fewer turned views say nothing: landmarks tremble."""
MOST_VIEWS = 12
FLAT = 0.08
"""A nose that leaves the plane by less in all of them, in inter-eye distances, is on paper. Of 35 heads as the
generator of `stile.testing.presentations` turns them by 32 degrees one in twenty stayed below 0.15 and none below 0.08;
of prints and screens more than half did."""


@dataclass(frozen=True, slots=True)
class Relief:
    """One view against another. `foreshortened`: the smaller over the larger axis, 1 where it is not turned. `across`,
    `out`: how far the nose left the plane, along the line of the eyes (positive: to the person's own left) and in
    all, in the first view's inter-eye distances."""

    foreshortened: float
    across: float
    out: float


def relief(first: DetectedFace, other: DetectedFace) -> Relief:
    """Needs mouth corners: only for landmarks of eyes, nose and mouth."""
    plane = first.points[[0, 1, 3, 4]].astype(np.float64)
    seen = other.points[[0, 1, 3, 4]].astype(np.float64)
    affinity, *_ = np.linalg.lstsq(np.c_[plane, np.ones(4)], seen, rcond=None)
    large, small = np.linalg.svd(affinity[:2], compute_uv=False)
    left = other.nose - np.array([*first.nose, 1.0]) @ affinity
    right_eye, left_eye = other.eyes
    across = (left_eye - right_eye).astype(np.float64)
    scale = first.inter_eye_distance * float(large)
    return Relief(
        float(small / large),
        float(left @ across) / (float(np.hypot(*across)) or 1.0) / scale,
        float(np.hypot(*left)) / scale,
    )


def turned(straight: DetectedFace, now: DetectedFace) -> float:
    """How far a head has turned since it looked straight, positive to the person's own left: about 0.45 times the sine
    of the angle, in inter-eye distances. A plane gives nearly 0, whichever way it is tilted.

    dlib's landmarks are eyes and nose only, which some affinity always explains. Of them it is the nose's way between
    the eyes, which a plane tilted about a diagonal imitates (docs/decisions/0010).
    """
    if now.scheme is Landmarks.EYES_NOSE_MOUTH:
        return relief(straight, now).across
    return pose(now).yaw - pose(straight).yaw


def moves_as_a_plane(faces: Sequence[DetectedFace]) -> bool:
    """Whether the face turned, and the nose stayed in the plane of eyes and mouth while it did. Says nothing of dlib's
    landmarks, and of views that hardly turned."""
    usable = [face for face in faces if face.scheme is Landmarks.EYES_NOSE_MOUTH]
    if len(usable) <= LEAST_VIEWS:
        return False
    # The broadest view looks straight; the views least like it, in either measure, have turned most.
    first = max(usable, key=lambda face: face.inter_eye_distance / face.box[3])
    by_shape = sorted(usable, key=lambda face: _unlike(first, face), reverse=True)[:MOST_VIEWS]
    views = [relief(first, face) for face in by_shape if face is not first]
    told = [one.out for one in views if one.foreshortened <= FORESHORTENED]
    return len(told) >= LEAST_VIEWS and max(told) < FLAT


def _unlike(first: DetectedFace, other: DetectedFace) -> float:
    """How differently the four points of the plane lie, without a least-squares fit: sides and diagonals compared."""
    return max(
        abs(math.log(max(ours, 1e-6) / max(theirs, 1e-6)))
        for ours, theirs in zip(_shape(first), _shape(other), strict=True)
    )


def _shape(face: DetectedFace) -> tuple[float, float]:
    """Two ratios that stay what they are under rotation and scale: eye distance to eye-mouth distance, and one diagonal
    to the other, which a tilt about a diagonal changes."""
    (ax, ay), (bx, by), _, (cx, cy), (dx, dy) = face.points.tolist()
    eyes = math.hypot(bx - ax, by - ay)
    down = math.hypot(ax + bx - cx - dx, ay + by - cy - dy) / 2
    return eyes / (down or 1.0), math.hypot(ax - dx, ay - dy) / (math.hypot(bx - cx, by - cy) or 1.0)
