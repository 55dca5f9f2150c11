"""Whether a member may come in here and now. Entitlement is decided here and nowhere else, with a reason.

Law 8: leaving is never controlled. Nothing here is asked when somebody goes out; that somebody is inside only ever
bears on a way in.
"""

from dataclasses import dataclass
from datetime import datetime

from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId
from stile.domain.member import Member, NotEntitled


@dataclass(frozen=True, slots=True)
class Asked:
    """Where and when somebody asks to come in. `local`: on the centre's own clock, by which a day ends and hours
    are kept."""

    centre: CentreId
    local: datetime


@dataclass(frozen=True, slots=True)
class Inside:
    """Who is inside the centre that is asked for, as far as it is known. `already`: this member is, and the lane lets
    nobody in twice. `others`: how many else there are. `capacity`: how many may be; None is no limit."""

    already: bool = False
    others: int = 0
    capacity: int | None = None

    def __post_init__(self) -> None:
        if self.others < 0:
            raise WrongValue(f"nobody or somebody is inside, not {self.others}")


def barred(member: Member, asked: Asked) -> NotEntitled | None:
    """None when the membership admits here and now. The first reason that holds: what ended a membership altogether
    comes before where and when it admits."""
    ended = member.not_entitled(asked.local.date())
    if ended is not None:
        return ended
    if asked.centre not in member.admits_to:
        return NotEntitled.WRONG_CENTRE
    if member.hours is not None and asked.local not in member.hours:
        return NotEntitled.OUTSIDE_HOURS
    return None


def barred_by_presence(inside: Inside) -> NotEntitled | None:
    """Decided in the transaction that records the passage, so that two readers at once cannot both let one card in."""
    if inside.already:
        return NotEntitled.ALREADY_INSIDE
    if inside.capacity is not None and inside.others >= inside.capacity:
        return NotEntitled.CENTRE_FULL
    return None
