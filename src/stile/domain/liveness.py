"""A real person, or not shown to be one. Never judged on one network's word about one frame alone; `Unsure` means a
head turn, where the lane can ask for one, or the card, politely, and never an accusation.

Terms of ISO/IEC 30107-3: bona fide presentation, presentation attack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median

from stile.domain.challenge import Phase
from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, MemoryOnly
from stile.domain.relief import moves_as_a_plane


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
    STRIPES = "it is striped as a screen or a print is"


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
    other and nothing is shown. stripes: more of them on the face, over several frames, are a screen's. border: straight
    edges around it above this are doubt; a person may stand before a window.
    same_for: seconds for which one picture, to the last bit, may stand: a slow camera's frame is sent twice, and a
    camera may stall.
    """

    live: float = 0.7
    spoof: float = 0.3
    least_frames: int = 2
    doubt: float = 0.35
    stripes: float = 0.45
    border: float = 0.5
    same_for: float = 2.0

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
    if moves_as_a_plane([one.face for one in seen]):
        return Telltale.FLAT
    striped = [one.traces.stripes for one in seen if one.traces]
    if len(striped) >= limits.least_frames and median(striped) > limits.stripes:
        return Telltale.STRIPES
    asked = [fmean(one.opinions) for one in seen if one.opinions]
    if len(asked) >= limits.least_frames and fmean(asked) < limits.spoof:
        return Telltale.NETWORKS
    return None


def _looks_live(seen: Sequence[Glimpse], limits: LivenessLimits) -> bool:
    """A number that is no probability is no opinion: one logit of 5 would outvote every honest frame."""
    asked = [one.opinions for one in seen if one.opinions]
    if len(asked) < limits.least_frames or not all(0 <= each <= 1 for one in asked for each in one):
        return False
    borders = [one.traces.border for one in seen if one.traces]
    if borders and median(borders) > limits.border:
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
