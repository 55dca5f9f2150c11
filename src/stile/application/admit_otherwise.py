"""Law 4: the face is never the only way. Card and reception work at the same door, at the same hours, with the
same speed, and know nothing of cameras: nothing that sees is imported here, so it cannot be in the way."""

from stile.application.gate import Concluded, Gate
from stile.domain.entitlement import Asked
from stile.domain.errors import WrongValue
from stile.domain.ids import StaffId
from stile.domain.member import card_number
from stile.domain.passage import AdmitReason, Method, decide_by_card, decide_by_hand
from stile.domain.places import Lane
from stile.ports import Clock, Store


class AdmitByCard:
    def __init__(self, store: Store, gate: Gate, clock: Clock) -> None:
        self._store, self._gate, self._clock = store, gate, clock

    def present(self, lane: Lane, number: str) -> Concluded:
        """A card was read, or its number typed. What is no card number at all is an unknown card."""
        started = self._clock.monotonic()
        holder = None
        try:
            card = card_number(number)
        except WrongValue:
            card = None
        if card is not None:
            with self._store.read() as work:
                holder = work.members.by_card(card)
        decision = decide_by_card(holder, Asked(lane.centre, self._clock.local()))
        return self._gate.carry_out(
            lane,
            decision,
            Method.CARD,
            greeting=holder.given_name if holder else None,
            ms=(self._clock.monotonic() - started) * 1000,
        )


class AdmitByHand:
    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def let_in(self, lane: Lane, reason: AdmitReason, staff: StaffId) -> Concluded:
        """Raises WrongValue for a reason that is not a receptionist's to give."""
        return self._gate.carry_out(lane, decide_by_hand(reason), Method.STAFF, staff=staff)
