"""What may be left of a template, and how an attacker with everything would look for it.

They have the whole data folder, the site key that lies in it, and the logs. They know how templates are sealed.
"""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stile.adapters.vault import HEAD, KEY_BYTES, TAG_BYTES, _key_of, _template_of
from stile.domain.faces import Template
from stile.domain.ids import MemberId

WRAPPED_BYTES = HEAD + KEY_BYTES + TAG_BYTES
FORMATS = ("<f4", ">f4", "<f2", ">f2", "<f8", ">f8")
PIECE = 12
"""Bytes that are looked for: a part that was left behind is found too."""


@dataclass(frozen=True)
class Secret:
    """Everything about one member's template that must not be found once they withdrew."""

    member: MemberId
    template: Template
    sealed: bytes
    wrapped: bytes
    key: bytes

    @classmethod
    def of(cls, member: MemberId, template: Template, sealed: bytes, wrapped: bytes, site: bytes) -> "Secret":
        key = AESGCM(site).decrypt(wrapped[1:HEAD], wrapped[HEAD:], _key_of(member))
        assert AESGCM(key).decrypt(sealed[1:HEAD], sealed[HEAD:], _template_of(member, template.pack))
        return cls(member, template, sealed, wrapped, key)

    def as_bytes(self) -> Mapping[str, bytes]:
        vectors = {f"vector {kind}": self.template.vector.astype(kind).tobytes() for kind in FORMATS}
        return {**vectors, "sealed": self.sealed, "wrapped key": self.wrapped, "key": self.key}

    def pieces(self) -> Iterator[tuple[str, bytes]]:
        for name, whole in self.as_bytes().items():
            for start in range(0, len(whole) - PIECE + 1, 4):
                piece = whole[start : start + PIECE]
                if len(set(piece)) > PIECE // 2:  # zeros and the like lie everywhere
                    yield name, piece

    def found_in(self, content: bytes) -> list[str]:
        """What of it lies there: plainly, or written as hexadecimal or base64."""
        everywhere = {content[at : at + PIECE] for at in range(len(content) - PIECE + 1)}
        plain = {name for name, piece in self.pieces() if piece in everywhere}
        low = content.lower()
        for name, whole in self.as_bytes().items():
            written = [
                whole.hex().encode()[:48],
                base64.b64encode(whole)[:40],
                base64.urlsafe_b64encode(whole)[:40],
            ]
            if written[0] in low or any(one in content for one in written[1:]):
                plain.add(f"{name}, written out")
        return sorted(plain)

    def opens_by(self, content: bytes, site: bytes) -> list[str]:
        """Tries every place as a wrapped key with the site key, and every place as a sealed template with whatever key
        turned up or is known from before."""
        found, keys, cipher = [], [self.key], AESGCM(site)
        for start in _heads(content, WRAPPED_BYTES):
            part = content[start : start + WRAPPED_BYTES]
            try:
                keys.append(cipher.decrypt(part[1:HEAD], part[HEAD:], _key_of(self.member)))
            except InvalidTag:
                continue
            found.append(f"a wrapped key at {start}")
        size, bound = len(self.sealed), _template_of(self.member, self.template.pack)
        for start in _heads(content, size):
            part = content[start : start + size]
            for key in keys:
                try:
                    AESGCM(key).decrypt(part[1:HEAD], part[HEAD:], bound)
                except InvalidTag:
                    continue
                found.append(f"a template at {start}")
        return found


def _heads(content: bytes, size: int) -> Iterator[int]:
    """Where something of that size may begin: with its version byte."""
    start = content.find(b"\x01")
    while 0 <= start <= len(content) - size:
        yield start
        start = content.find(b"\x01", start + 1)


def all_of(folder: Path) -> bytes:
    """Every byte of every file: database, write-ahead log, shared memory, logs, whatever else there is."""
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
