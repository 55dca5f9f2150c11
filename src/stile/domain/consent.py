"""Law 2: a template exists only under a live, versioned, explicit consent of the member.

UK GDPR Art. 9(2)(a) (explicit consent), Art. 7 (proof, and withdrawal as easy as giving).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import ConsentId, MemberId, StaffId


class Channel(StrEnum):
    """Where the consent was given. ENROLMENT_PAGE: on the member's own phone or computer. DESK: on reception's screen,
    turned to the member."""

    ENROLMENT_PAGE = "enrolment page"
    KIOSK = "kiosk"
    DESK = "desk"
    PAPER = "paper"


class Giver(StrEnum):
    MEMBER = "member"
    GUARDIAN = "parent or guardian"


class Relation(StrEnum):
    """What somebody who answers for a child is to them (Protection of Freedoms Act 2012 s. 28(5) to (8))."""

    PARENT = "parent"
    GUARDIAN = "legal guardian"
    RESPONSIBLE = "other with parental responsibility"
    CARER = "has care of the child"


class Alternative(StrEnum):
    """A way in without the face."""

    CARD = "card"
    PIN = "PIN"
    QR = "QR on the phone"
    RECEPTION = "by hand at reception"


class Audience(StrEnum):
    """Whom a notice speaks to."""

    ADULT = "adult"
    TEENAGER = "13 to 17"
    CHILD = "under 13"
    PARENT = "parent or guardian"


@dataclass(frozen=True, slots=True)
class Notice:
    """The words that the member was shown. A change of words is a new version."""

    version: str
    words: str
    audience: Audience = Audience.ADULT

    def __post_init__(self) -> None:
        if not self.version.strip() or not self.words.strip():
            raise WrongValue("a notice has a version and words")

    @property
    def sha256(self) -> str:
        """Hex digest of the exact words, so that what was agreed to can be proved."""
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """`given_by`: who gave it, in words ("the member", or the reference of a signed form). `giver`: the member, or who
    has parental responsibility for them; then `guardian` is that person's name as given, and `relation` what they are.
    `offered`: the ways in without the face that were shown before the question. `assisted_by`: who of the staff sat
    beside them, an id."""

    id: ConsentId
    member: MemberId
    notice_version: str
    notice_sha256: str
    channel: Channel
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None = None
    giver: Giver = Giver.MEMBER
    guardian: str | None = None
    relation: Relation | None = None
    offered: frozenset[Alternative] = frozenset((Alternative.CARD,))
    assisted_by: StaffId | None = None

    def __post_init__(self) -> None:
        if not self.notice_version.strip() or not self.given_by.strip():
            raise WrongValue("a consent says to which notice it was given, and by whom")
        if not re.fullmatch(r"[0-9a-f]{64}", self.notice_sha256):
            raise WrongValue("a consent carries the SHA-256, in hex, of the words that were agreed to")
        if self.given_at.tzinfo is None or (self.withdrawn_at and self.withdrawn_at.tzinfo is None):
            raise WrongValue("times carry their zone")
        if self.withdrawn_at is not None and self.withdrawn_at < self.given_at:
            raise WrongValue("consent cannot be withdrawn before it was given")
        if not self.offered:  # consent is free only where there is another way (UK GDPR Art. 7(4))
            raise WrongValue("a consent says which other ways in were offered, and at least one was")
        named = bool((self.guardian or "").strip()) and self.relation is not None
        if named is not (self.giver is Giver.GUARDIAN) or (self.guardian is None) is not (
            self.relation is None
        ):
            raise WrongValue("a consent by a parent or guardian says who they are, and no other consent does")

    @property
    def is_live(self) -> bool:
        return self.withdrawn_at is None
