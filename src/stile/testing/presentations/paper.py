"""Prints: the photograph on paper, whole, cut out, or with holes for the eyes; held up, and turned as a plane.

Paper is never black and never as bright as a lamp, ink has fewer colours than a face, and its dots are seen
close by. Gloss reflects a lamp in a streak, which wanders when the paper turns and the face does not.
"""

import math
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from stile.testing.presentations.camera import Light, Pixels, Sensor, opencv, room
from stile.testing.presentations.motion import Sway
from stile.testing.presentations.plane import SKIN, Held, fingers, homography, laid
from stile.testing.presentations.portrait import HEIGHT, WIDTH, Portrait

SHEET = (460, 474)
"""Width and height of a sheet, in the canvas's pixels: as much as there is of the photograph."""
Cover = NDArray[np.float32]


class Cut(Enum):
    """What is left of the sheet."""

    WHOLE = "whole"
    OUTLINE = "outline"
    MASK = "mask"


class Print:
    """A print before the camera. `attacker`: who holds it; without one, a figure without a face is drawn."""

    def __init__(
        self,
        person: Portrait,
        rng: np.random.Generator,
        cut: Cut = Cut.WHOLE,
        glossy: bool = False,
        attacker: Portrait | None = None,
    ) -> None:
        self._glossy, self._cut = glossy, cut
        self._sensor = Sensor(rng, WIDTH, HEIGHT)
        self._sway = Sway(rng, 1.6)
        self._exposure = float(rng.uniform(0.9, 1.1))
        self._lamp = float(rng.uniform(-0.35, 0.35)), float(rng.uniform(10, 22))
        sheet, middle = _cropped(person)
        self._sheet = printed(sheet, rng, glossy)
        self._cover = np.ones(SHEET[::-1], np.float32)
        behind = room(rng, WIDTH, HEIGHT)
        if cut is Cut.WHOLE:
            self._border(rng)
            # Between a sheet whose edges are seen and one that fills the picture.
            size = float(rng.uniform(0.82, 1.4))
            eyes = (SHEET[0] / 2, SHEET[1] * 0.42)
            self._held = Held(size, (WIDTH / 2, HEIGHT * 0.45 + (SHEET[1] / 2 - eyes[1]) * size))
            self._behind = behind
        else:
            self._cover = _outline(middle, person.distance, holes=cut is Cut.MASK)
            body = _figure(behind) if attacker is None else attacker.light
            self._behind = body
            face = (WIDTH / 2, HEIGHT * 0.42) if attacker is None else attacker.eyes
            size = 1.0 if attacker is None else 1.06 * attacker.distance / person.distance
            off = (SHEET[0] / 2 - middle[0]) * size, (SHEET[1] / 2 - middle[1]) * size
            self._held = Held(size, (face[0] + off[0], face[1] + off[1]))

    def _border(self, rng: np.random.Generator) -> None:
        """Two of three prints have a white border."""
        if rng.random() < 0.67:
            edge = int(rng.integers(10, 28))
            white = 225.0
            self._sheet[:edge], self._sheet[-edge:] = white, white
            self._sheet[:, :edge], self._sheet[:, -edge:] = white, white

    def frame(self, t: float, yaw: float) -> Pixels:
        """The picture at second `t` with the print turned by `yaw` degrees, as the head on it would have turned."""
        swayed = self._sway.at(t)
        matrix = homography(SHEET, self._held, yaw, swayed)
        sheet = self._sheet
        if self._glossy:
            sheet = self._with_streak(sheet, yaw + swayed.yaw, swayed.pitch)
        seen = laid(sheet, self._cover, self._behind.copy(), matrix)
        if self._cut is Cut.WHOLE:
            seen = fingers(seen, matrix, SHEET)
        # Paper that turns away from the light gets darker, all of it alike.
        facing = math.cos(math.radians(yaw + swayed.yaw))
        return self._sensor.take(seen, self._exposure * swayed.light * (0.75 + 0.25 * facing))

    def _with_streak(self, sheet: Light, yaw: float, pitch: float) -> Light:
        """A lamp mirrored: by twice the turn."""
        at, width = self._lamp
        middle = (0.5 + at + 2 * math.sin(math.radians(yaw))) * SHEET[0] + 2 * pitch
        across = np.arange(SHEET[0], dtype=np.float32)[None, :] + 0.25 * np.arange(SHEET[1])[:, None]
        across -= 0.125 * SHEET[1]
        streak = np.exp(-(((across - middle) / (2.2 * width)) ** 2)).astype(np.float32)
        return np.asarray(sheet + 110 * streak[:, :, None], np.float32)


