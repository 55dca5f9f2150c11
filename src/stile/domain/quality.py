"""One usable face, or the one thing the person can do about it.

Measures follow ISO/IEC 29794-5 where a CPU can afford them: inter-eye distance, head pose from the five
points, sharpness, exposure, cropping, number of faces. Every refusal is something a person can act on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stile.domain.errors import WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Frame, Landmarks


class Flaw(StrEnum):
    """Why a frame was not used. `advice` says what to do about it, to the person in front of the camera."""

    NO_FACE = "no face"
    SEVERAL_FACES = "several faces"
    TOO_FAR = "too far"
    TOO_CLOSE = "too close"
    CUT_OFF = "cut off"
    TURNED = "turned"
    TILTED = "tilted"
    TOO_DARK = "too dark"
    TOO_BRIGHT = "too bright"
    UNEVEN = "uneven light"
    BLURRED = "blurred"

    @property
    def advice(self) -> str:
        return ADVICE[self]


ADVICE = {
    Flaw.NO_FACE: "Look at the camera",
    Flaw.SEVERAL_FACES: "One person at a time, please",
    Flaw.TOO_FAR: "Come a little closer",
    Flaw.TOO_CLOSE: "Step back a little",
    Flaw.CUT_OFF: "Move to the middle of the picture",
    Flaw.TURNED: "Turn towards the camera",
    Flaw.TILTED: "Hold your head upright",
    Flaw.TOO_DARK: "It is too dark here: turn towards the light",
    Flaw.TOO_BRIGHT: "It is too bright here: turn away from the light",
    Flaw.UNEVEN: "Half of your face is in shadow: turn towards the light",
    Flaw.BLURRED: "Hold still for a moment",
}


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """What a frame must hold to be used.

    inter_eye_px: least distance of the eye centres, pixels. ISO/IEC 19794-5 asks 90 for a passport; a door
    asks less, and the recognisers here are trained on faces with 35.
    largest_share: largest part of the frame's area that the face's box may fill.
    yaw, pitch: how far the nose may stray from its neutral place, in inter-eye distances.
    roll_degrees: tilt of the line between the eyes.
    darkest, brightest: mean luminance of the aligned face, 0 to 255.
    unevenness: largest difference of the mean luminance of the two halves of the aligned face, as a share of the
    whole's.
    sharpness: least variance of the Laplacian of the aligned face.
    second_face: a second face larger than this share of the first one's area means two people.

    Measured on 4,148 photographs (Labeled Faces in the Wild): with these yaw, pitch, light and sharpness
    together refuse 2 % at the lane with either detector. Blur of 2.5 pixels, light below 20 and
    clipped highlights each multiply FNMR by three to six, and are refused; docs/decisions/0006, and what each
    limit costs: docs/decisions/0013.
    """

    inter_eye_px: float = 32.0
    largest_share: float = 0.75
    yaw: float = 0.38
    pitch: float = 0.28
    roll_degrees: float = 30.0
    darkest: float = 30.0
    brightest: float = 210.0
    unevenness: float = 1.0
    sharpness: float = 8.0
    second_face: float = 0.35

    def __post_init__(self) -> None:
        if not 0 < self.second_face <= 1:
            raise WrongValue(f"second_face is a share between 0 and 1, not {self.second_face}")
        if self.darkest >= self.brightest:
            raise WrongValue("darkest must be less than brightest")
        for name in (
            "inter_eye_px",
            "largest_share",
            "yaw",
            "pitch",
            "roll_degrees",
            "unevenness",
            "sharpness",
        ):
            if not getattr(self, name) >= 0:
                raise WrongValue(f"{name} is 0 or more, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class EnrolmentLimits(QualityLimits):
    """Stricter than at the lane: what is wrong with a template is wrong for every comparison to come."""

    inter_eye_px: float = 40.0
    yaw: float = 0.28
    pitch: float = 0.22
    roll_degrees: float = 20.0
    darkest: float = 45.0
    brightest: float = 195.0
    unevenness: float = 0.7
    sharpness: float = 15.0
    second_face: float = 0.15


DEFAULT_LIMITS = QualityLimits()
ENROLMENT_LIMITS = EnrolmentLimits()

NEUTRAL_PITCH = {Landmarks.EYES_NOSE_MOUTH: 0.57, Landmarks.EYE_CORNERS_NOSE: 0.76}
"""How far below the eyes the nose lies when a head looks straight ahead, in inter-eye distances: the median
over 4,148 photographs of people who mostly look ahead (Labeled Faces in the Wild)."""


@dataclass(frozen=True, slots=True)
class Pose:
    """yaw: positive when the head turns to the person's own left; pitch: positive when it looks down.
    Both in inter-eye distances from neutral. roll_degrees: tilt of the line between the eyes, positive when the
    head leans to the person's own left."""

    yaw: float
    pitch: float
    roll_degrees: float


