"""One passage attempt: what has been seen of one person so far. In memory only, and gone with its one decision.

A face that swaps, a second person or a jump of the track starts it again: what is fused comes from one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from stile.domain import fusion
from stile.domain.challenge import TRIES, Challenge, Drawn, Phase, Turn, advance, lose_sight
from stile.domain.faces import DetectedFace, Features
from stile.domain.ids import MemberId
from stile.domain.liveness import DEFAULT_LIMITS, Glimpse, LivenessMode, ScreenTraces, came_again
from stile.domain.places import Lane
from stile.domain.quality import Flaw, pose
from stile.domain.relief import turned
from stile.domain.tracking import LONGEST_GAP, Place, follow

APART = 0.1
"""Seconds between two frames that are fused: closer ones are nearly the same picture."""
LEAST_FRAMES = 2
"""When time is over so many frames will do, where a lane asks for more."""
LONGEST_CHALLENGE = 30.0
"""Seconds for all tries together."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A number was given first. `member`: whose it is; None when it is nobody's, which the person is not told.
    `by_card`: it was a card's, which somebody holds; a membership number is known to others."""

    member: MemberId | None
    by_card: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """No decision yet: `good` of `needed` frames are in hand. `flaw`: what was wrong with this one. `turn`: which way
    the head is to be turned now; `holds`: it is to look straight, for a challenge."""

    good: int
    needed: int
    flaw: Flaw | None = None
    turn: Turn | None = None
    holds: bool = False


