"""Law 7: what figures are counted from. Spot checks are drawn and answered, and never dropped: the database refuses."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true, update

from stile.adapters.storage import tables
from stile.adapters.storage.evidence import NEWEST
from stile.adapters.storage.records import as_passage
from stile.adapters.storage.transaction import Transaction
from stile.domain.adjudication import Verdict
from stile.domain.count_figures import Counts, EnrolmentTally, PassageTally
from stile.domain.ids import CentreId, LaneId, PassageId, StaffId
from stile.domain.passage import Method, Outcome, Passage
from stile.domain.spot_checks import SpotAnswer, SpotCheck, SpotTally
from stile.domain.waits import Times

passage, gone, adjudication = tables.passage, tables.passage_count, tables.adjudication
spot, enrolments, wait, lane = tables.spot_check, tables.enrolment_count, tables.wait, tables.lane

Days = tuple[date, date]
Moments = tuple[datetime, datetime]


class SqlFigureCounts:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def counts(self, days: Days, moments: Moments, centre: CentreId | None = None) -> Counts:
        return Counts(
            self._passages(days, moments, centre),
            self._spot_checks(days, centre),
            self._enrolments(days, centre),
        )

    def _passages(self, days: Days, moments: Moments, centre: CentreId | None) -> Sequence[PassageTally]:
        among = select(adjudication.c.passage, adjudication.c.verdict, NEWEST).subquery()
        by = (passage.c.method, passage.c.outcome, passage.c.reason, among.c.verdict)
        here = (
            select(*by, func.count())
            .select_from(passage)
            .outerjoin(among, (among.c.passage == passage.c.id) & (among.c.place == 1))
            .where(passage.c.at >= moments[0], passage.c.at < moments[1])
            .group_by(*by)
        )
        if centre is not None:
            here = here.where(passage.c.centre == centre)
        of_gone = (gone.c.method, gone.c.outcome, gone.c.reason, gone.c.verdict)
        went = (
            select(*of_gone, func.sum(gone.c.passages))
            .where(_within(gone.c.day, days), _at(gone.c.lane, centre))
            .group_by(*of_gone)
        )
        sums: Counter[tuple[str, str, str, str]] = Counter()
        for method, outcome, reason, verdict, count in (*self._tx.all(here), *self._tx.all(went)):
            sums[method, outcome, reason, verdict or ""] += int(count)
        return [
            PassageTally(
                Method(method), Outcome(outcome), reason, Verdict(verdict) if verdict else None, count
            )
            for (method, outcome, reason, verdict), count in sorted(sums.items())
        ]

    def _spot_checks(self, days: Days, centre: CentreId | None) -> Sequence[SpotTally]:
        by = (spot.c.every, spot.c.answer)
        wanted = select(*by, func.count()).where(_within(spot.c.day, days)).group_by(*by)
        if centre is not None:
            wanted = wanted.where(spot.c.centre == centre)
        rows = sorted(self._tx.all(wanted), key=lambda row: (row[0], row[1] or ""))
        return [
            SpotTally(every, SpotAnswer(answer) if answer else None, count) for every, answer, count in rows
        ]

    def _enrolments(self, days: Days, centre: CentreId | None) -> EnrolmentTally:
        wanted = select(func.sum(enrolments.c.begun), func.sum(enrolments.c.done)).where(
            _within(enrolments.c.day, days)
        )
        if centre is not None:
            wanted = wanted.where(enrolments.c.centre == centre)
        begun, done = self._tx.all(wanted)[0]
        return EnrolmentTally(int(begun or 0), int(done or 0))

    def waits(self, days: Days, centre: CentreId | None = None) -> Mapping[Method, Times]:
        wanted = select(wait.c.method, wait.c.to_decision, wait.c.to_door)
        wanted = wanted.where(_within(wait.c.day, days), _at(wait.c.lane, centre))
        decided: dict[str, list[float]] = defaultdict(list)
        opened: dict[str, list[float]] = defaultdict(list)
        for method, to_decision, to_door in self._tx.all(wanted):
            decided[method].append(to_decision)
            if to_door is not None:
                opened[method].append(to_door)
        return {Method(one): Times(sorted(times), sorted(opened[one])) for one, times in decided.items()}

    def looked_until(self) -> tuple[datetime | None, datetime | None]:
        adjudicated = self._tx.all(select(func.max(adjudication.c.at)))[0][0]
        return adjudicated, self._tx.all(select(func.max(spot.c.answered_at)))[0][0]

    def first_day(self) -> date | None:
        first = self._tx.all(select(func.min(passage.c.at)))[0][0]
        days = [
            None if first is None else first.date(),
            *(self._tx.all(select(func.min(table.c.day)))[0][0] for table in (gone, wait, spot, enrolments)),
        ]
        return min((one for one in days if one is not None), default=None)

    # --- spot checks ---

    def draw(self, check: SpotCheck) -> None:
        self._tx.add(
            spot,
            {
                "id": self._tx.new_id(),
                "passage": check.passage,
                "centre": check.centre,
                "lane": check.lane,
                "day": check.day,
                "every": check.every,
            },
            taken="that passage was drawn already",
            missing="that passage does not exist",
        )

    def unanswered(self, since: datetime) -> Sequence[tuple[SpotCheck, Passage]]:
        drawn = (spot.c.day.label("drawn_on"), spot.c.every)
        wanted = select(passage, *drawn).join(spot, spot.c.passage == passage.c.id)
        rows = self._tx.all(
            wanted.where(passage.c.at >= since, spot.c.answer.is_(None)).order_by(passage.c.at, passage.c.id)
        )
        return [
            (
                SpotCheck(PassageId(row.id), CentreId(row.centre), LaneId(row.lane), row.drawn_on, row.every),
                as_passage(row),
            )
            for row in rows
        ]

    def answer(self, passage: PassageId, answer: SpotAnswer, staff: StaffId, at: datetime) -> bool:
        done = self._tx.run(
            update(spot).where(spot.c.passage == passage).values(answer=answer, staff=staff, answered_at=at)
        )
        return bool(done.rowcount)

    # --- enrolments ---

    def begun(self, day: date, centre: CentreId, group: str | None = None) -> None:
        if not self._count(day, centre, group, {"begun": enrolments.c.begun + 1}):
            first = {"day": day, "centre": centre, "group_name": group or "", "begun": 1, "done": 0}
            self._tx.run(enrolments.insert(), first)

    def done(self, day: date, centre: CentreId, group: str | None = None) -> None:
        self._count(day, centre, group, {"done": enrolments.c.done + 1})

    def _count(
        self, day: date, centre: CentreId, group: str | None, more: dict[str, ColumnElement[int]]
    ) -> bool:
        one = and_(
            enrolments.c.day == day, enrolments.c.centre == centre, enrolments.c.group_name == (group or "")
        )
        return bool(self._tx.run(update(enrolments).where(one).values(more)).rowcount)


def _within(column: ColumnElement[date], days: Days) -> ColumnElement[bool]:
    return and_(column >= days[0], column <= days[1])


def _at(column: ColumnElement[Any], centre: CentreId | None) -> ColumnElement[bool]:
    """Lanes of the centre; every lane where none is named."""
    if centre is None:
        return true()
    return column.in_(select(lane.c.id).where(lane.c.centre == centre))
