"""What happened, by whom, in an order that cannot be changed unseen. Tags read `source:subject:action` and stand in
this one enum.

Each entry carries the leaf hash of the one before it (a chain) and is a leaf of one tree (`stile.domain.merkle`), whose
hashes are stored with the entries that complete them: a rewritten entry disagrees with the next one and with the tree,
so that it can be named. Neither has a secret: whoever writes the log anew from some entry on is caught by the signed
checkpoints (`stile.domain.checkpoint`), which cover everything before them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from stile.domain import merkle
from stile.domain.errors import WrongValue

GENESIS = "0" * 64
"""What the first entry names as the one before it."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Fact = str | int | float | bool | None


class Event(StrEnum):
    OPERATOR_CREATED = "setup:operator:create"
    CENTRE_CREATED = "setup:centre:create"
    CENTRE_CHANGED = "setup:centre:change"
    LANE_CREATED = "setup:lane:create"
    LANE_CHANGED = "setup:lane:change"
    STAFF_CREATED = "setup:staff:create"
    DEVICE_PAIRED = "desk:device:pair"
    DEVICES_UNPAIRED = "desk:device:unpair"
    DEVICE_APPROVED = "desk:device:approve"
    DEVICE_REFUSED = "desk:device:refuse"
    DEVICE_REVOKED = "console:device:revoke"
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
    PASSKEY_RENAMED = "staff:passkey:rename"
    PASSKEY_REMOVED = "staff:passkey:remove"
    CODES_SET_UP = "staff:codes:set-up"
    CODES_REMOVED = "staff:codes:remove"
    RECOVERY_CODES_MADE = "staff:recovery-codes:make"
    PASSAGE_RECORDED = "lane:passage:record"
    PASSAGE_ADJUDICATED = "desk:passage:adjudicate"
    SPOT_CHECK_ANSWERED = "desk:passage:spot-check"
    SITE_CALIBRATED = "site:calibration:make"
    MEMBER_ADDED = "members:member:add"
    MEMBER_CHANGED = "members:member:change"
    MEMBERS_IMPORTED = "members:import:decide"
    IMPORT_FINISHED = "members:import:finish"
    MEMBERS_LISTED = "desk:members:list"
    MEMBER_SEEN = "desk:member:see"
    INVITATION_MADE = "enrolment:invitation:make"
    INVITATION_SENT = "enrolment:invitation:send"
    INVITATION_ENDED = "enrolment:invitation:end"
    GUARDIAN_NAMED = "enrolment:guardian:name"
    FAMILY_SAID = "enrolment:family:say"
    CONSENT_LAPSED = "worker:consent:lapse"
    CONSENT_GIVEN = "enrolment:consent:give"
    CONSENT_WITHDRAWN = "rights:consent:withdraw"
    TEMPLATE_STORED = "enrolment:template:store"
    TEMPLATE_ERASED = "rights:template:erase"
    MEMBER_ERASED = "rights:member:erase"
    ERASED_AGAIN = "worker:erasure:repeat"
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
    WAY_LINK_MADE = "desk:way-link:make"
    PIN_SET = "me:pin:set"
    PIN_REMOVED = "me:pin:remove"
    PIN_RESTS = "lane:pin:rest"
    PHONE_REGISTERED = "me:phone:register"
    PHONE_ENDED = "me:phone:end"
    GROUP_CHOSEN = "me:group:choose"
    GROUP_REMOVED = "me:group:remove"
    REGISTER_ENTERED = "register:entry:add"
    REGISTER_SUBSCRIBED = "register:feed:subscribe"
    REGISTER_UNSUBSCRIBED = "register:feed:end"
    ASSESSMENT_SAVED = "register:assessment:save"
    ACCOUNT_PUBLISHED = "publish:account:write"
    LEFT_OUT = "publish:part:leave-out"
    FOI_LOGGED = "foi:request:log"
    FOI_STEP = "foi:request:step"
    FOI_AMENDED = "foi:request:amend"
    FOI_TOLD = "foi:requester:tell"
    FOI_DRAFTED = "foi:answer:draft"
    FOI_EDITED = "foi:answer:edit"
    FOI_PAPER_ADDED = "foi:paper:add"
    FOI_PAPER_CLEANED = "foi:paper:clean"
    FOI_PAPER_SET_ASIDE = "foi:paper:set-aside"
    FOI_PAPER_REMOVED = "foi:paper:remove"
    FOI_LET_THROUGH = "foi:finding:let-through"
    FOI_EMAIL_MADE = "foi:email:make"
    FOI_DISCLOSED = "foi:disclosure:publish"
    FOI_DISCLOSURE_WITHDRAWN = "foi:disclosure:withdraw"
    TOKEN_MADE = "console:token:make"
    TOKEN_REVOKED = "console:token:revoke"
    AUDIT_VERIFIED = "console:audit:verify"
    AUDIT_EXPORTED = "console:audit:export"
    AUDIT_SEEN = "console:audit:see"
    UNKNOWN = "unknown:entry:read"
    """Never written: what an entry reads as whose tag this version does not know."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """`actor`: who (an id, "system", or "command line"). `subject`: what it was done to (an id). `facts`: `detail` as
    a JSON object, in the very words that are hashed; without personal data. `previous`: the leaf hash, in hex, of the
    entry before. `leaf`: its own. `nodes`: the hashes of the trees that it completes (`merkle.completes`), joined.

    `chained`: only of entries from before the log was a tree: the digest of the chain that was kept then.
    """

    position: int
    at: datetime
    event: Event
    actor: str
    subject: str
    facts: str
    previous: str
    leaf: bytes
    nodes: bytes = b""
    chained: str = ""

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
        detail: Mapping[str, Fact],
        previous: str,
    ) -> "AuditEntry":
        if at.tzinfo is None:
            raise WrongValue("times carry their zone")
        facts = json.dumps(dict(detail), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        at = at.astimezone(UTC)
        hashed = merkle.leaf_hash(
            record(position, microseconds(at), event, actor, subject, facts, previous, "")
        )
        return cls(position, at, event, actor, subject, facts, previous, hashed)

    @property
    def detail(self) -> Mapping[str, Fact]:
        """Facts without personal data."""
        read: Mapping[str, Fact] = json.loads(self.facts)
        return read

    @property
    def digest(self) -> str:
        """The leaf hash in hex: what a receipt quotes."""
        return self.leaf.hex()


def microseconds(at: datetime) -> int:
    """Since 1970: the form of a time that is hashed, the same in either database."""
    return (at - EPOCH) // timedelta(microseconds=1)


def record(
    position: object,
    at: object,
    event: object,
    actor: object,
    subject: object,
    facts: object,
    previous: object,
    chained: object,
) -> bytes:
    """What the leaf hash is over: a JSON array of these eight, without spaces, in UTF-8; `at` in microseconds.

    Every column of the row is in it but the hashes themselves. Kept logs must hold in every later version: never
    change the form. Bytes that are no UTF-8 come as lone surrogates, and go back to what they were.
    """
    eight = [position, at, event, actor, subject, facts, previous, chained]
    return json.dumps(eight, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogateescape")
