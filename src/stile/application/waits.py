"""Law 4 as a figure: what each way in takes and how often it turns people away, side by side (`stile.domain.waits`)."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from stile.domain.errors import StileError
from stile.domain.ids import LaneId
from stile.domain.passage import Method, Outcome
from stile.domain.waits import LONGEST, Row, Wait, rows
from stile.ports import Clock, Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Compared:
    """`since`: None for all there is. `rows`: one a way, face first."""

    since: datetime | None
    rows: Sequence[Row]

    @property
    def passages(self) -> int:
        return sum(row.passages for row in self.rows)


class WaitingTimes:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def keep(
        self, lane: LaneId, method: Method, outcome: Outcome, to_decision: float, to_door: float | None
    ) -> None:
        """After the person was told. A figure that cannot be kept is one figure less, and no reason to stop a lane."""
        wait = Wait(
            self._clock.today(),
            lane,
            method,
            outcome,
            min(to_decision, LONGEST),
            None if to_door is None else min(to_door, LONGEST),
        )
        try:
            with self._store.begin() as work:
                work.waits.add(wait)
                work.commit()
        except StileError as error:
            log.warning("a waiting time was not kept: %s", type(error).__name__)

    def compare(self, since: datetime | None = None, lane: LaneId | None = None) -> Compared:
        """`since`: a day's beginning on the centres' clock."""
        with self._store.read() as work:
            day = since.date() if since else None
            return Compared(since, rows(work.waits.counted(since, lane), work.waits.since(day, lane)))
