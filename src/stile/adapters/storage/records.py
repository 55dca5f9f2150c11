"""Law 6: passages. They are only ever added to; the database refuses the rest."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from sqlalchemy import func, select

from stile.adapters.storage import binding, tables
from stile.adapters.storage.transaction import AnyRow, Kind, Transaction
from stile.domain.checkpoint import Kind as Record
from stile.domain.ids import CentreId, LaneId, MemberId, PackId, PassageId, StaffId
from stile.domain.passage import Comparison, Method, Outcome, Passage

passage = tables.passage


class SqlPassages:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, passage: Passage) -> str:
        """Its digest, for the audit log.

        Raises Conflict for an id that is recorded already, NotFound when it names what does not exist.
        """
        missing = "the passage names a centre, lane, member or staff that does not exist"
        values, salt = _values(passage), binding.new_salt()
        with self._tx.part("that passage is recorded already", missing):
            self._tx.run(tables.passage.insert(), values | {"salt": salt})
            self._tx.tell(Kind.PASSAGE, passage.id, passage.centre, 1)
        return binding.digest(Record.PASSAGE, values, salt)

    def get(self, id: PassageId) -> Passage | None:
        row = self._tx.one(select(passage).where(passage.c.id == id))
        return None if row is None else as_passage(row)

    def latest(self, most: int = 50, lane: LaneId | None = None) -> Sequence[Passage]:
        statement = select(passage).order_by(passage.c.at.desc(), passage.c.id.desc()).limit(most)
        if lane is not None:
            statement = statement.where(passage.c.lane == lane)
        return [as_passage(row) for row in self._tx.all(statement)]

    def of_member(self, member: MemberId, most: int | None = None) -> Sequence[Passage]:
        statement = select(passage).where(passage.c.member == member)
        statement = statement.order_by(passage.c.at.desc(), passage.c.id.desc()).limit(most)
        return [as_passage(row) for row in self._tx.all(statement)]

    def span(self, lane: LaneId, since: datetime | None = None) -> tuple[datetime, datetime] | None:
        wanted = select(func.min(passage.c.at), func.max(passage.c.at)).where(
            passage.c.lane == lane, passage.c.method == Method.FACE
        )
        first, last = self._tx.all(wanted if since is None else wanted.where(passage.c.at >= since))[0]
        first, last = self._with_those_gone(lane, since, first, last)
        return None if first is None or last is None else (first, last)

    def _with_those_gone(
        self, lane: LaneId, since: datetime | None, first: datetime | None, last: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        """Of passages that were deleted only the day is left."""
        counted = tables.passage_count
        wanted = select(func.min(counted.c.day), func.max(counted.c.day)).where(
            counted.c.lane == lane, counted.c.method == Method.FACE
        )
        if since is not None:
            wanted = wanted.where(counted.c.day >= since.astimezone(UTC).date())
        day, latest = self._tx.all(wanted)[0]
        if day is None:
            return first, last
        return datetime.combine(day, time(), UTC), last or datetime.combine(latest, time(), UTC)

    def count(self) -> int:
        return self._tx.number(select(func.count()).select_from(passage))


def _values(passage: Passage) -> dict[str, object]:
    comparison = passage.comparison
    return {
        "id": passage.id,
        "centre": passage.centre,
        "lane": passage.lane,
        "at": passage.at,
        "method": passage.method,
        "outcome": passage.outcome,
        "reason": passage.reason,
        "member": passage.member,
        "staff": passage.staff,
        "pack": comparison and comparison.pack,
        "threshold": comparison and comparison.threshold,
        "gallery_size": comparison and comparison.gallery_size,
        "score": comparison and comparison.score,
        "ms": passage.ms,
        "version": 1,
    }


def as_passage(row: AnyRow) -> Passage:
    comparison = None
    if row.pack is not None:
        comparison = Comparison(PackId(row.pack), row.threshold, row.gallery_size, row.score)
    return Passage(
        id=PassageId(row.id),
        centre=CentreId(row.centre),
        lane=LaneId(row.lane),
        at=row.at,
        method=Method(row.method),
        outcome=Outcome(row.outcome),
        reason=row.reason,
        member=None if row.member is None else MemberId(row.member),
        staff=None if row.staff is None else StaffId(row.staff),
        comparison=comparison,
        ms=row.ms,
    )
