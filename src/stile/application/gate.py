"""Law 6: record before act. This is the only place where a door is told to open.

The passage is durable before the door hears of it. If it cannot be recorded, nothing opens: the person is
asked for the card or to see reception, and the staff are told.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from stile.domain.audit import Event, Fact
from stile.domain.entitlement import Inside
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
    decide_by_presence,
    member_of,
)
from stile.domain.places import Lane
from stile.ports import Chance, Clock, Doors, News, Noticeboard, Store, Topic, UnitOfWork


@dataclass(frozen=True, slots=True)
class Concluded:
    """What came of an attempt. `passage` is None only when nothing could be recorded.
    `greeting`: the admitted member's first name. `door_opened`: whether the door confirmed. `door_ms`: how long the
    door took to confirm, after the decision was recorded; None where it was not told to open, or did not."""

    decision: Decision
    passage: Passage | None
    greeting: str | None = None
    door_opened: bool = False
    door_ms: float | None = None

    @property
    def outcome(self) -> Outcome:
        return OUTCOME_OF[type(self.decision)]


Draw = Callable[[UnitOfWork, Passage], int | None]
"""Whether a passage that was just recorded is asked about: one in how many are, or None (`spot_checks`)."""

Settle = Callable[[UnitOfWork, Decision, datetime], Decision]
"""The last word of a way on its own decision, under the lock of the transaction that records it: what may be used once
only, or tried so many times, is counted there. It may turn an admission into a refusal, and never the other way."""


class Gate:
    """`inside_hours`: how long somebody who came in counts as inside when nothing tells that they left."""

    def __init__(
        self,
        store: Store,
        doors: Doors,
        board: Noticeboard,
        clock: Clock,
        chance: Chance,
        inside_hours: float = 4.0,
        draw: Draw = lambda _work, _passage: None,
    ) -> None:
        self._store, self._doors, self._board = store, doors, board
        self._clock, self._chance = clock, chance
        self._inside = timedelta(hours=inside_hours)
        self._draw = draw

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
        settle: Settle | None = None,
    ) -> Concluded:
        """record → act → tell."""
        id, at = PassageId(self._chance.new_id()), self._clock.now()

        def passage_of(decision: Decision) -> Passage:
            return Passage(
                id,
                lane.centre,
                lane.id,
                at,
                method,
                OUTCOME_OF[type(decision)],
                decision.reason.value,
                member_of(decision),
                staff,
                comparison,
                ms,
            )

        try:
            with self._store.begin() as work:
                if settle is not None:
                    decision = settle(work, decision, at)
                decision = self._presence(work, lane, decision, id, at)
                passage = passage_of(decision)
                self._record(work, passage, decision)
                work.commit()
        except CannotRecord as error:
            self._call_staff(lane, f"A passage could not be recorded, so the lane did not open. {error}")
            return Concluded(Refer(ReferReason.CANNOT_RECORD), None)
        recorded = self._clock.monotonic()
        opened = isinstance(decision, Admit) and self._open(lane, passage)
        door_ms = (self._clock.monotonic() - recorded) * 1000 if opened else None
        self._board.post(News(Topic.PASSAGE, lane.id, passage.reason, passage.at, passage.id))
        return Concluded(
            decision, passage, greeting if isinstance(decision, Admit) else None, opened, door_ms
        )

    def _record(self, work: UnitOfWork, passage: Passage, decision: Decision) -> None:
        detail: dict[str, Fact] = {
            "method": passage.method,
            "outcome": passage.outcome,
            "reason": passage.reason,
        }
        if isinstance(decision, Refer) and decision.telltale:
            detail["telltale"] = decision.telltale
        detail["record"] = work.passages.add(passage)
        if (every := self._draw(work, passage)) is not None:
            detail["spot_check"] = every  # in the log as well: a check that was drawn cannot be lost unseen
        actor = str(passage.staff or passage.lane)
        work.audit.append(passage.at, Event.PASSAGE_RECORDED, actor, str(passage.id), detail)

    def _presence(
        self, work: UnitOfWork, lane: Lane, decision: Decision, id: PassageId, at: datetime
    ) -> Decision:
        """Decided here, under the write lock: of two readers that read one card at once, the second finds its holder
        inside. Where no setting asks who is inside nothing is kept."""
        if not isinstance(decision, Admit) or not work.presences.is_kept(lane.centre):
            return decision
        since = at - self._inside
        if decision.member is not None:
            centre, found = (
                work.centres.get(lane.centre),
                work.presences.of(decision.member, lane.centre, since),
            )
            capacity = (
                centre.capacity if centre and not found.here else None
            )  # who is counted takes no new place
            inside = Inside(lane.anti_passback and found.here, found.others, capacity)
            decision = decide_by_presence(decision, inside)
        if isinstance(decision, Admit):
            work.presences.come(id, decision.member, lane.centre, at, since)
        return decision

    def _open(self, lane: Lane, passage: Passage) -> bool:
        try:
            self._doors.of(lane).open(passage.id)
        except DoorFault as error:
            self._call_staff(lane, f"Somebody was admitted but the door did not open. {error}")
            self._did_not_come_in(passage)
            return False
        return True

    def _did_not_come_in(self, passage: Passage) -> None:
        """Or a lane that lets nobody in twice would turn them away when they try again."""
        with suppress(CannotRecord), self._store.begin() as work:
            if passage.member is not None and work.presences.leave(passage.member):
                work.commit()

    def _call_staff(self, lane: Lane, text: str) -> None:
        self._board.post(News(Topic.STAFF_NEEDED, lane.id, text, self._clock.now()))
