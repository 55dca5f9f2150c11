"""What goes when its time is over (`stile.domain.retention`): conditions and deletions, in small batches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, func, insert, or_, select, tuple_, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import Transaction
from stile.domain.foi import State
from stile.domain.ids import MemberId
from stile.domain.member import MembershipStatus
from stile.domain.retention import Period, Subject
from stile.domain.rights_request import OVER
from stile.ports.keeping import Run, Swept

passage, permit, lapsed, member = tables.passage, tables.retention_permit, tables.lapsed, tables.member
Condition = Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Sweep:
    """One table that a rule empties. `holders`: tables whose rows go along, by the column that names the row. `only`:
    columns that are emptied where the row itself stays."""

    table: Table
    older: Condition
    holders: tuple[ColumnElement[Any], ...] = ()
    only: tuple[str, ...] = ()


def _over(*columns: ColumnElement[Any]) -> Condition:
    return lambda cut_off: or_(*(column < cut_off for column in columns))


def _answered(cut_off: datetime) -> ColumnElement[bool]:
    request, entry = tables.rights_request, tables.rights_entry
    lately = exists().where(entry.c.request == request.c.id, entry.c.at >= cut_off)
    return and_(request.c.state.in_(OVER), ~lately)


def _unpaired(cut_off: datetime) -> ColumnElement[bool]:
    device = tables.device
    return or_(
        device.c.revoked_at < cut_off, and_(device.c.paired_at.is_(None), device.c.expires_at < cut_off)
    )


def _imported(cut_off: datetime) -> ColumnElement[bool]:
    done = tables.member_import
    return and_(done.c.finished_at.is_not(None), done.c.at < cut_off)


def _closed(cut_off: datetime) -> ColumnElement[bool]:
    """Answered counts as closed: nobody's name stays because nobody pressed “close”."""
    asked = tables.foi_request
    over = (State.CLOSED, State.LAPSED, State.SENT, State.LOGGED)
    return and_(asked.c.state.in_(over), asked.c.received < cut_off.date())


SWEEPS: Mapping[Subject, tuple[Sweep, ...]] = {
    Subject.ENDED_CONSENTS: (Sweep(tables.consent, _over(tables.consent.c.withdrawn_at)),),
    Subject.LINKS: (
        Sweep(tables.invitation, _over(tables.invitation.c.used_at, tables.invitation.c.expires_at)),
        Sweep(tables.own_link, _over(tables.own_link.c.used_at, tables.own_link.c.expires_at)),
        Sweep(tables.way_link, _over(tables.way_link.c.expires_at)),
        Sweep(
            tables.guardian,
            _over(tables.guardian.c.link_expires_at),
            only=("digest", "link_expires_at"),
        ),
        Sweep(tables.staff_link, _over(tables.staff_link.c.used_at, tables.staff_link.c.expires_at)),
    ),
    Subject.SESSIONS: (
        Sweep(tables.staff_session, _over(tables.staff_session.c.expires_at)),
        Sweep(tables.own_session, _over(tables.own_session.c.seen_at)),
    ),
    Subject.REQUESTS: (Sweep(tables.rights_request, _answered, (tables.rights_entry.c.request,)),),
    Subject.DEVICES: (
        Sweep(tables.device_waiting, _over(tables.device_waiting.c.expires_at)),
        Sweep(tables.device, _unpaired),
    ),
    Subject.FOI: (
        Sweep(
            tables.foi_request,
            _closed,
            (
                tables.foi_version.c.request,
                tables.foi_paper.c.request,
                tables.foi_let_through.c.request,
            ),
        ),
    ),
    Subject.IMPORTS: (Sweep(tables.member_import, _imported, (tables.member_staged.c.import_id,)),),
    Subject.TOKENS: (
        Sweep(tables.api_token, _over(tables.api_token.c.revoked_at, tables.api_token.c.expires_at)),
    ),
    Subject.OUTBOX: (Sweep(tables.outbox, _over(tables.outbox.c.at)),),
}
"""Passages, members and templates are not here: they go by more than a condition."""


