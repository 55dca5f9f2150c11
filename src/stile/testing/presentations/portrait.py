"""A photograph made ready: upright, on a kiosk's canvas, with the face as large as it is at a lane."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Landmarks, MemoryOnly
from stile.domain.quality import NEUTRAL_PITCH, pose
from stile.testing.presentations.camera import Light, Pixels, opencv

WIDTH, HEIGHT = 640, 480
INTER_EYE = 78.0
"""Pixels between the eyes on the canvas: somebody an arm's length away from a kiosk."""

NOSE_DEPTH = 0.5
"""How far the tip of a nose stands before the plane of the eyes, in inter-eye distances (about 3 of 6.3 cm)."""

BLACK = 10
"""Of 255. Pixels at the photograph's edge that are no brighter belong to no photograph."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Portrait(MemoryOnly):
    """`light`: the photograph on the canvas, float32 HEIGHT × WIDTH × 3, BGR. `covers`: float32, 1 where the
    photograph itself is and 0 where its edge was smeared on. `eyes`: the middle between the eyes; `nose`: its
    tip; pixels. `distance`: pixels between the eyes. `yaw`: degrees that the head is turned in the photograph."""

    light: Light
    covers: NDArray[np.float32]
    eyes: tuple[float, float]
    nose: tuple[float, float]
    distance: float
    yaw: float

    def found_again(self, face: DetectedFace) -> "Portrait":
        """With the landmarks of the face as it was found on the canvas: a detector places them a little
        differently in a picture of another size."""
        middle = (face.eyes[0] + face.eyes[1]) / 2
        below, turned = _nose_and_yaw(face)
        nose = (
            float(middle[0]) + pose(face).yaw * face.inter_eye_distance,
            float(middle[1]) + below * face.inter_eye_distance,
        )
        return replace(
            self,
            eyes=(float(middle[0]), float(middle[1])),
            nose=nose,
            distance=face.inter_eye_distance,
            yaw=turned,
        )


def portrait(photograph: Pixels, face: DetectedFace, distance: float = INTER_EYE) -> Portrait:
    """`photograph`: uint8 height × width × 3, BGR; `face`: found in it. Raises WrongValue for eyes that coincide."""
    cv2 = opencv()
    found = face.inter_eye_distance
    if found < 1:
        raise WrongValue("a face whose eyes coincide cannot be turned")
    seen = pose(face)
    middle = (face.eyes[0] + face.eyes[1]) / 2
    scale, roll = distance / found, math.radians(seen.roll_degrees)
    # Positive roll: the line between the eyes falls to the right of the picture; the picture is turned back.
    a, b = scale * math.cos(roll), scale * math.sin(roll)
    eyes = (WIDTH / 2, HEIGHT * 0.42)
    matrix = np.array(
        [
            [a, b, eyes[0] - a * middle[0] - b * middle[1]],
            [-b, a, eyes[1] + b * middle[0] - a * middle[1]],
        ]
    )
    size = (WIDTH, HEIGHT)
    sharp = cv2.warpAffine(photograph, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    inside = cv2.warpAffine(_shown(photograph), matrix, size)
    covers = cv2.erode(inside, np.ones((25, 25), np.uint8), borderType=cv2.BORDER_REPLICATE)
    covers = cv2.GaussianBlur(covers, (0, 0), 6.0).astype(np.float32)[:, :, None] / 255
    light = np.clip(_continued(sharp.astype(np.float32), covers), 0, 255)
    below, turned = _nose_and_yaw(face)
    nose = (eyes[0] + seen.yaw * distance, eyes[1] + below * distance)
    return Portrait(light, covers[:, :, 0], eyes, nose, distance, turned)


def _shown(photograph: Pixels) -> Pixels:
    """255 where there is a photograph, 0 in the black that an alignment left at its edges."""
    cv2 = opencv()
    dark = (photograph.max(axis=2) <= BLACK).astype(np.uint8)
    framed = cv2.copyMakeBorder(dark, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    cv2.floodFill(framed, None, (0, 0), 2)
    return np.where(framed[1:-1, 1:-1] == 2, 0, 255).astype(np.uint8)


def _continued(light: Light, covers: Light) -> Light:
    """What lies beyond the photograph's edge: its colours, ever more blurred. A head before a black frame would
    look like a face on a screen."""
    cv2 = opencv()
    size = (WIDTH // 8, HEIGHT // 8)
    shown = cv2.resize(light * covers, size, interpolation=cv2.INTER_AREA)
    known = cv2.resize(covers, size, interpolation=cv2.INTER_AREA)[:, :, None]
    mean = shown.sum(axis=(0, 1)) / max(1.0, float(known.sum()))
    filled, left = np.zeros_like(shown), np.ones_like(known)
    for spread in (1.0, 3.0, 9.0):
        near = cv2.GaussianBlur(shown, (0, 0), spread)
        weight = cv2.GaussianBlur(known, (0, 0), spread)[:, :, None]
        share = left * np.minimum(1, 4 * weight)
        filled += share * near / np.maximum(weight, 1e-4)
        left = left - share
    beyond = cv2.resize(filled + left * mean, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
    return np.asarray(light * covers + beyond * (1 - covers), np.float32)


def _nose_and_yaw(face: DetectedFace) -> tuple[float, float]:
    """How far the tip of the nose lies below the eyes, in inter-eye distances, and degrees that the head is turned.

    dlib gives the nose's base, which does not stand out; its tip lies above it.
    """
    seen = pose(face)
    below = seen.pitch + NEUTRAL_PITCH[face.scheme]
    if face.scheme is not Landmarks.EYES_NOSE_MOUTH:
        below *= 0.75
    return below, max(-30.0, min(30.0, math.degrees(math.atan(seen.yaw / NOSE_DEPTH))))
