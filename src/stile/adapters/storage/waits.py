"""How long people waited, and how their passages ended."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import func, select

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import Transaction
from stile.domain.ids import LaneId
from stile.domain.passage import Method, Outcome
from stile.domain.waits import Counted, Wait

wait, passage, gone = tables.wait, tables.passage, tables.passage_count


class SqlWaits:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, wait: Wait) -> None:
        last = self._tx.number(select(func.coalesce(func.max(tables.wait.c.n), 0)))
        values = {
            "n": last + 1,
            "day": wait.day,
            "lane": wait.lane,
            "method": wait.method,
            "outcome": wait.outcome,
            "to_decision": wait.to_decision,
            "to_door": wait.to_door,
        }
        self._tx.add(
            tables.wait, values, taken="that wait is kept already", missing="that lane does not exist"
        )

    def since(self, day: date | None = None, lane: LaneId | None = None) -> Sequence[Wait]:
        wanted = select(wait).order_by(wait.c.n)
        if day is not None:
            wanted = wanted.where(wait.c.day >= day)
        if lane is not None:
            wanted = wanted.where(wait.c.lane == lane)
        return [
            Wait(
                row.day,
                LaneId(row.lane),
                Method(row.method),
                Outcome(row.outcome),
                row.to_decision,
                row.to_door,
            )
            for row in self._tx.all(wanted)
        ]

    def counted(self, since: datetime | None = None, lane: LaneId | None = None) -> Sequence[Counted]:
        here = select(passage.c.method, passage.c.outcome, passage.c.reason, func.count()).group_by(
            passage.c.method, passage.c.outcome, passage.c.reason
        )
        went = select(gone.c.method, gone.c.outcome, gone.c.reason, func.sum(gone.c.passages)).group_by(
            gone.c.method, gone.c.outcome, gone.c.reason
        )
        if since is not None:
            here = here.where(passage.c.at >= since)
            went = went.where(gone.c.day >= since.astimezone(UTC).date())
        if lane is not None:
            here, went = here.where(passage.c.lane == lane), went.where(gone.c.lane == lane)
        sums: Counter[tuple[str, str, str]] = Counter()
        for method, outcome, reason, passages in (*self._tx.all(here), *self._tx.all(went)):
            sums[method, outcome, reason] += int(passages)
        return [
            Counted(Method(method), Outcome(outcome), reason, passages)
            for (method, outcome, reason), passages in sorted(sums.items())
        ]
