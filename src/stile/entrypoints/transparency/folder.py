"""The public account in a folder of its own, put in place at once: whoever reads it meets the old one or the new one,
never half of each.
"""

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from stile.domain.errors import CannotRecord, Conflict

HERE, EXCHANGE = -100, 2
"""`AT_FDCWD` and `RENAME_EXCHANGE` of Linux."""
MARK = ".stile-publish"
"""Lies in a folder that was written here: nothing else is ever replaced."""


def put(folder: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files beside it and then puts them in its place. A link to a folder stays a link: what it leads to is
    replaced. Raises Conflict for a folder that holds anything else, CannotRecord where it cannot be written."""
    place, new = check(folder), None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
        for name, body in files.items():
            _write(new / name, body)
        _write(new / MARK, b"Written by `stile publish`, which replaces this folder as a whole.\n")
        new.chmod(0o755)
        if not place.exists():
            new.rename(place)
        elif not _exchange(new, place):  # then there is none for a moment: two renames, no copying
            place.rename(new.with_suffix(".was"))
            new.rename(place)
            new.with_suffix(".was").rename(new)
    except OSError as error:
        raise CannotRecord(f"{folder} cannot be written: {error.strerror}") from None
    finally:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)  # what stood there before, or what could not be finished


def check(folder: Path) -> Path:
    """Where it really lies. Raises Conflict for a folder that holds anything else."""
    place = Path(os.path.realpath(folder))
    if place.exists() and not _is_ours(place):
        raise Conflict(f"{folder} holds something else: name a new folder, or one that `stile publish` made.")
    return place


def _exchange(one: Path, other: Path) -> bool:
    """Both at once, where the system can: Linux, renameat2(2). False where it cannot."""
    exchange = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if exchange is None:
        return False
    return bool(exchange(HERE, os.fsencode(one), HERE, os.fsencode(other), EXCHANGE) == 0)


def _is_ours(place: Path) -> bool:
    return place.is_dir() and ((place / MARK).is_file() or not any(place.iterdir()))


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)
