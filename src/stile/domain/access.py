"""Who may use the pages: staff by password, members by a link that works once.

Secrets stand here only as digests; the secret itself is shown once and kept nowhere.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from stile.domain.consent import Channel
from stile.domain.errors import WrongValue
from stile.domain.ids import InvitationId, LaneId, MemberId, StaffId
from stile.domain.roles import Permission, Role, may


@dataclass(frozen=True, slots=True)
class Staff:
    """`roles`: what they may do (`stile.domain.roles`); an account without one may do nothing. `password_hash`:
    argon2id, in its own encoded form; None for whoever has a passkey only, comes from an identity provider, or has not
    used their link yet. `issuer` and `subject`: who they are at their identity provider."""

    id: StaffId
    name: str
    roles: frozenset[Role]
    password_hash: str | None
    joined_at: datetime | None = None
    disabled_at: datetime | None = None
    issuer: str | None = None
    subject: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise WrongValue("a member of staff has a name")
        if self.password_hash is not None and not self.password_hash.startswith("$argon2id$"):
            raise WrongValue("a password is kept only as its argon2id hash")
        if (self.issuer is None) is not (self.subject is None):
            raise WrongValue("an identity is an issuer and a subject")
        zoned(self.joined_at, self.disabled_at)

    def may(self, permission: Permission) -> bool:
        return may(self.roles, permission)

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None

    @property
    def has_joined(self) -> bool:
        """Whether they have chosen how to sign in."""
        return self.password_hash is not None or self.joined_at is not None

    @property
    def from_provider(self) -> bool:
        """Whether the identity provider says who they are, and which roles they have."""
        return self.issuer is not None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A member's link to enrol. `digest`: of the token in the link. `look_alike_allowed`: reception has seen that this
    member is another person than the one who looks like them and is enrolled.

    `made_by`: who of the staff, or what. `sent_at`: when it went to the member's address. `channel`: where it is used.
    `assisted_by`: who sits beside them at the desk's screen. `lane`: whose kiosk it was taken up at. `code`: the digest
    of the few digits that take it up at a kiosk, until `code_expires_at`.
    """

    id: InvitationId
    member: MemberId
    digest: str
    expires_at: datetime
    used_at: datetime | None = None
    look_alike_allowed: bool = False
    made_at: datetime | None = None
    made_by: str | None = None
    sent_at: datetime | None = None
    channel: Channel = Channel.ENROLMENT_PAGE
    assisted_by: StaffId | None = None
    lane: LaneId | None = None
    code: str | None = None
    code_expires_at: datetime | None = None

    def __post_init__(self) -> None:
        check_digest(self.digest, self.expires_at, self.used_at, self.made_at, self.sent_at)
        if self.code is not None:
            check_digest(self.code, self.code_expires_at)
        if (self.code is None) is not (self.code_expires_at is None):
            raise WrongValue("a code for the kiosk has an end")

    def works(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


def digest_of(secret: str) -> str:
    """SHA-256, hex. Enough for tokens of 256 random bits; passwords take argon2id."""
    # surrogatepass: a token comes from outside, and half a character in it is a wrong token, not a failure.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def digest_is_one(digest: str) -> None:
    """Raises WrongValue: a raw token where its digest belongs would be kept for whoever reads the store."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise WrongValue("a secret is kept only as its SHA-256, in hex")


def zoned(*times: datetime | None) -> None:
    """Raises WrongValue for a time that does not carry its zone."""
    if any(time is not None and time.tzinfo is None for time in times):
        raise WrongValue("times carry their zone")


def check_digest(digest: str, *times: datetime | None) -> None:
    digest_is_one(digest)
    zoned(*times)