class SqlRetention:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    # --- periods ---

    def choose(self, period: Period) -> None:
        self._tx.run(
            insert(tables.retention_period),
            {
                "id": self._tx.new_id(),
                "rule": period.subject,
                "days": period.days,
                "actor": period.actor,
                "at": period.at,
            },
        )

    def chosen(self) -> Sequence[Period]:
        table = tables.retention_period
        rows = self._tx.all(select(table).order_by(table.c.at, table.c.id))
        return [Period(Subject(row.rule), row.days, row.actor, row.at) for row in rows]

    # --- what is due ---

    def due(self, subject: Subject, cut_off: datetime) -> int:
        if subject is Subject.PASSAGES:
            return self._count(passage, _past(cut_off))
        if subject in (Subject.LAPSED_TEMPLATES, Subject.LAPSED_MEMBERS):
            return self._count(member, _lapsed(subject, cut_off))
        return sum(self._count(one.table, one.older(cut_off)) for one in SWEEPS[subject])

    def _count(self, table: Table, condition: ColumnElement[bool]) -> int:
        return self._tx.number(select(func.count()).select_from(table).where(condition))

    # --- what goes ---

    def sweep(self, subject: Subject, cut_off: datetime, most: int) -> Swept:
        if subject is Subject.PASSAGES:
            return self._passages(cut_off, most)
        gone = 0
        for one in SWEEPS[subject]:
            gone += self._some(one, cut_off, most - gone)
        return Swept(gone)

    def _some(self, one: Sweep, cut_off: datetime, most: int) -> int:
        if most <= 0:
            return 0
        keys = tuple(one.table.primary_key.columns)
        rows = [tuple(row) for row in self._tx.all(select(*keys).where(one.older(cut_off)).limit(most))]
        if rows:
            for holder in one.holders:  # those name the row by its one key
                self._tx.run(delete(holder.table).where(holder.in_([row[0] for row in rows])))
            # One key is compared as such: SQLite would not use the index for a tuple of one.
            some = keys[0].in_([row[0] for row in rows]) if len(keys) == 1 else tuple_(*keys).in_(rows)
            if one.only:
                self._tx.run(update(one.table).where(some).values(dict.fromkeys(one.only)))
            else:
                self._tx.run(delete(one.table).where(some))
        return len(rows)

    def _passages(self, cut_off: datetime, most: int) -> Swept:
        """The store counts each of them and takes its adjudications along (`migrations/rules_0009`)."""
        oldest = select(passage.c.id, passage.c.at).where(_past(cut_off))
        rows = self._tx.all(oldest.order_by(passage.c.at, passage.c.id).limit(most))
        if not rows:
            return Swept(0)
        with self._tx.part():
            self._tx.run(delete(permit))  # one that a foreign tool left
            self._tx.run(insert(permit), {"id": 1, "cut_off": cut_off})
            self._tx.run(delete(passage).where(passage.c.id.in_([row.id for row in rows])))
            self._tx.run(delete(permit))
        return Swept(len(rows), rows[0].at, rows[-1].at)

    def lapsed(self, subject: Subject, cut_off: datetime, most: int) -> Sequence[MemberId]:
        rows = self._tx.all(
            select(member.c.id).where(_lapsed(subject, cut_off)).order_by(member.c.id).limit(most)
        )
        return [MemberId(row.id) for row in rows]

    def note_lapsed(self, now: datetime, most: int) -> int:
        back = select(member.c.id).where(
            or_(member.c.status != MembershipStatus.LAPSED, member.c.erased_at.is_not(None))
        )
        self._tx.run(delete(lapsed).where(lapsed.c.member.in_(back)))
        new = select(member.c.id).where(
            member.c.status == MembershipStatus.LAPSED,
            member.c.erased_at.is_(None),
            member.c.id.not_in(select(lapsed.c.member)),
        )
        found = [{"member": row.id, "since": now} for row in self._tx.all(new.limit(most))]
        if found:
            self._tx.run(insert(lapsed), found)
        return len(found)

    # --- what was done ---

    def ran(self, run: Run) -> None:
        self._tx.run(
            insert(tables.retention_run),
            {
                "id": self._tx.new_id(),
                "rule": run.subject or "",
                "cut_off": run.cut_off,
                "at": run.at,
                "gone": run.gone,
            },
        )

    def runs(self, most: int = 50) -> Sequence[Run]:
        table = tables.retention_run
        rows = self._tx.all(select(table).order_by(table.c.at.desc(), table.c.id.desc()).limit(most))
        return [Run(Subject(row.rule) if row.rule else None, row.cut_off, row.at, row.gone) for row in rows]


HELD = select(tables.rights_request.c.member).where(
    tables.rights_request.c.state.not_in(OVER), tables.rights_request.c.member.is_not(None)
)
"""Members with a request or complaint that is not answered: what it is about does not go meanwhile."""
RESTRICTED = select(tables.face_restriction.c.member)
"""Members whose template is set aside: it is kept, and nothing else is done with it (UK GDPR Art. 18(2))."""


def _past(cut_off: datetime) -> ColumnElement[bool]:
    return and_(passage.c.at < cut_off, or_(passage.c.member.is_(None), passage.c.member.not_in(HELD)))


def _lapsed(subject: Subject, cut_off: datetime) -> ColumnElement[bool]:
    """Members whose status was noted as lapsed before, or whose last day was before. Suspended ones may come back."""
    noted = select(lapsed.c.member).where(lapsed.c.since < cut_off)
    over = and_(
        member.c.erased_at.is_(None),
        or_(member.c.id.in_(noted), member.c.expires_on < cut_off.date()),
        member.c.id.not_in(HELD),
        member.c.id.not_in(RESTRICTED),
    )
    if subject is Subject.LAPSED_MEMBERS:
        return over
    consent, template = tables.consent, tables.template
    live = select(consent.c.member).where(consent.c.withdrawn_at.is_(None))
    return and_(over, or_(member.c.id.in_(live), member.c.id.in_(select(template.c.member))))
