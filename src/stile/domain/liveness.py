"""A real person, or not shown to be one. Never judged on one network's word about one frame alone; `Unsure` means a
head turn, where the lane can ask for one, or the card, politely, and never an accusation.

Terms of ISO/IEC 30107-3: bona fide presentation, presentation attack.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

import numpy as np

from stile.domain.challenge import Phase
from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Landmarks, MemoryOnly


class LivenessMode(StrEnum):
    """What a lane asks for. OFF is for lanes under a receptionist's eyes, and is warned of. PASSIVE asks for head turns
    only where looking left it unsure; PASSIVE_ACTIVE asks everybody."""

    OFF = "off"
    PASSIVE = "passive"
    PASSIVE_ACTIVE = "passive+active"


class Telltale(StrEnum):
    """What gave a presentation attack away. Says nothing of the person in the picture."""

    NETWORKS = "the networks take it for a picture"
    FLAT = "it moves as a plane"
    STILL = "exactly the same picture came again"


@dataclass(frozen=True, slots=True)
class Live:
    """Taken for a bona fide presentation."""


@dataclass(frozen=True, slots=True)
class Spoof:
    """Taken for a presentation attack."""

    by: Telltale


@dataclass(frozen=True, slots=True)
class Unsure:
    """Not shown to be one or the other. `after_turns`: head turns were asked for, and were not as asked."""

    after_turns: bool = False


LivenessVerdict = Live | Spoof | Unsure


@dataclass(frozen=True, slots=True)
class ScreenTraces:
    """What a screen or a print leaves in a picture, each 0 to 1. `stripes`: moiré and banding on the face. `border`:
    straight edges around it."""

    stripes: float
    border: float

    def __post_init__(self) -> None:
        if not (0 <= self.stripes <= 1 and 0 <= self.border <= 1):
            raise WrongValue("the traces of a screen are shares between 0 and 1")


@dataclass(frozen=True, slots=True)
class LivenessLimits:
    """live, spoof: bounds on the mean bona fide probability over an attempt's frames and networks.
    least_frames: fewer are no evidence. doubt: where one network's own mean is lower, the networks contradict each
    other and nothing is shown. stripes, border: traces of a screen above these are doubt too.
    foreshortened: the ratio at which five landmarks have turned far enough to tell a plane from a head (cos 23°).
    relief: how far a nose must then have left the plane of eyes and mouth, inter-eye distances.
    same_for: seconds for which one picture, to the last bit, may come again: a slow camera's frame is sent twice.
    """

    live: float = 0.7
    spoof: float = 0.3
    least_frames: int = 2
    doubt: float = 0.35
    stripes: float = 0.5
    border: float = 0.5
    foreshortened: float = 0.92
    relief: float = 0.05
    same_for: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.spoof < self.live <= 1:
            raise WrongValue(f"expected 0 ≤ spoof < live ≤ 1, not {self.spoof} and {self.live}")


DEFAULT_LIMITS = LivenessLimits()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Glimpse(MemoryOnly):
    """What one tracked frame shows of liveness. `opinions`: each network's probability of a bona fide presentation, 0
    to 1; empty where the pack has none or the frame was too poor to ask. `picture`: a fingerprint of all pixels."""

    at: float
    face: DetectedFace
    picture: int
    opinions: Sequence[float] = ()
    traces: ScreenTraces | None = None

    def __repr__(self) -> str:
        return "<Glimpse>"


def judge(
    mode: LivenessMode,
    seen: Sequence[Glimpse],
    challenge: Phase | None = None,
    limits: LivenessLimits = DEFAULT_LIMITS,
) -> LivenessVerdict:
    """All frames of an attempt together. `challenge`: how the head turns ended; None when none were asked for.

    Physics first, which no training data can blind; then the networks; then the challenge, which settles a doubt but
    never overrules a sign of an attack.
    """
    if mode is LivenessMode.OFF:
        return Live()
    if telltale := _telltale(seen, limits):
        return Spoof(telltale)
    if challenge is Phase.PASSED:
        return Live()
    if mode is LivenessMode.PASSIVE_ACTIVE or challenge is not None:
        return Unsure(after_turns=challenge is not None)
    return Live() if _looks_live(seen, limits) else Unsure()


def asks_for_turns(mode: LivenessMode, verdict: LivenessVerdict) -> bool:
    """Whether head turns are to be asked for after looking. An attack that shows is not given a second chance."""
    return mode is not LivenessMode.OFF and isinstance(verdict, Unsure)


def _telltale(seen: Sequence[Glimpse], limits: LivenessLimits) -> Telltale | None:
    if came_again([(one.at, one.picture) for one in seen], limits.same_for):
        return Telltale.STILL
    if moves_as_a_plane([one.face for one in seen], limits):
        return Telltale.FLAT
    asked = [fmean(one.opinions) for one in seen if one.opinions]
    if len(asked) >= limits.least_frames and fmean(asked) < limits.spoof:
        return Telltale.NETWORKS
    return None


def _looks_live(seen: Sequence[Glimpse], limits: LivenessLimits) -> bool:
    """A number that is no probability is no opinion: one logit of 5 would outvote every honest frame."""
    asked = [one.opinions for one in seen if one.opinions]
    if len(asked) < limits.least_frames or not all(0 <= each <= 1 for one in asked for each in one):
        return False
    traces = [one.traces for one in seen if one.traces]
    if traces and (
        median(one.stripes for one in traces) > limits.stripes
        or median(one.border for one in traces) > limits.border
    ):
        return False
    by_network = [fmean(of_one) for of_one in zip(*asked, strict=True)]
    return fmean(by_network) >= limits.live and min(by_network) >= limits.doubt


def came_again(pictures: Sequence[tuple[float, int]], same_for: float) -> bool:
    """Whether a picture came back, to the last bit, after another one, or stood still for longer than a slow camera's
    does. A sensor's noise never repeats; a still that is injected, or a film that loops, does.
    `pictures`: seconds and fingerprints, in order of time."""
    known: set[int] = set()
    standing, since = None, 0.0
    for at, picture in pictures:
        if picture == standing:
            if at - since > same_for:
                return True
        elif picture in known:
            return True
        else:
            known.add(picture)
            standing, since = picture, at
    return False


def moves_as_a_plane(faces: Sequence[DetectedFace], limits: LivenessLimits = DEFAULT_LIMITS) -> bool:
    """Whether the face turned, and the nose stayed in the plane of eyes and mouth while it did.

    Between two views a plane's points move by one affinity (weak perspective; Hartley and Zisserman, Multiple View
    Geometry, 2004, ch. 14). It is fitted to eyes and mouth corners and tried on the nose, which stands out of a head by
    half an inter-eye distance. Only pairs that were foreshortened far enough say anything. Needs mouth corners; of
    dlib's landmarks, whose eyes lie on one line, it says nothing.
    """
    usable = [(_breadth(face), face) for face in faces if face.scheme is Landmarks.EYES_NOSE_MOUTH]
    if len(usable) < 2:
        return False
    usable.sort(key=lambda one: one[0])
    broadest, first = usable[-1]
    # Least squares is left to the few views that may be turned far enough: it stands on the frame's path.
    turned = [
        face for breadth, face in usable[:MOST_VIEWS] if breadth <= NEARLY * limits.foreshortened * broadest
    ]
    told = [out for ratio, out in (relief(first, face) for face in turned) if ratio <= limits.foreshortened]
    return bool(told) and median(told) < limits.relief


MOST_VIEWS = 8
NEARLY = 1.04
"""A view whose face is so much broader than one that is turned far enough cannot be."""


def _breadth(face: DetectedFace) -> float:
    """Inter-eye distance over the distance from the eyes to the mouth."""
    (ax, ay), (bx, by), _, (cx, cy), (dx, dy) = face.points.tolist()
    return math.hypot(bx - ax, by - ay) / (math.hypot(ax + bx - cx - dx, ay + by - cy - dy) / 2 or 1.0)


def relief(first: DetectedFace, other: DetectedFace) -> tuple[float, float]:
    """How far the other view is foreshortened against the first (1: not at all), and how far its nose left the plane of
    eyes and mouth corners, in the first view's inter-eye distances."""
    frame = first.points[[0, 1, 3, 4]].astype(np.float64)
    seen = other.points[[0, 1, 3, 4]].astype(np.float64)
    affinity, *_ = np.linalg.lstsq(np.c_[frame, np.ones(4)], seen, rcond=None)
    large, small = np.linalg.svd(affinity[:2], compute_uv=False)
    expected = np.array([*first.nose, 1.0]) @ affinity
    distance = float(np.hypot(*(other.nose - expected)))
    return float(small / large), distance / (first.inter_eye_distance * float(large))
