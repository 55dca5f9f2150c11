"""How a head or a hand moves: yaw in degrees, positive to the person's own left, and what never stands still."""

import math
from dataclasses import dataclass

import numpy as np

from stile.domain.errors import WrongValue

FPS = 10
"""Frames a second that a film is judged at; a kiosk's page sends about so many."""

FULL_TURN = 32.0
"""Degrees that somebody turns who is asked to turn a little."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Yaw over time. `keys`: (second, degrees), in order; eased from each to the next. `period`: seconds after
    which it begins again; None where the last yaw is held."""

    keys: tuple[tuple[float, float], ...]
    period: float | None = None

    def __post_init__(self) -> None:
        times = [time for time, _ in self.keys]
        if not times or times != sorted(times):
            raise WrongValue("a motion has at least one key, and its seconds never go back")
        if any(abs(yaw) > 45 for _, yaw in self.keys):
            raise WrongValue("a photograph cannot be turned by more than 45 degrees")
        if self.period is not None and self.period < times[-1]:
            raise WrongValue(f"a motion begins again after its last key, not after {self.period} seconds")

    def at(self, t: float) -> float:
        """Degrees at the second `t`."""
        if self.period is not None:
            t = t % self.period
        before = self.keys[0]
        for key in self.keys:
            if t < key[0]:
                return _eased(t, before, key)
            before = key
        return before[1]


def _eased(t: float, before: tuple[float, float], after: tuple[float, float]) -> float:
    if t <= before[0]:
        return before[1]
    share = (t - before[0]) / (after[0] - before[0])
    return before[1] + (after[1] - before[1]) * (1 - math.cos(math.pi * share)) / 2


def still() -> Motion:
    """Straight ahead."""
    return Motion(((0.0, 0.0),))


def turn_and_back(
    begins: float, degrees: float = FULL_TURN, moving: float = 0.5, held: float = 0.4
) -> Motion:
    """Straight ahead, from the second `begins` on a turn, held, and back. Positive: to the own left."""
    there, back = begins + moving, begins + moving + held
    return Motion(((0.0, 0.0), (begins, 0.0), (there, degrees), (back, degrees), (back + moving, 0.0)))


def to_and_fro(degrees: float = FULL_TURN, period: float = 4.0) -> Motion:
    """Straight, left, straight, right, over and over: the film that somebody would record who knows that turns
    are asked for, and not which."""
    eighth = period / 8
    return Motion(
        (
            (0.0, 0.0),
            (eighth, 0.0),
            (2 * eighth, degrees),
            (3 * eighth, degrees),
            (4 * eighth, 0.0),
            (5 * eighth, 0.0),
            (6 * eighth, -degrees),
            (7 * eighth, -degrees),
            (8 * eighth, 0.0),
        ),
        period,
    )


class Follower:
    """Somebody who sees what is asked and does it: after a reaction time, at a person's speed."""

    def __init__(self, reaction: float = 0.5, degrees_a_second: float = 70.0) -> None:
        self._reaction, self._speed = reaction, degrees_a_second
        self._asked: list[tuple[float, float]] = []
        self._yaw, self._target, self._at = 0.0, 0.0, 0.0

    def ask(self, t: float, degrees: float) -> None:
        """From `t` on the screen asks for this yaw. The same ask again changes nothing."""
        if (self._asked[-1][1] if self._asked else self._target) != degrees:
            self._asked.append((t, degrees))

    def at(self, t: float) -> float:
        """Degrees at `t`, which never goes back."""
        while self._asked and t >= self._asked[0][0] + self._reaction:
            self._target = self._asked.pop(0)[1]
        reach = self._speed * max(0.0, t - self._at)
        self._at = t
        self._yaw += max(-reach, min(reach, self._target - self._yaw))
        return self._yaw


@dataclass(frozen=True, slots=True)
class Swayed:
    """x, y: pixels. scale: a factor. roll, yaw, pitch: degrees. light: a factor."""

    x: float
    y: float
    scale: float
    roll: float
    yaw: float
    pitch: float
    light: float


class Sway:
    """Small, slow and never the same twice: sums of sines that the generator chose."""

    def __init__(self, rng: np.random.Generator, size: float = 1.0) -> None:
        """`size`: 1 for somebody who stands; a hand that holds something up shakes more."""
        reach = np.array([3.0, 2.0, 0.008, 0.7, 1.0, 0.8, 0.02]) * size
        self._amplitudes = reach[:, None] * rng.uniform(0.3, 1.0, (7, 3))
        self._speeds = rng.uniform(0.6, 7.0, (7, 3))
        self._phases = rng.uniform(0, 2 * math.pi, (7, 3))

    def at(self, t: float) -> Swayed:
        x, y, scale, roll, yaw, pitch, light = (
            float(value)
            for value in (self._amplitudes * np.sin(self._speeds * t + self._phases)).mean(axis=1)
        )
        return Swayed(x, y, 1 + scale, roll, yaw, pitch, 1 + light)
