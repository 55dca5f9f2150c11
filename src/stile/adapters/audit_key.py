"""The key that the audit log's checkpoints are signed with: Ed25519 (RFC 8032), in a private file beside the site key,
or from the settings. Its public half lies beside it, for whoever checks.
"""

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from stile.domain.errors import NotConfigured

KEY_BYTES = 32


class AuditKey:
    """Implements the port `Signer`. Read or made when it is first needed; it is not shown or pickled by anything here.

    `text`: 32 bytes in base64, as a setting holds them; the file is left alone then.
    """

    def __init__(self, path: Path, text: str | None = None) -> None:
        self._path, self._text = path, text
        self._key: Ed25519PrivateKey | None = None

    @property
    def public(self) -> bytes:
        """Raises NotConfigured when neither half of the key is there."""
        if self._key is None and self._text is None and not self._path.exists():
            with suppress(OSError):
                kept = self._public_path.read_bytes()
                if len(kept) == KEY_BYTES:
                    return kept
        return _public(self._private())

    @property
    def is_there(self) -> bool:
        return self._text is not None or self._path.exists()

    def make(self) -> None:
        """A new key, unless there is one. Only for a log that nothing was signed in: a second key beside checkpoints of
        the first would hide that the first is lost."""
        if self.is_there:
            return
        key = secrets.token_bytes(KEY_BYTES)
        _write(self._path, key, 0o600)
        _write(self._public_path, _public(Ed25519PrivateKey.from_private_bytes(key)), 0o644)

    def sign(self, text: bytes) -> bytes:
        return self._private().sign(text)

    def holds(self, public: bytes, signature: bytes, text: bytes) -> bool:
        try:
            public_key = Ed25519PublicKey.from_public_bytes(public)
            public_key.verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def _public_path(self) -> Path:
        return self._path.with_suffix(".pub")

    def _private(self) -> Ed25519PrivateKey:
        if self._key is None:
            self._key = Ed25519PrivateKey.from_private_bytes(self._read())
        return self._key

    def _read(self) -> bytes:
        if self._text is not None:
            try:
                given = base64.b64decode(self._text.strip(), validate=True)
            except (binascii.Error, ValueError):
                given = b""
            if len(given) != KEY_BYTES:
                raise NotConfigured(f"the audit key in the settings is not base64 of {KEY_BYTES} bytes")
            return given
        try:
            with self._path.open("rb") as file:
                if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise NotConfigured(
                        f"the audit key {self._path} can be read by others: run “chmod 600 {self._path}”"
                    )
                content = file.read(KEY_BYTES + 1)
        except FileNotFoundError:
            raise NotConfigured(
                f"the audit key {self._path} is missing: put it back from its backup"
            ) from None
        except OSError as error:
            raise NotConfigured(f"the audit key {self._path} cannot be read: {error.strerror}") from None
        if len(content) != KEY_BYTES:
            raise NotConfigured(f"the audit key {self._path} is damaged: put it back from its backup")
        return content

    def __repr__(self) -> str:
        return "<AuditKey>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("an audit key is never written")


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Whole or not at all: written aside, then given its name, which fails when another process was first."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(aside, path)
        finally:
            aside.unlink(missing_ok=True)
    except OSError as error:
        raise NotConfigured(f"the audit key {path} cannot be made: {error.strerror}") from None
