"""A picture is looked at before it is decoded: what it claims to be decides whether it gets the memory.

JPEG, PNG and WebP, up to 30 MB of file and 50 megapixels. Out comes 8-bit BGR, upright, at most 1,600 pixels
on its longer side. Plain camera JPEGs go through OpenCV where it is installed (0.8 ms against 2 ms for
640 × 480); everything else through Pillow.
"""

import io
import struct
import threading
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from stile.domain.errors import BadPicture
from stile.domain.faces import Frame

MOST_BYTES = 30_000_000
MOST_PIXELS = 50_000_000
LONGEST = 1600
"""Pixels of the longer side of what comes out."""
LEAST = 16
"""A frame is at least so many pixels each way."""

_quiet = threading.Lock()
"""Pillow warns of odd metadata; `catch_warnings` changes a global, so one thread at a time uses it."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture claims to be. `orientation`: EXIF tag 0x0112, 1 to 8. `plain`: a JPEG of three 8-bit
    channels that ends as a JPEG ends, which OpenCV decodes without a word."""

    kind: str
    width: int
    height: int
    orientation: int = 1
    plain: bool = False


class PillowReader:
    """Reads pictures from bytes. Thread-safe."""

    def read(self, data: bytes) -> Frame:
        """Raises BadPicture, with one line, for whatever cannot be looked at."""
        header = inspect(data)
        if header.plain and max(header.width, header.height) <= LONGEST:
            pixels = _by_opencv(data)
            if pixels is not None and pixels.shape[:2] == (header.height, header.width):
                return Frame(_upright(pixels, header.orientation))
        try:
            return Frame(_by_pillow(data, header))
        except (OSError, SyntaxError, ValueError, struct.error, EOFError, MemoryError) as error:
            raise BadPicture(f"The picture cannot be read: {_reason(error)}.") from None


def inspect(data: bytes) -> Header:
    """What the first bytes claim, without decoding. Raises BadPicture."""
    if not data:
        raise BadPicture("The picture is empty: it has 0 bytes.")
    if len(data) > MOST_BYTES:
        raise BadPicture(
            f"The picture has {len(data) / 1e6:.0f} MB; at most {MOST_BYTES // 1_000_000} MB are looked at."
        )
    try:
        header = _header(data)
    except (struct.error, IndexError):
        raise BadPicture("The picture is cut off: its header is not complete.") from None
    if header.width * header.height > MOST_PIXELS:
        raise BadPicture(
            f"The picture has {header.width:,} × {header.height:,} pixels; "
            f"at most {MOST_PIXELS // 1_000_000} megapixels are looked at."
        )
    if min(header.width, header.height) < LEAST:
        raise BadPicture(
            f"The picture has {header.width} × {header.height} pixels; at least {LEAST} × {LEAST} are needed."
        )
    return header


def _header(data: bytes) -> Header:
    if data[:3] == b"\xff\xd8\xff":
        return _jpeg(data)
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        if data[12:16] != b"IHDR":
            raise BadPicture("The picture is not a proper PNG: its first chunk is not IHDR.")
        width, height = struct.unpack_from(">II", data, 16)
        return Header("PNG", width, height)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _webp(data)
    raise BadPicture("This is not a JPEG, PNG or WebP picture.")


def _jpeg(data: bytes) -> Header:
    """Walks the segments up to the first frame header (ITU-T T.81, annex B)."""
    at, orientation = 2, 1
    while True:
        while data[at] != 0xFF:
            at += 1
        while data[at] == 0xFF:
            at += 1
        marker, at = data[at], at + 1
        if marker in (0x01, *range(0xD0, 0xD8)):
            continue
        if marker in (0xD9, 0xDA):
            raise BadPicture("The picture is not a proper JPEG: it has no frame header.")
        (length,) = struct.unpack_from(">H", data, at)
        if marker == 0xE1 and data[at + 2 : at + 8] == b"Exif\0\0":
            orientation = _orientation(data[at + 8 : at + length])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            depth, height, width, channels = struct.unpack_from(">BHHB", data, at + 2)
            ends = data.rstrip(b"\0").endswith(b"\xff\xd9")
            plain = marker in (0xC0, 0xC1, 0xC2) and depth == 8 and channels == 3 and ends
            return Header("JPEG", width, height, orientation, plain)
        at += max(2, length)


