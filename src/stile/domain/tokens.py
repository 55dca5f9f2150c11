"""What another program may do here, told by the token it brings. A token carries permissions out of the staff's own
table, works only as long as its maker could make it again, and always runs out. No permission leads to a template or a
picture: there is no call that gives one (laws 1 to 3).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stile.domain.access import Staff
from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.ids import StaffId, TokenId
from stile.domain.roles import Permission, held

FOR_PROGRAMS = (
    Permission.SEE_MEMBERS,
    Permission.CHANGE_MEMBERS,
    Permission.IMPORT_MEMBERS,
    Permission.ENROL,
    Permission.WITHDRAW,
    Permission.SEE_SETTINGS,
    Permission.SEE_AUDIT,
    Permission.TELL_EXITS,
)
"""What a program can be given at all. The rest needs somebody who stands for it."""

LONGEST = timedelta(days=366)
PREFIX = "stile_"
"""So that a token that slipped into a file or a message can be found for what it is."""


@dataclass(frozen=True, slots=True)
class Token:
    """`digest`: of the secret, which is shown once. `used_on`: the last day it was used."""

    id: TokenId
    name: str
    digest: str
    permissions: frozenset[Permission]
    made_by: StaffId | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 100:
            raise WrongValue("Please give the program's name, up to 100 characters.")
        if not re.fullmatch(r"[0-9a-f]{64}", self.digest):
            raise WrongValue("a secret is kept only as its SHA-256, in hex")
        if not self.permissions:
            raise WrongValue("Please choose at least one thing that the program may do.")
        if foreign := self.permissions - set(FOR_PROGRAMS):
            raise WrongValue(f"No program is given “{min(foreign)}”.")
        if any(time is not None and time.tzinfo is None for time in self._times):
            raise WrongValue("times carry their zone")
        if not timedelta(0) < self.expires_at - self.made_at <= LONGEST:
            raise WrongValue("A token lasts from 1 to 366 days.")

    @property
    def _times(self) -> tuple[datetime | None, ...]:
        return (self.made_at, self.expires_at, self.used_at, self.revoked_at)

    def works(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


class Stopped(StrEnum):
    """Why a token opens nothing."""

    REVOKED = "ended"
    RUN_OUT = "run out"
    MAKER_DISABLED = "the account that made it is disabled"
    MAKER_MAY_NOT = "the account that made it may no longer give this"


def stopped(token: Token, maker: Staff | None, now: datetime) -> Stopped | None:
    """Why the token opens nothing now; None while it works. `maker`: the account that made it, as it is now. A program
    acts for whoever gave it the token: who left, or lost the role that it rests on, acts through no program either."""
    if token.revoked_at is not None:
        return Stopped.REVOKED
    if not token.works(now):
        return Stopped.RUN_OUT
    if maker is None or maker.is_disabled:
        return Stopped.MAKER_DISABLED
    still = maker.may(Permission.MANAGE_TOKENS) and token.permissions <= held(maker.roles)
    return None if still else Stopped.MAKER_MAY_NOT


def grantable(held: Collection[Permission]) -> tuple[Permission, ...]:
    """What somebody who holds these may give to a program, in the order it is shown."""
    return tuple(one for one in FOR_PROGRAMS if one in held)


def check_grant(wanted: Collection[Permission], held: Collection[Permission]) -> None:
    """Raises NotAllowed when somebody would give more than they hold: a token must not be a way around the roles."""
    if beyond := set(wanted) - set(held):
        raise NotAllowed(f"You cannot give a program “{min(beyond)}”, which your own account does not hold.")
