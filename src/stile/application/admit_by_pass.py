"""Law 4: the code on the phone opens the same door as the face, and knows nothing of cameras: whoever read it, a
scanner or a page, brings its digits.

A code opens once: the newest step that was taken is kept in the transaction that records the passage, under its lock,
and neither it nor an older one is taken again at any entrance.
"""

from datetime import datetime

from stile.application.gate import Concluded, Gate
from stile.domain.entitlement import Asked
from stile.domain.member import Member
from stile.domain.passage import Admit, Decision, Method, Refuse, RefuseReason, decide_by_pass
from stile.domain.passes import Phone, Shown, Use, is_of_now, shown
from stile.domain.places import Lane
from stile.ports import Clock, Signatures, Store, UnitOfWork


class AdmitByPass:
    def __init__(self, store: Store, gate: Gate, signatures: Signatures, clock: Clock) -> None:
        self._store, self._gate, self._signatures, self._clock = store, gate, signatures, clock

    def present(self, lane: Lane, text: str) -> Concluded:
        """A code was read. What is no code, nobody's, or not signed by the phone that it names is an unknown pass."""
        started = self._clock.monotonic()
        code = shown(text)
        phone, holder = self._whose(code)
        of_now = code is not None and is_of_now(code.step, self._clock.now())
        used = code is not None and phone is not None and phone.used(code.step)
        asked = Asked(lane.centre, self._clock.local())
        return self._gate.carry_out(
            lane,
            decide_by_pass(holder, of_now, used, asked),
            Method.PASS,
            greeting=holder.given_name if holder else None,
            ms=(self._clock.monotonic() - started) * 1000,
            settle=lambda work, decision, at: _taken(work, lane, decision, code, at),
        )

    def _whose(self, code: Shown | None) -> tuple[Phone | None, Member | None]:
        if code is None or code.use is not Use.COME_IN:
            return None, None
        with self._store.read() as work:
            phone = work.alternatives.phone(code.handle)
            if phone is None or not self._signatures.are_good(phone.key, code.message, code.r, code.s):
                return None, None
            return phone, work.members.get(phone.member)


def _taken(work: UnitOfWork, lane: Lane, decision: Decision, code: Shown | None, at: datetime) -> Decision:
    """Once only, now that nobody else can take it."""
    if code is None or not isinstance(decision, Admit) or decision.member is None:
        return decision
    phone = work.alternatives.phone(code.handle)
    if phone is None or phone.member != decision.member:
        return Refuse(None, RefuseReason.UNKNOWN_PASS)
    if phone.used(code.step):
        return Refuse(decision.member, RefuseReason.PASS_USED)
    work.alternatives.used(phone.after(code.step, at, lane.id))
    return decision
