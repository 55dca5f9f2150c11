"""A file that anybody may have made is opened only within limits: how far it unfolds is counted before it does, and XML
that defines anything of its own (entities) is not read at all.
"""

import io
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from xml.parsers import expat

from stile.domain.errors import NotConfigured, WrongValue

MOST_UNFOLDED = 64 * 1024 * 1024
"""Bytes of all parts together."""
MOST_PARTS = 4_000
MOST_FOLDS = 300
"""How often a part may be larger than it lies in the file; text folds to a tenth, seldom to a hundredth."""
LARGE = 1024 * 1024
"""Bytes from which on that is asked."""

DAMAGED = (
    "The file is damaged, or is not what its name says. Please open it, save it anew, and give it again."
)
LOCKED = "The file is protected by a password. Please take the password off, and give it again."
TOO_LARGE = "The file unfolds to far more than it seems to hold, and is not opened. Please save it anew."
MISSING = "To look into papers install the extra “documents”: pip install 'stile[documents]'."
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How files of Office from before 2007 begin, and those of today that are locked."""


@contextmanager
def in_our_words() -> Iterator[None]:
    """Whatever a library says of a file that it cannot read becomes one line that says what to do."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (WrongValue, NotConfigured):
        raise
    except ImportError:
        raise NotConfigured(MISSING) from None
    except MemoryError:
        raise WrongValue(TOO_LARGE) from None
    except Exception:  # noqa: BLE001 a parser of such files fails in a hundred ways, and its words may quote the file
        raise WrongValue(DAMAGED) from None


def unfolded(content: bytes, must_have: str) -> dict[str, bytes]:
    """The parts of an Office file by their name. `must_have`: the part that makes it one of its kind.

    Raises WrongValue.
    """
    if content.startswith(OLE):
        raise WrongValue(LOCKED)
    with in_our_words(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        listed = archive.infolist()
        if len(listed) > MOST_PARTS or sum(one.file_size for one in listed) > MOST_UNFOLDED:
            raise WrongValue(TOO_LARGE)
        for one in listed:
            if one.file_size > LARGE and one.file_size > MOST_FOLDS * max(1, one.compress_size):
                raise WrongValue(TOO_LARGE)
            if one.flag_bits & 1:
                raise WrongValue(LOCKED)
        # What is read is no more than what was counted: zipfile stops at the size that is stated.
        parts = {one.filename: archive.read(one) for one in listed if not one.is_dir()}
        if must_have not in parts or len(parts) != sum(not one.is_dir() for one in listed):
            raise WrongValue(DAMAGED)
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")):
            plain_xml(part)
    return parts


def plain_xml(part: bytes) -> None:
    """Raises WrongValue for a document type: it can unfold without end, or read other files (OOXML allows none)."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(part, True)
    except WrongValue:
        raise
    except (expat.ExpatError, LookupError, ValueError):  # an encoding that nobody knows, too
        raise WrongValue(DAMAGED) from None


def _refuse(*_: object) -> None:
    raise WrongValue("The file defines XML entities, as no Office program does, and is not opened.")
