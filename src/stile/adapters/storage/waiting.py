"""Enrolments that wait for somebody."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from stile.adapters.storage import tables
from stile.adapters.storage.access import invitation_of_row
from stile.adapters.storage.members import SqlMembers
from stile.adapters.storage.templates import consent_of_row
from stile.adapters.storage.transaction import Transaction
from stile.domain.access import Invitation
from stile.domain.consent import Consent
from stile.domain.ids import PackId
from stile.domain.member import Member
from stile.domain.places import STAFF_KINDS

member, consent, template = tables.member, tables.consent, tables.template
invitation, guardian = tables.invitation, tables.guardian

CONSENTS = exists().where(consent.c.member == member.c.id, consent.c.withdrawn_at.is_(None))


class SqlWaiting:
    def __init__(self, tx: Transaction) -> None:
        self._tx, self._members = tx, SqlMembers(tx)

    def invited(self, most: int) -> Sequence[tuple[Member, Invitation]]:
        # Ids of one process sort by time, and a new link ends the ones before: the largest is the one that counts.
        newer = invitation.alias()
        rows = self._tx.all(
            select(invitation)
            .join(member, member.c.id == invitation.c.member)
            .where(
                invitation.c.used_at.is_(None),
                ~exists().where(newer.c.member == invitation.c.member, newer.c.id > invitation.c.id),
            )
            .order_by(member.c.number)
            .limit(most)
        )
        known = self._members.among([row.member for row in rows])
        return [(known[row.member], invitation_of_row(row)) for row in rows if row.member in known]

    def without_template(self, pack: PackId, most: int) -> Sequence[tuple[Member, Consent]]:
        has = exists().where(template.c.member == consent.c.member, template.c.pack == pack)
        return self._live(most, ~has)

    def outdated(self, versions: Sequence[str], most: int) -> Sequence[tuple[Member, Consent]]:
        return self._live(most, consent.c.notice_version.not_in(versions))

    def to_renew(self, born_after: date, born_until: date, most: int) -> Sequence[tuple[Member, Consent]]:
        of_age = and_(member.c.born_on > born_after, member.c.born_on <= born_until)
        return self._live(most, or_(of_age, consent.c.giver != "member"))

    def to_look_at(self, born_after: date, after: str, most: int) -> Sequence[tuple[Member, Consent]]:
        return self._live(
            most,
            member.c.number > after,
            or_(
                member.c.born_on > born_after,
                member.c.group_name.is_not(None),
                consent.c.giver != "member",
                func.lower(func.trim(member.c.kind)).in_(sorted(STAFF_KINDS)),
            ),
        )

    def children_with_a_parent(self, most: int) -> Sequence[Member]:
        named = exists().where(guardian.c.member == member.c.id)
        rows = self._tx.all(select(member.c.id).where(named, ~CONSENTS).order_by(member.c.number).limit(most))
        known = self._members.among([row.id for row in rows])
        return [known[row.id] for row in rows if row.id in known]

    def _live(self, most: int, *conditions: ColumnElement[bool]) -> Sequence[tuple[Member, Consent]]:
        rows = self._tx.all(
            select(consent)
            .join(member, member.c.id == consent.c.member)
            .where(consent.c.withdrawn_at.is_(None), *conditions)
            .order_by(member.c.number)
            .limit(most)
        )
        known = self._members.among([row.member for row in rows])
        return [(known[row.member], consent_of_row(row)) for row in rows if row.member in known]
