"""What proves who somebody is, beside a password: passkeys, and a code that changes every 30 seconds. Each proof works
once: a passkey's counter only rises, a code's time step is used once, a recovery code is struck off.

Sources: WebAuthn level 3 (W3C), section 7.2; TOTP, RFC 6238, section 5.2.
"""

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stile.domain.access import digest_is_one, digest_of, zoned
from stile.domain.errors import WrongValue
from stile.domain.ids import PasskeyId, StaffId

LEAST_PASSWORD = 12
LONGEST_PASSWORD = 200
"""Characters; length over composition (NCSC guidance on passwords). The upper bound keeps hashing cheap."""

MOST_PASSKEYS = 20
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Passkey:
    """`credential`: the authenticator's own id of it. `public_key`: COSE. `counter`: the authenticator's, 0 for
    passkeys that travel between devices. `uses`: ours."""

    id: PasskeyId
    staff: StaffId
    credential: bytes
    public_key: bytes
    counter: int
    name: str
    added_at: datetime
    used_at: datetime | None = None
    uses: int = 0

    def __post_init__(self) -> None:
        if not self.credential or not self.public_key:
            raise WrongValue("a passkey has an id and a public key")
        if self.counter < 0:
            raise WrongValue("a passkey's counter is 0 or above")
        if not 1 <= len(self.name.strip()) <= 60:
            raise WrongValue("a passkey's name has 1 to 60 characters")
        zoned(self.added_at, self.used_at)


@dataclass(frozen=True, slots=True)
class CodeGenerator:
    """An authenticator app. `sealed`: its secret, sealed under the site key. `last_step`: the time step of the last
    code that was taken; none at or before it is taken again. Counts only when confirmed."""

    staff: StaffId
    sealed: bytes
    last_step: int
    made_at: datetime
    confirmed_at: datetime | None = None

    def __post_init__(self) -> None:
        zoned(self.made_at, self.confirmed_at)


@dataclass(frozen=True, slots=True)
class StaffLink:
    """By which somebody chooses their own way to sign in: once, and not for long. `digest`: of the token in it."""

    digest: str
    staff: StaffId
    expires_at: datetime
    used_at: datetime | None = None

    def __post_init__(self) -> None:
        digest_is_one(self.digest)
        zoned(self.expires_at, self.used_at)

    def works(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


def check_password(password: str, name: str) -> None:
    """Raises WrongValue with what to do, for a password that is too short, too long, or says whose it is."""
    if len(password) < LEAST_PASSWORD:
        raise WrongValue(f"a password has at least {LEAST_PASSWORD} characters")
    if len(password) > LONGEST_PASSWORD:
        raise WrongValue(f"a password has at most {LONGEST_PASSWORD} characters")
    plain = password.casefold()
    if len(set(plain)) < 5:
        raise WrongValue("this password repeats itself: choose one with more different characters")
    if len(name) >= 4 and plain.replace(name.casefold(), "").strip("0123456789 !.-_") == "":
        raise WrongValue("a password is not the name of the account")


def generator_secret(chance: str) -> str:
    """160 bits in base32, as authenticator apps take them, made of a random token of 256 bits."""
    return base64.b32encode(hashlib.sha256(chance.encode()).digest()[:20]).decode()


def recovery_code(chance: str) -> str:
    """80 bits, in four groups that can be written down, made of a random token of 256 bits."""
    letters = base64.b32encode(hashlib.sha256(chance.encode()).digest()[:10]).decode().lower()
    return "-".join(letters[n : n + 4] for n in range(0, 16, 4))


def recovery_digest(staff: UUID, typed: str) -> str:
    """As it is kept. Spaces, dashes and capitals do not matter; of one account a code fits no other."""
    plain = unicodedata.normalize("NFKC", typed).lower()
    return digest_of(f"{staff} {''.join(one for one in plain if one.isalnum())}")
