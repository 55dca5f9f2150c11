"""A member, and what their membership is. Whether it admits here and now, `stile.domain.entitlement` decides."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.hours import Hours
from stile.domain.ids import CentreId, MemberId

EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+")
"""The shape only; whether such an address can be is checked where it is typed (`email-validator`)."""
PHONE = re.compile(r"\+[1-9]\d{6,14}")
"""ITU-T E.164, with its plus sign."""
LONGEST = 200
"""Characters of a name, a kind or a group: longer ones are a mistake in a file."""


class MembershipStatus(StrEnum):
    ACTIVE = "active"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"


class NotEntitled(StrEnum):
    """Why a member may not come in now."""

    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    WRONG_CENTRE = "wrong centre"
    OUTSIDE_HOURS = "outside hours"
    ALREADY_INSIDE = "already inside"
    CENTRE_FULL = "centre full"


@dataclass(frozen=True, slots=True)
class Member:
    """`number`: the membership number. `given_name` and `family_name`: as the member gave them.
    `cards`: numbers of the cards that open the door for them, as `card_number` gives them.
    `expires_on`: the last day that admits. `kind`: what they bought, in the operator's words.
    `centres`: those it admits to; empty means `centre`, the home centre, and no other. Where any are named only they
    count: the home centre is among them or does not admit.
    `hours`: when it admits; None is always.
    `marketing`: they said yes to direct marketing, `marketing_at` and by `marketing_how` (PECR reg. 22); nothing else
    than their yes turns it on. When they said no after a yes, that is kept as well.
    `from_file`: an import brought them or knew them, and may lapse them when they vanish from the file.
    `group`: the school's or college's group they come with.
    """

    id: MemberId
    centre: CentreId
    number: str
    given_name: str
    family_name: str
    status: MembershipStatus = MembershipStatus.ACTIVE
    expires_on: date | None = None
    cards: tuple[str, ...] = ()
    version: int = 1
    born_on: date | None = None
    email: str | None = None
    phone: str | None = None
    kind: str = "member"
    centres: tuple[CentreId, ...] = ()
    hours: Hours | None = None
    marketing: bool = False
    marketing_at: datetime | None = None
    marketing_how: str | None = None
    group: str | None = None
    from_file: bool = False

    def __post_init__(self) -> None:
        if not self.number.strip() or not self.given_name.strip():
            raise WrongValue("a member has a membership number and a name")
        if any(card != card_number(card) for card in self.cards) or len(set(self.cards)) < len(self.cards):
            raise WrongValue("a member's card numbers are upper case without spaces, each once")
        texts = (self.number, self.given_name, self.family_name, self.kind, self.group or "")
        if any(len(one) > LONGEST for one in texts):
            raise WrongValue(f"a name, number, kind or group has up to {LONGEST} characters")
        if not self.kind.strip() or (self.group is not None and not self.group.strip()):
            raise WrongValue("a membership's kind, and a group, are words")
        if self.email is not None and (len(self.email) > 254 or not EMAIL.fullmatch(self.email)):
            raise WrongValue("expected an e-mail address like name@example.org")
        if self.phone is not None and not PHONE.fullmatch(self.phone):
            raise WrongValue("expected a telephone number with its country, like +442079460000")
        if len(set(self.centres)) < len(self.centres):
            raise WrongValue("each centre that a membership admits to is named once")
        if self.marketing_at is not None and self.marketing_at.tzinfo is None:
            raise WrongValue("times carry their zone")
        if self.marketing and (self.marketing_at is None or not (self.marketing_how or "").strip()):
            raise WrongValue("a yes to direct marketing holds when and how it was said")

    @property
    def admits_to(self) -> tuple[CentreId, ...]:
        """The centres that this membership admits to."""
        return self.centres or (self.centre,)

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def not_entitled(self, today: date) -> NotEntitled | None:
        """Why the membership does not stand today; None when it does. Where and when it admits, `entitlement` asks."""
        if self.status is MembershipStatus.LAPSED:
            return NotEntitled.LAPSED
        if self.status is MembershipStatus.SUSPENDED:
            return NotEntitled.SUSPENDED
        if self.expires_on is not None and today > self.expires_on:
            return NotEntitled.EXPIRED
        return None


def card_number(text: str) -> str:
    """A card number as it is compared: upper case, without spaces and hyphens.

    Raises WrongValue for anything but 4 to 32 letters and digits.
    """
    plain = re.sub(r"[\s-]+", "", text)
    # Before it is put into upper case: “ß” becomes “SS”, and two cards would be one.
    if not re.fullmatch(r"[0-9A-Za-z]{4,32}", plain):
        raise WrongValue("a card number has 4 to 32 letters and digits")
    return plain.upper()


def search_key(name: str) -> str:
    """A name as it is searched for: small letters, accents and outer spaces taken off."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())
