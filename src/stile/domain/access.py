"""Who may use the pages: staff by password, kiosks by a device token, members by a link that works once.

Secrets stand here only as digests; the secret itself is shown once and kept nowhere.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.ids import DeviceId, InvitationId, LaneId, MemberId, StaffId


class Role(StrEnum):
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Staff:
    """`password_hash`: argon2id, in its own encoded form."""

    id: StaffId
    name: str
    role: Role
    password_hash: str


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in member of staff. `digest`: of the cookie's token. `csrf`: what each form must carry."""

    digest: str
    staff: StaffId
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk, bound to one lane. `digest`: of its token; before pairing, of the code in its link."""

    id: DeviceId
    lane: LaneId
    digest: str
    paired_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A member's link to enrol. `digest`: of the token in the link."""

    id: InvitationId
    member: MemberId
    digest: str
    expires_at: datetime
    used_at: datetime | None = None


def digest_of(secret: str) -> str:
    """SHA-256, hex. Enough for tokens of 256 random bits; passwords take argon2id."""
    return hashlib.sha256(secret.encode()).hexdigest()
