"""Sessions of staff: a new token at every sign-in, nothing kept but its digest, and an end when nobody uses it."""

import hmac
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from stile.domain.access import Staff, digest_of
from stile.domain.audit import Event
from stile.domain.errors import CannotRecord, NotAllowed
from stile.domain.sessions import Limits, Means, Session, Stage
from stile.ports import Chance, Clock, Store, UnitOfWork

SEEN_EVERY = timedelta(minutes=1)
"""How exactly the last request is known: a write at each would wear the disk and wait for the lanes' writes."""

ENDED = "Your session has ended meanwhile. Please sign in again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` goes into the cookie and is kept nowhere else. `session.stage` says whether a second factor is owed."""

    token: str
    session: Session
    staff: Staff


@dataclass(frozen=True, slots=True)
class Visitor:
    """Which browser signs in. `name`: such as “Firefox on Linux”. `token`: what its cookie held until now; that
    session ends, so that nobody who planted a cookie gets into what is signed in with it (session fixation)."""

    name: str = ""
    token: str | None = None


NOBODY_KNOWN = Visitor()


class Sessions:
    def __init__(self, store: Store, clock: Clock, chance: Chance, limits: Limits) -> None:
        self._store, self._clock, self._chance = store, clock, chance
        self.limits = limits

    def open(
        self,
        work: UnitOfWork,
        staff: Staff,
        stage: Stage,
        means: Means,
        visitor: Visitor = NOBODY_KNOWN,
        proved_at: datetime | None = None,
    ) -> SignedIn:
        """In the caller's transaction. `proved_at`: where it was not just now."""
        now, token = self._clock.now(), self._chance.secret()
        session = Session(
            digest_of(token),
            staff.id,
            self._chance.secret(),
            now,
            now,
            now if proved_at is None else min(proved_at, now),
            now + self.limits.of(stage, means),
            stage,
            means,
            visitor.name[:60],
        )
        work.sessions.remove_over(now, now - self.limits.idle)
        if visitor.token:
            work.sessions.remove(digest_of(visitor.token))
        work.sessions.add(session)
        if stage is Stage.WHOLE:
            work.audit.append(now, Event.STAFF_SIGNED_IN, str(staff.id), str(staff.id), {"by": means})
        return SignedIn(token, session, staff)

    def find(self, token: str | None) -> tuple[Session, Staff] | None:
        """Whose cookie it is, in whatever stage; None when it is missing, unknown, out of date or not used for long."""
        if not token:
            return None
        now = self._clock.now()
        with self._store.read() as work:
            session = work.sessions.by_digest(digest_of(token))
            if session is None or session.is_over(now, self.limits.idle):
                return None
            staff = work.staff.get(session.staff)
        if staff is None or staff.is_disabled:
            return None
        if now - session.seen_at >= SEEN_EVERY:
            self._seen(session, now)
        return session, staff

    def resume(self, token: str | None) -> tuple[Session, Staff] | None:
        """Who is signed in, wholly."""
        found = self.find(token)
        return found if found and found[0].is_whole else None

    def of(self, staff: Staff) -> Sequence[Session]:
        """Those that stand, newest first."""
        now = self._clock.now()
        with self._store.read() as work:
            found = work.sessions.of_staff(staff.id)
        return [one for one in found if not one.is_over(now, self.limits.idle)]

    def out(self, session: Session) -> None:
        with self._store.begin() as work:
            work.sessions.remove(session.digest)
            work.audit.append(
                self._clock.now(), Event.STAFF_SIGNED_OUT, str(session.staff), str(session.staff)
            )
            work.commit()

    def out_everywhere(self, session: Session) -> int:
        """All of the account's, this one too. How many there were."""
        with self._store.begin() as work:
            ended = work.sessions.remove_of(session.staff)
            self.note_ended(work, str(session.staff), str(session.staff), ended)
            work.commit()
        return ended

    def note_ended(self, work: UnitOfWork, actor: str, staff: str, ended: int) -> None:
        work.audit.append(self._clock.now(), Event.STAFF_SESSIONS_ENDED, actor, staff, {"sessions": ended})

    def proved(self, session: Session, means: Means) -> None:
        """Its holder has just shown again who they are: for a quarter of an hour they may do what is sensitive."""
        now = self._clock.now()
        with self._store.begin() as work:
            work.sessions.proved(session.digest, now)
            work.audit.append(now, Event.STAFF_PROVED, str(session.staff), str(session.staff), {"by": means})
            work.commit()

    @staticmethod
    def form_is_genuine(session: Session, csrf: str) -> bool:
        """Whether the form came from a page of this session (constant time)."""
        return hmac.compare_digest(session.csrf.encode(), csrf.encode("utf-8", "surrogatepass"))

    @staticmethod
    def check_stands(work: UnitOfWork, session: Session) -> None:
        """In the transaction that changes how its holder signs in: a reset or a disabling that came first has ended it,
        and what was under way then must not give the account back. Raises NotAllowed."""
        if work.sessions.by_digest(session.digest) is None:
            raise NotAllowed(ENDED)

    def _seen(self, session: Session, now: datetime) -> None:
        """Best effort: a busy or full store must not sign anybody out."""
        with suppress(CannotRecord), self._store.begin() as work:
            work.sessions.seen(session.digest, now)
            work.commit()
