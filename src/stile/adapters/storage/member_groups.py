"""Where members placed themselves, and what is counted by it. Only passages that are still there can be counted so:
what is left of one that went names nobody, and so no group."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, delete, distinct, func, insert, literal, select

from stile.adapters.storage import tables
from stile.adapters.storage.evidence import NEWEST
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.adjudication import Verdict
from stile.domain.ids import MemberId
from stile.domain.member_groups import GroupCounts, GroupTally
from stile.domain.passage import Method, Outcome

stated, passage, gone = tables.member_group, tables.passage, tables.passage_count
adjudication, enrolments, template = tables.adjudication, tables.enrolment_count, tables.template

Days = tuple[date, date]
Moments = tuple[datetime, datetime]


class SqlMemberGroups:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def of(self, member: MemberId) -> str | None:
        row = self._tx.one(select(stated.c.group_name).where(stated.c.member == member))
        return None if row is None else str(row.group_name)

    def choose(self, member: MemberId, group: str, at: datetime) -> None:
        with self._tx.part(missing="that member does not exist"):
            self._tx.run(delete(stated).where(stated.c.member == member))
            self._tx.run(insert(stated), {"member": member, "group_name": group, "given_at": at})

    def forget(self, member: MemberId) -> bool:
        return bool(self._tx.run(delete(stated).where(stated.c.member == member)).rowcount)

    def counts(self, days: Days, moments: Moments) -> GroupCounts:
        passages = {row.group_name: row for row in self._passages(moments)}
        enrolled = {row.group_name or None: row for row in self._enrolments(days)}
        went = select(func.count()).where(gone.c.day >= days[0], gone.c.day <= days[1])
        tallies = []
        for group in sorted({*passages, *enrolled}, key=lambda one: one or ""):
            seen, tried = passages.get(group), enrolled.get(group)
            numbers: dict[str, int] = defaultdict(int)
            if seen is not None:
                numbers |= {
                    name: int(getattr(seen, name) or 0)
                    for name in ("members", "matches", "false_alerts", "entries", "otherwise")
                }
            if tried is not None:
                begun = int(tried.begun)
                numbers |= {"enrolments": begun, "failures_to_enrol": begun - int(tried.done)}
                # Enrolments name nobody. Where no passage does either, each is taken for another member's.
                numbers["members"] = max(numbers["members"], begun if seen is None else 0)
            numbers.setdefault("members", 0)
            tallies.append(GroupTally(group, **numbers))
        looked = any(row.looked for row in passages.values())
        return GroupCounts(tallies, not self._tx.number(went), looked)

    def _passages(self, moments: Moments) -> Sequence[AnyRow]:
        among = select(adjudication.c.passage, adjudication.c.verdict, NEWEST).subquery()
        by_face, named = passage.c.method == Method.FACE, passage.c.outcome != Outcome.REFER
        enrolled = passage.c.member.in_(select(template.c.member))
        entered = and_(passage.c.outcome == Outcome.ADMIT, enrolled)
        wrong = among.c.verdict == Verdict.WRONG_PERSON

        return self._tx.all(
            select(
                stated.c.group_name,
                func.count(distinct(passage.c.member)).label("members"),
                _so_many(and_(by_face, named)).label("matches"),
                _so_many(and_(by_face, named, wrong)).label("false_alerts"),
                _so_many(entered).label("entries"),
                _so_many(and_(entered, ~by_face)).label("otherwise"),
                _so_many(among.c.verdict.is_not(None)).label("looked"),
            )
            .select_from(passage)
            .outerjoin(stated, stated.c.member == passage.c.member)
            .outerjoin(among, and_(among.c.passage == passage.c.id, among.c.place == literal(1)))
            .where(passage.c.at >= moments[0], passage.c.at < moments[1], passage.c.member.is_not(None))
            .group_by(stated.c.group_name)
        )

    def _enrolments(self, days: Days) -> Sequence[AnyRow]:
        by = enrolments.c.group_name
        return self._tx.all(
            select(by, func.sum(enrolments.c.begun).label("begun"), func.sum(enrolments.c.done).label("done"))
            .where(enrolments.c.day >= days[0], enrolments.c.day <= days[1])
            .group_by(by)
        )


def _so_many(where: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((where, 1), else_=0))
