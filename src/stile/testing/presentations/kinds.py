"""The kinds of presentation (ISO/IEC 30107-3: species of presentation attack instrument), and how each is made."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import numpy as np

from stile.testing.presentations.camera import Pixels, Sensor
from stile.testing.presentations.head import Head
from stile.testing.presentations.motion import FPS, Motion, still, to_and_fro
from stile.testing.presentations.paper import Cut, Print
from stile.testing.presentations.portrait import Portrait
from stile.testing.presentations.screen import Content, Screen


class Kind(StrEnum):
    """BONA_FIDE is a head; the others are attacks. The two injections put a film in the camera's place."""

    BONA_FIDE = "bona fide"
    MATTE_PRINT = "matte print"
    GLOSSY_PRINT = "glossy print"
    CUT_OUT = "cut-out"
    FLAT_MASK = "flat mask"
    SCREEN_PHOTO = "photo on a screen"
    SCREEN_FILM = "film on a screen"
    INJECTED_STILL = "injected still"
    INJECTED_LOOP = "injected loop"


ATTACKS = tuple(kind for kind in Kind if kind is not Kind.BONA_FIDE)


LOOP = 4.0
"""Seconds of an injected film until it begins again."""


class Presentation(Protocol):
    """What stands before the camera. `frame`: uint8, HEIGHT × WIDTH × 3, BGR, at second `t`, with the head, sheet or
    screen turned by `yaw` degrees, where it can be turned; seconds never go back."""

    def frame(self, t: float, yaw: float) -> Pixels: ...


def present(
    kind: Kind, person: Portrait, seed: int | Sequence[int], attacker: Portrait | None = None
) -> Presentation:
    """A presentation of this person's face. `attacker`: who holds the cut-out or wears the mask. The same seed makes
    the same film, frame by frame, as long as it is asked for the same times and yaws."""
    rng = np.random.default_rng(seed)
    match kind:
        case Kind.BONA_FIDE:
            return Head(person, rng)
        case Kind.MATTE_PRINT:
            return Print(person, rng)
        case Kind.GLOSSY_PRINT:
            return Print(person, rng, glossy=True)
        case Kind.CUT_OUT:
            return Print(person, rng, Cut.OUTLINE, attacker=attacker)
        case Kind.FLAT_MASK:
            return Print(person, rng, Cut.MASK, attacker=attacker)
        case Kind.SCREEN_PHOTO:
            return Screen(lambda _t, _yaw: person.light, rng)
        case Kind.SCREEN_FILM:
            return Screen(_recorded(person, rng), rng, turns=False)
        case Kind.INJECTED_STILL:
            return Loop(Head(person, rng), still(), 0.0)
        case Kind.INJECTED_LOOP:
            return Loop(Head(person, rng), to_and_fro(), LOOP)


class Loop:
    """Frames that come again exactly, whatever is asked: a film in the camera's place."""

    def __init__(self, head: Presentation, motion: Motion, seconds: float, fps: int = FPS) -> None:
        self._head, self._motion, self._fps = head, motion, fps
        self._length = max(1, round(seconds * fps))
        self._made: dict[int, Pixels] = {}

    def frame(self, t: float, yaw: float) -> Pixels:  # noqa: ARG002 an injected film does not hear what is asked
        at = round(t * self._fps) % self._length
        if at not in self._made:
            self._made[at] = self._head.frame(at / self._fps, self._motion.at(at / self._fps))
        return self._made[at]


class Picture:
    """One picture, shown again and again as a camera that stands still sees it: no two frames are alike, and whatever
    is asked, nothing moves. For pictures that a camera took of real presentations."""

    def __init__(self, pixels: Pixels, seed: int = 0) -> None:
        height, width = pixels.shape[:2]
        self._light = pixels.astype(np.float32)
        self._sensor = Sensor(np.random.default_rng(seed), width, height, 1.0)

    def frame(self, t: float, yaw: float) -> Pixels:  # noqa: ARG002 a picture does not move
        return self._sensor.take(self._light)


def film(head: Presentation, motion: Motion, seconds: float | None = None, fps: int = FPS) -> list[Pixels]:
    """All frames of a motion; without `seconds`, of one period or up to its last key."""
    lasts = seconds if seconds is not None else motion.period or motion.keys[-1][0]
    return [head.frame(at / fps, motion.at(at / fps)) for at in range(max(1, round(lasts * fps)))]


def _recorded(person: Portrait, rng: np.random.Generator) -> Content:
    """The member's head as somebody filmed it, turning both ways, begun anywhere."""
    head, motion, begun = Head(person, rng), to_and_fro(), float(rng.uniform(0, 4))
    return lambda t, _yaw: head.light(begun + t, motion.at(begun + t))
