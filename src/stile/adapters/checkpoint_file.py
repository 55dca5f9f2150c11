"""Checkpoints in a plain file beside the database: what is cut off in the one still shows against the other."""

import os
from pathlib import Path

from stile.domain.errors import CannotRecord


class CheckpointFile:
    """Implements the port `CheckpointFile`. Only ever appended to."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def append(self, text: str) -> None:
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CannotRecord(f"{self._path} cannot be written: {error.strerror}") from None

    def read(self) -> str:
        try:
            return self._path.read_bytes().decode("utf-8", "replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise CannotRecord(f"{self._path} cannot be read: {error.strerror}") from None
