"""A member, and whether they may come in. Entitlement is decided here and nowhere else, with a reason."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, MemberId


class MembershipStatus(StrEnum):
    ACTIVE = "active"
    LAPSED = "lapsed"
    SUSPENDED = "suspended"


class NotEntitled(StrEnum):
    """Why a member may not come in now."""

    LAPSED = "lapsed"
    SUSPENDED = "suspended"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Member:
    """`number`: the membership number. `given_name` and `family_name`: as the member gave them.
    `cards`: numbers of the cards that open the door for them, as `card_number` gives them.
    `expires_on`: the last day that admits."""

    id: MemberId
    centre: CentreId
    number: str
    given_name: str
    family_name: str
    status: MembershipStatus = MembershipStatus.ACTIVE
    expires_on: date | None = None
    cards: tuple[str, ...] = ()
    version: int = 1

    def __post_init__(self) -> None:
        if not self.number.strip() or not self.given_name.strip():
            raise WrongValue("a member has a membership number and a name")
        if any(card != card_number(card) for card in self.cards) or len(set(self.cards)) < len(self.cards):
            raise WrongValue("a member's card numbers are upper case without spaces, each once")

    @property
    def full_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    def not_entitled(self, today: date) -> NotEntitled | None:
        """None when the member may come in today."""
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
