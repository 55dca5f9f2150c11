"""Law 4: members set up a PIN and the code on their phone by themselves, or by a single-use link from reception.

Both stand under the membership, as a card does, and not under a consent: no biometric data is in either, and
withdrawing a consent leaves them as they are. Nobody but the member ever sees a PIN, and no key leaves the phone.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from stile.domain.access import digest_of
from stile.domain.audit import Event
from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.domain.passes import LINK_LASTS, Phone, SetsUp, Use, is_of_now, shown
from stile.domain.pins import PinKept, pin
from stile.ports import Chance, Clock, Pins, Signatures, Store, UnitOfWork

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a code is read aloud and typed without doubt."""
CODE_LENGTH = 12
"""60 random bits, for an hour."""
OVER = "This link does not work any more. Please ask for a new one at reception, or on your own page."


@dataclass(frozen=True, slots=True)
class LastUse:
    """When and where a phone's code was last taken. `step`: of that code."""

    step: int
    at: datetime
    lane: str


@dataclass(frozen=True, slots=True)
class Ways:
    """What a member has set up. `pin_rests_until`: after wrong tries; None when it does not rest."""

    cards: int
    pin_set_at: datetime | None = None
    pin_rests_until: datetime | None = None
    phone_since: datetime | None = None
    phone_used: LastUse | None = None


