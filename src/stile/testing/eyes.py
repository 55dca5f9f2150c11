"""Eyes that read who somebody is from a coded picture, so that a test can say who stands there.

`picture_of(3)` is a picture of the person 3. Each person's features are a random direction of their own; a
`variation` moves them a little, as light and pose would.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from stile.domain.calibration import Calibration, OperatingPoint
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame
from stile.domain.ids import PackId
from stile.domain.liveness import ScreenTraces
from stile.ports import Eyes

FAKE_PACK = PackId("fake")
DIMENSIONS = 64
SIZE = 240

CALIBRATION = Calibration(
    FAKE_PACK,
    "random directions in 64 dimensions, made up by the fake itself",
    1_000_000,
    2_000,
    (
        OperatingPoint(0.20, 6e-2, 0.0),
        OperatingPoint(0.40, 7e-4, 0.0),
        OperatingPoint(0.50, 3e-5, 0.0),
        OperatingPoint(0.60, 1e-6, 0.0),
        OperatingPoint(0.70, 3e-8, 0.0),
    ),
)


def picture_of(
    *people: int, variation: int = 0, dark: bool = False, bona_fide: float = 1.0, yaw: float = 0.0
) -> Frame:
    """A frame of the given people, side by side; without any, of nobody. `yaw`: how far they turn their heads to their
    own left, as `quality.pose` measures it."""
    rng = np.random.default_rng([variation, *people])
    low, high = (0, 8) if dark else (60, 200)
    pixels = rng.integers(low, high, (SIZE, SIZE * max(1, len(people)), 3), dtype=np.uint8)
    pixels[0, :8] = 0
    pixels[0, 0] = (len(people), variation, round(bona_fide * 255))
    pixels[1, 0] = round(128 + yaw * 100)
    for place, who in enumerate(people):
        pixels[0, place + 1] = (who % 256, who // 256, 0)
    return Frame(pixels)


class FakeEyes:
    """Detector, embedder and liveness model in one. `calls` counts what was asked of it."""

    def __init__(self) -> None:
        self.calls: dict[str, int] = {"detect": 0, "embed": 0, "liveness": 0}
        self.breaks = False
        self.leaves = ScreenTraces(0.0, 0.0)

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        self.calls["detect"] += 1
        if self.breaks:
            raise RuntimeError("a model failed, and its text might hold a face")
        faces = []
        for place in range(int(frame.pixels[0, 0, 0])):
            left = place * SIZE
            nose = 120 + 70 * (int(frame.pixels[1, 0, 0]) - 128) / 100
            points = np.array([(85, 90), (155, 90), (nose, 131), (95, 170), (145, 170)], np.float32)
            faces.append(
                DetectedFace((left + 50, 40, 140, 170), points + np.array([left, 0], np.float32), 0.99)
            )
        return faces

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        place = int(face.box[0]) // SIZE
        patch = frame.pixels[40:152, place * SIZE + 50 : place * SIZE + 162].copy()
        patch[0, 0], patch[0, 1] = frame.pixels[0, place + 1], frame.pixels[0, 0]
        return AlignedFace(patch)

    def embed(self, aligned: AlignedFace) -> Features:
        self.calls["embed"] += 1
        low, high, _ = (int(value) for value in aligned.pixels[0, 0])
        variation = int(aligned.pixels[0, 1, 1])
        vector = _direction([low, high]) + 0.35 * _direction([low, high, 7, variation])
        return Features((vector / np.linalg.norm(vector)).astype(np.float32), FAKE_PACK)

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        del face
        self.calls["liveness"] += 1
        return (int(frame.pixels[0, 0, 2]) / 255,) * 2

    def traces(self, frame: Frame, face: DetectedFace) -> ScreenTraces:
        del frame, face
        return self.leaves


class FakePool:
    """One set of fake eyes, lent to whoever asks."""

    pack = FAKE_PACK
    dimensions = DIMENSIONS
    calibration = CALIBRATION
    detects_liveness = True
    frames = 3

    def __init__(self) -> None:
        self.eyes = FakeEyes()

    @contextmanager
    def lend(self) -> Iterator[Eyes]:
        yield Eyes(FAKE_PACK, DIMENSIONS, self.eyes, self.eyes, self.eyes, self.eyes, CALIBRATION)


def _direction(seed: Sequence[int]) -> np.ndarray:
    vector = np.random.default_rng(seed).standard_normal(DIMENSIONS)
    return np.asarray(vector / np.linalg.norm(vector))
