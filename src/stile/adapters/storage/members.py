"""Members and their cards. Each change appends to the outbox in its own transaction."""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, delete, exists, func, or_, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.member_search import searches
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.domain.errors import Conflict, NotFound
from stile.domain.hours import Hours, hours
from stile.domain.ids import CentreId, MemberId, PackId
from stile.domain.member import Member, MembershipStatus, search_key
from stile.ports import AtTheLane

member, card, consent, look_alike = tables.member, tables.member_card, tables.consent, tables.look_alike

AT_THE_LANE = (
    select(
        member,
        and_(
            exists()
            .where(consent.c.member == member.c.id, consent.c.withdrawn_at.is_(None))
            .correlate(member),
            ~exists().where(tables.face_restriction.c.member == member.c.id).correlate(member),
        ).label("consents"),
        or_(
            *(
                exists().where(one == member.c.id, look_alike.c.pack == bindparam("pack")).correlate(member)
                for one in (look_alike.c.member, look_alike.c.other)
            )
        ).label("look_alike"),
        card.c.card.label("one_card"),
    )
    .outerjoin(card, card.c.member == member.c.id)
    .where(member.c.id == bindparam("id"), member.c.erased_at.is_(None))
    .order_by(card.c.place)
)
"""Built once, and one statement for all that the frame's path asks of the store: as three, built each time, it was
a tenth of the path."""

TAKEN = "that membership number or card belongs to another member"
MISSING = "the member's centre does not exist"


class SqlMembers:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, member: Member) -> None:
        with self._tx.part(TAKEN, MISSING):
            self._tx.run(
                tables.member.insert(), {"id": member.id, "version": member.version} | values_of(member)
            )
            self._add_cards(member)
            self._tx.tell(Kind.MEMBER, member.id, member.centre, member.version)

    def save(self, member: Member) -> None:
        """Raises NotFound for a member who was never added, and Conflict as the port says."""
        table = tables.member
        with self._tx.part(TAKEN, MISSING):
            done = self._tx.run(
                update(table)
                .where(table.c.id == member.id, table.c.version == member.version)
                .values(**values_of(member), version=member.version + 1)
            )
            if not done.rowcount:
                if self.get(member.id) is None:
                    raise NotFound("that member does not exist")
                raise Conflict("somebody changed this member meanwhile")
            self._tx.run(delete(card).where(card.c.member == member.id))
            self._add_cards(member)
            self._tx.tell(Kind.MEMBER, member.id, member.centre, member.version + 1)

    def _add_cards(self, member: Member) -> None:
        if member.cards:
            self._tx.run(
                card.insert(),
                [{"card": one, "member": member.id, "place": n} for n, one in enumerate(member.cards)],
            )

    def get(self, id: MemberId) -> Member | None:
        return self._only(select(member).where(member.c.id == id))

    def at_the_lane(self, id: MemberId, pack: PackId) -> AtTheLane | None:
        rows = self._tx.run(AT_THE_LANE, {"id": id, "pack": pack}).all()
        if not rows:
            return None
        cards = tuple(row.one_card for row in rows if row.one_card is not None)
        return AtTheLane(_member(rows[0], cards), bool(rows[0].consents), bool(rows[0].look_alike))

    def by_number(self, number: str) -> Member | None:
        return self._only(select(member).where(member.c.number == number))

    def by_card(self, card: str) -> Member | None:
        cards = tables.member_card
        return self._only(
            select(member).join(cards, cards.c.member == member.c.id).where(cards.c.card == card)
        )

    def page(self, after: str = "", most: int = 100) -> Sequence[Member]:
        return self._members(
            self._tx.all(
                select(member)
                .where(member.c.number > after, member.c.erased_at.is_(None))
                .order_by(member.c.number)
                .limit(most)
            )
        )

    def find(self, text: str, most: int = 50, skip: int = 0) -> Sequence[Member]:
        # Each by its own index, and so many as could be shown: no other part of the table is looked at.
        ids: dict[UUID, None] = {}
        for found in searches(text):
            statement = found.where(member.c.erased_at.is_(None)).limit(skip + most)
            ids.update(dict.fromkeys(row.id for row in self._tx.all(statement)))
            if len(ids) >= skip + most:
                break
        wanted = list(ids)[skip : skip + most]
        known = {
            one.id: one for one in self._members(self._tx.all(select(member).where(member.c.id.in_(wanted))))
        }
        return [known[MemberId(id)] for id in wanted if id in known]

    def count(self) -> int:
        return self._tx.number(select(func.count()).select_from(member).where(member.c.erased_at.is_(None)))

    def among(self, ids: Sequence[UUID]) -> dict[MemberId, Member]:
        """The members of these ids who are there, all of them in two questions."""
        found = self._members(self._tx.all(select(member).where(member.c.id.in_(ids)))) if ids else []
        return {one.id: one for one in found}

    def _only(self, statement: Select[Any]) -> Member | None:
        return next(iter(self._members(self._tx.all(statement))), None)

    def _members(self, rows: Sequence[AnyRow]) -> Sequence[Member]:
        if not rows:
            return []
        cards: dict[object, list[str]] = defaultdict(list)
        held = select(card).where(card.c.member.in_([row.id for row in rows]))
        for one in self._tx.all(held.order_by(card.c.member, card.c.place)):
            cards[one.member].append(one.card)
        # Of an erased member only the id is left: nobody finds them any more.
        return [_member(row, tuple(cards[row.id])) for row in rows if row.erased_at is None]


def values_of(member: Member) -> dict[str, object]:
    return {
        "centre": member.centre,
        "number": member.number,
        "given_name": member.given_name,
        "family_name": member.family_name,
        "status": member.status,
        "expires_on": member.expires_on,
        "born_on": member.born_on,
        "email": member.email,
        "phone": member.phone,
        "kind": member.kind,
        "centres": " ".join(str(one) for one in member.centres),
        "hours": None if member.hours is None else str(member.hours),
        "marketing": member.marketing,
        "marketing_at": member.marketing_at,
        "marketing_how": member.marketing_how,
        "group_name": member.group,
        "from_file": member.from_file,
        "given_key": search_key(member.given_name),
        "family_key": search_key(member.family_name),
    }


@lru_cache(maxsize=1_000)
def _hours(text: str) -> Hours | None:
    """Few sets of hours are sold, and each is read at every passage."""
    return hours(text)


def _member(row: AnyRow, cards: tuple[str, ...]) -> Member:
    return Member(
        id=MemberId(row.id),
        centre=CentreId(row.centre),
        number=row.number,
        given_name=row.given_name,
        family_name=row.family_name,
        status=MembershipStatus(row.status),
        expires_on=row.expires_on,
        cards=cards,
        version=row.version,
        born_on=row.born_on,
        email=row.email,
        phone=row.phone,
        kind=row.kind,
        centres=tuple(CentreId(UUID(one)) for one in row.centres.split()),
        hours=None if row.hours is None else _hours(row.hours),
        marketing=row.marketing,
        marketing_at=row.marketing_at,
        marketing_how=row.marketing_how,
        group=row.group_name,
        from_file=row.from_file,
    )