class Alternative:
    def __init__(
        self, store: Store, pins: Pins, signatures: Signatures, clock: Clock, chance: Chance
    ) -> None:
        self._store, self._pins, self._signatures = store, pins, signatures
        self._clock, self._chance = clock, chance

    def of(self, member: MemberId) -> Ways:
        """Raises NotFound for nobody."""
        now = self._clock.now()
        with self._store.read() as work:
            found = _member(work, member)
            kept, phone = work.alternatives.pin_of(member), work.alternatives.phone_of(member)
            used = _last_use(work, phone)
        return Ways(
            len(found.cards),
            kept.set_at if kept else None,
            kept.rests_until if kept and kept.rests(now) else None,
            phone.made_at if phone else None,
            used,
        )

    # --- links ---

    def link(self, member: MemberId, sets_up: SetsUp, actor: str) -> str:
        """A code for a link that works once, within an hour; earlier ones of that kind end. It is kept nowhere."""
        number = int.from_bytes(hashlib.sha256(self._chance.secret().encode()).digest()[:8])
        code = "".join(LETTERS[(number >> 5 * place) % 32] for place in range(CODE_LENGTH))
        now = self._clock.now()
        with self._store.begin() as work:
            _member(work, member)
            work.alternatives.add_link(digest_of(code), member, sets_up, now + LINK_LASTS)
            work.audit.append(now, Event.WAY_LINK_MADE, actor, str(member), {"sets_up": sets_up.value})
            work.commit()
        return "-".join(code[place : place + 4] for place in range(0, CODE_LENGTH, 4))

    def invited(self, code: str, sets_up: SetsUp) -> Member:
        """Whose link it is; using it up is another step. Raises NotFound when it does not work."""
        with self._store.read() as work:
            return _member(work, self._of_link(work, code, sets_up))

    def _of_link(self, work: UnitOfWork, code: str, sets_up: SetsUp) -> MemberId:
        member = work.alternatives.link(digest_of(_plain(code)), sets_up, self._clock.now())
        if member is None:
            raise NotFound(OVER)
        return member

    # --- PIN ---

    def set_pin(self, member: MemberId, text: str, actor: str) -> None:
        """Instead of the one before; its wrong tries are forgotten. Raises WrongValue for a PIN that cannot be."""
        sealed = self._pins.seal(member, pin(text))  # before the transaction: it is slow on purpose
        with self._store.begin() as work:
            self._keep_pin(work, member, sealed, actor)
            work.commit()

    def set_pin_by_link(self, code: str, text: str) -> Member:
        """Uses the link up. Raises NotFound when it does not work, WrongValue for a PIN that cannot be."""
        chosen = pin(text)
        member = self.invited(code, SetsUp.PIN)
        sealed = self._pins.seal(member.id, chosen)
        with self._store.begin() as work:
            if self._of_link(work, code, SetsUp.PIN) != member.id:
                raise NotFound(OVER)
            self._keep_pin(work, member.id, sealed, str(member.id))
            work.commit()
        return member

    def _keep_pin(self, work: UnitOfWork, member: MemberId, sealed: bytes, actor: str) -> None:
        now = self._clock.now()
        _member(work, member)
        work.alternatives.keep_pin(PinKept(member, sealed, now))
        work.alternatives.end_links(member, SetsUp.PIN)
        work.audit.append(now, Event.PIN_SET, actor, str(member))

    def remove_pin(self, member: MemberId, actor: str) -> bool:
        """Whether there was one."""
        with self._store.begin() as work:
            _member(work, member)
            work.alternatives.end_links(member, SetsUp.PIN)
            gone = work.alternatives.forget_pin(member)
            if gone:
                work.audit.append(self._clock.now(), Event.PIN_REMOVED, actor, str(member))
            work.commit()
        return gone

    # --- phone ---

    def register_phone(self, code: str, key: str) -> Phone:
        """The phone of whoever was given this link, by the public half of a key that was made in it. The phone before
        works no more. Raises NotFound when the link does not work, WrongValue for a key that is none."""
        good = self._signatures.key(key)
        secret = hashlib.sha256(self._chance.secret().encode()).digest()
        handle, now = f"{int.from_bytes(secret[:8]):020}", self._clock.now()
        with self._store.begin() as work:
            member = self._of_link(work, code, SetsUp.PHONE)
            phone = Phone(handle, member, good, now)
            work.alternatives.keep_phone(phone)
            work.alternatives.end_links(member, SetsUp.PHONE)
            work.audit.append(now, Event.PHONE_REGISTERED, str(member), str(member))
            work.commit()
        return phone

    def end_phone(self, member: MemberId, actor: str) -> bool:
        """The phone was lost, or is not wanted any more. Whether there was one."""
        with self._store.begin() as work:
            _member(work, member)
            work.alternatives.end_links(member, SetsUp.PHONE)
            gone = work.alternatives.forget_phone(member)
            if gone:
                work.audit.append(self._clock.now(), Event.PHONE_ENDED, actor, str(member))
            work.commit()
        return gone

    def last_use(self, text: str) -> LastUse | None:
        """What the phone itself asks, signed by its key: was its code used, and where? Raises NotFound when it is no
        longer the member's phone, or the question is not its own."""
        asked = shown(text)
        with self._store.read() as work:
            phone = work.alternatives.phone(asked.handle) if asked else None
            if (
                asked is None
                or phone is None
                or asked.use is not Use.LOOK
                or not (
                    is_of_now(asked.step, self._clock.now()) or is_of_now(asked.step + 1, self._clock.now())
                )
                or not self._signatures.are_good(phone.key, asked.message, asked.r, asked.s)
            ):
                raise NotFound("This phone is not set up for codes any more.")
            return _last_use(work, phone)


def _member(work: UnitOfWork, id: MemberId) -> Member:
    found = work.members.get(id)
    if found is None:
        raise NotFound("There is no such member.")
    return found


def _last_use(work: UnitOfWork, phone: Phone | None) -> LastUse | None:
    if phone is None or phone.last_at is None or phone.last_step is None:
        return None
    lane = work.lanes.get(phone.last_lane) if phone.last_lane else None
    return LastUse(phone.last_step, phone.last_at, lane.name if lane else "")


def _plain(code: str) -> str:
    plain = "".join(one for one in code.upper() if one.isalnum())
    return plain.replace("I", "1").replace("L", "1").replace("O", "0")[:64]
