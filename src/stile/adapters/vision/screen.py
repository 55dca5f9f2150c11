"""What a screen or a print leaves in a picture, without a trained network: moiré and banding on the face, and straight
edges around it. What is made of them is the domain's word (`liveness`).

Moiré is a beat between two grids, a screen's and a sensor's, so it shows as a lonely peak in the spectrum, where the
texture of skin, hair and cloth is spread out. Half a millisecond a frame.
"""

import numpy as np
from numpy.typing import NDArray

from stile.adapters.vision.networks import load_opencv
from stile.domain.faces import DetectedFace, Frame
from stile.domain.liveness import ScreenTraces

SIDE = 96
"""Pixels of the part of the face whose spectrum is looked at; never resized, which would wipe out what it looks for."""
LOWEST = 8
"""Cycles across SIDE: below lie the features of a face."""
PEAK = 10.0
"""How far a peak stands out that counts as 1. Of 611 press photographs none reached 4.1; of faces on a screen, as the
generator of `stile.testing.presentations` shows them, 95 % lie above 6.4."""
QUIET = 20.0
"""Added to what surrounds a peak, so that the noise of a dark or smooth face makes none."""
LONGEST = 160
"""Pixels of the longer side of the picture in which straight edges are looked for."""
STEP = 100
"""Least answer of Sobel's operator at an edge: a quarter of it in grey levels."""
UNBROKEN = 0.85
"""Share of the face's side along which the edge runs."""
REACH = 1.6
"""How far from the face an edge may lie, in widths and heights of its box: what is held up is not larger."""


class ScreenInspector:
    """One thread at a time."""

    def __init__(self) -> None:
        self._cv2 = load_opencv()
        ramp = np.hanning(SIDE).astype(np.float32)
        self._window = np.outer(ramp, ramp)
        self._ring = _ring()

    def traces(self, frame: Frame, face: DetectedFace) -> ScreenTraces:
        return ScreenTraces(min(1.0, self.peak(frame, face) / PEAK), self.border(frame, face))

    def border(self, frame: Frame, face: DetectedFace) -> float:
        """The share of the face's four sides along which a straight edge runs, as long as the face."""
        step = max(1, round(max(frame.width, frame.height) / LONGEST))
        grey = self._cv2.cvtColor(
            np.ascontiguousarray(frame.pixels[::step, ::step]), self._cv2.COLOR_BGR2GRAY
        )
        x, y, w, h = (round(value / step) for value in face.box)
        return (
            self._edges(grey[max(0, y) : y + h], 1, x, w) + self._edges(grey[:, max(0, x) : x + w], 0, y, h)
        ) / 4

    def _edges(self, band: NDArray[np.uint8], axis: int, start: int, length: int) -> int:
        """How many of the two sides of the face have an edge across nearly the whole band, rising or falling
        throughout; the edges of a room and of hair come and go."""
        steps = self._cv2.Sobel(band, self._cv2.CV_16S, axis, 1 - axis)
        wide = np.ones(
            (1, 3) if axis else (3, 1), np.uint8
        )  # an edge held a little askew moves to the next pixel
        rising, falling = self._cv2.dilate(steps, wide), self._cv2.erode(steps, wide)
        across = 1 - axis
        along = np.maximum((rising > STEP).mean(axis=across), (falling < -STEP).mean(axis=across))
        reach, near = round(REACH * length), round(0.08 * length)
        before = along[max(0, start - reach) : max(0, start - near)]
        after = along[start + length + near : start + length + reach]
        return sum(side.size > 0 and float(side.max()) >= UNBROKEN for side in (before, after))

    def peak(self, frame: Frame, face: DetectedFace) -> float:
        """How many times higher than what surrounds it the highest peak of the face's spectrum is. 0 for a face too
        near the edge to look at."""
        x, y, w, h = face.box
        left, top = int(x + w / 2 - SIDE / 2), int(y + h / 2 - SIDE / 2)
        if left < 0 or top < 0 or left + SIDE > frame.width or top + SIDE > frame.height:
            return 0.0
        grey = self._cv2.cvtColor(
            frame.pixels[top : top + SIDE, left : left + SIDE], self._cv2.COLOR_BGR2GRAY
        )
        flat = grey.astype(np.float32)
        flat -= self._cv2.GaussianBlur(flat, (0, 0), 3)
        spectrum = np.abs(np.fft.rfft2(flat * self._window)).astype(np.float32)
        around = self._cv2.medianBlur(spectrum, 5)
        return float(np.where(self._ring, spectrum / (around + QUIET), 0.0).max())


def _ring() -> NDArray[np.bool_]:
    """The frequencies that are looked at: high enough, and not those of a JPEG's blocks of 8 × 8."""
    down = np.abs(np.fft.fftfreq(SIDE, 1 / SIDE))
    across = np.fft.rfftfreq(SIDE, 1 / SIDE)
    high = np.hypot(down[:, None], across[None, :]) >= LOWEST
    blocks = SIDE // 8
    jpeg = np.zeros(SIDE, bool)
    jpeg[np.arange(0, SIDE, blocks)] = True
    on_axis = (down[:, None] <= 1) & jpeg[None, : across.size] | (across[None, :] <= 1) & jpeg[:, None]
    ring: NDArray[np.bool_] = high & ~on_axis
    return ring