def _webp(data: bytes) -> Header:
    """The three kinds of first chunk (RFC 9649, section 2)."""
    chunk = data[12:16]
    if chunk == b"VP8X":
        width = int.from_bytes(data[24:27], "little") + 1
        height = int.from_bytes(data[27:30], "little") + 1
        return Header("WEBP", width, height)
    if chunk == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return Header("WEBP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF)
    raise BadPicture("The picture is not a proper WebP: its first chunk is unknown.")


def _orientation(tiff: bytes) -> int:
    """Tag 0x0112 of the first directory (EXIF 2.32, 4.6); 1, upright, where it is missing or odd."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", tiff, 4)
        (entries,) = struct.unpack_from(order + "H", tiff, start)
        for entry in range(min(entries, 512)):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + 12 * entry)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _by_opencv(data: bytes) -> NDArray[np.uint8] | None:
    """None where OpenCV is missing or cannot read it. Not rotated: that is done by the caller."""
    try:
        import cv2
    except ImportError:
        return None
    try:
        pixels: NDArray[np.uint8] | None = cv2.imdecode(
            np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        )
    except cv2.error:
        return None
    return pixels


def _by_pillow(data: bytes, header: Header) -> NDArray[np.uint8]:
    plugin: Any = {"JPEG": JpegImageFile, "PNG": PngImageFile, "WEBP": WebPImageFile}[header.kind]
    with _quiet, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # For the whole process: WeasyPrint, which writes letters in it, asks Pillow to make up what is cut off.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        # The plugin itself, not Image.open: that would warn of sizes which were judged above.
        image: Image.Image = plugin(io.BytesIO(data))
        if image.size[0] * image.size[1] > MOST_PIXELS:
            raise BadPicture("The picture is larger inside than its header says.")
        image.draft("RGB", (LONGEST, LONGEST))
        image.load()
        orientation = header.orientation
        if header.kind != "JPEG":
            orientation = image.getexif().get(0x0112, 1)
        image = _eight_bit(image)
        image = _smaller(image)
        image = _opaque(image)
    rgb = np.asarray(image)
    return _upright(rgb[:, :, ::-1], orientation if orientation in range(1, 9) else 1)


def _eight_bit(image: Image.Image) -> Image.Image:
    """16-bit and 32-bit grey hold their light in the upper byte; `convert` would cut it off instead."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode == "I":
        return Image.fromarray((np.clip(np.asarray(image), 0, 65535) >> 8).astype(np.uint8))
    if image.mode == "P":
        return image.convert("RGBA" if "transparency" in image.info else "RGB")
    if image.mode in ("1", "L", "RGB") and "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in ("1", "PA", "La", "RGBa", "YCbCr", "LAB", "HSV"):
        return image.convert("RGBA" if image.mode in ("PA", "La", "RGBa") else "RGB")
    return image


def _smaller(image: Image.Image) -> Image.Image:
    if max(image.size) <= LONGEST:
        return image
    factor = LONGEST / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


def _opaque(image: Image.Image) -> Image.Image:
    """What is transparent is shown on white, as a browser's page would."""
    if image.mode in ("RGBA", "LA"):
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        return Image.alpha_composite(white, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _upright(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """The eight ways to hold a camera (EXIF 2.32, table 6)."""
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(pixels)


def _reason(error: Exception) -> str:
    text = str(error).strip().splitlines()
    if "truncated" in (text[0] if text else "") or isinstance(error, EOFError):
        return "it is cut off"
    return text[0][:120].rstrip(".") if text else type(error).__name__
