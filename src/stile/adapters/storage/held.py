"""All that stands in the store about one member. A table that gains a column `member` is to be read here as well: a
test walks the tables and fails where one is left out."""

import json
from collections.abc import Sequence

from sqlalchemy import Table, func, or_, select

from stile.adapters.storage import tables
from stile.adapters.storage.templates import consent_of_row
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.consent import Consent
from stile.domain.held import HeldFact, HeldLink, TemplateDescribed, Trace
from stile.domain.ids import MemberId, PackId

member, consent, template = tables.member, tables.consent, tables.template
audit_entry, invitation, own_link = tables.audit_entry, tables.invitation, tables.own_link


class SqlPersonHeld:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def addressed_by(self, wanted: str) -> Sequence[tuple[MemberId, str]]:
        found = select(member.c.id, member.c.email).where(
            member.c.email.is_not(None),
            or_(member.c.number == wanted, func.lower(member.c.email) == wanted.lower()),
        )
        return [(MemberId(row.id), row.email) for row in self._tx.all(found.order_by(member.c.id))]

    def consents(self, member: MemberId) -> Sequence[Consent]:
        mine = select(consent).where(consent.c.member == member)
        return [
            consent_of_row(row)
            for row in self._tx.all(mine.order_by(consent.c.given_at.desc(), consent.c.id.desc()))
        ]

    def templates(self, member: MemberId) -> Sequence[TemplateDescribed]:
        mine = select(
            template.c.pack,
            template.c.made_at,
            template.c.shots,
            func.length(template.c.sealed).label("sealed_bytes"),
        ).where(template.c.member == member)
        return [
            TemplateDescribed(PackId(row.pack), row.made_at, row.shots, row.sealed_bytes)
            for row in self._tx.all(mine.order_by(template.c.pack))
        ]

    def trail(self, member: MemberId) -> Sequence[Trace]:
        names = [str(member)]
        names += [str(row.id) for row in self._tx.all(select(consent.c.id).where(consent.c.member == member))]
        about = select(
            audit_entry.c.position,
            audit_entry.c.at,
            audit_entry.c.event,
            audit_entry.c.actor,
            audit_entry.c.detail,
        ).where(or_(audit_entry.c.subject.in_(names), audit_entry.c.actor == str(member)))
        return [
            Trace(row.position, row.at, row.event, row.actor, json.loads(row.detail))
            for row in self._tx.all(about.order_by(audit_entry.c.position.desc()))
        ]

    def others(self, member: MemberId) -> Sequence[HeldFact]:
        found = []
        for row in self._of(tables.member_pin, member):
            found.append(HeldFact("a PIN, encrypted", row.set_at, f"{row.failures} wrong in a row"))
        for row in self._of(tables.member_phone, member):
            used = f"last used on {row.last_at:%Y-%m-%d}" if row.last_at else "not used yet"
            found.append(HeldFact("a phone that shows the code for the lane", row.made_at, used))
        for row in self._of(tables.member_group, member):
            found.append(HeldFact("the group that you placed yourself in", row.given_at, row.group_name))
        for row in self._of(tables.presence, member):
            found.append(HeldFact("inside the centre", row.at))
        for row in self._of(tables.lapsed, member):
            found.append(HeldFact("a membership that does not admit", row.since))
        for row in self._of(tables.guardian, member):
            found.append(HeldFact("a parent or guardian", None, row.relation))
        for row in self._of(tables.guardian_word, member):
            whose = "a parent or guardian" if row.guardian else "the child"
            found.append(HeldFact(f"what {whose} said about coming in by face", row.at, row.said))
        return found

    def _of(self, table: Table, member: MemberId) -> Sequence[AnyRow]:
        return self._tx.all(select(table).where(table.c.member == member))

    def links(self, member: MemberId) -> Sequence[HeldLink]:
        found = [
            HeldLink(what, row.expires_at, row.used_at)
            for what, table in (("to enrol", invitation), ("to this page", own_link))
            for row in self._of(table, member)
        ]
        found += [
            HeldLink(f"to set up a {row.sets_up}", row.expires_at, None)
            for row in self._of(tables.way_link, member)
        ]
        return sorted(found, key=lambda one: one.expires_at, reverse=True)
