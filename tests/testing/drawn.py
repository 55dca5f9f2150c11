"""A drawn face whose landmarks are coloured spots, which can be found again without any model, and eyes that do it."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame
from stile.testing import FAKE_PACK, FakeEyes, presentations
from stile.testing.eyes import DIMENSIONS
from stile.testing.presentations import Portrait

POINTS = np.array([(90, 100), (170, 100), (130, 146), (98, 188), (162, 188)], np.float32)
COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (255, 0, 255))
"""Blue, green, red, cyan, magenta: right eye, left eye, nose, the corners of the mouth."""


def picture(points: NDArray[np.float32] = POINTS) -> NDArray[np.uint8]:
    drawn = np.full((280, 260, 3), (150, 160, 170), np.uint8)
    cv2.ellipse(drawn, (130, 130), (100, 125), 0, 0, 360, (120, 120, 120), -1)
    for (x, y), colour in zip(points, COLOURS, strict=True):
        cv2.circle(drawn, (round(float(x)), round(float(y))), 7, colour, -1)
    return drawn


def face(points: NDArray[np.float32] = POINTS) -> DetectedFace:
    return DetectedFace((30, 20, 200, 220), points, 0.99)


def drawn(points: NDArray[np.float32] = POINTS) -> Portrait:
    return presentations.portrait(picture(points), face(points))


def find(frame: NDArray[np.uint8], least: int = 20) -> NDArray[np.float32] | None:
    """Where the five spots are, pixels; None where one is not in the picture, or has fewer than `least` of them."""
    found = []
    hsv = cv2.cvtColor(cv2.GaussianBlur(frame, (0, 0), 1.5), cv2.COLOR_BGR2HSV)
    for colour in COLOURS:
        hue = int(cv2.cvtColor(np.full((1, 1, 3), colour, np.uint8), cv2.COLOR_BGR2HSV)[0, 0, 0])
        off = np.abs(hsv[:, :, 0].astype(int) - hue)
        like = ((np.minimum(off, 180 - off) < 12) & (hsv[:, :, 1] > 110)).astype(np.uint8)
        _, _, areas, middles = cv2.connectedComponentsWithStats(like)
        if len(areas) < 2:
            return None
        largest = 1 + int(np.argmax(areas[1:, cv2.CC_STAT_AREA]))
        if areas[largest, cv2.CC_STAT_AREA] <= least:
            return None
        found.append(middles[largest])
    return np.array(found, np.float32)


def spots(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    found = find(frame)
    assert found is not None, "a spot is not in the picture"
    return found


class EyesForSpots(FakeEyes):
    """Finds drawn faces; all of them are one person's. `opinion`: what both networks say of whatever they see."""

    opinion = 0.95

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        found = find(frame.pixels[::2, ::2], 6)
        if found is None:
            return []
        points = 2 * found
        x, y = points.mean(axis=0)
        height = 2.4 * float(points[3:, 1].mean() - points[:2, 1].mean())
        box = (float(x) - height * 0.4, float(y) - height * 0.55, height * 0.8, height)
        return [DetectedFace(box, points, 0.99)]

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        x, y = (round(float(one)) for one in face.points.mean(axis=0))
        return AlignedFace(np.ascontiguousarray(frame.pixels[y - 56 : y + 56, x - 56 : x + 56]))

    def embed(self, aligned: AlignedFace) -> Features:
        vector = np.random.default_rng(1).standard_normal(DIMENSIONS)
        return Features((vector / np.linalg.norm(vector)).astype(np.float32), FAKE_PACK)

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        return (self.opinion, self.opinion)
