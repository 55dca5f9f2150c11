"""Films for Chromium's fake camera. Written where the caller says, which in a test is a temporary folder."""

from collections.abc import Iterable
from pathlib import Path

from stile.domain.errors import CannotRecord
from stile.testing.presentations.camera import Pixels, opencv

A_SECOND = 30
"""Frames; what Chromium assumes of Motion JPEG."""


def write_mjpeg(path: Path, frames: Iterable[Pixels], quality: int = 92) -> Path:
    """Motion JPEG at 30 frames a second, one JPEG after the other. Chromium begins it again at its end."""
    cv2 = opencv()
    with path.open("wb") as out:
        for frame in frames:
            done, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if not done:
                raise CannotRecord(f"A frame of {path.name} could not be written as JPEG.")
            out.write(jpeg.tobytes())
    return path
