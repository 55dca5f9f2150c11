"""What happened, by whom, in an order that cannot be changed unseen: each entry carries the hash of the one
before it. Tags read `source:subject:action` and stand in this one enum.

The chain has no secret. Whoever can write to the store can cut off its end, or write all of it anew; both show
only against a digest that was kept elsewhere.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from stile.domain.errors import WrongValue

GENESIS = "0" * 64


class Event(StrEnum):
    OPERATOR_CREATED = "setup:operator:create"
    CENTRE_CREATED = "setup:centre:create"
    LANE_CREATED = "setup:lane:create"
    LANE_CHANGED = "setup:lane:change"
    STAFF_CREATED = "setup:staff:create"
    DEVICE_PAIRED = "desk:device:pair"
    DEVICES_UNPAIRED = "desk:device:unpair"
    STAFF_SIGNED_IN = "desk:staff:sign-in"
    STAFF_SIGNED_OUT = "desk:staff:sign-out"
    STAFF_SIGN_IN_FAILED = "desk:staff:sign-in-fail"
    STAFF_PROVED = "desk:staff:prove"
    STAFF_SESSIONS_ENDED = "staff:sessions:end"
    STAFF_LINK_MADE = "staff:link:make"
    STAFF_JOINED = "staff:link:use"
    STAFF_ROLES_CHANGED = "staff:roles:change"
    STAFF_DISABLED = "staff:account:disable"
    STAFF_ENABLED = "staff:account:enable"
    STAFF_RESET = "staff:account:reset"
    PASSWORD_CHANGED = "staff:password:change"
    PASSKEY_ADDED = "staff:passkey:add"
    PASSKEY_REMOVED = "staff:passkey:remove"
    CODES_SET_UP = "staff:codes:set-up"
    CODES_REMOVED = "staff:codes:remove"
    RECOVERY_CODES_MADE = "staff:recovery-codes:make"
    PASSAGE_RECORDED = "lane:passage:record"
    PASSAGE_ADJUDICATED = "desk:passage:adjudicate"
    SITE_CALIBRATED = "site:calibration:make"
    MEMBER_ADDED = "members:member:add"
    MEMBER_CHANGED = "members:member:change"
    MEMBER_SEEN = "desk:member:see"
    INVITATION_MADE = "enrolment:invitation:make"
    CONSENT_GIVEN = "enrolment:consent:give"
    CONSENT_WITHDRAWN = "rights:consent:withdraw"
    TEMPLATE_STORED = "enrolment:template:store"
    TEMPLATE_ERASED = "rights:template:erase"
    MEMBER_ERASED = "rights:member:erase"
    RETENTION_CHANGED = "console:retention:change"
    RETENTION_APPLIED = "worker:retention:apply"
    TEMPLATE_EXPIRED = "worker:template:erase"
    BACKUP_MADE = "worker:backup:make"
    BACKUP_RESTORED = "setup:backup:restore"
    OWN_LINK_MADE = "me:link:make"
    OWN_SIGNED_IN = "me:member:sign-in"
    OWN_SIGNED_OUT = "me:member:sign-out"
    DATA_EXPORTED = "rights:data:export"
    FACE_RESTRICTED = "rights:template:restrict"
    RESTRICTION_LIFTED = "rights:template:lift"
    RIGHTS_REQUESTED = "rights:request:receive"
    RIGHTS_STEP_TAKEN = "rights:request:step"
    TOKEN_MADE = "console:token:make"
    TOKEN_REVOKED = "console:token:revoke"


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor`: who (an id or "system"). `subject`: what it was done to (an id). `detail`: facts without
    personal data. `digest`: SHA-256, hex, over the entry and the digest before it."""

    position: int
    at: datetime
    event: Event
    actor: str
    subject: str
    detail: Mapping[str, str | int | float | bool | None]
    previous: str
    digest: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")

    @classmethod
    def make(
        cls,
        position: int,
        at: datetime,
        event: Event,
        actor: str,
        subject: str,
        detail: Mapping[str, str | int | float | bool | None],
        previous: str,
    ) -> "AuditEntry":
        return cls(
            position,
            at,
            event,
            actor,
            subject,
            dict(detail),
            previous,
            _digest(position, at, event, actor, subject, detail, previous),
        )

    @property
    def holds(self) -> bool:
        """Whether the digest still fits the entry."""
        return self.digest == _digest(
            self.position, self.at, self.event, self.actor, self.subject, self.detail, self.previous
        )


def _digest(
    position: int,
    at: datetime,
    event: str,
    actor: str,
    subject: str,
    detail: Mapping[str, object],
    previous: str,
) -> str:
    # In UTC: a store may give the same moment back in another zone, and the digest must still fit.
    record = [position, at.astimezone(UTC).isoformat(), str(event), actor, subject, dict(detail), previous]
    return hashlib.sha256(
        json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    ).hexdigest()


def first_broken(entries: Iterable[AuditEntry]) -> int | None:
    """The position where the chain no longer holds, because an entry was changed, removed, re-ordered or
    inserted there or just before; None when it holds. That its end was cut off does not show in it."""
    expected, previous = 1, GENESIS
    for entry in entries:
        if entry.position != expected or entry.previous != previous or not entry.holds:
            return expected
        expected, previous = expected + 1, entry.digest
    return None
