"""Members are added, changed, renewed, lapsed and suspended. Nothing here knows of faces."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from stile.application.attempt import Claim
from stile.application.rights import old_mailbox
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.hours import Hours
from stile.domain.ids import CentreId, MemberId
from stile.domain.member import Member, MembershipStatus, card_number
from stile.ports import Chance, Clock, Contacts, Store

CHANGEABLE = frozenset(
    {
        *("given_name", "family_name", "cards", "expires_on", "status", "born_on", "email", "phone", "kind"),
        *("centre", "centres", "hours", "marketing", "marketing_how", "group"),
    }
)
"""All but the id and the number: by its number a membership is known to other programs."""


@dataclass(frozen=True, slots=True)
class NewMember:
    """`cards`, `email` and `phone` are written as read; they are normalised here. `marketing_how`: where and how they
    said yes; without it there is no yes (PECR reg. 22)."""

    number: str
    given_name: str
    family_name: str = ""
    cards: tuple[str, ...] = ()
    expires_on: date | None = None
    status: MembershipStatus = MembershipStatus.ACTIVE
    born_on: date | None = None
    email: str | None = None
    phone: str | None = None
    kind: str = "member"
    centres: tuple[CentreId, ...] = ()
    hours: Hours | None = None
    marketing: bool = False
    marketing_how: str | None = None
    group: str | None = None


class Membership:
    def __init__(self, store: Store, contacts: Contacts, clock: Clock, chance: Chance) -> None:
        self._store, self._contacts, self._clock, self._chance = store, contacts, clock, chance

    def add(self, centre: CentreId, new: NewMember, actor: str) -> Member:
        """Raises Conflict when the number or a card is taken, WrongValue for what cannot be."""
        member = Member(
            MemberId(self._chance.new_id()),
            centre,
            new.number.strip(),
            new.given_name.strip(),
            new.family_name.strip(),
            new.status,
            new.expires_on,
            tuple(card_number(card) for card in new.cards),
            born_on=new.born_on,
            email=self._email(new.email),
            phone=self._phone(new.phone),
            kind=new.kind.strip() or "member",
            centres=new.centres,
            hours=new.hours,
            marketing=new.marketing,
            marketing_at=self._clock.now() if new.marketing else None,
            marketing_how=new.marketing_how if new.marketing else None,
            group=(new.group or "").strip() or None,
        )
        self._check_birthday(member)
        with self._store.begin() as work:
            work.members.add(member)
            work.audit.append(self._clock.now(), Event.MEMBER_ADDED, actor, str(member.id))
            work.commit()
        return member

    def change(
        self, id: MemberId, changes: Mapping[str, Any], actor: str, version: int | None = None
    ) -> Member:
        """Sets the fields that are given, as `NewMember` has them. Nothing is written when nothing changes.

        `version`: the one that was looked at. Raises NotFound; Conflict when a card is taken or somebody else changed
        the member meanwhile; WrongValue for what cannot be.
        """
        if unknown := set(changes) - CHANGEABLE:
            raise WrongValue(f"a member's {', '.join(sorted(unknown))} cannot be changed")
        with self._store.begin() as work:
            old = work.members.get(id)
            if old is None:
                raise NotFound("There is no such member.")
            if version is not None and version != old.version:
                raise Conflict("Somebody else changed this member meanwhile. Please look again.")
            new = self._changed(old, changes)
            differs = differences(old, new)
            if not differs:
                return old
            work.members.save(new)
            if "email" in differs:
                old_mailbox.close(work, id, self._clock.now())
                work.own_sessions.remove_of(id)  # it may have been somebody else's address all along
            detail = {"fields": ",".join(differs)} | (
                {"status": new.status.value} if "status" in differs else {}
            )
            work.audit.append(self._clock.now(), Event.MEMBER_CHANGED, actor, str(id), detail)
            work.commit()
        return replace(new, version=old.version + 1)

    def set_status(self, id: MemberId, status: MembershipStatus, actor: str) -> Member:
        return self.change(id, {"status": status}, actor)

    def claimed_by(self, number: str) -> Claim:
        """Whose card or membership number this is; nobody's for what is no number. Both are looked up whatever the
        first one says, so that the time it takes tells nothing."""
        with self._store.read() as work:
            by_number, by_card = work.members.by_number(number.strip()), None
            with suppress(WrongValue):
                by_card = work.members.by_card(card_number(number))
        found = by_card or by_number
        return Claim(found.id if found else None, by_card is not None)

    def by_number(self, number: str) -> Member:
        """Raises NotFound."""
        with self._store.read() as work:
            member = work.members.by_number(number.strip())
        if member is None:
            raise NotFound(f"There is no member with the number “{number}”.")
        return member

    def _changed(self, old: Member, changes: Mapping[str, Any]) -> Member:
        given = dict(changes)
        for name in ("given_name", "family_name", "kind", "group"):
            if isinstance(given.get(name), str):
                given[name] = given[name].strip()
        if "group" in given:
            given["group"] = given["group"] or None
        if "cards" in given:
            given["cards"] = tuple(card_number(card) for card in given["cards"])
        if "centres" in given:
            given["centres"] = tuple(given["centres"])
        if "email" in given and given["email"] != old.email:
            given["email"] = self._email(given["email"])
        if "phone" in given and given["phone"] != old.phone:
            given["phone"] = self._phone(given["phone"])
        new = replace(old, **self._said(old, given))
        self._check_birthday(new)
        return new

    def _said(self, old: Member, given: dict[str, Any]) -> dict[str, Any]:
        """A yes or a no to marketing is kept with when and how it was said; what was said already stays as it was."""
        how = given.pop("marketing_how", None)
        if "marketing" not in given or given["marketing"] == old.marketing:
            given.pop("marketing", None)
            return given
        at: datetime = self._clock.now()
        return given | {"marketing_at": at, "marketing_how": how}

    def _check_birthday(self, member: Member) -> None:
        if member.born_on is not None and not date(1890, 1, 1) <= member.born_on <= self._clock.today():
            raise WrongValue("a date of birth lies in the past, and not before 1890")

    def _email(self, text: str | None) -> str | None:
        return self._contacts.email(text) if text and text.strip() else None

    def _phone(self, text: str | None) -> str | None:
        return self._contacts.phone(text) if text and text.strip() else None


def differences(old: Member, new: Member) -> list[str]:
    """Names of the fields that are not the same, without the version."""
    names = ("number", *sorted(CHANGEABLE))
    return [name for name in names if getattr(old, name) != getattr(new, name)]
