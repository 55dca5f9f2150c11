"""Law 6: record before act. This is the only place where a door is told to open.

The passage is durable before the door hears of it. If it cannot be recorded, nothing opens: the person is
asked for the card or to see reception, and the staff are told.
"""

from dataclasses import dataclass

from stile.domain.audit import Event
from stile.domain.errors import CannotRecord, DoorFault
from stile.domain.ids import PassageId, StaffId
from stile.domain.passage import (
    OUTCOME_OF,
    Admit,
    Comparison,
    Decision,
    Method,
    Outcome,
    Passage,
    Refer,
    ReferReason,
    member_of,
)
from stile.domain.places import Lane
from stile.ports import Chance, Clock, Doors, News, Noticeboard, Store, Topic


@dataclass(frozen=True, slots=True)
class Concluded:
    """What came of an attempt. `passage` is None only when nothing could be recorded.
    `greeting`: the admitted member's first name. `door_opened`: whether the door confirmed."""

    decision: Decision
    passage: Passage | None
    greeting: str | None = None
    door_opened: bool = False

    @property
    def outcome(self) -> Outcome:
        return OUTCOME_OF[type(self.decision)]


class Gate:
    def __init__(self, store: Store, doors: Doors, board: Noticeboard, clock: Clock, chance: Chance) -> None:
        self._store, self._doors, self._board = store, doors, board
        self._clock, self._chance = clock, chance

    def carry_out(
        self,
        lane: Lane,
        decision: Decision,
        method: Method,
        *,
        greeting: str | None = None,
        staff: StaffId | None = None,
        comparison: Comparison | None = None,
        ms: float | None = None,
    ) -> Concluded:
        """record → act → tell."""
        passage = Passage(
            PassageId(self._chance.new_id()),
            lane.centre,
            lane.id,
            self._clock.now(),
            method,
            OUTCOME_OF[type(decision)],
            decision.reason.value,
            member_of(decision),
            staff,
            comparison,
            ms,
        )
        try:
            self._record(passage, decision)
        except CannotRecord as error:
            self._call_staff(lane, f"A passage could not be recorded, so the lane did not open. {error}")
            return Concluded(Refer(ReferReason.CANNOT_RECORD), None)
        opened = isinstance(decision, Admit) and self._open(lane, passage.id)
        self._board.post(News(Topic.PASSAGE, lane.id, passage.reason, passage.at, passage.id))
        return Concluded(decision, passage, greeting if isinstance(decision, Admit) else None, opened)

    def _record(self, passage: Passage, decision: Decision) -> None:
        detail = {"method": passage.method, "outcome": passage.outcome, "reason": passage.reason}
        if isinstance(decision, Refer) and decision.telltale:
            detail["telltale"] = decision.telltale
        with self._store.begin() as work:
            work.passages.add(passage)
            work.audit.append(
                passage.at,
                Event.PASSAGE_RECORDED,
                str(passage.staff or passage.lane),
                str(passage.id),
                detail,
            )
            work.commit()

    def _open(self, lane: Lane, passage: PassageId) -> bool:
        try:
            self._doors.of(lane).open(passage)
        except DoorFault as error:
            self._call_staff(lane, f"Somebody was admitted but the door did not open. {error}")
            return False
        return True

    def _call_staff(self, lane: Lane, text: str) -> None:
        self._board.post(News(Topic.STAFF_NEEDED, lane.id, text, self._clock.now()))
