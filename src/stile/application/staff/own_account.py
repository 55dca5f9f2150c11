"""What everybody may see and change of their own account."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stile.application.staff.second_factor import BY_PROVIDER, end_others
from stile.application.staff.sessions import Sessions, SignedIn, Visitor
from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed
from stile.domain.factors import Passkey, check_password
from stile.domain.sessions import Session
from stile.ports import Clock, Passwords, Store


@dataclass(frozen=True, slots=True)
class Own:
    passkeys: Sequence[Passkey]
    codes: bool
    recovery_left: int
    sessions: Sequence[Session]


class OwnAccount:
    def __init__(self, store: Store, passwords: Passwords, sessions: Sessions, clock: Clock) -> None:
        self._store, self._passwords = store, passwords
        self._sessions, self._clock = sessions, clock

    def of(self, staff: Staff) -> Own:
        with self._store.read() as work:
            generator = work.codes.generator(staff.id)
            passkeys, left = work.passkeys.of_staff(staff.id), work.codes.recovery_left(staff.id)
        confirmed = generator is not None and generator.confirmed_at is not None
        return Own(passkeys, confirmed, left, self._sessions.of(staff))

    def change_password(
        self, session: Session, staff: Staff, now_valid: str, new: str, visitor: Visitor
    ) -> SignedIn:
        """All sessions end, and this one goes on with a new token. An account with a passkey only gets its first
        password so, and names no old one. Raises NotAllowed for a wrong old password, WrongValue for a new one that
        will not do."""
        if staff.from_provider:
            raise NotAllowed(BY_PROVIDER)
        if staff.password_hash is not None and not self._passwords.verify(staff.password_hash, now_valid):
            raise NotAllowed("The present password is not right.")
        check_password(new, staff.name)
        hashed, now = self._passwords.hash(new), self._clock.now()
        with self._store.begin() as work:
            self._sessions.check_stands(work, session)
            staff = replace(work.staff.get(staff.id) or staff, password_hash=hashed)
            work.staff.save(staff)
            work.audit.append(now, Event.PASSWORD_CHANGED, str(staff.id), str(staff.id))
            work.sessions.remove(session.digest)
            signed_in = self._sessions.open(
                work, staff, session.stage, session.means, visitor, session.proved_at
            )
            end_others(work, self._sessions, signed_in.session)
            work.commit()
        return signed_in
