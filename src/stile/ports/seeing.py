"""What sees: from a picture to features."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from stile.domain.calibration import Calibration
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame
from stile.domain.ids import (
    PackId,
)
from stile.domain.liveness import ScreenTraces


class Detector(Protocol):
    """Finds faces. Not thread-safe: one thread at a time may use one instance."""

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        """Every face found, largest first; empty when there is none."""
        ...


class Embedder(Protocol):
    """Turns one face into features. Not thread-safe."""

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        """The face upright and cut out, by a least-squares similarity of its landmarks."""
        ...

    def embed(self, aligned: AlignedFace) -> Features:
        """Unit length; the pack's id is set."""
        ...


class LivenessModel(Protocol):
    """Opinions about one frame; the domain decides over several. Not thread-safe."""

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        """Each network's probability of a bona fide presentation, 0 to 1, always in the same order."""
        ...


class Inspector(Protocol):
    """Looks for what a screen or a print leaves in a picture; needs no training. Not thread-safe."""

    def traces(self, frame: Frame, face: DetectedFace) -> ScreenTraces:
        """Stripes on the face, and straight edges around it."""
        ...


@dataclass(frozen=True, slots=True)
class Eyes:
    """One loaded pack: what sees, for one thread. `liveness` is None where the pack has no such model."""

    pack: PackId
    dimensions: int
    detector: Detector
    embedder: Embedder
    liveness: LivenessModel | None
    inspector: Inspector
    calibration: Calibration


class EyesPool(Protocol):
    """Lends one set of eyes to one thread at a time. Parallel work is parallel sets."""

    @property
    def pack(self) -> PackId: ...

    @property
    def dimensions(self) -> int: ...

    @property
    def calibration(self) -> Calibration: ...

    @property
    def frames(self) -> int:
        """How many good frames an attempt should fuse with this pack."""
        ...

    @property
    def detects_liveness(self) -> bool: ...

    def lend(self) -> AbstractContextManager[Eyes]:
        """Blocks until a set is free."""
        ...


class PictureReader(Protocol):
    def read(self, data: bytes) -> Frame:
        """Upright (EXIF applied), 8-bit BGR, at most 1,600 pixels on its longer side.

        Looks at the header before it decodes: a picture over 50 megapixels is refused without the memory.
        Raises BadPicture, with one line, for whatever cannot be looked at.
        """
        ...