@dataclass(slots=True, weakref_slot=True, eq=False)
class Attempt:
    """One person, from the moment they ask to the one decision. Never written anywhere.

    same_person, turned_person: the cosine that a further frame, and one of a turned head, must reach with those
    before; a lower one is somebody else's.
    """

    lane: Lane
    began: float
    same_person: float
    turned_person: float
    claim: Claim | None = None
    features: list[Features] = field(default_factory=list)
    glimpses: list[Glimpse] = field(default_factory=list)
    challenge: Challenge | None = None
    tries: int = 0
    over: bool = False
    _straight: DetectedFace | None = None
    _doubts: int = 0
    _place: Place | None = None
    _missed: bool = False
    _first: float = 0.0
    _last: float = float("-inf")
    _lock: Lock = field(default_factory=Lock, repr=False)

    @property
    def needed(self) -> int:
        """Good frames. One frame alone is no evidence of life."""
        return (
            self.lane.frames
            if self.lane.liveness is LivenessMode.OFF
            else max(LEAST_FRAMES, self.lane.frames)
        )

    @property
    def mode(self) -> LivenessMode:
        """A doubt stands: whoever was asked to turn once is not let in for looking better afterwards."""
        asked = self.lane.liveness is LivenessMode.PASSIVE and self.was_asked_to_turn
        return LivenessMode.PASSIVE_ACTIVE if asked else self.lane.liveness

    # --- one person ---

    def tracks(self, face: DetectedFace, picture: int, now: float) -> None:
        """The face of this frame is followed from the last one, or the attempt starts again with it."""
        place = Place.of(face, now)
        if follow(self._place, place, self._missed).starts_again:
            self.start_again()
        self._place, self._missed = place, False
        self.glimpses.append(Glimpse(now, face, picture))

    def misses(self, now: float) -> None:
        """A frame without the face. After a while nobody stands there any more, and nothing is decided for them."""
        self._missed = True
        if self._place is not None and now - self._place.at > LONGEST_GAP:
            self.start_again()
        elif self.challenge is not None:
            self._go_on(lose_sight(self.challenge, now))

    def sees(self, now: float) -> bool:
        """Whether the frame of this moment shows the person."""
        return self._place is not None and self._place.at == now

    def start_again(self) -> None:
        """Somebody else stands there, or may: nothing of what was seen before counts. It costs a challenge its try."""
        if self.challenge is not None:
            self.tries += 1
        self.features.clear()
        self.glimpses.clear()
        self.challenge = self._place = self._straight = None
        self._doubts, self._last = 0, float("-inf")

    def is_somebody_else(self, features: Features, turned: bool = False) -> bool:
        if not self.features:
            return False
        likeness = float(np.dot(fusion.probe(self.features).vector, features.vector))
        return likeness < (self.turned_person if turned else self.same_person)

    # --- good frames of them ---

    def wants(self, now: float) -> bool:
        """Whether this frame may be one of those that are fused: apart in time from the last, and another picture."""
        picture = self.glimpses[-1].picture
        repeats = any(one.picture == picture for one in self.glimpses[:-1])
        return now - self._last >= APART and not repeats

    @property
    def came_again(self) -> bool:
        """Whether a picture came again, to the last bit, as a sensor's never does."""
        return came_again([(one.at, one.picture) for one in self.glimpses], DEFAULT_LIMITS.same_for)

    @property
    def is_early(self) -> bool:
        """Whether more good frames are to come, or this is the only one."""
        return len(self.features) + 1 < max(2, self.needed)

    def keep(
        self, features: Features, opinions: Sequence[float], traces: ScreenTraces | None, now: float
    ) -> None:
        """The frame that was tracked last is one of those that are fused."""
        self.hears(opinions, traces)
        if not self.features:
            self._first = now
        self.features.append(features)
        self._last = now

    def hears(self, opinions: Sequence[float], traces: ScreenTraces | None = None) -> None:
        """What the frame that was tracked last shows of liveness."""
        last = self.glimpses.pop()
        self.glimpses.append(Glimpse(last.at, last.face, last.picture, opinions, traces))

    def has_enough(self, now: float) -> bool:
        """Evidence to judge the person who stands there in this frame."""
        if not self.sees(now):
            return False
        if len(self.features) >= self.needed:
            return True
        late = bool(self.features) and now - self._first >= self.lane.seconds
        return late and len(self.features) >= min(LEAST_FRAMES, self.needed)

    def has_run_out(self, now: float) -> bool:
        """Nobody could be looked at in all the time that the lane waits."""
        waits = LONGEST_CHALLENGE if self.challenge or self.tries else 0.0
        return now - self.began > self.lane.patience + waits

    # --- head turns ---

    def ask_for_turns(self, drawn: Sequence[Drawn], now: float) -> None:
        """A try begins. Straight is where the head looked while it was looked at."""
        looked = sorted((one.face for one in self.glimpses), key=lambda face: pose(face).yaw)
        self._straight, self._doubts = looked[len(looked) // 2], 0
        self.challenge = Challenge(drawn, now)

    def turn(self, face: DetectedFace, now: float) -> None:
        """One frame of the challenge."""
        assert self.challenge is not None
        assert self._straight is not None
        self._go_on(advance(self.challenge, turned(self._straight, face), now))

    def _go_on(self, challenge: Challenge) -> None:
        """A missed try is one less; the frames that were good stay good, and the turns are drawn anew."""
        self.challenge = challenge
        if challenge.phase is Phase.MISSED:
            self.tries += 1
            if self.tries < TRIES:
                self.challenge = None

    def doubts(self, features: Features) -> bool:
        """Whether the head that turns is not the head that was looked at: on two frames in a row, or on one that
        brought the challenge on. A single poor frame on the way is forgiven."""
        if self.challenge is None:
            return False
        looks_straight = self.challenge.looks_straight
        self._doubts = self._doubts + 1 if self.is_somebody_else(features, not looks_straight) else 0
        return self._doubts >= (1 if self.challenge.since == self.glimpses[-1].at else 2)

    @property
    def was_asked_to_turn(self) -> bool:
        return self.challenge is not None or self.tries > 0

    @property
    def turned(self) -> Phase | None:
        """How the head turns ended; None while there are none, or another try is left."""
        if self.tries >= TRIES:
            return Phase.MISSED
        return self.challenge.phase if self.challenge and self.challenge.is_over else None

    def looking(self, flaw: Flaw | None) -> Looking:
        """How far it is, for the person."""
        turn = self.challenge.turn if self.challenge else None
        holds = self.challenge is not None and turn is None
        return Looking(len(self.features), self.needed, flaw, turn, holds)

    # --- the end ---

    def end(self) -> bool:
        """Whether it was this caller who ended it: an attempt has one decision, whoever comes first.

        Law 1: what was seen goes with the attempt, also when somebody still holds the attempt.
        """
        with self._lock:
            first, self.over = not self.over, True
        self.features.clear()
        self.glimpses.clear()
        self.challenge = self._place = self._straight = None
        return first
