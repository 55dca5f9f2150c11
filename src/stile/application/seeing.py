"""From a frame to one usable face, or the one thing the person can do about it. The lane, the enrolment and every
measurement look through this same code, so that what is measured is what is done.

detect → who stands there → choose a face → pose → align → light and sharpness
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from stile.domain import quality
from stile.domain.faces import AlignedFace, DetectedFace, Frame, MemoryOnly
from stile.domain.quality import DEFAULT_LIMITS, Flaw, QualityLimits
from stile.domain.zone import Zone, standing_in
from stile.ports import Detector, Embedder


class Sees(Protocol):
    """What finds and aligns: `Eyes`, or a pack that is not calibrated yet."""

    @property
    def detector(self) -> Detector: ...

    @property
    def embedder(self) -> Embedder: ...


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Seen(MemoryOnly):
    """One usable face of a frame, not yet embedded."""

    face: DetectedFace
    aligned: AlignedFace

    def __repr__(self) -> str:
        return f"<Seen {self.face!r}>"


def detect(
    eyes: Sees, frame: Frame, zone: Zone | None = None, least_face: float = 0.0
) -> Sequence[DetectedFace]:
    """The faces of those who ask; who passes by outside the zone goes no further than this line."""
    return standing_in(eyes.detector.detect(frame), frame, zone, least_face)


def find(
    faces: Sequence[DetectedFace], frame: Frame, limits: QualityLimits = DEFAULT_LIMITS
) -> DetectedFace | Flaw:
    """One person's face, near enough and whole, wherever it looks."""
    face = quality.pick(faces, limits)
    return face if isinstance(face, Flaw) else quality.placed(face, frame, limits) or face


def prepare(
    eyes: Sees, frame: Frame, face: DetectedFace, limits: QualityLimits = DEFAULT_LIMITS
) -> Seen | Flaw:
    """The face ready to be embedded, if it looks at the camera, is lit and is sharp."""
    if turned := quality.posed(face, limits):
        return turned
    aligned = eyes.embedder.align(frame, face)
    return quality.assess(aligned, limits) or Seen(face, aligned)


def see(eyes: Sees, frame: Frame, limits: QualityLimits = DEFAULT_LIMITS) -> Seen | Flaw:
    """All of it in one go, for a picture of one person."""
    face = find(detect(eyes, frame), frame, limits)
    return face if isinstance(face, Flaw) else prepare(eyes, frame, face, limits)
