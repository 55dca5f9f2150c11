"""Law 7 for liveness, measured: presentations go through `AdmitByFace` as those at a lane do, frame by frame, on a
clock that the measurement moves.

Nothing is kept: films, templates and the site they were enrolled in live in a temporary folder and in memory.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

import numpy as np

from stile.application.admit import AdmitByFace
from stile.application.attempt import Looking
from stile.application.enrol import Enrol, ShotRefused
from stile.application.gate import Concluded
from stile.domain.challenge import Turn
from stile.domain.errors import AlreadyEnrolled, WrongValue
from stile.domain.faces import DetectedFace, Frame
from stile.domain.ids import MemberId
from stile.domain.passage import Refer
from stile.domain.places import Lane
from stile.domain.quality import Flaw, choose, pose
from stile.ports import Chance, Clock, Detector
from stile.testing.presentations import FPS, Follower, Kind, Portrait, Presentation, portrait, present

LONGEST = 60.0
"""Seconds of one presentation. A lane has decided long before."""
PICTURE = 3.0
"""Seconds for which one picture is shown: it does not get better."""
APART = 300.0
"""Seconds between two presentations: each is a new person's, not another attempt of the last one's."""
AHEAD = 0.2
"""How far the nose may lie to the side, or up and down, in a photograph to make films from: members look ahead."""
REACTION = (0.35, 0.8)
SPEED = (50.0, 110.0)
TURN = (26.0, 38.0)
"""How soon, how fast and how far somebody turns their head who is asked to: seconds, degrees a second, degrees."""
PERSISTS, FURTHER = 1.2, 42.0
"""Whoever still sees the arrow after so many seconds turns further, to so many degrees."""
ENROLMENT_YAWS = (0.0, -6.0, 6.0, -3.0, 3.0, 0.0)


class MovedClock(Clock, Protocol):
    """A clock that goes on when it is told."""

    def advance(self, seconds: float) -> None: ...


class SeededChance:
    """The chance of a measurement: what is asked follows from a seed, so that it can be repeated. Never at a lane."""

    def __init__(self, seed: int, chance: Chance) -> None:
        self._seed, self._chance, self._drawn = seed, chance, 0

    def new_id(self) -> UUID:
        return self._chance.new_id()

    def secret(self) -> str:
        self._drawn += 1
        return hashlib.sha256(f"{self._seed} {self._drawn}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody enrolled, and the photograph that films of them are made from."""

    name: str
    member: MemberId
    person: Portrait


@dataclass(frozen=True, slots=True)
class Trial:
    """One presentation and how it ended. `telltale`: what gave it away, where it was taken for an attack. `asked`: head
    turns were asked for."""

    kind: str
    person: str
    reason: str
    telltale: str | None
    seconds: float
    asked: bool


def portrait_of(frames: Iterator[Frame], detector: Detector) -> Portrait | None:
    """The first photograph whose face a lane would look at and that looks ahead; None when there is none. The face is
    looked for again on the canvas, because that is where the films turn it."""
    for frame in frames:
        face = _ahead(detector, frame)
        if face is None:
            continue
        made = portrait(frame.pixels, face)
        canvas = np.asarray(np.clip(np.rint(made.light), 0, 255), np.uint8)
        again = _ahead(detector, Frame(canvas))
        if again is not None:
            return made.found_again(again)
    return None


def _ahead(detector: Detector, frame: Frame) -> DetectedFace | None:
    face = choose(detector.detect(frame), frame)
    if isinstance(face, Flaw):
        return None
    seen = pose(face)
    return face if max(abs(seen.yaw), abs(seen.pitch)) <= AHEAD else None


def enrol_from(person: Portrait, member: MemberId, enrol: Enrol, seed: Sequence[int]) -> bool:
    """Enrols a member who consented, with frames of a head as at a kiosk. False where an enrolment refuses them."""
    head, enrolment = present(Kind.BONA_FIDE, person, seed), enrol.begin(member)
    for at, yaw in enumerate(ENROLMENT_YAWS):
        if not enrolment.has_enough:
            taken = enrol.shot(enrolment, Frame(head.frame(at * 0.7, yaw)))
            if isinstance(taken, ShotRefused) and at == len(ENROLMENT_YAWS) - 1:
                return False
    if not enrolment.has_enough:
        return False
    try:
        enrol.finish(enrolment, actor="measurement")
    except AlreadyEnrolled:  # the same person under two names, or somebody too much like them
        return False
    return True


