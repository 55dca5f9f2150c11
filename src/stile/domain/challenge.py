"""A person is asked to turn their head, at random, and shows that nobody filmed it beforehand.

hold still → turn as asked → look straight again, as often as was drawn. What is asked, and when, is drawn anew for
each try, so a film would have to know both. A turn the other way ends it: a film that turns left and right over and
over must not get as many throws of the dice as it likes. Everything else (too soon, too slow, did not come back) costs
one of three tries, and then the card is asked for, politely.

A turn is a head's (`relief.turned`): a picture turned as a plane, whichever way, hardly shows one. It is seen all the
way: a head passes through what lies between, and pictures that are swapped by hand do not.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from stile.domain.errors import WrongValue

TRIES = 3
TURNS = 2
TURNED = 0.13
"""How far the nose must leave the plane of the eyes, in inter-eye distances: about 20 degrees of a head."""
STRAIGHT = 0.07
"""Within this of where it was at the start the head looks straight."""
STEP, STEPS_A_SECOND = 0.16, 1.6
"""How far it may go from one frame to the next, and how far in a second where frames are further apart: 200 degrees a
second. Somebody who turns because they are asked is slower; a picture that is swapped for another is not."""
CLOSE = 0.2
"""Seconds between frames at which something between straight and turned must show; a slow machine sees less."""
SOONEST = 0.15
"""Seconds. Nobody reacts sooner; a film that was turning anyway does."""
TURN_WITHIN = 3.0
BACK_WITHIN = 3.0
"""Seconds for each turn, and for looking straight again."""
SHORTEST_HOLD, LONGEST_HOLD = 0.4, 1.2
"""Seconds of looking straight before each turn is asked for, drawn at random."""
SETTLE_WITHIN = 3.0
"""Seconds until the head must be straight for a hold to begin."""
HOLD_WITHIN = LONGEST_HOLD + 2.0
"""Seconds for a hold, for a head that keeps moving a little."""


class Turn(StrEnum):
    """As the person would say it: their own left, their own right."""

    LEFT = "left"
    RIGHT = "right"


class Phase(StrEnum):
    """Where a challenge is."""

    SETTLE = "settle"
    HOLD = "hold"
    TURN = "turn"
    BACK = "back"
    PASSED = "passed"
    MISSED = "missed"
    WRONG = "wrong"

    @property
    def failed(self) -> bool:
        return self in (Phase.MISSED, Phase.WRONG)


class Sign(StrEnum):
    """What one frame, and the clock, tell a challenge."""

    STRAIGHT = "straight"
    HELD = "held long enough"
    PARTLY = "partly turned"
    AS_ASKED = "turned as asked"
    OTHER_WAY = "turned the other way"
    TOO_SOON = "turned too soon"
    JUMPED = "was not seen on the way"
    TOO_LATE = "time is over"


TRANSITIONS: dict[tuple[Phase, Sign], Phase] = {
    (Phase.SETTLE, Sign.STRAIGHT): Phase.HOLD,
    (Phase.SETTLE, Sign.TOO_LATE): Phase.MISSED,
    (Phase.HOLD, Sign.HELD): Phase.TURN,
    (Phase.HOLD, Sign.AS_ASKED): Phase.MISSED,
    (Phase.HOLD, Sign.OTHER_WAY): Phase.MISSED,
    (Phase.HOLD, Sign.TOO_LATE): Phase.MISSED,
    (Phase.TURN, Sign.AS_ASKED): Phase.BACK,
    (Phase.TURN, Sign.OTHER_WAY): Phase.WRONG,
    (Phase.TURN, Sign.TOO_SOON): Phase.MISSED,
    (Phase.TURN, Sign.JUMPED): Phase.MISSED,
    (Phase.TURN, Sign.TOO_LATE): Phase.MISSED,
    (Phase.BACK, Sign.STRAIGHT): Phase.PASSED,
    (Phase.BACK, Sign.JUMPED): Phase.MISSED,
    (Phase.BACK, Sign.TOO_LATE): Phase.MISSED,
}
"""What is not in here changes nothing. After BACK the next turn begins with HOLD, until all are done."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One turn of a challenge: which, and how long to hold still before it is asked for, seconds."""

    turn: Turn
    hold: float

    def __post_init__(self) -> None:
        if not SHORTEST_HOLD <= self.hold <= LONGEST_HOLD:
            raise WrongValue(f"a hold lasts {SHORTEST_HOLD} to {LONGEST_HOLD} s, not {self.hold}")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One try. `since`: when its phase began, seconds on the attempt's clock. `last`: how far the head was turned in
    the frame before, and when. `midway`: something between straight and turned was seen in this phase. `abrupt`:
    ways out and back on which nothing was."""

    asked: Sequence[Drawn]
    since: float
    step: int = 0
    phase: Phase = Phase.SETTLE
    last: tuple[float, float] | None = None
    midway: bool = False
    abrupt: int = 0

    @property
    def turn(self) -> Turn | None:
        """What the person is asked to do now; None to look straight at the camera."""
        return self.asked[self.step].turn if self.phase is Phase.TURN else None

    @property
    def looks_straight(self) -> bool:
        """Whether the head looked straight in the last frame."""
        return self.last is not None and abs(self.last[0]) <= STRAIGHT

    @property
    def is_over(self) -> bool:
        return self.phase is Phase.PASSED or self.phase.failed


def draw(secret: str, turns: int = TURNS) -> Sequence[Drawn]:
    """Turns and holds from a secret that nobody can know beforehand."""
    if not secret:
        raise WrongValue("a challenge is drawn from a secret, and this one is empty")
    bits = hashlib.sha256(secret.encode()).digest()
    return [
        Drawn(
            Turn.LEFT if bits[2 * n] & 1 else Turn.RIGHT,
            SHORTEST_HOLD + (LONGEST_HOLD - SHORTEST_HOLD) * bits[2 * n + 1] / 255,
        )
        for n in range(turns)
    ]


def advance(challenge: Challenge, turned: float, at: float) -> Challenge:
    """The challenge after one frame. `turned`: as `relief.turned` gives it, positive to the person's own left."""
    challenge = _on_the_way(challenge, turned, at)
    after = TRANSITIONS.get((challenge.phase, _sign(challenge, turned, at)))
    challenge = replace(challenge, last=(turned, at))
    if after is None:
        return challenge
    challenge = replace(challenge, since=at, midway=False)
    if after is Phase.PASSED and challenge.step + 1 < len(challenge.asked):
        return replace(challenge, step=challenge.step + 1, phase=Phase.HOLD)
    return replace(challenge, phase=after)


