"""A member's way to their own page: a link that works once, and a session that is soon over.

Nobody is given a password for it: what a member sees of themselves twice a year is best kept by what they hold anyway,
their own mailbox, or their own face-to-face word with reception. Who opened a link that reception showed is known to
reception alone: such a session looks and takes back, and what gives, changes or carries away asks for the link that
goes to the member's own address. Secrets stand here only as digests.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from stile.domain.errors import WrongValue
from stile.domain.ids import LinkId, MemberId

LINK_LASTS = timedelta(minutes=30)
"""A letter may take a while to arrive."""
IDLE = timedelta(minutes=30)
"""A session that nobody used for so long is over: the phone may lie on a bench."""
SESSION_LASTS = timedelta(hours=4)
"""And in any case after so long."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is noted when a session was used last: not a write for each page."""


@dataclass(frozen=True, slots=True)
class OwnLink:
    """`digest`: SHA-256, hex, of the token in the link. `sent`: it went to the address of the membership, and nobody
    else saw it."""

    id: LinkId
    member: MemberId
    digest: str
    expires_at: datetime
    used_at: datetime | None = None
    sent: bool = False

    def __post_init__(self) -> None:
        _check(self.digest, self.expires_at, self.used_at)

    def works(self, now: datetime) -> bool:
        return self.used_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class OwnSession:
    """`digest`: of the cookie's token. `csrf`: what each form of the session carries. `seen_at`: when it was used.
    `sent`: of the link that it came by."""

    digest: str
    member: MemberId
    csrf: str
    begun_at: datetime
    seen_at: datetime
    sent: bool = False

    def __post_init__(self) -> None:
        _check(self.digest, self.begun_at, self.seen_at)
        if self.seen_at < self.begun_at:
            raise WrongValue("a session is used after it began")

    @property
    def ends_at(self) -> datetime:
        return min(self.seen_at + IDLE, self.begun_at + SESSION_LASTS)

    def holds(self, now: datetime) -> bool:
        return now < self.ends_at

    def is_stale(self, now: datetime) -> bool:
        """Whether it is time to note that it is in use."""
        return now - self.seen_at >= SEEN_EVERY


def _check(digest: str, *times: datetime | None) -> None:
    """A raw token where its digest belongs would be kept for whoever reads the store."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise WrongValue("a secret is kept only as its SHA-256, in hex")
    if any(time is not None and time.tzinfo is None for time in times):
        raise WrongValue("times carry their zone")
