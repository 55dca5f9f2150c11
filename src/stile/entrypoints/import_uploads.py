"""Member files that were sent here: they wait in the data folder, their owner's alone, for minutes."""

import hashlib
import os
import time
from collections.abc import Collection
from pathlib import Path

WAITS = 30 * 60
"""Seconds that a file waits to be imported."""


def keep(data: Path, content: bytes, busy: Collection[Path]) -> Path:
    """Where the file lies now, named by its SHA-256. Sweeps those that waited too long, but for the `busy` ones.

    Raises OSError.
    """
    sweep(data, busy)
    folder = data / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()}.csv"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as kept:
        kept.write(content)
    return path


def sweep(data: Path, busy: Collection[Path]) -> None:
    """Those that waited too long go, but for the `busy` ones."""
    before = time.time() - WAITS
    for old in (data / "imports").glob("*.csv"):
        if old not in busy and old.stat().st_mtime < before:
            old.unlink(missing_ok=True)