def _on_the_way(challenge: Challenge, turned: float, at: float) -> Challenge:
    """Whether the head is seen on its way, and counted when it arrives without having been."""
    if challenge.phase not in (Phase.TURN, Phase.BACK):
        return challenge
    before, when = challenge.last or (turned, at)
    leapt = abs(turned - before) > max(STEP, STEPS_A_SECOND * (at - when))
    if STRAIGHT < abs(turned) < TURNED:
        return replace(challenge, midway=True)
    unseen = leapt or (not challenge.midway and at - when <= CLOSE)
    arrives = abs(turned) >= TURNED if challenge.phase is Phase.TURN else abs(turned) <= STRAIGHT
    return replace(challenge, abrupt=challenge.abrupt + (arrives and unseen))


def lose_sight(challenge: Challenge, at: float) -> Challenge:
    """A frame without the face: while it should turn, something else may have been put in its place."""
    return replace(challenge, phase=Phase.MISSED, since=at) if challenge.phase is Phase.TURN else challenge


def _sign(challenge: Challenge, yaw: float, at: float) -> Sign:
    asked, passed = challenge.asked[challenge.step], at - challenge.since
    towards = yaw if asked.turn is Turn.LEFT else -yaw
    if challenge.phase in _WITHIN and passed > _WITHIN[challenge.phase]:
        return Sign.TOO_LATE
    # Half of the ways out and back: landmarks snap now and then. Swapped pictures have nothing between on any.
    if challenge.abrupt > len(challenge.asked):
        return Sign.JUMPED
    if challenge.phase is Phase.HOLD and abs(yaw) <= STRAIGHT:
        return Sign.HELD if passed >= asked.hold else Sign.STRAIGHT
    if towards >= TURNED:
        too_soon = challenge.phase is Phase.TURN and passed < SOONEST
        return Sign.TOO_SOON if too_soon else Sign.AS_ASKED
    if towards <= -TURNED:
        return Sign.OTHER_WAY
    return Sign.STRAIGHT if abs(yaw) <= STRAIGHT else Sign.PARTLY


_WITHIN = {
    Phase.SETTLE: SETTLE_WITHIN,
    Phase.HOLD: HOLD_WITHIN,
    Phase.TURN: TURN_WITHIN,
    Phase.BACK: BACK_WITHIN,
}
