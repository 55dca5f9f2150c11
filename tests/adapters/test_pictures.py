"""Whatever the bytes are, the answer is a frame or one clear line, and never more memory than a picture needs."""

import io
import struct
import sys
import tracemalloc
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from stile.adapters.vision import PillowReader
from stile.adapters.vision.pictures import LONGEST, MOST_BYTES, inspect
from stile.domain.errors import BadPicture

reader = PillowReader()


def scene(width: int = 320, height: int = 240) -> Image.Image:
    """Red at the top left, green at the top right, blue at the bottom left, dark at the bottom right."""
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2] = (220, 30, 30)
    pixels[: height // 2, width // 2 :] = (30, 200, 30)
    pixels[height // 2 :, : width // 2] = (30, 30, 220)
    pixels[height // 2 :, width // 2 :] = (40, 40, 40)
    return Image.fromarray(pixels)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def corners(pixels: NDArray[np.uint8]) -> list[str]:
    """The dominant colour of the four quarters: top left, top right, bottom left, bottom right."""
    h, w = pixels.shape[:2]
    found = []
    for y in (h // 4, 3 * h // 4):
        for x in (w // 4, 3 * w // 4):
            b, g, r = (int(value) for value in pixels[y, x])
            names = {"red": r, "green": g, "blue": b}
            best = max(names, key=lambda name: names[name])
            found.append(best if names[best] > 120 else "dark")
    return found


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds one short row: what an attacker sends."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(100)))
        + chunk(b"IEND", b"")
    )


def peak_bytes(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def resident_peak_kb() -> int:
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform != "darwin" else peak // 1024


def test_a_picture_of_40000_by_40000_is_refused_by_its_header() -> None:
    data = png_header(40_000, 40_000)
    before = resident_peak_kb()

    def refused() -> None:
        with pytest.raises(BadPicture, match=r"40,000 × 40,000 pixels; at most 50 megapixels"):
            reader.read(data)

    assert peak_bytes(refused) < 1_000_000
    assert resident_peak_kb() - before < 20_000


@pytest.mark.parametrize("kind", ["VP8X", "VP8L", "VP8 "])
def test_a_huge_webp_is_refused_by_its_header(kind: str) -> None:
    side = 16_383
    body = {
        "VP8X": bytes(4) + (side - 1).to_bytes(3, "little") * 2,
        "VP8L": b"\x2f" + ((side - 1) | (side - 1) << 14).to_bytes(4, "little"),
        "VP8 ": b"\x00\x00\x00\x9d\x01\x2a" + struct.pack("<HH", side, side),
    }[kind]
    data = b"RIFF" + struct.pack("<I", 4 + 8 + len(body)) + b"WEBP" + kind.encode()
    data += struct.pack("<I", len(body)) + body

    def refused() -> None:
        with pytest.raises(BadPicture, match="16,383 × 16,383"):
            reader.read(data)

    assert peak_bytes(refused) < 1_000_000


def test_a_huge_jpeg_is_refused_by_its_header() -> None:
    data = bytearray(encoded(scene(), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 60_000, 60_000)
    with pytest.raises(BadPicture, match="60,000 × 60,000"):
        reader.read(bytes(data))


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("options", [{}, {"progressive": True}], ids=["baseline", "progressive"])
def test_a_truncated_jpeg_is_refused(kept: float, options: dict[str, object]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (240, 320, 3), np.uint8)
    data = encoded(Image.fromarray(noise), "JPEG", quality=80, **options)
    with pytest.raises(BadPicture, match=r"cut off|truncated"):
        reader.read(data[: int(len(data) * kept)])


def test_a_truncated_picture_is_refused_by_whoever_writes_letters_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """WeasyPrint's import says so to Pillow, for the whole process."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    data = encoded(scene(), "JPEG")
    with pytest.raises(BadPicture, match=r"cut off|truncated"):
        reader.read(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_truncated_picture_of_another_kind_is_refused(kind: str) -> None:
    data = encoded(scene(), kind)
    with pytest.raises(BadPicture):
        reader.read(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_beginning_of_a_picture_gives_one_line_or_the_whole_picture(kind: str) -> None:
    """A PNG whose check sum alone is missing still holds every pixel."""
    data = encoded(scene(64, 48), kind)
    whole = reader.read(data).pixels
    refused = 0
    for length in range(len(data) - 1):
        answer = pixels_or_line(data[:length])
        if isinstance(answer, str):
            assert "\n" not in answer
            refused += 1
        else:
            assert np.array_equal(answer, whole)
    assert refused >= len(data) - 32


def pixels_or_line(data: bytes) -> NDArray[np.uint8] | str:
    try:
        return reader.read(data).pixels
    except BadPicture as error:
        return str(error)


def test_a_text_file_is_refused() -> None:
    with pytest.raises(BadPicture, match="not a JPEG, PNG or WebP"):
        reader.read(b"Dear Sir or Madam,\n" * 50)


def test_no_bytes_are_refused() -> None:
    with pytest.raises(BadPicture, match="0 bytes"):
        reader.read(b"")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_formats_are_refused(kind: str) -> None:
    with pytest.raises(BadPicture, match="not a JPEG, PNG or WebP"):
        reader.read(encoded(scene(), kind))


def test_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(BadPicture, match="at most 30 MB"):
        reader.read(b"\xff\xd8\xff" + bytes(MOST_BYTES))


def test_too_few_pixels_are_refused() -> None:
    with pytest.raises(BadPicture, match="at least 16 × 16"):
        reader.read(encoded(scene(320, 8), "PNG"))


PLAIN = ["red", "green", "blue", "dark"]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {"quality": 90}),
        ("JPEG", {"quality": 90, "progressive": True}),
        ("JPEG", {"quality": 90, "subsampling": 0}),
        ("PNG", {}),
        ("WEBP", {"quality": 90}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_plain_pictures_come_out_in_bgr(kind: str, options: dict[str, object]) -> None:
    frame = reader.read(encoded(scene(), kind, **options))
    assert (frame.width, frame.height) == (320, 240)
    assert corners(frame.pixels) == PLAIN
    assert frame.pixels.flags.c_contiguous


def test_a_cmyk_picture_is_converted() -> None:
    frame = reader.read(encoded(scene().convert("CMYK"), "JPEG", quality=95))
    assert corners(frame.pixels) == PLAIN


def test_a_grey_jpeg_is_converted() -> None:
    frame = reader.read(encoded(scene().convert("L"), "JPEG"))
    assert frame.pixels.shape == (240, 320, 3)
    assert (frame.pixels[..., 0] == frame.pixels[..., 2]).all()


@pytest.mark.parametrize("mode", ["L", "1", "P", "LA"])
def test_png_of_few_colours_is_converted(mode: str) -> None:
    frame = reader.read(encoded(scene().convert(mode), "PNG"))
    assert frame.pixels.shape == (240, 320, 3)
    if mode == "P":
        assert corners(frame.pixels) == PLAIN


def test_16_bit_grey_keeps_its_light() -> None:
    ramp = np.tile(np.linspace(0, 65535, 320).astype(np.uint16), (240, 1))
    frame = reader.read(encoded(Image.fromarray(ramp), "PNG"))
    row = frame.pixels[0, :, 0].astype(int)
    assert row[0] == 0
    assert row[-1] == 255
    assert abs(int(row[160]) - 128) <= 1


def test_16_bit_colour_keeps_its_colours() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = np.asarray(scene()).astype(">u2") * 257
    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 320, 240, 16, 2, 0, 0, 0))
    data += chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    assert corners(reader.read(data).pixels) == PLAIN


TURNED = {
    1: ["red", "green", "blue", "dark"],
    2: ["green", "red", "dark", "blue"],
    3: ["dark", "blue", "green", "red"],
    4: ["blue", "dark", "red", "green"],
    5: ["red", "blue", "green", "dark"],
    6: ["blue", "red", "dark", "green"],
    7: ["dark", "green", "blue", "red"],
    8: ["green", "dark", "red", "blue"],
}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_exif_turns_the_picture_upright(orientation: int, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    frame = reader.read(encoded(scene(), kind, exif=exif))
    assert corners(frame.pixels) == TURNED[orientation]
    assert (frame.width > frame.height) == (orientation < 5)


def test_odd_exif_is_ignored_without_a_warning() -> None:
    data = encoded(scene(), "JPEG")
    for junk in (b"MM\0\x2a\xff\xff\xff\xff", b"II\x2a\0\x08\0\0\0\xff\xff" + bytes(30), b"", b"XX"):
        segment = b"Exif\0\0" + junk
        odd = data[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + data[2:]
        assert corners(reader.read(odd).pixels) == PLAIN
        grey = encoded(scene().convert("CMYK"), "JPEG")
        odd = grey[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + grey[2:]
        assert corners(reader.read(odd).pixels) == PLAIN


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_is_transparent_is_white(kind: str) -> None:
    image = scene().convert("RGBA")
    alpha = np.full((240, 320), 255, np.uint8)
    alpha[:, 160:] = 0
    image.putalpha(Image.fromarray(alpha))
    frame = reader.read(encoded(image, kind, **({"lossless": True} if kind == "WEBP" else {})))
    assert (frame.pixels[:, 200:] == 255).all()
    assert corners(frame.pixels)[0] == "red"


def test_a_palette_with_transparency_is_white_there() -> None:
    image = scene().convert("P", palette=Image.Palette.ADAPTIVE, colors=8)
    pixel = image.getpixel((300, 220))
    frame = reader.read(encoded(image, "PNG", transparency=pixel))
    assert (frame.pixels[220, 300] == 255).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_large_picture_comes_out_smaller(kind: str) -> None:
    frame = reader.read(encoded(scene(4000, 3000), kind))
    assert max(frame.width, frame.height) == LONGEST
    assert abs(frame.height - 1200) <= 1
    assert corners(frame.pixels) == PLAIN


def test_both_decoders_agree() -> None:
    noise = np.random.default_rng(2).normal(128, 20, (60, 80, 3)).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(noise).resize((640, 480), Image.Resampling.BICUBIC)
    plain = encoded(image, "JPEG", quality=90)
    assert inspect(plain).plain
    fast = reader.read(plain).pixels.astype(int)
    slow = np.asarray(Image.open(io.BytesIO(plain)))[:, :, ::-1].astype(int)
    assert np.abs(fast - slow).max() <= 3
