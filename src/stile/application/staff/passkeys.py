"""Passkeys: added by whoever is signed in or holds a sign-up link, and enough to sign in, since the device asks its
user for a finger, a face or a PIN. A challenge is random, kept here, and answered once within five minutes.

They know no lock-out: a guess at a passkey is a guess at a private key. So whoever has one gets in even while their
name is locked by somebody who types wrong passwords on purpose.
"""

import hashlib
from dataclasses import dataclass, replace

from stile.application.staff.failed_sign_ins import FailedSignIns
from stile.application.staff.pending import Pending
from stile.application.staff.second_factor import BY_PROVIDER, LAST_FACTOR, end_others
from stile.application.staff.sessions import Sessions, SignedIn, Visitor
from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotFound
from stile.domain.factors import MOST_PASSKEYS, Passkey
from stile.domain.ids import PasskeyId
from stile.domain.sessions import Means, SecondFactor, Session, Stage
from stile.ports import Chance, Clock, NewPasskey, PasskeyCeremony, Store, UnitOfWork

CHALLENGE_LASTS = 300.0
TOO_LATE = "That took too long. Please try again."
NOT_OURS = "The passkey was not accepted. Please try again."


@dataclass(frozen=True, slots=True)
class Asked:
    """`to`: what the challenge is for; an answer to another question does not fit."""

    to: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Used:
    """A passkey as it was read, and the counter that its authenticator signed."""

    passkey: Passkey
    counter: int


