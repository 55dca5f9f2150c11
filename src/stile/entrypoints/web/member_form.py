"""The form of a member: what was typed, what it is, and what is wrong with it, field by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from stile.domain.errors import WrongValue
from stile.domain.hours import hours
from stile.domain.ids import CentreId
from stile.domain.member import Member, MembershipStatus, card_number
from stile.domain.places import Centre
from stile.ports import Contacts

TEXTS = (
    *(
        "number",
        "given_name",
        "family_name",
        "born_on",
        "email",
        "phone",
        "kind",
        "status",
        "expires_on",
        "cards",
    ),
    *("hours", "group", "marketing_how"),
)
NEEDED = ("number", "given_name")
SAID_HOW = ("At the desk", "By telephone", "By e-mail", "On a paper form", "Online")
"""How a yes or a no to marketing may have been said. A closed set: a free text would collect personal data."""


@dataclass(slots=True)
class MemberForm:
    """`given`: the texts by field. `centres`: ids that are ticked. `errors`: by field; under "" of the whole."""

    given: dict[str, str]
    centres: tuple[str, ...] = ()
    marketing: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "MemberForm":
        return cls(dict.fromkeys(TEXTS, "") | {"kind": "member", "status": "active"})

    @classmethod
    def of(cls, member: Member) -> "MemberForm":
        given = {
            "number": member.number,
            "given_name": member.given_name,
            "family_name": member.family_name,
            "born_on": member.born_on.isoformat() if member.born_on else "",
            "email": member.email or "",
            "phone": member.phone or "",
            "kind": member.kind,
            "status": member.status.value,
            "expires_on": member.expires_on.isoformat() if member.expires_on else "",
            "cards": "\n".join(member.cards),
            "hours": str(member.hours) if member.hours else "",
            "group": member.group or "",
            "marketing_how": "",
        }
        return cls(given, tuple(str(one) for one in member.centres), member.marketing)

    @classmethod
    def typed(
        cls,
        form: Mapping[str, Any],
        several: Callable[[str], list[Any]],
        contacts: Contacts,
        centres: list[Centre],
    ) -> "MemberForm":
        """`several`: all values of a name. What is wrong stands in `errors`, and is not in `values`."""
        given = {name: str(form.get(name, ""))[:2000] for name in TEXTS}
        ticked = tuple(str(one) for one in several("centres"))
        made = cls(given, ticked, form.get("marketing") == "yes")
        known = {str(one.id) for one in centres}
        for name, read in _readers(contacts).items():
            if name not in form and name not in NEEDED:
                continue
            try:
                made.values[name] = read(given[name].strip())
            except WrongValue as error:
                made.errors[name] = f"{str(error)[:1].upper()}{str(error)[1:]}."
        made.values["centres"] = tuple(CentreId(UUID(one)) for one in ticked if one in known)
        made.values["marketing"] = made.marketing
        if given["marketing_how"] in SAID_HOW:
            made.values["marketing_how"] = given["marketing_how"]
        return made

    def check_yes(self, before: bool) -> None:
        """A yes, or a no after a yes, says how it was said."""
        if self.marketing != before and "marketing_how" not in self.values:
            self.errors["marketing_how"] = "Choose how they said so."


def _readers(contacts: Contacts) -> dict[str, Callable[[str], Any]]:
    return {
        "number": lambda text: _needed(text, "a membership number"),
        "given_name": lambda text: _needed(text, "a first name"),
        "family_name": _short,
        "born_on": _day,
        "email": lambda text: contacts.email(text) if text else None,
        "phone": lambda text: contacts.phone(text) if text else None,
        "kind": lambda text: _short(text) or "member",
        "status": _status,
        "expires_on": _day,
        "cards": _cards,
        "hours": hours,
        "group": lambda text: _short(text) or None,
    }


def _needed(text: str, what: str) -> str:
    if not text:
        raise WrongValue(f"please give {what}")
    return _short(text)


def _short(text: str) -> str:
    if len(text) > 200:
        raise WrongValue("at most 200 characters")
    if not text.isprintable():
        raise WrongValue("without line breaks and control characters")
    return text


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongValue("a date is written like 2026-12-31") from None


def _status(text: str) -> MembershipStatus:
    try:
        return MembershipStatus(text)
    except ValueError:
        raise WrongValue("please choose active, suspended or lapsed") from None


def _cards(text: str) -> tuple[str, ...]:
    cards = tuple(
        dict.fromkeys(card_number(one) for one in text.replace(",", "\n").split("\n") if one.strip())
    )
    if len(cards) > 20:
        raise WrongValue("at most 20 cards")
    return cards
