"""What letters say. Plain words, the link on a line of its own, and the other way in beside it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from stile.domain.member import Member
from stile.ports import Letter


def invitation(member: Member, to: str, operator: str, link: str, until: datetime, zone: ZoneInfo) -> Letter:
    return Letter(
        to,
        f"{operator}: your link to set up coming in by face",
        f"Good day {member.given_name},\n\n"
        f"with this link you can read how coming in by face works, and set it up if you like:\n\n{link}\n\n"
        f"It works once, until {_day(until, zone)}, and is for you alone. You need not do anything: your card works "
        f"as always, and nothing is recorded unless you agree.\n\n{operator}\n",
    )


def to_a_parent(member: Member, to: str, operator: str, link: str, until: datetime, zone: ZoneInfo) -> Letter:
    """The notification of the Protection of Freedoms Act 2012 s. 26(2): what is intended, and that they may object at
    any time. The whole notice stands behind the link."""
    return Letter(
        to,
        f"{operator}: may {member.given_name} come in by face?",
        "Good day,\n\n"
        f"{operator} intends to let {member.given_name} come in by face, if {member.given_name} and you agree. A "
        "camera at the entrance would compare their face with a template that we keep for this and for nothing else. "
        f"Please read how it works, and say yes or no:\n\n{link}\n\n"
        f"The link works once, until {_day(until, zone)}. You may object at any time, also later and also after you "
        f"agreed: answer to {operator} in writing, or tell reception. If you object, or say nothing, "
        f"{member.given_name} comes in by card as always.\n\n{operator}\n",
    )


def _day(at: datetime, zone: ZoneInfo) -> str:
    day = at.astimezone(zone)
    return f"{day.day} {day:%B %Y}"
