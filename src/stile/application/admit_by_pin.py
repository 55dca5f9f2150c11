"""Law 4: a number and a PIN open the same door as the face, and know nothing of cameras.

A wrong PIN, a number that nobody has, a member without a PIN and a PIN that rests are answered in the same words, after
the same time, and are the same in the records. Wrong tries are counted in the transaction that records the passage,
under its lock: however many are tried at once, no more than the allowed ones count. What is counted is the PIN's own;
the member's card, phone and face never hear of it.
"""

from collections import deque
from datetime import datetime
from threading import Lock

from stile.application.gate import Concluded, Gate
from stile.application.ways import whose_number
from stile.domain.audit import Event
from stile.domain.entitlement import Asked
from stile.domain.errors import CannotDecrypt
from stile.domain.ids import LaneId
from stile.domain.passage import Decision, Method, Refer, ReferReason, Refuse, RefuseReason, decide_by_pin
from stile.domain.pins import KEYPAD_TRIES, PinKept, keypad_rests, tried
from stile.domain.places import Lane
from stile.ports import Clock, News, Noticeboard, Pins, Store, Topic, UnitOfWork

REMEMBERED = KEYPAD_TRIES + 20
"""Wrong tries per lane: more would not change how long its keypad rests."""


class AdmitByPin:
    def __init__(self, store: Store, gate: Gate, pins: Pins, board: Noticeboard, clock: Clock) -> None:
        self._store, self._gate, self._pins = store, gate, pins
        self._board, self._clock = board, clock
        self._wrong: dict[LaneId, deque[float]] = {}
        self._lock = Lock()

    def present(self, lane: Lane, number: str, pin: str) -> Concluded:
        """A membership or card number and a PIN were typed. Blocks for the 16 ms of one hash: callers bound how many
        do so at once, or a crowd of guesses would take the memory and the cores of the lanes."""
        started = self._clock.monotonic()
        if self._rests(lane, started):
            return self._end(lane, Refer(ReferReason.PIN_RESTS), started)
        with self._store.read() as work:
            holder = whose_number(work, number)
            kept = work.alternatives.pin_of(holder.id) if holder else None
        typed = tried(pin)
        try:
            fits = self._pins.fits(kept.member if kept else None, kept.sealed if kept else None, typed or "")
        except CannotDecrypt:
            return self._end(lane, Refer(ReferReason.PIN_NOT_CHECKED), started)
        asked = Asked(lane.centre, self._clock.local())
        done = self._gate.carry_out(
            lane,
            decide_by_pin(holder, fits, asked),
            Method.PIN,
            greeting=holder.given_name if holder else None,
            ms=(self._clock.monotonic() - started) * 1000,
            settle=lambda work, decision, at: _counted(work, lane, decision, kept, fits, at),
        )
        if done.decision == Refuse(None, RefuseReason.WRONG_PIN):
            self._was_wrong(lane)
        return done

    def _end(self, lane: Lane, decision: Decision, started: float) -> Concluded:
        ms = (self._clock.monotonic() - started) * 1000
        return self._gate.carry_out(lane, decision, Method.PIN, ms=ms)

    def _rests(self, lane: Lane, now: float) -> bool:
        with self._lock:
            return keypad_rests(self._wrong.get(lane.id, ()), now) > 0

    def _was_wrong(self, lane: Lane) -> None:
        with self._lock:
            times = self._wrong.setdefault(lane.id, deque(maxlen=REMEMBERED))
            times.append(self._clock.monotonic())
            rests = keypad_rests(times, times[-1])
        if rests:
            text = "Many wrong PINs were typed at this lane. Its PIN keypad rests for a while; cards and phones go on."
            self._board.post(News(Topic.STAFF_NEEDED, lane.id, text, self._clock.now()))


def _counted(
    work: UnitOfWork, lane: Lane, decision: Decision, before: PinKept | None, fits: bool, at: datetime
) -> Decision:
    """What the PIN's own count says of it, now that nobody else can change it."""
    kept = work.alternatives.pin_of(before.member) if before else None
    if before is None or kept is None or kept.sealed != before.sealed or kept.rests(at):
        return Refuse(None, RefuseReason.WRONG_PIN)
    if fits:
        if kept.failures:
            work.alternatives.count_failures(kept.member, 0, None)
        return decision
    failures, rests_until = kept.after_failure(at)
    work.alternatives.count_failures(kept.member, failures, rests_until)
    if rests_until is not None:
        work.audit.append(at, Event.PIN_RESTS, str(lane.id), str(kept.member), {"failures": failures})
    return decision
