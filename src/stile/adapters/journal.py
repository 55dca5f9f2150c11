"""The journal of erasures as a file: one JSON document a line, each with the hash of the line before it, and sealed
under the site key. Ids and times only; readable by its owner alone.

    {"erasures of": site, "version": 1, "sealed": …}
    {"n": 1, "what": "consent", "subject": id, "member": id, "at": time, "previous": SHA-256, "sealed": …}

The hashes show a line that was changed, taken out or put in before the end; the seal, that the site wrote it. That the
end was cut off does not show here: a backup says how long the journal was when it was made.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from stile.domain.errors import CannotDecrypt, CannotRecord, WrongValue
from stile.domain.ids import MemberId
from stile.ports import Vault
from stile.ports.keeping import Erasure

JOURNAL = "erasures.log"
KIND = "erasure"


class FileJournal:
    """`site`: the operator's id. `vault`: seals the lines; a journal that was begun under another site key (it was
    lost, say) is held by its hashes alone, and `is_sealed_here` says so."""

    def __init__(self, path: Path, site: UUID, vault: Vault) -> None:
        self._path, self._site, self._vault = path, site, vault
        self._last = ""  # digest of the last line, once read
        self._end = 0  # of the last whole line, bytes
        self.is_sealed_here = True

    @property
    def name(self) -> str:
        return str(self._path)

    def read(self) -> Sequence[Erasure] | None:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise CannotRecord(f"the journal {self._path} cannot be read: {error.strerror}") from None
        lines = content.split(b"\n")
        whole = lines[:-1]  # what follows the last line feed was cut off while it was written
        if not whole:
            return None
        self._end = sum(len(line) + 1 for line in whole)
        return list(self._checked(whole))

    def _checked(self, lines: list[bytes]) -> Iterator[Erasure]:
        head = self._parsed(lines[0], 1)
        if head.get("erasures of") != str(self._site):
            raise WrongValue(f"the journal {self._path} is another site's")
        self.is_sealed_here = self._opens(head, self._site)
        self._last = _digest(head)
        for place, line in enumerate(lines[1:], start=1):
            entry = self._parsed(line, place + 1)
            erased = _erasure(entry)
            wrong = erased is None or erased.n != place or entry.get("previous") != self._last
            if wrong or erased is None or (self.is_sealed_here and not self._opens(entry, erased.subject)):
                raise WrongValue(f"the journal {self._path} was altered at line {place + 1}")
            self._last = _digest(entry)
            yield erased

    def _parsed(self, line: bytes, place: int) -> dict[str, Any]:
        try:
            found = json.loads(line)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise WrongValue(f"the journal {self._path} was altered at line {place}")
        return found

    def _opens(self, entry: dict[str, Any], owner: UUID) -> bool:
        try:
            sealed = base64.b64decode(str(entry.get("sealed", "")))
            return self._vault.open_secret(KIND, owner, sealed) == _digest(entry).encode()
        except (CannotDecrypt, ValueError):
            return False

    def append(self, erasures: Sequence[Erasure]) -> None:
        if not self._last:
            raise RuntimeError("a journal is read, or written anew, before it is added to")
        text = b"".join(self._lines(erasures))
        try:
            with self._path.open("r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # Another process may have added the same lines, which follow from the store: they are written again.
                file.seek(self._end)
                file.truncate()
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            self._last = ""
            raise CannotRecord(f"the journal {self._path} cannot be written: {error.strerror}") from None
        self._end += len(text)

    def replace(self, erasures: Sequence[Erasure]) -> None:
        head = {"erasures of": str(self._site), "version": 1}
        self._last = _digest(head)
        self.is_sealed_here = True
        text = self._sealed(head, self._site) + b"".join(self._lines(erasures))
        aside = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(self._path)
        except OSError as error:
            self._last = ""
            raise CannotRecord(f"the journal {self._path} cannot be written: {error.strerror}") from None
        finally:
            aside.unlink(missing_ok=True)
        self._end = len(text)

    def _lines(self, erasures: Sequence[Erasure]) -> Iterator[bytes]:
        for one in erasures:
            entry = {
                "n": one.n,
                "what": one.what,
                "subject": str(one.subject),
                "member": str(one.member),
                "at": one.at.isoformat(),
                "previous": self._last,
            }
            self._last = _digest(entry)
            yield self._sealed(entry, one.subject)

    def _sealed(self, entry: dict[str, Any], owner: UUID) -> bytes:
        sealed = self._vault.seal_secret(KIND, owner, _digest(entry).encode())
        return json.dumps(entry | {"sealed": base64.b64encode(sealed).decode()}).encode() + b"\n"


def _digest(entry: dict[str, Any]) -> str:
    plain = {name: value for name, value in entry.items() if name != "sealed"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _erasure(entry: dict[str, Any]) -> Erasure | None:
    try:
        return Erasure(
            int(entry["n"]),
            str(entry["what"]),
            UUID(entry["subject"]),
            MemberId(UUID(entry["member"])),
            datetime.fromisoformat(entry["at"]),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