class Presenting:
    """Presents to one lane. One thread at a time."""

    def __init__(self, admit: AdmitByFace, lane: Lane, clock: MovedClock, seed: int) -> None:
        self._admit, self._lane, self._clock, self._seed = admit, lane, clock, seed

    def all_of(
        self, subjects: Sequence[Subject], kinds: Sequence[Kind], on_trial: Callable[[Trial], None]
    ) -> list[Trial]:
        """Everybody's face in every kind, once: as many people as presentations, so that they are independent. Cut-outs
        and masks are held by the next person. Raises WrongValue with nobody to present."""
        if not subjects:
            raise WrongValue("to evaluate liveness needs at least one person whom an enrolment accepts")
        trials = []
        for kind in kinds:
            number = list(Kind).index(kind)
            for at, subject in enumerate(subjects):
                attacker = subjects[(at + 1) % len(subjects)].person if len(subjects) > 1 else None
                seed = [self._seed, 1 + at, number]
                trial = self.one(kind, subject, present(kind, subject.person, seed, attacker), seed)
                trials.append(trial)
                on_trial(trial)
        return trials

    def one(self, kind: Kind, subject: Subject, made: Presentation, seed: Sequence[int]) -> Trial:
        """One presentation by somebody who sees the screen and turns what they show as it asks."""
        rng = np.random.default_rng([*seed, 7])
        follower = Follower(float(rng.uniform(*REACTION)), float(rng.uniform(*SPEED)))
        degrees = float(rng.uniform(*TURN))
        self._clock.advance(APART)
        ended = self._admit.begin(self._lane)
        if isinstance(ended, Concluded):
            return _ended(kind, subject.name, ended, 0.0, asked=False)
        attempt, asked, since = ended, False, 0.0
        for at in range(round(LONGEST * FPS)):
            t = at / FPS
            seen = self._admit.see(attempt, Frame(made.frame(t, follower.at(t)), at=t))
            if isinstance(seen, Concluded):
                return _ended(kind, subject.name, seen, t, asked)
            since = t if seen.turn is None else since
            asked = asked or seen.turn is not None
            follower.ask(t, _asked(seen, degrees if t - since < PERSISTS else FURTHER))
            self._clock.advance(1 / FPS)
        given_up = self._admit.give_up(attempt)
        assert given_up is not None
        return _ended(kind, subject.name, given_up, LONGEST, asked)

    def sample(self, kind: str, name: str, picture: Presentation) -> Trial:
        """One picture of a real presentation, shown until the lane decides or asks for head turns, which a picture
        cannot follow: what passive liveness makes of it."""
        self._clock.advance(APART)
        ended = self._admit.begin(self._lane)
        if isinstance(ended, Concluded):
            return _ended(kind, name, ended, 0.0, asked=False)
        asked, t = False, 0.0
        while not asked and t < PICTURE:
            seen = self._admit.see(ended, Frame(picture.frame(t, 0.0), at=t))
            if isinstance(seen, Concluded):
                return _ended(kind, name, seen, t, asked=False)
            asked, t = seen.holds or seen.turn is not None, t + 1 / FPS
            self._clock.advance(1 / FPS)
        given_up = self._admit.give_up(ended)
        assert given_up is not None
        return _ended(kind, name, given_up, t, asked)


def _ended(kind: str, person: str, how: Concluded, seconds: float, asked: bool) -> Trial:
    decision = how.decision
    telltale = decision.telltale if isinstance(decision, Refer) else None
    return Trial(kind, person, decision.reason.value, telltale and telltale.value, seconds, asked)


def _asked(seen: Looking, degrees: float) -> float:
    if seen.turn is None:
        return 0.0
    return degrees if seen.turn is Turn.LEFT else -degrees
