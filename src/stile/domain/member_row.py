"""One line of a member file, as an exporting program writes it, read into what a member's fields are.

The file owns the fields that it has columns for, and no others. Nothing that is said about a wrong line repeats what
stands in it: reports are mailed about.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from stile.domain.errors import WrongValue
from stile.domain.hours import hours
from stile.domain.ids import CentreId
from stile.domain.member import MembershipStatus, card_number

FIELDS = (
    *("number", "given_name", "family_name", "born_on", "email", "phone", "kind", "status", "expires_on"),
    *("cards", "centre", "centres", "hours", "marketing", "group"),
)
"""What a column may be."""
NEEDED = ("number", "given_name")
MOST_CARDS = 20

YES = frozenset({"yes", "y", "true", "1", "on", "opted in", "opt in", "opt-in", "opted-in"})
NO = frozenset({"no", "n", "false", "0", "off", "", "opted out", "opt out", "opt-out", "opted-out"})

STATUS_WORDS: Mapping[str, MembershipStatus] = MappingProxyType(
    {
        **dict.fromkeys(("active", "live", "current", "ok", "a"), MembershipStatus.ACTIVE),
        **dict.fromkeys(
            ("lapsed", "expired", "cancelled", "canceled", "ended", "inactive", "left"),
            MembershipStatus.LAPSED,
        ),
        **dict.fromkeys(("suspended", "frozen", "paused", "on hold", "hold"), MembershipStatus.SUSPENDED),
    }
)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a line could not be read. `field`: which of FIELDS it is about."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells are to be read. `dates`: formats as `strptime` has them, tried in turn. `separators`: characters
    that stand between several cards or centres. `centres`: by their names in small letters. `email`, `phone`: what
    makes a contact of a text, or raises WrongValue."""

    email: Callable[[str], str]
    phone: Callable[[str], str]
    dates: tuple[str, ...] = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y")
    separators: str = ";,|"
    status: Mapping[str, MembershipStatus] = field(default_factory=lambda: STATUS_WORDS)
    centres: Mapping[str, CentreId] = field(default_factory=dict)
    _dates: dict[str, date | None] = field(default_factory=dict)
    _hours: dict[str, object] = field(default_factory=dict)

    def line(self, cells: Mapping[str, str]) -> dict[str, object] | Unread:
        """The values of one line by field, or the first that cannot be read. `cells`: by field, as written."""
        values: dict[str, object] = {}
        for name, written in cells.items():
            text = written.strip()
            if not text.isprintable():
                return Unread(name, "holds a control character or a line break")
            if len(text) > 500:
                return Unread(name, f"has {len(text)} characters")
            try:
                values[name] = self._cell(name, text)
            except WrongValue as error:
                return Unread(name, str(error))
        for name in NEEDED:
            if not values.get(name):
                return Unread(name, "is empty")
        return values

    def _cell(self, name: str, text: str) -> object:
        match name:
            case "number" | "given_name" | "family_name":
                return text if text.isascii() else unicodedata.normalize("NFC", text)
            case "born_on" | "expires_on":
                return self._date(text)
            case "email":
                return self.email(text) if text else None
            case "phone":
                return self.phone(text) if text else None
            case "kind":
                return text or "member"
            case "group":
                return text or None
            case "status":
                return self._status(text)
            case "cards":
                return self._cards(text)
            case "centre":
                return self._centre(text) if text else None
            case "centres":
                return tuple(dict.fromkeys(self._centre(one) for one in self._several(text)))
            case "hours":
                if text not in self._hours:
                    self._hours[text] = hours(text)
                return self._hours[text]
            case "marketing":
                return self._yes(text)
        raise WrongValue("is no field of a member")

    def _date(self, text: str) -> date | None:
        """A time after the date is let go; a date is looked up once."""
        if not text:
            return None
        if text not in self._dates:
            self._dates[text] = self._parsed(text)
        found = self._dates[text]
        if found is None:
            raise WrongValue("is no date of the forms that the mapping names")
        return found

    def _parsed(self, text: str) -> date | None:
        for form in self.dates:
            for written in (text, text.split("T")[0].split(" ")[0]):
                try:
                    return datetime.strptime(written, form).date()  # noqa: DTZ007 a day has no zone
                except ValueError:
                    continue
        return None

    def _status(self, text: str) -> MembershipStatus:
        if not text:
            return MembershipStatus.ACTIVE
        try:
            return self.status[text.lower()]
        except KeyError:
            raise WrongValue("is no status that the mapping names") from None

    def _cards(self, text: str) -> tuple[str, ...]:
        cards = tuple(dict.fromkeys(card_number(one) for one in self._several(text)))
        if len(cards) > MOST_CARDS:
            raise WrongValue(f"holds more than {MOST_CARDS} cards")
        return cards

    def _several(self, text: str) -> list[str]:
        for char in self.separators:
            text = text.replace(char, "\n")
        return [one.strip() for one in text.split("\n") if one.strip()]

    def _centre(self, text: str) -> CentreId:
        try:
            return self.centres[text.lower()]
        except KeyError:
            raise WrongValue("names a centre that is not known here") from None

    def _yes(self, text: str) -> bool:
        said = text.lower()
        if said in YES:
            return True
        if said in NO:
            return False
        raise WrongValue("says neither yes nor no")
