"""A checkpoint says: at this time the log had so many entries, and this is the root hash over them. It is signed, so
that nobody without the key can write the log anew up to there, and short, so that it can be kept anywhere.

The form is that of C2SP's tlog-checkpoint inside a signed-note, with the time as an extension line:

    stile/0192f0c4-…                              origin: the log's name
    10000                                         how many entries
    qINS1GRFhWHwdkUeqLEoP4yEMkTBBzxBkGwGQlVlVcs=   root hash, base64
    time 2026-11-25T21:00:00Z

    — stile/0192f0c4-… Az3grnMB…                  key hash (4 bytes) and Ed25519 signature (64), base64
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from stile.domain.errors import WrongValue

ED25519 = b"\x01"
"""The signature's type in a signed note."""

NOTE = re.compile(
    r"(?P<text>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
    r"time (?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\n)\n— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]{91}=)\n"
)


class Kind(StrEnum):
    """Records whose digest stands in the log."""

    PASSAGE = "passage"
    CONSENT = "consent"
    ADJUDICATION = "adjudication"


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint says. `at`: whole seconds, UTC."""

    origin: str
    size: int
    root: bytes
    at: datetime

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[^\s+]+", self.origin):
            raise WrongValue("a log's name has no spaces and no plus sign")
        if self.size < 0 or len(self.root) != hashlib.sha256().digest_size:
            raise WrongValue("a checkpoint names a number of entries and a root hash of 32 bytes")
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")

    @property
    def text(self) -> str:
        """What is signed."""
        root = base64.b64encode(self.root).decode()
        return f"{self.origin}\n{self.size}\n{root}\ntime {self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head. `key`: the hash of name and public key, which says which key it was. `signature`: 64 bytes."""

    head: Head
    key: bytes
    signature: bytes

    @property
    def note(self) -> str:
        signed = base64.b64encode(self.key + self.signature).decode()
        return f"{self.head.text}\n— {self.head.origin} {signed}\n"

    @classmethod
    def read(cls, note: str) -> "Checkpoint":
        """Raises WrongValue for anything but the exact form: a checkpoint is written in one way only."""
        found = NOTE.fullmatch(note)
        if found is None or found["name"] != found["origin"]:
            raise WrongValue("this is not a checkpoint of an audit log")
        try:
            at = datetime.strptime(found["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            signed = base64.b64decode(found["signature"], validate=True)
            head = Head(found["origin"], int(found["size"]), base64.b64decode(found["root"]), at)
        except (ValueError, binascii.Error):
            raise WrongValue("this is not a checkpoint of an audit log") from None
        made = cls(head, signed[:4], signed[4:])
        if made.note != note:  # base64 has bits to spare, in which a changed byte would hide
            raise WrongValue("this is not a checkpoint of an audit log")
        return made


def notes_in(text: str) -> list[str]:
    """The checkpoints of a file, one after the other; each ends with its signature. What is none is handed on as it
    is."""
    notes: list[str] = []
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if lines or line.strip():
            lines.append(line)
        if line.startswith("—"):
            notes.append("".join(lines))
            lines = []
    return notes + (["".join(lines)] if lines else [])


def key_hash(name: str, public: bytes) -> bytes:
    """Which key: the first four bytes of SHA-256 over name, newline, type and public key (C2SP signed-note)."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The public key in one line, as C2SP's tools take it: name+hash+base64."""
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def public_key(line: str) -> tuple[str, bytes]:
    """Name and public key of such a line. Raises WrongValue."""
    name, _, rest = line.strip().partition("+")
    hashed, _, encoded = rest.partition("+")
    try:
        key = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error):
        key = b""
    if key[:1] != ED25519 or len(key) != 33 or key_hash(name, key[1:]).hex() != hashed:
        raise WrongValue("this is not a public key of an audit log: expected NAME+HASH+KEY in one line")
    return name, key[1:]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time-stamp authority's word that a checkpoint existed. `response`: RFC 3161, DER."""

    size: int
    authority: str
    at: datetime
    response: bytes
