"""The shots of one enrolment, one after the other: each of one person, fit for a template, and no picture twice.

In memory only. An enrolment and `stile evaluate` take their shots with this code.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from stile.application.seeing import Sees, see
from stile.domain import fusion
from stile.domain.faces import Features, Frame
from stile.domain.liveness import Glimpse, LivenessMode, Spoof, Telltale, judge
from stile.domain.quality import ENROLMENT_LIMITS, Flaw, QualityLimits
from stile.ports import LivenessModel

SAME_PERSON_FMR = 1e-3
"""Shots of one enrolment are compared one to one: a stranger slipped among them is caught 999 times in 1,000."""


class ShotFlaw(StrEnum):
    """What only an enrolment can find wrong with a shot."""

    SAME_PICTURE = "same picture"
    SOMEBODY_ELSE = "somebody else"

    @property
    def advice(self) -> str:
        return SHOT_ADVICE[self]


SHOT_ADVICE = {
    ShotFlaw.SAME_PICTURE: "This is the same picture again: move a little",
    ShotFlaw.SOMEBODY_ELSE: "This does not look like the person in the first picture",
}


@dataclass(slots=True)
class Shots:
    """`same_person`: the cosine that a further shot must reach with what is there; None where nothing is measured of
    the pack yet, so that it can be: nobody enrols with such a pack."""

    same_person: float | None
    taken: list[Features] = field(default_factory=list)
    glimpses: list[Glimpse] = field(default_factory=list)
    _fingerprints: set[int] = field(default_factory=set, repr=False)

    def __len__(self) -> int:
        return len(self.taken)

    def clear(self) -> None:
        """Forgets what was seen."""
        self.taken.clear()
        self.glimpses.clear()
        self._fingerprints.clear()

    def take(
        self,
        eyes: Sees,
        frame: Frame,
        limits: QualityLimits = ENROLMENT_LIMITS,
        liveness: LivenessModel | None = None,
    ) -> Features | Flaw | ShotFlaw:
        """Keeps the shot's features, or says what is wrong with it. `liveness`: asked about each shot that is kept."""
        fingerprint = hash(frame.pixels.tobytes())
        if fingerprint in self._fingerprints:
            return ShotFlaw.SAME_PICTURE
        seen = see(eyes, frame, limits)
        if isinstance(seen, Flaw):
            return seen
        features = eyes.embedder.embed(seen.aligned)
        if self.taken and self.same_person is not None and self._likeness(features) < self.same_person:
            return ShotFlaw.SOMEBODY_ELSE
        self._fingerprints.add(fingerprint)
        self.taken.append(features)
        opinions = liveness.bona_fide(frame, seen.face) if liveness else ()
        self.glimpses.append(Glimpse(float(len(self.taken)), seen.face, fingerprint, opinions))
        return features

    @property
    def telltale(self) -> Telltale | None:
        """What gives the shots away as those of a picture; None when nothing does. It is the networks' word; a plane
        shows only where more shots than three were turned, and with a pack without networks nothing does."""
        verdict = judge(LivenessMode.PASSIVE, self.glimpses)
        return verdict.by if isinstance(verdict, Spoof) else None

    def _likeness(self, features: Features) -> float:
        return float(np.dot(fusion.template(self.taken).vector, features.vector))
