"""Members are added, renewed, lapsed and suspended. Nothing here knows of faces."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from stile.application.attempt import Claim
from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import CentreId, MemberId
from stile.domain.member import Member, MembershipStatus, card_number
from stile.ports import Chance, Clock, Store


@dataclass(frozen=True, slots=True)
class NewMember:
    """`cards` are written as read; they are normalised here."""

    number: str
    given_name: str
    family_name: str = ""
    cards: tuple[str, ...] = ()
    expires_on: date | None = None


class Membership:
    def __init__(self, store: Store, clock: Clock, chance: Chance) -> None:
        self._store, self._clock, self._chance = store, clock, chance

    def add(self, centre: CentreId, new: NewMember, actor: str) -> Member:
        """Raises Conflict when the number or a card is taken, WrongValue for what cannot be."""
        member = Member(
            MemberId(self._chance.new_id()),
            centre,
            new.number.strip(),
            new.given_name.strip(),
            new.family_name.strip(),
            expires_on=new.expires_on,
            cards=tuple(card_number(card) for card in new.cards),
        )
        with self._store.begin() as work:
            work.members.add(member)
            work.audit.append(self._clock.now(), Event.MEMBER_ADDED, actor, str(member.id))
            work.commit()
        return member

    def set_status(self, id: MemberId, status: MembershipStatus, actor: str) -> Member:
        with self._store.begin() as work:
            member = work.members.get(id)
            if member is None:
                raise NotFound("There is no such member.")
            work.members.save(replace(member, status=status))
            work.audit.append(
                self._clock.now(), Event.MEMBER_CHANGED, actor, str(id), {"status": status.value}
            )
            work.commit()
        return replace(member, status=status, version=member.version + 1)

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
