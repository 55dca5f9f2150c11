"""What a camera and a recogniser give: shapes and units are checked here, once, at construction.

Nothing in this file can be pickled or printed in full: a frame, a face's features and a probe live in
memory only (law 1), and a `repr` that showed them would put them into the first log that catches an error.
"""

import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import WrongValue
from stile.domain.ids import PackId

UNIT_TOLERANCE = 1e-3
SMALLEST_FRAME = 16
SMALLEST_ALIGNED = 16
"""Pixels each way. Below three the sharpness of an aligned face is the variance of nothing."""


class MemoryOnly:
    """Refuses to leave memory: no pickling (so no queue between processes, no cache on disk), no `copy`."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} lives in memory only and is never written (law 1)")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Frame(MemoryOnly):
    """One picture. `pixels`: uint8, height × width × 3, BGR. `at`: seconds on a monotonic clock."""

    pixels: NDArray[np.uint8]
    at: float = 0.0

    def __post_init__(self) -> None:
        if self.pixels.dtype != np.uint8 or self.pixels.ndim != 3 or self.pixels.shape[2] != 3:
            raise WrongValue(
                f"a frame is uint8 of height × width × 3, not {self.pixels.dtype} {self.pixels.shape}"
            )
        if min(self.pixels.shape[:2]) < SMALLEST_FRAME:
            raise WrongValue(
                f"a frame is at least {SMALLEST_FRAME} pixels each way, not {self.width} × {self.height}"
            )

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.pixels.shape[0])

    @property
    def fingerprint(self) -> int:
        """The same for the same picture, and for no other that a sensor gives: CRC-32 over each eighth row."""
        return zlib.crc32(self.pixels[::8].tobytes())

    def __repr__(self) -> str:
        return f"<Frame {self.width}×{self.height}>"


class Landmarks(StrEnum):
    """Which five points a detector gives; `right` and `left` are the person's own.

    EYES_NOSE_MOUTH: right eye, left eye, nose tip, right mouth corner, left mouth corner (YuNet).
    EYE_CORNERS_NOSE: left eye's outer and inner corner, right eye's outer and inner corner, base of the
    nose (dlib's five-point predictor).
    """

    EYES_NOSE_MOUTH = "eyes-nose-mouth"
    EYE_CORNERS_NOSE = "eye-corners-nose"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class DetectedFace(MemoryOnly):
    """A face found in a frame.

    `box`: x, y, width, height in pixels, may reach over the edge. `points`: float32 5 × 2, pixels, in the
    order that `scheme` states. `confidence`: the detector's own, 0 to 1.
    """

    box: tuple[float, float, float, float]
    points: NDArray[np.float32]
    confidence: float
    scheme: Landmarks = Landmarks.EYES_NOSE_MOUTH

    def __post_init__(self) -> None:
        if self.points.dtype != np.float32 or self.points.shape != (5, 2):
            raise WrongValue(f"landmarks are float32 of 5 × 2, not {self.points.dtype} {self.points.shape}")
        if not np.isfinite(self.points).all():
            raise WrongValue("landmarks are finite, and one of these is not")
        if not np.isfinite(self.box).all() or self.box[2] <= 0 or self.box[3] <= 0:
            raise WrongValue(f"a face's box has a width and a height, not {self.box[2]} × {self.box[3]}")
        if not 0 <= self.confidence <= 1:
            raise WrongValue(f"a detector's confidence lies between 0 and 1, not {self.confidence}")

    @property
    def eyes(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Centres of the right and the left eye, pixels."""
        p = self.points
        if self.scheme is Landmarks.EYES_NOSE_MOUTH:
            return p[0], p[1]
        return p[2:4].mean(axis=0), p[0:2].mean(axis=0)

    @property
    def nose(self) -> NDArray[np.float32]:
        """Tip (YuNet) or base (dlib) of the nose, pixels."""
        row: NDArray[np.float32] = self.points[2 if self.scheme is Landmarks.EYES_NOSE_MOUTH else 4]
        return row

    @property
    def inter_eye_distance(self) -> float:
        """Pixels between the eye centres (ISO/IEC 29794-5)."""
        right, left = self.eyes
        return float(np.hypot(*(left - right)))

    @property
    def area(self) -> float:
        """Square pixels of the box."""
        return self.box[2] * self.box[3]

    def __repr__(self) -> str:
        return f"<DetectedFace {self.box[2]:.0f}×{self.box[3]:.0f}>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _UnitVector(MemoryOnly):
    """`vector`: float32, D, length 1, compared by cosine. `pack`: the model pack that made it."""

    vector: NDArray[np.float32]
    pack: PackId

    def __post_init__(self) -> None:
        if self.vector.dtype != np.float32 or self.vector.ndim != 1 or self.vector.size < 2:
            raise WrongValue(f"a vector is float32 of one axis, not {self.vector.dtype} {self.vector.shape}")
        length = float(np.linalg.norm(self.vector))
        if not abs(length - 1.0) <= UNIT_TOLERANCE:
            raise WrongValue(f"a vector has length 1, not {length:.4f}")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.pack} {self.vector.size}-d>"


class Features(_UnitVector):
    """What a recogniser makes of one face in one frame (ISO/IEC 2382-37: biometric features)."""

    __slots__ = ()


class Probe(_UnitVector):
    """The fused features of one attempt, to be compared with the gallery. Never stored."""

    __slots__ = ()


class Template(_UnitVector):
    """The fused features of one enrolment. Stored only sealed, and only under a live consent (law 2)."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class AlignedFace(MemoryOnly):
    """A face cut out and turned upright by least-squares similarity, as its recogniser wants it.

    `pixels`: uint8, side × side × 3, BGR.
    """

    pixels: NDArray[np.uint8]

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) != 3 or shape[0] != shape[1] or shape[2] != 3:
            raise WrongValue(f"an aligned face is uint8 of side × side × 3, not {self.pixels.dtype} {shape}")
        if shape[0] < SMALLEST_ALIGNED:
            raise WrongValue(
                f"an aligned face is at least {SMALLEST_ALIGNED} pixels each way, not {shape[0]}"
            )

    def __repr__(self) -> str:
        return f"<AlignedFace {self.pixels.shape[0]}>"
