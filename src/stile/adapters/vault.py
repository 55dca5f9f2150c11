"""Law 2: each member's template is sealed under a key of its own, so that destroying one key destroys one template,
in every copy and backup.

AES-256-GCM throughout (NIST SP 800-38D), 96-bit random nonces. The site key wraps the member keys and is never
in the database. Each key wraps far fewer than the 2³² messages that random nonces allow.

    wrapped key  = version 1 | nonce 12 | AES-GCM(site key, member key, "stile key", member)
    sealed       = version 1 | nonce 12 | AES-GCM(member key, float32 little-endian, "stile template", member, pack)
    secret       = version 1 | nonce 12 | AES-GCM(site key, secret, "stile secret", owner, kind)

Version, member and pack are authenticated along: a key or a template moved to another row does not open.
"""

import base64
import binascii
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn
from uuid import UUID

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stile.domain.errors import CannotDecrypt, NotConfigured, WrongValue
from stile.domain.faces import Template
from stile.domain.ids import MemberId, PackId

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
VERSION = b"\x01"
HEAD = len(VERSION) + NONCE_BYTES

LITTLE_ENDIAN = np.dtype("<f4")


class FileVault:
    """Implements the port `Vault` with a site key from a file, or from a setting. Thread-safe.

    `site_key`: 32 bytes. It is not shown, compared, copied or pickled by anything here.
    """

    __slots__ = ("_site",)

    def __init__(self, site_key: bytes) -> None:
        if len(site_key) != KEY_BYTES:
            raise NotConfigured(f"a site key has {KEY_BYTES} bytes, not {len(site_key)}")
        self._site = AESGCM(site_key)

    @classmethod
    def load(cls, path: Path) -> "FileVault":
        """Raises NotConfigured when the file is missing, damaged, or readable by others."""
        try:
            with path.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                if mode & 0o077:
                    raise NotConfigured(f"the site key {path} can be read by others: run “chmod 600 {path}”")
                content = file.read(KEY_BYTES + 1)
        except FileNotFoundError:
            raise NotConfigured(f"the site key {path} is missing: put it back from its backup") from None
        except OSError as error:
            raise NotConfigured(f"the site key {path} cannot be read: {error.strerror}") from None
        if len(content) != KEY_BYTES:
            raise NotConfigured(f"the site key {path} is damaged: put it back from its backup")
        return cls(content)

    @classmethod
    def load_or_create(cls, path: Path, site_key: str | None = None) -> "FileVault":
        """The key in the file; a new one, mode 0600, when there is none. Several processes get the same key.

        `site_key`: 32 bytes in base64, as a setting holds them; used instead of the file, which is left alone.
        Making a key for a store that holds templates already means that their key is lost: see `load`.
        """
        if site_key is not None:
            return cls.from_base64(site_key)
        if not path.exists():
            _create(path)
        return cls.load(path)

    @classmethod
    def from_base64(cls, text: str) -> "FileVault":
        """The key as a setting holds it: 32 bytes in base64."""
        try:
            return cls(base64.b64decode(text.strip(), validate=True))
        except (binascii.Error, ValueError, NotConfigured):
            raise NotConfigured(f"the site key in the settings is not base64 of {KEY_BYTES} bytes") from None

    def new_key(self, member: MemberId) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = secrets.token_bytes(KEY_BYTES)
        return VERSION + nonce + self._site.encrypt(nonce, key, _key_of(member))

    def seal(self, member: MemberId, wrapped_key: bytes, template: Template) -> bytes:
        """Raises CannotDecrypt when the wrapped key is not this member's, or of another site."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = template.vector.astype(LITTLE_ENDIAN).tobytes()
        key = self._unwrap(member, wrapped_key)
        return VERSION + nonce + key.encrypt(nonce, plain, _template_of(member, template.pack))

    def open(self, member: MemberId, wrapped_key: bytes, sealed: bytes, pack: PackId) -> Template:
        key = self._unwrap(member, wrapped_key)
        plain = _decrypt(key, sealed, _template_of(member, pack))
        if len(plain) % LITTLE_ENDIAN.itemsize:
            raise CannotDecrypt("the template is not one that was sealed here")
        vector = np.frombuffer(plain, LITTLE_ENDIAN)
        try:
            return Template(vector.astype(np.float32, copy=False), pack)
        except WrongValue:
            raise CannotDecrypt("the template is not one that was sealed here") from None

    def seal_secret(self, kind: str, owner: UUID, secret: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + nonce + self._site.encrypt(nonce, secret, _secret_of(kind, owner))

    def open_secret(self, kind: str, owner: UUID, sealed: bytes) -> bytes:
        return _decrypt(self._site, sealed, _secret_of(kind, owner))

    def _unwrap(self, member: MemberId, wrapped_key: bytes) -> AESGCM:
        return AESGCM(_decrypt(self._site, wrapped_key, _key_of(member)))

    def __repr__(self) -> str:
        return "<FileVault>"

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise TypeError("a vault holds the site key and is never written")


def _key_of(member: MemberId) -> bytes:
    return b"stile key" + VERSION + member.bytes


def _template_of(member: MemberId, pack: PackId) -> bytes:
    return b"stile template" + VERSION + member.bytes + pack.encode()


def _secret_of(kind: str, owner: UUID) -> bytes:
    return b"stile secret" + VERSION + owner.bytes + kind.encode()


def _decrypt(key: AESGCM, sealed: bytes, bound_to: bytes) -> bytes:
    if len(sealed) < HEAD + TAG_BYTES or sealed[:1] != VERSION:
        raise CannotDecrypt("it is not in a format that this version of Stile knows")
    try:
        return key.decrypt(sealed[1:HEAD], sealed[HEAD:], bound_to)
    except InvalidTag:
        raise CannotDecrypt("the key is gone or wrong, or what was sealed with it was changed") from None


def _create(path: Path) -> None:
    """Whole or not at all: written aside, then given its name, which fails when another process was first."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        if not path.parent.exists():
            path.parent.parent.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(aside, path)
        finally:
            aside.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise NotConfigured(f"the site key {path} cannot be made: {error.strerror}") from None


def _sync_folder(folder: Path) -> None:
    """Without it a power cut could take the key's name away after templates were sealed with it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
