"""The codes of an authenticator app, set up by whoever they are for. The secret lies sealed under the site key; it
counts only when a first code has shown that the app has it. Recovery codes are shown once and kept as digests."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stile.application.staff.sessions import NOBODY_KNOWN, Sessions, SignedIn, Visitor
from stile.application.staff.signing_in import GENERATOR
from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotAllowed, NotConfigured
from stile.domain.factors import (
    RECOVERY_CODES,
    CodeGenerator,
    generator_secret,
    recovery_code,
    recovery_digest,
)
from stile.domain.sessions import Means, SecondFactor, Session, Stage
from stile.ports import Chance, Clock, OneTimeCodes, Store, UnitOfWork, Vault

ISSUER = "Stile"
BY_PROVIDER = "This account signs in at the identity provider, and has its second factor there."
LAST_FACTOR = "A second factor is required here: set up another one before you remove this one."


@dataclass(frozen=True, slots=True)
class Shown:
    """What the person's app takes: by QR code (`address`) or typed (`secret`)."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """`recovery`: to be written down, shown once. `signed_in`: the session that goes on from here, with a new token."""

    recovery: Sequence[str]
    signed_in: SignedIn


class SecondFactors:
    def __init__(
        self,
        store: Store,
        codes: OneTimeCodes,
        vault: Vault,
        sessions: Sessions,
        clock: Clock,
        chance: Chance,
        second_factor: SecondFactor,
        cannot_seal: str | None,
    ) -> None:
        """`cannot_seal`: why nothing may be sealed here, if so."""
        self._store, self._codes, self._vault, self._sessions = store, codes, vault, sessions
        self._clock, self._chance, self._cannot_seal = clock, chance, cannot_seal
        self.required = second_factor is SecondFactor.REQUIRED

    def begin(self, staff: Staff) -> Shown:
        """A new secret, which counts when `confirm` has seen a code of it. One that counts already goes on until then
        only where there is none: raises Conflict, and the old one is removed first."""
        _of_ours(staff)
        if self._cannot_seal:
            raise NotConfigured(self._cannot_seal)
        secret = generator_secret(self._chance.secret())
        sealed = self._vault.seal_secret(GENERATOR, staff.id, secret.encode())
        with self._store.begin() as work:
            _none_confirmed(work.codes.generator(staff.id))
            work.codes.put(CodeGenerator(staff.id, sealed, 0, self._clock.now()))
            work.commit()
        return self._shown(staff, secret)

    def begun(self, staff: Staff) -> Shown:
        """The same again, after a wrong code. Raises Conflict where nothing was begun."""
        with self._store.read() as work:
            generator = work.codes.generator(staff.id)
        _none_confirmed(generator)
        if generator is None:
            raise Conflict("Please begin again.")
        return self._shown(staff, self._vault.open_secret(GENERATOR, staff.id, generator.sealed).decode())

    def confirm(
        self, session: Session, staff: Staff, code: str, visitor: Visitor = NOBODY_KNOWN
    ) -> Confirmed:
        """Raises NotAllowed for a wrong code. All other sessions of the account end."""
        now = self._clock.now()
        secret = self.begun(staff).secret
        step = self._codes.step_of(secret, "".join(code.split()), now)
        if step is None:
            raise NotAllowed("This code is not right. Is the clock of your phone right?")
        recovery, digests = self._new_recovery(staff)
        with self._store.begin() as work:
            self._sessions.check_stands(work, session)
            generator = work.codes.generator(staff.id)
            _none_confirmed(generator)
            if generator is None:
                raise Conflict("Please begin again.")
            work.codes.put(replace(generator, last_step=step, confirmed_at=now))
            work.codes.put_recovery(staff.id, digests)
            work.audit.append(now, Event.CODES_SET_UP, str(staff.id), str(staff.id))
            work.sessions.remove_of(staff.id)
            means = Means.CODE if session.means is Means.PASSWORD else session.means
            signed_in = self._sessions.open(work, staff, Stage.WHOLE, means, visitor)
            work.commit()
        return Confirmed(recovery, signed_in)

    def new_recovery(self, staff: Staff) -> Sequence[str]:
        """In place of those before."""
        recovery, digests = self._new_recovery(staff)
        with self._store.begin() as work:
            generator = work.codes.generator(staff.id)
            if generator is None or generator.confirmed_at is None:
                raise Conflict("Recovery codes belong to an authenticator app. Set one up first.")
            work.codes.put_recovery(staff.id, digests)
            work.audit.append(self._clock.now(), Event.RECOVERY_CODES_MADE, str(staff.id), str(staff.id))
            work.commit()
        return recovery

    def remove(self, session: Session, staff: Staff) -> None:
        """The app and its recovery codes. Raises NotAllowed when it is the last factor and one is required."""
        with self._store.begin() as work:
            if self.required and not work.passkeys.of_staff(staff.id):
                raise NotAllowed(LAST_FACTOR)
            work.codes.remove_of(staff.id)
            work.audit.append(self._clock.now(), Event.CODES_REMOVED, str(staff.id), str(staff.id))
            end_others(work, self._sessions, session)
            work.commit()

    def _new_recovery(self, staff: Staff) -> tuple[Sequence[str], Sequence[str]]:
        codes = [recovery_code(self._chance.secret()) for _ in range(RECOVERY_CODES)]
        return codes, [recovery_digest(staff.id, one) for one in codes]

    def _shown(self, staff: Staff, secret: str) -> Shown:
        return Shown(secret, self._codes.address(secret, staff.name, ISSUER))


def end_others(work: UnitOfWork, sessions: Sessions, session: Session) -> None:
    """After a change to how somebody signs in: whoever else was in with the old way is out."""
    ended = work.sessions.remove_of(session.staff, but=session.digest)
    if ended:
        sessions.note_ended(work, str(session.staff), str(session.staff), ended)


def _of_ours(staff: Staff) -> None:
    if staff.from_provider:
        raise NotAllowed(BY_PROVIDER)


def _none_confirmed(generator: CodeGenerator | None) -> None:
    if generator is not None and generator.confirmed_at is not None:
        raise Conflict("An authenticator app is set up already. Remove it first.")
