"""A password alone opens nothing once a second factor is set; where one is required, it opens only the page that sets
one. A session ends when nobody used it for a while, when it is old, and when what its holder may do has changed.

Source: NIST SP 800-63B-4, sections 2.2 (AAL2) and 5.1 (session secrets, idle and overall time-outs).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stile.domain.access import digest_is_one, zoned
from stile.domain.errors import WrongValue
from stile.domain.ids import StaffId

FRESH = timedelta(minutes=15)
"""So long after a sign-in its holder may do what is sensitive: give roles, take data away."""

OWED_LASTS = timedelta(minutes=10)
"""So long a session may owe its second factor."""

SET_UP_LASTS = timedelta(minutes=30)
"""So long somebody has to set one up: they may have to fetch an app first."""


class Stage(StrEnum):
    """How far somebody has come in signing in."""

    WHOLE = "whole"
    FACTOR_OWED = "second factor owed"
    SET_UP_OWED = "set-up owed"


LASTS = {Stage.FACTOR_OWED: OWED_LASTS, Stage.SET_UP_OWED: SET_UP_LASTS}


class Means(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"
    CODE = "password and code"
    RECOVERY = "password and recovery code"
    PASSKEY = "passkey"
    PROVIDER = "identity provider"
    LINK = "sign-up link"


class SecondFactor(StrEnum):
    """The setting `second_factor`."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class Limits:
    """`idle`: no request for so long ends a session; `whole`: it is never older than this; `provider`: nor is one that
    began at the identity provider older than this, because what was taken away there shows at the next sign-in only."""

    idle: timedelta
    whole: timedelta
    provider: timedelta = timedelta(hours=1)

    def __post_init__(self) -> None:
        if not timedelta(0) < self.idle <= self.whole:
            raise WrongValue("a session's idle time is above zero and no longer than the session may last")
        if self.provider <= timedelta(0):
            raise WrongValue("a session from the identity provider lasts for a while")

    def of(self, stage: Stage, means: Means) -> timedelta:
        """How long a session of this kind lasts at most."""
        most = [self.whole, LASTS.get(stage, self.whole)]
        return min([*most, self.provider] if means is Means.PROVIDER else most)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in member of staff. `digest`: of the cookie's token. `csrf`: what each form must carry. `seen_at`: the
    last request, to the minute. `proved_at`: when who it is was last proved. `browser`: its name, for the list that
    its owner sees; no address is kept."""

    digest: str
    staff: StaffId
    csrf: str
    made_at: datetime
    seen_at: datetime
    proved_at: datetime
    expires_at: datetime
    stage: Stage
    means: Means
    browser: str = ""

    def __post_init__(self) -> None:
        digest_is_one(self.digest)
        zoned(self.made_at, self.seen_at, self.proved_at, self.expires_at)

    @property
    def is_whole(self) -> bool:
        return self.stage is Stage.WHOLE

    def is_over(self, now: datetime, idle: timedelta) -> bool:
        return now >= self.expires_at or now - self.seen_at >= idle

    def is_fresh(self, now: datetime) -> bool:
        """Whether its holder may do what is sensitive."""
        return self.is_whole and now - self.proved_at < FRESH


def stage_after_password(has_factor: bool, second_factor: SecondFactor) -> Stage:
    """What a right password is worth. `has_factor`: a passkey or a code generator is set up."""
    if has_factor:
        return Stage.FACTOR_OWED
    return Stage.SET_UP_OWED if second_factor is SecondFactor.REQUIRED else Stage.WHOLE