def pose(face: DetectedFace) -> Pose:
    """Head pose from the eyes and the nose, without a model. Coarse, and enough to ask someone to turn."""
    right, left = face.eyes
    across = (left - right).astype(float)
    distance = float(np.hypot(*across)) or 1.0
    across /= distance
    down = np.array([-across[1], across[0]])
    nose = (face.nose - (right + left) / 2).astype(float) / distance
    return Pose(
        yaw=float(nose @ across),
        pitch=float(nose @ down) - NEUTRAL_PITCH[face.scheme],
        roll_degrees=float(np.degrees(np.arctan2(across[1], across[0]))),
    )


def pick(faces: Sequence[DetectedFace], limits: QualityLimits = DEFAULT_LIMITS) -> DetectedFace | Flaw:
    """The one face to look at: the largest, unless a second one is so large that two people stand there."""
    if not faces:
        return Flaw.NO_FACE
    first, *others = sorted(faces, key=lambda face: face.area, reverse=True)
    if others and others[0].area > limits.second_face * first.area:
        return Flaw.SEVERAL_FACES
    return first


def placed(face: DetectedFace, frame: Frame, limits: QualityLimits = DEFAULT_LIMITS) -> Flaw | None:
    """Whether the face is near enough and wholly in the picture."""
    if face.inter_eye_distance < limits.inter_eye_px:
        return Flaw.TOO_FAR
    inside = (face.points >= 0).all() and (face.points < (frame.width, frame.height)).all()
    if not inside:
        return Flaw.CUT_OFF
    if face.area > limits.largest_share * frame.width * frame.height:
        return Flaw.TOO_CLOSE
    return None


def posed(face: DetectedFace, limits: QualityLimits = DEFAULT_LIMITS) -> Flaw | None:
    """Whether the head looks at the camera."""
    turned = pose(face)
    if abs(turned.roll_degrees) > limits.roll_degrees:
        return Flaw.TILTED
    if abs(turned.yaw) > limits.yaw or abs(turned.pitch) > limits.pitch:
        return Flaw.TURNED
    return None


def choose(
    faces: Sequence[DetectedFace], frame: Frame, limits: QualityLimits = DEFAULT_LIMITS
) -> DetectedFace | Flaw:
    """The one face to look at, near, whole and looking at the camera, or the first thing that is wrong."""
    face = pick(faces, limits)
    if isinstance(face, Flaw):
        return face
    return placed(face, frame, limits) or posed(face, limits) or face


def assess(aligned: AlignedFace, limits: QualityLimits = DEFAULT_LIMITS) -> Flaw | None:
    """Light and sharpness of the aligned face; None when it may be used."""
    grey = _luminance(aligned.pixels)
    mean = float(grey.mean())
    if mean < limits.darkest:
        return Flaw.TOO_DARK
    if mean > limits.brightest:
        return Flaw.TOO_BRIGHT
    half = grey.shape[1] // 2
    if abs(float(grey[:, :half].mean()) - float(grey[:, -half:].mean())) > limits.unevenness * mean:
        return Flaw.UNEVEN
    if _laplacian_variance(grey) < limits.sharpness:
        return Flaw.BLURRED
    return None


def _luminance(bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    return bgr.astype(np.float32) @ np.array([0.114, 0.587, 0.299], np.float32)


def _laplacian_variance(grey: NDArray[np.float32]) -> float:
    laplacian = grey[:-2, 1:-1] + grey[2:, 1:-1]
    laplacian += grey[1:-1, :-2]
    laplacian += grey[1:-1, 2:]
    laplacian -= 4 * grey[1:-1, 1:-1]
    return float(laplacian.var())
