"""Law 4: the code on the phone is one of the ways in without a face. It changes every 30 seconds, opens once, and can
be made by one phone only: the key that signs it was made in that phone and cannot be taken out of it.

    code = "1" | handle, 20 digits | step, 9 digits | r, 78 digits | s, 78 digits

Digits only: a QR code holds them most densely, and a scanner that types like a keyboard types them alike on every
layout. `step` counts 30 seconds since 1970. `r` and `s` are an ECDSA signature (FIPS 186-5, P-256, SHA-256) over
`message`. A photograph of the code is worth something only until the code is used or its time is over.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import LaneId, MemberId

STEP = 30
"""Seconds."""
GRACE = 5.0
"""Seconds that a code lives beyond its time, and may be early: the phone's clock, and the moment it takes to read."""
CODE = re.compile(r"([12])([0-9]{20})([0-9]{9})([0-9]{78})([0-9]{78})")
LONGEST_CODE = 186
LINK_LASTS = timedelta(hours=1)


class Use(StrEnum):
    """What a code was signed for. One never passes for the other."""

    COME_IN = "1"
    LOOK = "2"
    """The phone asks whether its code was used."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A code, taken apart. Nothing of it is proven before its signature is."""

    use: Use
    handle: str
    step: int
    r: int
    s: int

    @property
    def message(self) -> bytes:
        """What the phone signed; `static/pass.js` builds the same."""
        return message(self.use, self.handle, self.step)


def message(use: Use, handle: str, step: int) -> bytes:
    return f"stile pass {use.value} {handle} {step}".encode()


def shown(text: str) -> Shown | None:
    """None for whatever is no code of ours."""
    found = CODE.fullmatch(text.strip())
    if found is None:
        return None
    use, handle, step, r, s = found.groups()
    return Shown(Use(use), handle, int(step), int(r), int(s))


def step_at(at: datetime) -> int:
    return int(at.timestamp()) // STEP


def is_of_now(step: int, at: datetime) -> bool:
    begins = float(step * STEP)
    return begins - GRACE <= at.timestamp() < begins + STEP + GRACE


@dataclass(frozen=True, slots=True)
class Phone:
    """A member's one phone. `key`: its public key, SubjectPublicKeyInfo in DER. `last_step`: of the newest code that
    was taken: neither it nor an older one is taken again."""

    handle: str
    member: MemberId
    key: bytes
    made_at: datetime
    last_step: int | None = None
    last_at: datetime | None = None
    last_lane: LaneId | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9]{20}", self.handle):
            raise WrongValue("a phone's handle has 20 digits")
        if self.made_at.tzinfo is None or (self.last_at is not None and self.last_at.tzinfo is None):
            raise WrongValue("times carry their zone")

    def used(self, step: int) -> bool:
        return self.last_step is not None and step <= self.last_step

    def after(self, step: int, at: datetime, lane: LaneId) -> "Phone":
        return replace(self, last_step=step, last_at=at, last_lane=lane)


class SetsUp(StrEnum):
    """What a single-use link sets up."""

    PIN = "pin"
    PHONE = "phone"
