"""What a cheap camera does to light, and the room that it looks into."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import NotConfigured

Pixels = NDArray[np.uint8]
Light = NDArray[np.float32]
"""Height × width × 3, BGR, 0 to 255, not yet rounded."""

NOISE = 2.0
"""Standard deviation of the sensor's noise at middle grey, in steps of 256."""


SPARE = 160
"""Pixels each way by which the noise is larger than a picture: 25,600 pieces of it."""


def opencv() -> Any:
    """Raises NotConfigured when it is not installed."""
    try:
        import cv2
    except ImportError:
        raise NotConfigured("Making films needs OpenCV: install Stile with its `vision` extra.") from None
    return cv2


class Sensor:
    """Takes pictures. Its noise is drawn once, larger than a picture, and each picture gets another piece of it."""

    def __init__(self, rng: np.random.Generator, width: int, height: int, noise: float = NOISE) -> None:
        self._rng = rng
        drawn = rng.standard_normal((height + SPARE, width + SPARE, 3), np.float32)
        self._noise = drawn * np.float32(noise)

    def take(self, light: Light, exposure: float = 1.0) -> Pixels:
        """One picture: exposed, with noise that grows with the light, clipped."""
        seen = light * np.float32(exposure)
        down, across = (int(one) for one in self._rng.integers(0, SPARE, 2))
        spread = seen * np.float32(0.5 / 128) + np.float32(0.5)
        spread *= self._noise[down : down + seen.shape[0], across : across + seen.shape[1]]
        seen += spread
        return np.asarray(np.clip(np.rint(seen, out=seen), 0, 255), np.uint8)


def room(rng: np.random.Generator, width: int, height: int) -> Light:
    """A wall, a floor, a door and a few things, out of focus."""
    cv2 = opencv()
    wall = rng.uniform(120, 190) + rng.uniform(-14, 14, 3)
    scene = np.empty((height, width, 3), np.float32)
    scene[:] = wall * np.linspace(1.08, 0.85, height)[:, None, None]
    scene *= np.linspace(rng.uniform(0.8, 1), rng.uniform(0.9, 1.1), width)[None, :, None]
    floor = round(height * rng.uniform(0.72, 0.85))
    scene[floor:] = rng.uniform(60, 110) + rng.uniform(-12, 12, 3)
    for _ in range(int(rng.integers(3, 7))):
        left, top = int(rng.integers(-40, width)), int(rng.integers(-40, floor))
        size = int(rng.integers(30, 150)), int(rng.integers(40, 260))
        colour = [float(one) for one in rng.uniform(40, 220) + rng.uniform(-40, 40, 3)]
        cv2.rectangle(scene, (left, top), (left + size[0], min(floor, top + size[1])), colour, -1)
    blurred: Light = cv2.GaussianBlur(scene, (0, 0), 4.0)
    return np.clip(blurred, 0, 255)
