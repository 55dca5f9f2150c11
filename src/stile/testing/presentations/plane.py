"""Things that are flat: where a sheet lies in the picture when a hand holds it up and turns it, and what is behind.

The camera is a pinhole; the sheet turns about its own middle. Whatever is on it moves as a plane does: its five
landmarks stay a perspective image of the photograph's.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.testing.presentations.camera import Light, opencv
from stile.testing.presentations.motion import Swayed
from stile.testing.presentations.portrait import HEIGHT, WIDTH

FOCAL = 620.0
"""Pixels: a webcam that sees 55 degrees across."""

SKIN = (120.0, 150.0, 200.0)
"""BGR, of the hands and of a figure that is drawn."""

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Held:
    """How a sheet is held. `size`: pixels of the picture for one of the sheet, seen straight. `middle`: where its
    middle is in the picture, pixels."""

    size: float = 1.0
    middle: tuple[float, float] = (WIDTH / 2, HEIGHT / 2)


def homography(sheet: tuple[int, int], held: Held, yaw: float, swayed: Swayed) -> Matrix:
    """3 × 3, from pixels of the sheet (width, height) to pixels of the picture. `yaw`: degrees, positive when the
    sheet turns as a head on it would turn to its own left; the hand's own sway is added."""
    turn, nod, roll = (math.radians(one) for one in (yaw + swayed.yaw, swayed.pitch, swayed.roll))
    about_y = np.array([[math.cos(turn), 0, -math.sin(turn)], [0, 1, 0], [math.sin(turn), 0, math.cos(turn)]])
    about_x = np.array([[1, 0, 0], [0, math.cos(nod), -math.sin(nod)], [0, math.sin(nod), math.cos(nod)]])
    about_z = np.array([[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]])
    turned = about_z @ about_x @ about_y
    away = FOCAL / (held.size * swayed.scale)
    # Columns: what one pixel along the sheet does, and where its middle is, before the camera at the origin.
    place = np.column_stack((turned[:, 0], turned[:, 1], (0.0, 0.0, away)))
    camera = np.array(
        [
            [FOCAL, 0, held.middle[0] + swayed.x],
            [0, FOCAL, held.middle[1] + swayed.y],
            [0, 0, 1],
        ]
    )
    to_middle = np.array([[1, 0, -sheet[0] / 2], [0, 1, -sheet[1] / 2], [0, 0, 1.0]])
    found: Matrix = camera @ place @ to_middle
    return found


def laid(sheet: Light, cover: NDArray[np.float32], behind: Light, matrix: Matrix) -> Light:
    """The sheet before what is behind it. `cover`: float32 height × width of the sheet, 1 where it is opaque."""
    cv2 = opencv()
    size = (behind.shape[1], behind.shape[0])
    there = cv2.warpPerspective(sheet, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    opaque = cv2.warpPerspective(cover, matrix, size, flags=cv2.INTER_LINEAR)[:, :, None]
    return np.asarray(behind + (there - behind) * opaque, np.float32)


def fingers(scene: Light, matrix: Matrix, sheet: tuple[int, int]) -> Light:
    """Two thumbs that hold the sheet at its sides."""
    cv2 = opencv()
    for side in (0.02, 0.98):
        at = matrix @ np.array([sheet[0] * side, sheet[1] * 0.72, 1.0])
        x, y = at[0] / at[2], at[1] / at[2]
        reach = sheet[0] * 0.05 * matrix[0, 0] / at[2]
        lean = 25 if side < 0.5 else -25
        axes = (max(2, round(reach * 1.9)), max(2, round(reach)))
        cv2.ellipse(scene, (round(x), round(y)), axes, lean, 0, 360, SKIN, -1, cv2.LINE_AA)
        cv2.ellipse(
            scene, (round(x), round(y)), axes, lean, 0, 360, [0.6 * one for one in SKIN], 1, cv2.LINE_AA
        )
    return scene
