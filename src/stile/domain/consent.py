"""Law 2: a template exists only under a live, versioned, explicit consent of the member.

UK GDPR Art. 9(2)(a) (explicit consent), Art. 7 (proof, and withdrawal as easy as giving).
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import ConsentId, MemberId


class Channel(StrEnum):
    """Where the consent was given."""

    ENROLMENT_PAGE = "enrolment page"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class Notice:
    """The words that the member was shown. A change of words is a new version."""

    version: str
    words: str

    def __post_init__(self) -> None:
        if not self.version.strip() or not self.words.strip():
            raise WrongValue("a notice has a version and words")

    @property
    def sha256(self) -> str:
        """Hex digest of the exact words, so that what was agreed to can be proved."""
        return hashlib.sha256(self.words.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """`given_by`: who gave it, in words ("the member", or the reference of a signed form)."""

    id: ConsentId
    member: MemberId
    notice_version: str
    notice_sha256: str
    channel: Channel
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.notice_version.strip() or not self.given_by.strip():
            raise WrongValue("a consent says to which notice it was given, and by whom")
        if not re.fullmatch(r"[0-9a-f]{64}", self.notice_sha256):
            raise WrongValue("a consent carries the SHA-256, in hex, of the words that were agreed to")
        if self.given_at.tzinfo is None or (self.withdrawn_at and self.withdrawn_at.tzinfo is None):
            raise WrongValue("times carry their zone")
        if self.withdrawn_at is not None and self.withdrawn_at < self.given_at:
            raise WrongValue("consent cannot be withdrawn before it was given")

    @property
    def is_live(self) -> bool:
        return self.withdrawn_at is None
