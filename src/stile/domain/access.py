"""Who may use the pages: staff by password, kiosks by a device token, members by a link that works once.

Secrets stand here only as digests; the secret itself is shown once and kept nowhere.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from stile.domain.errors import WrongValue
from stile.domain.ids import DeviceId, InvitationId, LaneId, MemberId, StaffId
from stile.domain.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Staff:
    """`roles`: what they may do (`stile.domain.roles`). `password_hash`: argon2id, in its own encoded form."""

    id: StaffId
    name: str
    roles: frozenset[Role]
    password_hash: str

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("a member of staff has a name")
        if not self.roles:
            raise WrongValue("a member of staff has a role")
        if not self.password_hash.startswith("$argon2id$"):
            raise WrongValue("a password is kept only as its argon2id hash")

    def may(self, permission: Permission) -> bool:
        return may(self.roles, permission)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in member of staff. `digest`: of the cookie's token. `csrf`: what each form must carry."""

    digest: str
    staff: StaffId
    csrf: str
    expires_at: datetime

    def __post_init__(self) -> None:
        _check(self.digest, self.expires_at)


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk, bound to one lane. `digest`: of its token; before pairing, of the code in its link."""

    id: DeviceId
    lane: LaneId
    digest: str
    paired_at: datetime | None
    expires_at: datetime | None

    def __post_init__(self) -> None:
        _check(self.digest, self.paired_at, self.expires_at)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A member's link to enrol. `digest`: of the token in the link. `look_alike_allowed`: reception has seen that this
    member is another person than the one who looks like them and is enrolled."""

    id: InvitationId
    member: MemberId
    digest: str
    expires_at: datetime
    used_at: datetime | None = None
    look_alike_allowed: bool = False

    def __post_init__(self) -> None:
        _check(self.digest, self.expires_at, self.used_at)


def digest_of(secret: str) -> str:
    """SHA-256, hex. Enough for tokens of 256 random bits; passwords take argon2id."""
    # surrogatepass: a token comes from outside, and half a character in it is a wrong token, not a failure.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _check(digest: str, *times: datetime | None) -> None:
    """A raw token where its digest belongs would be kept for whoever reads the store."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise WrongValue("a secret is kept only as its SHA-256, in hex")
    if any(time is not None and time.tzinfo is None for time in times):
        raise WrongValue("times carry their zone")
