"""Films for Chromium's fake camera: photographs on a plain wall, with the small changes that a camera sees.

Written to a temporary folder only. No two frames are alike: each is shifted, scaled, turned and lit a little
differently, because an enrolment takes no picture twice.
"""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

WIDTH, HEIGHT = 640, 480
A_SECOND = 30
"""Frames; what Chromium assumes of Motion JPEG."""


def film(
    path: Path, photographs: Sequence[Image.Image], seconds_each: float = 0.4, rounds: int = 1, seed: int = 1
) -> Path:
    """Each photograph in turn for `seconds_each`, and all of it `rounds` times over. Chromium repeats it."""
    rng = np.random.default_rng(seed)
    with path.open("wb") as out:
        for _ in range(rounds):
            for photograph in photographs:
                for _ in range(round(seconds_each * A_SECOND)):
                    out.write(_jpeg(_frame(photograph, rng)))
    return path


def _frame(photograph: Image.Image, rng: np.random.Generator) -> Image.Image:
    height = round(HEIGHT * rng.uniform(0.96, 1.0))
    width = round(photograph.width * height / photograph.height)
    moved = photograph.resize((width, height), Image.Resampling.BILINEAR)
    moved = moved.rotate(rng.uniform(-2.5, 2.5), Image.Resampling.BILINEAR, fillcolor=(150, 155, 160))
    moved = ImageEnhance.Brightness(moved).enhance(rng.uniform(0.92, 1.08))
    wall = Image.new("RGB", (WIDTH, HEIGHT), (150, 155, 160))
    left = (WIDTH - width) // 2 + int(rng.integers(-8, 9))
    wall.paste(moved, (left, HEIGHT - height + int(rng.integers(-6, 1))))
    return wall


def _jpeg(frame: Image.Image) -> bytes:
    out = io.BytesIO()
    frame.save(out, "JPEG", quality=92)
    return out.getvalue()


def photographs(folder: Path) -> list[Image.Image]:
    """All photographs of one person, cut to the middle, where nobody else stands."""
    found = []
    for path in sorted(folder.glob("*.jpg")):
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        edge = picture.width // 6
        found.append(picture.crop((edge, edge // 2, picture.width - edge, picture.height - edge // 2)))
    return found
