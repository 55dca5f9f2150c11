"""What a picture carries besides its pixels: where it was taken, with what and by whom, and how it was before."""

import io
from collections.abc import Sequence
from typing import Any

from stile.adapters.documents.papers.limits import TOO_LARGE, in_our_words
from stile.adapters.documents.papers.looked import Looked
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.redaction import Concealed, Finding

MOST_PIXELS = 50_000_000
FORMATS = ("JPEG", "PNG")
ORIENTATION, ARTIST, COPYRIGHT, GPS, THUMBNAIL = 0x0112, 0x013B, 0x8298, 0x8825, 1
NOTHING = frozenset(
    {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "dpi",
        "gamma",
        "srgb",
        "icc_profile",
        "transparency",
    }
    | {
        "adobe",
        "adobe_transform",
        "progressive",
        "progression",
        "interlace",
        "chromaticity",
        "aspect",
        "background",
    }
    | {"exif"}  # looked into by itself
)
"""What a decoder needs, and what tells nothing of anybody."""


def look(name: str, content: bytes) -> Looked:
    with in_our_words(), _opened(content) as picture:
        return Looked(tuple(_found(name, picture)), ())


def found_in(name: str, content: bytes) -> Sequence[Finding]:
    """The same for a picture in a document; nothing for a kind that is not looked into."""
    try:
        return look(name, content).found
    except WrongValue:
        return ()


def clean(name: str, content: bytes) -> Sequence[tuple[str, bytes]]:
    """Its pixels, upright, and nothing else."""
    from PIL import Image, ImageOps

    with in_our_words(), _opened(content) as picture:
        kind = picture.format
        upright: Any = ImageOps.exif_transpose(picture)
        if upright.mode not in ("1", "L", "LA", "RGB", "RGBA") or kind == "JPEG":
            upright = upright.convert(
                "L" if upright.mode in ("1", "L") else "RGB" if kind == "JPEG" else "RGBA"
            )
        bare = Image.frombytes(upright.mode, upright.size, upright.tobytes())
        out = io.BytesIO()
        bare.save(out, kind, **({"quality": 95, "subsampling": 0} if kind == "JPEG" else {"optimize": False}))
        return [(name, out.getvalue())]


def _opened(content: bytes) -> Any:
    from PIL import Image

    picture = Image.open(io.BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise WrongValue(TOO_LARGE)
    return picture


def _found(name: str, picture: Any) -> list[Finding]:
    picture.load()  # PNG keeps text after the pixels as well
    exif = picture.getexif()
    found = []
    if dict(exif.get_ifd(GPS)):
        found.append(Finding(Concealed.PLACE, name, "the place by satellite (GPS)"))
    if person := " ".join(str(exif[tag]) for tag in (ARTIST, COPYRIGHT) if exif.get(tag)).strip():
        found.append(Finding(Concealed.AUTHOR, name, person[:80]))
    if dict(exif.get_ifd(THUMBNAIL)):
        found.append(Finding(Concealed.EARLIER, name, "a small picture of how it was before"))
    others = [tag for tag in exif if tag not in (ORIENTATION, ARTIST, COPYRIGHT, GPS, THUMBNAIL)]
    carried = sorted(str(key) for key in picture.info if str(key).lower() not in NOTHING)
    if others or carried:
        told = [f"{len(others)} facts of the camera (EXIF)"] if others else []
        found.append(Finding(Concealed.METADATA, name, ", ".join([*told, *carried])[:120]))
    if getattr(picture, "n_frames", 1) > 1:
        found.append(Finding(Concealed.EMBEDDED, name, f"{picture.n_frames - 1} more pictures"))
    return found
