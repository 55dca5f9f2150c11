"""Files that only the holder of a private key can open: age (https://age-encryption.org/v1), X25519 recipients.

Content goes through compressed and is never on a disk in the clear. Each file is encrypted to one more key, which
exists in memory only, until the file has been read back and compared: so a backup is verified without the private key.
"""

import hashlib
import os
import secrets
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
from pyrage import passphrase as age_passphrase
from pyrage import x25519

from stile.domain.errors import CannotDecrypt, CannotRecord, NotConfigured, WrongValue

LEVEL = 3
"""Of compression: rows shrink to a sixth, at about the speed of reading them."""


@dataclass(frozen=True, slots=True)
class Written:
    """`sha256`: of the file, hex."""

    size: int
    sha256: str


def new_identity(passphrase: str | None) -> tuple[bytes, str]:
    """The content of an identity file, encrypted with the passphrase where there is one, and its public key."""
    identity = x25519.Identity.generate()
    text = f"# public key: {identity.to_public()}\n{identity}\n".encode()
    return (age_passphrase.encrypt(text, passphrase) if passphrase else text), str(identity.to_public())


class AgeSealer:
    """Implements the port `Sealer`."""

    def write(self, path: Path, content: Iterator[bytes], recipients: Sequence[str]) -> Written:
        once = x25519.Identity.generate()
        keys = _keys(recipients)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        source = _Source(content)
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                pyrage.encrypt_io(source, file, [*keys, once.to_public()])
                file.flush()
                os.fsync(file.fileno())
            check = _Check()
            with aside.open("rb") as file:
                pyrage.decrypt_io(file, check, [once])
            if not check.is_whole or check.digest != source.digest:
                raise CannotRecord(
                    "the backup that was written is not what is on the disk: the disk may be failing"
                )
            written = Written(aside.stat().st_size, _sha256(aside))
            aside.replace(path)
        except OSError as error:
            raise CannotRecord(f"the backup cannot be written: {error.strerror or error}") from None
        except (pyrage.EncryptError, pyrage.DecryptError):
            if source.error is not None:
                raise source.error from None
            raise CannotRecord("the backup cannot be written: what was read back does not open") from None
        finally:
            aside.unlink(missing_ok=True)
        return written

    def seal(self, path: Path, secret: bytes, recipients: Sequence[str]) -> None:
        sealed = pyrage.encrypt(secret, _keys(recipients))
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CannotRecord(f"{path} cannot be written: {error.strerror}") from None

    def read(self, path: Path, identity: str, passphrase: str | None, take: Callable[[bytes], None]) -> None:
        opened = _Lines(take)
        key = _identity(identity, passphrase)
        try:
            with path.open("rb") as file:
                try:
                    pyrage.decrypt_io(file, opened, [key])
                except (OSError, zlib.error, pyrage.DecryptError) as error:
                    raise _why(path, error) from None
        except OSError as error:
            raise CannotDecrypt(f"the backup {path} cannot be read: {error.strerror or error}") from None
        if not opened.is_whole:
            raise CannotDecrypt(f"the backup {path} is not whole")


def _why(path: Path, error: Exception) -> CannotDecrypt:
    if "No matching keys" in str(error):
        return CannotDecrypt("that key is not one that the backup was encrypted to")
    return CannotDecrypt(f"the backup {path} was altered or cut off, or is no backup")


def _keys(recipients: Sequence[str]) -> list[Any]:
    if not recipients:
        raise NotConfigured(
            "A backup needs a public key: `stile backup new-key FILE`, then backup_recipients."
        )
    return [_recipient(one) for one in recipients]


def _recipient(text: str) -> Any:
    try:
        return x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        raise NotConfigured(f"“{text}” is no public key of age: it begins with age1.") from None


def _identity(text: str, passphrase: str | None) -> Any:
    if passphrase is not None:
        text = _with_passphrase(text, passphrase)
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    try:
        return x25519.Identity.from_str(lines[0])
    except (IndexError, pyrage.IdentityError):
        raise CannotDecrypt("that file is no private key of age, or needs its passphrase") from None


def _with_passphrase(text: str, passphrase: str) -> str:
    try:
        return str(age_passphrase.decrypt(text.encode("latin-1"), passphrase).decode())
    except (pyrage.DecryptError, UnicodeError):
        raise CannotDecrypt("that passphrase does not open the private key") from None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Source:
    """What is read while it is made. An error on the way is kept: the library would turn it into a text."""

    def __init__(self, content: Iterator[bytes]) -> None:
        self._content, self._squeeze = content, zlib.compressobj(LEVEL)
        self._hash, self._held, self._over = hashlib.sha256(), bytearray(), False
        self.error: Exception | None = None

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int) -> bytes:
        try:
            while len(self._held) < size and not self._over:
                self._more()
        except Exception as error:
            self.error = error
            raise
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _more(self) -> None:
        part = next(self._content, None)
        if part is None:
            self._over = True
            self._held += self._squeeze.flush()
        else:
            self._hash.update(part)
            self._held += self._squeeze.compress(part)


class _Opened:
    def __init__(self) -> None:
        self._stretch = zlib.decompressobj()

    @property
    def is_whole(self) -> bool:
        return self._stretch.eof

    def write(self, part: bytes) -> int:
        self.take(self._stretch.decompress(part))
        return len(part)

    def flush(self) -> None: ...

    def take(self, plain: bytes) -> None:
        raise NotImplementedError


class _Check(_Opened):
    def __init__(self) -> None:
        super().__init__()
        self._hash = hashlib.sha256()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def take(self, plain: bytes) -> None:
        self._hash.update(plain)


LONGEST_LINE = 16 * 1024 * 1024


class _Lines(_Opened):
    def __init__(self, line: Callable[[bytes], None]) -> None:
        super().__init__()
        self._line, self._held = line, b""

    def take(self, plain: bytes) -> None:
        *lines, self._held = (self._held + plain).split(b"\n")
        if len(self._held) > LONGEST_LINE:
            raise WrongValue("the backup holds a line that is too long")
        for line in lines:
            self._line(line)
