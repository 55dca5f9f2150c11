"""A sign-up link: works once and not for long, and lets its holder choose how to sign in to one account. A link that is
unknown, used, too old, or leads to a disabled account sounds the same."""

from dataclasses import replace

from stile.application.staff.passkeys import Passkeys
from stile.application.staff.sessions import Sessions, SignedIn, Visitor
from stile.domain.access import Staff, digest_of
from stile.domain.audit import Event
from stile.domain.errors import NotFound
from stile.domain.factors import check_password
from stile.domain.sessions import Means, SecondFactor, Stage, stage_after_password
from stile.ports import Clock, Passwords, Store, UnitOfWork

GONE = "This link does not work any more. Please ask whoever manages the staff accounts for a new one."


class Joining:
    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        passkeys: Passkeys,
        sessions: Sessions,
        clock: Clock,
        second_factor: SecondFactor,
    ) -> None:
        self._store, self._passwords, self._passkeys = store, passwords, passkeys
        self._sessions, self._clock, self._second_factor = sessions, clock, second_factor

    def whose(self, token: str) -> Staff:
        """Raises NotFound. Opening the link does not use it up: mail programs open links by themselves."""
        with self._store.read() as work:
            return self._whose(work, token)

    def with_password(self, token: str, password: str, visitor: Visitor) -> SignedIn:
        """Raises WrongValue for a password that will not do; the link goes on working then."""
        staff = self.whose(token)
        check_password(password, staff.name)
        hashed = self._passwords.hash(password)
        with self._store.begin() as work:
            staff = replace(self._used(work, token), password_hash=hashed)
            stage = stage_after_password(False, self._second_factor)
            return self._joined(work, staff, stage, Means.LINK, visitor)

    def to_add_passkey(self, token: str) -> str:
        """Options for the browser."""
        return self._passkeys.to_add(digest_of(token), self.whose(token))

    def with_passkey(self, token: str, answer: str, name: str, visitor: Visitor) -> SignedIn:
        self.whose(token)
        new = self._passkeys.answered(digest_of(token), answer)
        with self._store.begin() as work:
            staff = self._used(work, token)
            self._passkeys.keep(work, staff, new, name)
            return self._joined(work, staff, Stage.WHOLE, Means.PASSKEY, visitor)

    def _joined(
        self, work: UnitOfWork, staff: Staff, stage: Stage, means: Means, visitor: Visitor
    ) -> SignedIn:
        now = self._clock.now()
        staff = replace(staff, joined_at=now)
        work.staff.save(staff)
        work.audit.append(now, Event.STAFF_JOINED, str(staff.id), str(staff.id))
        signed_in = self._sessions.open(work, staff, stage, means, visitor)
        work.commit()
        return signed_in

    def _whose(self, work: UnitOfWork, token: str) -> Staff:
        link = work.staff_links.by_digest(digest_of(token))
        staff = work.staff.get(link.staff) if link and link.works(self._clock.now()) else None
        if staff is None or staff.is_disabled:
            raise NotFound(GONE)
        return staff

    def _used(self, work: UnitOfWork, token: str) -> Staff:
        staff = self._whose(work, token)
        if not work.staff_links.use(digest_of(token), self._clock.now()):
            raise NotFound(GONE)
        return staff