def printed(light: Light, rng: np.random.Generator, glossy: bool) -> Light:
    """What the printer and the paper make of a picture: fewer colours, lifted blacks, dots, a soft edge."""
    cv2 = opencv()
    soft = cv2.GaussianBlur(light, (0, 0), float(rng.uniform(0.6, 1.1)))
    grey = soft.mean(axis=2, keepdims=True)
    faded = grey + (soft - grey) * float(rng.uniform(0.68, 0.88))
    black, white = (22.0, 228.0) if glossy else (38.0, 212.0)
    inked = black + faded * ((white - black) / 255)
    inked *= np.array([rng.uniform(0.9, 1.0), rng.uniform(0.96, 1.0), rng.uniform(0.98, 1.04)], np.float32)
    grain = rng.standard_normal((*light.shape[:2], 1), np.float32)
    inked += (3.0 if glossy else 5.0) * cv2.GaussianBlur(grain, (0, 0), 0.7)[:, :, None]
    y, x = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    # The dots of most printers are too fine for the camera; of some they are just seen.
    pitch, seen = float(rng.uniform(1.4, 2.6)), float(max(0.0, rng.uniform(-3.0, 3.0)))
    dots = np.cos(pitch * (x + y)) * np.cos(pitch * (x - y))
    inked += seen * dots[:, :, None]
    return np.asarray(np.clip(inked, 0, 255), np.float32)


def _cropped(person: Portrait) -> tuple[Light, tuple[float, float]]:
    """The sheet as it goes to the printer, and where the middle between the eyes is on it."""
    cv2 = opencv()
    at = (SHEET[0] / 2, SHEET[1] * 0.42)
    matrix = np.array([[1, 0, at[0] - person.eyes[0]], [0, 1, at[1] - person.eyes[1]]], np.float64)
    sheet: Light = cv2.warpAffine(person.light, matrix, SHEET, borderMode=cv2.BORDER_REPLICATE)
    return sheet, at


def _outline(eyes: tuple[float, float], distance: float, holes: bool) -> Cover:
    """Chin to forehead as scissors leave it; with holes where the eyes are."""
    cv2 = opencv()
    cover: Cover = np.zeros(SHEET[::-1], np.float32)
    middle = (round(eyes[0]), round(eyes[1] + 0.42 * distance))
    axes = (round(1.12 * distance), round(1.62 * distance))
    cv2.ellipse(cover, middle, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    if holes:
        for side in (-0.5, 0.5):
            eye = (round(eyes[0] + side * distance), round(eyes[1]))
            cv2.ellipse(
                cover, eye, (round(0.24 * distance), round(0.12 * distance)), 0, 0, 360, 0.0, -1, cv2.LINE_AA
            )
    return cover


def _figure(behind: Light) -> Light:
    """Head and shoulders of somebody without features, in the room."""
    cv2 = opencv()
    scene = behind.copy()
    cv2.ellipse(scene, (WIDTH // 2, HEIGHT + 40), (230, 170), 0, 0, 360, (90.0, 70.0, 60.0), -1, cv2.LINE_AA)
    cv2.rectangle(
        scene, (WIDTH // 2 - 48, 270), (WIDTH // 2 + 48, HEIGHT - 60), [0.85 * one for one in SKIN], -1
    )
    cv2.ellipse(scene, (WIDTH // 2, 215), (98, 150), 0, 0, 360, SKIN, -1, cv2.LINE_AA)
    cv2.ellipse(scene, (WIDTH // 2, 150), (104, 100), 0, 180, 360, (40.0, 45.0, 55.0), -1, cv2.LINE_AA)
    shaded: Light = cv2.GaussianBlur(scene, (0, 0), 2.0)
    return shaded
