"""A screen that shows a photograph or a film, before the camera.

Its grid of red, green and blue stripes beats with the camera's own (moiré), its lamp flickers faster than a frame
is read out (bands that wander), it is never quite black, bluer and brighter than skin, and it has an edge.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from stile.testing.presentations.camera import Light, Pixels, Sensor, opencv, room
from stile.testing.presentations.motion import Sway
from stile.testing.presentations.plane import Held, fingers, homography, laid
from stile.testing.presentations.portrait import HEIGHT, WIDTH

TABLE = 256
STRIPE = (0.0, 1 / 3, 2 / 3)
"""Where blue, green and red lie within a pixel of the screen, as shares of its width."""

Content = Callable[[float, float], Light]
"""What is shown, from the second and the yaw that is asked for: float32, HEIGHT × WIDTH × 3."""


class Screen:
    """A telephone or a tablet that somebody holds up. `frame` turns the screen by the yaw; a film goes on as it was
    recorded, whatever is asked."""

    def __init__(self, content: Content, rng: np.random.Generator, turns: bool = True) -> None:
        """`turns`: whether the hand turns the screen by the yaw that is asked; a film does the turning itself."""
        self._content, self._turns = content, turns
        self._sensor = Sensor(rng, WIDTH, HEIGHT)
        self._sway = Sway(rng, 1.2)
        self._shown: tuple[Light | None, Light] = None, np.zeros(0, np.float32)
        # A camera that sees a bright screen exposes for it.
        middle = float(content(0.0, 0.0)[:, 200:-200].mean())
        self._exposure = float(rng.uniform(0.9, 1.1)) * min(1.0, 120 / max(1.0, middle))
        # The picture on the screen is cut to a tablet's shape about the face.
        self._cut = (slice(0, HEIGHT), slice(110, WIDTH - 110))
        self._edge = int(rng.integers(14, 40))
        inner = (WIDTH - 220, HEIGHT)
        self._sheet = (inner[0] + 2 * self._edge, inner[1] + 2 * self._edge)
        self._cover, self._bezel = _device(self._sheet, self._edge, rng)
        # From a device whose edges are seen to one held so close that they are not.
        self._held = Held(float(rng.uniform(0.78, 1.3)), (WIDTH / 2, HEIGHT * 0.5))
        self._behind = room(rng, WIDTH, HEIGHT) * np.float32(0.8)
        self._grid = _Grid(rng)
        self._band = float(rng.uniform(0.0, 0.06)), float(rng.uniform(90, 260)), float(rng.uniform(2.0, 9.0))
        self._glare = float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.05, 0.5)), float(rng.uniform(15, 60))

    def frame(self, t: float, yaw: float) -> Pixels:
        """The picture at second `t`."""
        swayed = self._sway.at(t)
        shown = self._lit(self._content(t, yaw))
        sheet = self._bezel.copy()
        edge = self._edge
        sheet[edge:-edge, edge:-edge] = shown
        matrix = homography(self._sheet, self._held, yaw if self._turns else 0.0, swayed)
        lit = np.zeros(self._sheet[::-1], np.float32)
        lit[edge:-edge, edge:-edge] = 1
        cv2 = opencv()
        screen = cv2.warpPerspective(lit, matrix, (WIDTH, HEIGHT))[:, :, None]
        pattern = self._grid.over(swayed.x, swayed.y, swayed.roll) * self._bands(t)
        seen = laid(sheet, self._cover, self._behind.copy(), matrix)
        seen *= 1 + screen * (pattern - 1)
        seen += screen * self._glare_at(swayed.yaw + (yaw if self._turns else 0.0))
        seen = fingers(seen, matrix, self._sheet)
        return self._sensor.take(np.asarray(seen, np.float32), self._exposure)

    def _lit(self, content: Light) -> Light:
        """Brighter, bluer, with more contrast in the middle and a backlight behind the black."""
        if content is not self._shown[0]:  # a photograph stays the same, and this is slow
            curved = 255 * (content[self._cut] / 255) ** np.float32(0.9)
            lit = 14 + curved * np.array([1.05, 0.98, 0.92], np.float32)
            self._shown = content, np.asarray(np.clip(lit, 0, 262), np.float32)
        return self._shown[1]

    def _bands(self, t: float) -> NDArray[np.float32]:
        """Rows that were read while the lamp was dimmer; they wander from frame to frame."""
        depth, height, speed = self._band
        rows = np.arange(HEIGHT, dtype=np.float32)
        wave = np.sin(2 * math.pi * (rows / height + speed * t))
        return np.asarray(1 + depth * np.tanh(2.5 * wave), np.float32)[:, None, None]

    def _glare_at(self, yaw: float) -> Light:
        across, down, strength = self._glare
        x = (across + 2 * math.sin(math.radians(yaw))) * WIDTH
        gx = np.exp(-(((np.arange(WIDTH) - x) / 70) ** 2)).astype(np.float32)
        gy = np.exp(-(((np.arange(HEIGHT) - down * HEIGHT) / 50) ** 2)).astype(np.float32)
        return np.asarray(strength * gy[:, None, None] * gx[None, :, None], np.float32)


class _Grid:
    """Two grids that beat: the screen's stripes, sampled at the camera's pixels. The stripes are averaged over a
    camera pixel's light-sensitive part only, so that what is too fine for the camera comes back as slow waves."""

    def __init__(self, rng: np.random.Generator) -> None:
        pitch = float(rng.uniform(0.85, 1.7))
        self._frequency = 1 / pitch
        self._angle = math.radians(float(rng.uniform(-4, 4)))
        self._depth = float(rng.uniform(0.06, 0.3))
        aperture = 0.65 / pitch
        place = (np.arange(TABLE) + 0.5) / TABLE
        self._stripes = [_averaged(place - shift, 0.33, aperture) for shift in STRIPE]
        self._rows = _averaged(place, 0.8, aperture)

    def over(self, x: float, y: float, roll: float) -> Light:
        """Factors, HEIGHT × WIDTH × 3, about 1 on average, for a screen that moved so far and rolled."""
        angle = self._angle + math.radians(roll)
        across, down = math.cos(angle) * self._frequency, math.sin(angle) * self._frequency
        columns = (np.arange(WIDTH, dtype=np.float32) - np.float32(x))[None, :]
        rows = (np.arange(HEIGHT, dtype=np.float32) - np.float32(y))[:, None]
        u = ((columns * across + rows * down) * TABLE).astype(np.int32) % TABLE
        v = ((rows * across - columns * down) * TABLE).astype(np.int32) % TABLE
        beside = self._rows[v]
        pattern = np.stack([stripe[u] * beside for stripe in self._stripes], axis=2)
        return np.asarray(1 + self._depth * (pattern - 1), np.float32)


def _averaged(place: NDArray[np.float64], lit: float, aperture: float) -> NDArray[np.float32]:
    """A stripe that is lit for a share of each period, seen through an opening of `aperture` periods; mean 1."""
    samples = place[:, None] + np.linspace(-aperture / 2, aperture / 2, 33)[None, :]
    on = (np.mod(samples, 1.0) < lit).mean(axis=1)
    return np.asarray(on / on.mean(), np.float32)


def _device(sheet: tuple[int, int], edge: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], Light]:
    """Its outline with round corners, and its dark front."""
    cv2 = opencv()
    width, height = sheet
    cover = np.zeros((height, width), np.float32)
    radius = edge
    cv2.rectangle(cover, (radius, 0), (width - radius, height), 1.0, -1)
    cv2.rectangle(cover, (0, radius), (width, height - radius), 1.0, -1)
    for x in (radius, width - radius):
        for y in (radius, height - radius):
            cv2.circle(cover, (x, y), radius, 1.0, -1, cv2.LINE_AA)
    front = np.full((height, width, 3), float(rng.uniform(8, 30)), np.float32)
    return cover, front