class Passkeys:
    def __init__(
        self,
        store: Store,
        ceremony: PasskeyCeremony,
        sessions: Sessions,
        clock: Clock,
        chance: Chance,
        second_factor: SecondFactor,
        failed: FailedSignIns,
    ) -> None:
        self._store, self._ceremony, self._sessions = store, ceremony, sessions
        self._clock, self._chance, self._failed = clock, chance, failed
        self._required = second_factor is SecondFactor.REQUIRED
        self._asked: Pending[Asked] = Pending(clock, CHALLENGE_LASTS)

    @property
    def work_here(self) -> bool:
        """Whether browsers give passkeys at this site's address."""
        return self._ceremony.works

    # --- adding one ---

    def to_add(self, key: str, staff: Staff) -> str:
        """Options for the browser. `key`: what the answer must come with (a session's digest, or a link's)."""
        if staff.from_provider:
            raise NotAllowed(BY_PROVIDER)
        with self._store.read() as work:
            known = [one.credential for one in work.passkeys.of_staff(staff.id)]
        if len(known) >= MOST_PASSKEYS:
            raise Conflict(f"An account has at most {MOST_PASSKEYS} passkeys. Remove one first.")
        return self._ceremony.to_register(self._challenge(key, "add"), staff, known)

    def answered(self, key: str, answer: str) -> NewPasskey:
        """What the browser made. Raises NotAllowed. Nothing is kept yet: `keep` does that."""
        return self._ceremony.registered(answer, self._taken(key, "add"))

    def keep(self, work: UnitOfWork, staff: Staff, new: NewPasskey, name: str) -> None:
        """In the caller's transaction."""
        now = self._clock.now()
        id, called = PasskeyId(self._chance.new_id()), name.strip()[:60] or "Passkey"
        work.passkeys.add(Passkey(id, staff.id, new.credential, new.public_key, new.counter, called, now))
        work.audit.append(now, Event.PASSKEY_ADDED, str(staff.id), str(staff.id), {"passkey": str(id)})

    def add(self, session: Session, staff: Staff, answer: str, name: str, visitor: Visitor) -> SignedIn:
        """The first one makes a session whole that owed its second factor. A new token either way."""
        new = self.answered(session.digest, answer)
        with self._store.begin() as work:
            self._sessions.check_stands(work, session)
            self.keep(work, staff, new, name)
            work.sessions.remove(session.digest)
            proved = None if not session.is_whole else session.proved_at
            means = Means.PASSKEY if not session.is_whole else session.means
            signed_in = self._sessions.open(work, staff, Stage.WHOLE, means, visitor, proved)
            end_others(work, self._sessions, signed_in.session)
            work.commit()
        return signed_in

    # --- using one ---

    def to_sign_in(self, key: str) -> str:
        return self._ceremony.to_prove(self._challenge(key, "sign in"))

    def sign_in(self, key: str, answer: str, visitor: Visitor) -> SignedIn:
        """Raises NotAllowed, in the same words for a passkey that is unknown and for one that does not verify."""
        used = self._verified(answer, self._taken(key, "sign in"))
        if used is not None:
            with self._store.begin() as work:
                staff = self._counted(work, used)
                if staff is not None:
                    signed_in = self._sessions.open(work, staff, Stage.WHOLE, Means.PASSKEY, visitor)
                    work.commit()
                    return signed_in
        self._failed.note(None, "passkey")
        raise NotAllowed(NOT_OURS)

    def to_prove_again(self, session: Session, staff: Staff) -> str:
        with self._store.read() as work:
            own = [one.credential for one in work.passkeys.of_staff(staff.id)]
        if not own:
            raise NotFound("This account has no passkey.")
        return self._ceremony.to_prove(self._challenge(session.digest, "again"), own)

    def prove_again(self, session: Session, staff: Staff, answer: str) -> None:
        used, its_own = self._verified(answer, self._taken(session.digest, "again")), False
        if used is not None and used.passkey.staff == staff.id:
            with self._store.begin() as work:
                if its_own := self._counted(work, used) is not None:
                    work.commit()
        if not its_own:
            self._failed.note(staff.id, "again")
            raise NotAllowed(NOT_OURS)
        self._sessions.proved(session, Means.PASSKEY)

    # --- keeping house ---

    def rename(self, staff: Staff, id: PasskeyId, name: str) -> None:
        with self._store.begin() as work:
            own = next((one for one in work.passkeys.of_staff(staff.id) if one.id == id), None)
            if own is None:
                raise NotFound("There is no such passkey.")
            work.passkeys.rename(staff.id, id, replace(own, name=name.strip()).name)
            work.audit.append(self._clock.now(), Event.PASSKEY_RENAMED, str(staff.id), str(staff.id))
            work.commit()

    def remove(self, session: Session, staff: Staff, id: PasskeyId) -> None:
        """Raises NotAllowed when nothing would be left to sign in with, or no second factor where one is required."""
        with self._store.begin() as work:
            others = [one for one in work.passkeys.of_staff(staff.id) if one.id != id]
            generator = work.codes.generator(staff.id)
            codes = generator is not None and generator.confirmed_at is not None
            if not others and staff.password_hash is None:
                raise NotAllowed("This is your only way to sign in: add another one, or a password, first.")
            if not others and self._required and not codes:
                raise NotAllowed(LAST_FACTOR)
            if not work.passkeys.remove(staff.id, id):
                raise NotFound("There is no such passkey.")
            work.audit.append(
                self._clock.now(),
                Event.PASSKEY_REMOVED,
                str(staff.id),
                str(staff.id),
                {"passkey": str(id)},
            )
            end_others(work, self._sessions, session)
            work.commit()

    def _challenge(self, key: str, to: str) -> bytes:
        """256 random bits."""
        challenge = hashlib.sha256(self._chance.secret().encode()).digest()
        self._asked.put((to, key), Asked(to, challenge))
        return challenge

    def _taken(self, key: str, to: str) -> bytes:
        asked = self._asked.take((to, key))
        if asked is None:
            raise NotAllowed(TOO_LATE)
        return asked.challenge

    def _verified(self, answer: str, challenge: bytes) -> Used | None:
        """What the answer proves, found out without keeping any writer waiting. A counter that did not rise is a copy
        of the key, and proves nothing."""
        try:
            claimed = self._ceremony.which(answer)
            with self._store.read() as work:
                passkey = work.passkeys.by_credential(claimed.credential)
            if passkey is None or claimed.user_handle not in (None, passkey.staff.bytes):
                return None
            return Used(
                passkey, self._ceremony.proved(answer, challenge, passkey.public_key, passkey.counter)
            )
        except NotAllowed:
            return None

    def _counted(self, work: UnitOfWork, used: Used) -> Staff | None:
        """Whose it is; None when the account is disabled, or another use of it came first."""
        staff = work.staff.get(used.passkey.staff)
        if staff is None or staff.is_disabled:
            return None
        return staff if work.passkeys.used(used.passkey, used.counter, self._clock.now()) else None
