"""A screen belongs to one lane, and only because somebody who stood before it said so.

The screen shows a short code, a member of staff types it at the desk, compares, and names the lane: the device
authorisation of RFC 8628. Nothing is gained by knowing a code; what a device proves itself by is a secret of 256 bits
that it never shows.

    waiting ──approved at the desk──▶ approved ──collected by the screen──▶ paired ──▶ revoked
       └── refused, or 10 minutes ──▶ gone   └── not collected in 10 minutes ──▶ gone
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from stile.domain.errors import WrongValue
from stile.domain.ids import DeviceId, LaneId

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
"""Twenty consonants: no word comes of them, and none is taken for a digit (RFC 8628 s. 6.1)."""
LETTERS = 8
"""20^8 codes, of which MOST_WAITING are good: a guess is right once in a thousand million."""
CODE_LASTS = timedelta(minutes=10)
MOST_WAITING = 24
MOST_WAITING_AT_ONE_ADDRESS = 6
"""A flood of made-up screens must not fill the store, nor one address keep all others from being paired."""
SEEN_EVERY = timedelta(minutes=10)
"""How coarse `last_seen` is: each note of it is a write."""
LONGEST_NAME = 60
LONGEST_ADDRESS = 64

DIGEST = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(f"[{ALPHABET}]{{{LETTERS}}}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A screen that shows its code and waits for the desk. `digest`: of the secret in its cookie. `address`, `agent`:
    where it called from and by what kind of browser, for whoever compares. `wants`: the lane its address named."""

    id: DeviceId
    code: str
    digest: str
    address: str
    agent: str
    asked_at: datetime
    expires_at: datetime
    wants: LaneId | None = None

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise WrongValue(f"a screen's code has {LETTERS} letters of {ALPHABET}")
        _check(self.digest, self.asked_at, self.expires_at)
        if not 0 < len(self.address) <= LONGEST_ADDRESS or len(self.agent) > LONGEST_NAME:
            raise WrongValue("a screen calls from an address, with a browser of few words")

    @property
    def shown(self) -> str:
        """In two groups, as it stands on the screen."""
        return f"{self.code[: LETTERS // 2]}-{self.code[LETTERS // 2 :]}"


@dataclass(frozen=True, slots=True)
class Device:
    """A screen or a program of one lane. `digest`: of its token; until it is collected, of the secret that it waited
    with. `approved_by`: the id of a member of staff, or "command line". `last_seen`: within SEEN_EVERY."""

    id: DeviceId
    lane: LaneId
    digest: str
    paired_at: datetime | None
    expires_at: datetime | None
    name: str = ""
    approved_by: str | None = None
    approved_at: datetime | None = None
    last_seen: datetime | None = None
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        _check(
            self.digest, self.paired_at, self.expires_at, self.approved_at, self.last_seen, self.revoked_at
        )
        if len(self.name) > LONGEST_NAME:
            raise WrongValue(f"a screen's name has at most {LONGEST_NAME} characters")

    @property
    def works(self) -> bool:
        """Whether its token opens anything."""
        return self.paired_at is not None and self.revoked_at is None

    def may_collect(self, now: datetime) -> bool:
        """Whether the screen that waited may fetch its token now: once, and in time."""
        return (
            self.paired_at is None
            and self.revoked_at is None
            and self.expires_at is not None
            and now < self.expires_at
        )

    def is_stale(self, now: datetime) -> bool:
        """Whether `last_seen` is worth a write."""
        return self.last_seen is None or now - self.last_seen >= SEEN_EVERY


def code_from(secret: str) -> str:
    """A code of its own out of a random secret. Never out of the secret that the device keeps."""
    number = int.from_bytes(hashlib.sha256(secret.encode()).digest())
    letters = []
    for _ in range(LETTERS):
        number, one = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[one])
    return "".join(letters)


def code_typed(text: str) -> str | None:
    """The code that somebody typed, small or capital, with or without its hyphen; None for what is no code."""
    code = re.sub(r"[\s–-]", "", text[:40]).upper()
    return code if CODE.fullmatch(code) else None


def _check(digest: str, *times: datetime | None) -> None:
    if not DIGEST.fullmatch(digest):
        raise WrongValue("a secret is kept only as its SHA-256, in hex")
    if any(time is not None and time.tzinfo is None for time in times):
        raise WrongValue("times carry their zone")
