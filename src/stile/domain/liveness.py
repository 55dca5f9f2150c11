"""A real person, or not shown to be one. Never judged on one network's word about one frame alone
where more frames are to be had; `Unsure` means the card, politely, and never an accusation.

Terms of ISO/IEC 30107-3: bona fide presentation, presentation attack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.errors import WrongValue


class LivenessMode(StrEnum):
    """What a lane asks for. OFF is for lanes under a receptionist's eyes, and is warned of."""

    OFF = "off"
    PASSIVE = "passive"


@dataclass(frozen=True, slots=True)
class Live:
    """Taken for a bona fide presentation."""


@dataclass(frozen=True, slots=True)
class Spoof:
    """Taken for a presentation attack."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Not shown to be one or the other."""


LivenessVerdict = Live | Spoof | Unsure


@dataclass(frozen=True, slots=True)
class LivenessLimits:
    """Bounds on the mean bona fide probability over an attempt's frames."""

    live: float = 0.7
    spoof: float = 0.3

    def __post_init__(self) -> None:
        if not 0 <= self.spoof < self.live <= 1:
            raise WrongValue(f"expected 0 ≤ spoof < live ≤ 1, not {self.spoof} and {self.live}")


def judge(
    mode: LivenessMode, bona_fide: Sequence[float], limits: LivenessLimits | None = None
) -> LivenessVerdict:
    """The mean of the frames' bona fide probabilities, each between 0 and 1, held against the bounds.

    A lane that asks for liveness and got no opinion (the pack has no such model) is Unsure, not Live; so is
    one that got a number that is no probability, because one logit of 5 would outvote every honest frame.
    """
    limits = limits or LivenessLimits()
    if mode is LivenessMode.OFF:
        return Live()
    if not bona_fide or not all(0 <= one <= 1 for one in bona_fide):
        return Unsure()
    mean = sum(bona_fide) / len(bona_fide)
    if mean >= limits.live:
        return Live()
    return Spoof() if mean < limits.spoof else Unsure()
