"""A head: the photograph on an ellipsoid with a nose, turned about its upright axis before a room that stands still.

An ellipsoid that turns keeps its outline: what is on it slides. So one displacement field does it all, which
is 0 beyond the outline. The nose stands before the ellipsoid, and so moves further than the eyes.
"""

import math

import numpy as np
from numpy.typing import NDArray

from stile.testing.presentations.camera import Light, Pixels, Sensor, opencv
from stile.testing.presentations.motion import Sway
from stile.testing.presentations.portrait import HEIGHT, NOSE_DEPTH, WIDTH, Portrait

HALF_WIDTH, HALF_HEIGHT = 1.3, 2.0
"""Of the head, in inter-eye distances (about 15 cm across, and 23 from chin to crown)."""
NOSE_WIDTH, NOSE_LENGTH = 0.24, 0.34
"""Standard deviations of the bump that is the nose, in inter-eye distances."""
BULGE = HALF_WIDTH - math.sqrt(HALF_WIDTH**2 - 0.25)
"""How far the ellipsoid itself stands out between the eyes."""

Field = NDArray[np.float32]


class Head:
    """Somebody before the camera. `frame` may be asked for any time and yaw; one thread at a time."""

    def __init__(self, person: Portrait, rng: np.random.Generator) -> None:
        self._person, self._sensor = person, Sensor(rng, WIDTH, HEIGHT)
        self._sway = Sway(rng)
        self._exposure = float(rng.uniform(0.92, 1.08))
        d = person.distance
        y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        self._x, self._y = x, y
        depth_of_eyes = math.sqrt(HALF_WIDTH**2 - 0.25)
        axis = person.eyes[0] - depth_of_eyes * math.sin(math.radians(person.yaw)) * d
        self._from_axis = x - np.float32(axis)
        up = np.abs((y - np.float32(person.eyes[1] + 0.1 * d)) / np.float32(HALF_HEIGHT * d))
        self._radius = np.float32(HALF_WIDTH * d) * np.cbrt(np.maximum(0, 1 - up**3))
        # The body sways with the head, the room does not; below the chin nothing turns.
        beyond = np.maximum(np.abs(self._from_axis) / np.float32(d) - np.float32(HALF_WIDTH), 0)
        above = np.maximum((person.eyes[1] - y) / np.float32(d) - np.float32(HALF_HEIGHT), 0)
        self._person_there = np.exp(-((beyond / 0.7) ** 2) - (above / 0.5) ** 2).astype(np.float32)

    def frame(self, t: float, yaw: float) -> Pixels:
        """The picture at second `t` with the head turned by `yaw` degrees (positive: to the own left)."""
        swayed = self._sway.at(t)
        light = self.light(t, yaw)
        return self._sensor.take(light, self._exposure * swayed.light)

    def light(self, t: float, yaw: float) -> Light:
        """The same before the camera: what a film of it shows."""
        cv2 = opencv()
        swayed, person = self._sway.at(t), self._person
        x, y = self._x, self._y
        sine, cosine = math.sin(math.radians(swayed.roll)), math.cos(math.radians(swayed.roll))
        dx, dy = x - np.float32(WIDTH / 2), y - np.float32(HEIGHT)
        back_x = (cosine * dx + sine * dy) / swayed.scale - dx - swayed.x
        back_y = (-sine * dx + cosine * dy) / swayed.scale - dy - swayed.y
        shift = self._turned(yaw + swayed.yaw)
        map_x = x + (back_x * self._person_there).astype(np.float32)
        map_y = y + (back_y * self._person_there).astype(np.float32)
        map_x += cv2.remap(shift, map_x, map_y, cv2.INTER_LINEAR)
        seen: Light = cv2.remap(person.light, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        return np.clip(seen, 0, 255)

    def _turned(self, yaw: float) -> Field:
        """Where each pixel of the turned head lies in the photograph: pixels to add to x.

        `yaw` is where the head looks; the photograph itself looks to `person.yaw`, so straight is straight.
        """
        cv2 = opencv()
        person = self._person
        turn = math.radians(yaw - person.yaw)
        radius = np.maximum(self._radius, 1e-3)
        share = np.clip(self._from_axis / radius, -1, 1)
        slid = radius * np.sin(np.arcsin(share) - np.float32(turn)) - self._from_axis
        inside = (np.abs(self._from_axis) < radius) & (self._radius > 1)
        shift: Field = np.where(inside, slid, 0).astype(np.float32)
        # Hair, ears and neck are not on the ellipsoid: without the blur its outline would cut through them.
        shift = cv2.GaussianBlur(shift, (0, 0), 0.12 * person.distance)
        return self._with_nose(shift, yaw)

    def _with_nose(self, shift: Field, yaw: float) -> Field:
        person = self._person
        d = person.distance
        moved = (math.sin(math.radians(yaw)) - math.sin(math.radians(person.yaw))) * d
        reach = np.float32((NOSE_DEPTH - BULGE) * moved)
        wide, long = np.float32(NOSE_WIDTH * d), np.float32(NOSE_LENGTH * d)
        down = (self._y - np.float32(person.nose[1])) / long
        # The inverse of “x goes to x + reach · bump(x)”, by iteration: its slope stays below 1.
        there = shift
        for _ in range(6):
            across = (self._x + there - np.float32(person.nose[0])) / wide
            there = shift - reach * np.exp(-(across**2 + down**2) / 2)
        return there
