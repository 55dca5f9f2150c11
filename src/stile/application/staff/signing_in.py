"""Staff sign in. A right password is worth as much as `stage_after_password` says; the code of an app, or a recovery
code, makes it whole. A wrong name, a wrong password and a disabled account sound alike and take alike long.
"""

from stile.application.staff.failed_sign_ins import FailedSignIns
from stile.application.staff.sessions import NOBODY_KNOWN, Sessions, SignedIn, Visitor
from stile.domain.access import Staff
from stile.domain.errors import CannotDecrypt, NotAllowed
from stile.domain.factors import recovery_digest
from stile.domain.ids import StaffId
from stile.domain.sessions import Means, SecondFactor, Session, Stage, stage_after_password
from stile.ports import Clock, OneTimeCodes, Passwords, Store, UnitOfWork, Vault

WRONG = "Name or password is not right."
WRONG_CODE = "This code is not right, or it was used before. Please wait for the next one."
GENERATOR = "code generator"
"""What the secret of a code generator is sealed as."""


class SignIn:
    def __init__(
        self,
        store: Store,
        passwords: Passwords,
        codes: OneTimeCodes,
        vault: Vault,
        sessions: Sessions,
        clock: Clock,
        second_factor: SecondFactor,
        failed: FailedSignIns,
    ) -> None:
        self._store, self._passwords, self._codes, self._vault = store, passwords, codes, vault
        self._sessions, self._clock, self._second_factor = sessions, clock, second_factor
        self._failed = failed
        self.resume, self.out = sessions.resume, sessions.out
        self.form_is_genuine = sessions.form_is_genuine

    def with_password(self, name: str, password: str, visitor: Visitor = NOBODY_KNOWN) -> SignedIn:
        """Raises NotAllowed, in the same words and after the same time, for a wrong name or password."""
        with self._store.read() as work:
            staff = work.staff.by_name(name.strip())
        right = self._passwords.verify(staff.password_hash if staff else None, password)
        if staff is None or not right or staff.is_disabled:
            self._failed.note(staff.id if staff else None, "password")
            raise NotAllowed(WRONG)
        with self._store.begin() as work:
            if work.staff.get(staff.id) != staff:  # reset, disabled or changed while the password was checked
                raise NotAllowed(WRONG)
            stage = stage_after_password(has_factor(work, staff.id), self._second_factor)
            signed_in = self._sessions.open(work, staff, stage, Means.PASSWORD, visitor)
            work.commit()
        return signed_in

    def with_code(self, owed: Session, staff: Staff, typed: str, visitor: Visitor) -> SignedIn:
        """After the password. `typed`: the app's six digits, or a recovery code. Raises NotAllowed."""
        if owed.stage is not Stage.FACTOR_OWED:
            raise NotAllowed("Please sign in first.")
        with self._store.begin() as work:
            means = self._take(work, staff.id, typed)
            if means is not None:
                signed_in = self._sessions.open(work, staff, Stage.WHOLE, means, visitor)
                work.commit()
                return signed_in
        self._failed.note(staff.id, "code")
        raise NotAllowed(WRONG_CODE)

    def prove_again(self, session: Session, staff: Staff, password: str, typed: str) -> None:
        """The same for somebody who is signed in and wants to do what is sensitive. Raises NotAllowed."""
        means = None
        if self._passwords.verify(staff.password_hash, password):
            with self._store.begin() as work:
                # A second factor that is set is asked for here as well: without a code, only a passkey will do.
                owes = has_factor(work, staff.id)
                means = self._take(work, staff.id, typed) if owes else Means.PASSWORD
                work.commit()
        if means is None:
            self._failed.note(staff.id, "again")
            raise NotAllowed("Password or code is not right.")
        self._sessions.proved(session, means)

    def _take(self, work: UnitOfWork, staff: StaffId, typed: str) -> Means | None:
        """Uses the code up. None for a wrong one."""
        digits = "".join(typed.split())
        if len(digits) == 6 and digits.isascii() and digits.isdigit():
            generator = work.codes.generator(staff)
            if generator is None or generator.confirmed_at is None:
                return None
            try:
                secret = self._vault.open_secret(GENERATOR, staff, generator.sealed).decode()
            except CannotDecrypt:  # the site key is gone: recovery codes and passkeys still work
                return None
            step = self._codes.step_of(secret, digits, self._clock.now())
            return Means.CODE if step is not None and work.codes.take_step(staff, step) else None
        return Means.RECOVERY if work.codes.strike_off(staff, recovery_digest(staff, typed)) else None


def has_factor(work: UnitOfWork, staff: StaffId) -> bool:
    """Whether a passkey or a confirmed code generator is set up."""
    generator = work.codes.generator(staff)
    return bool(work.passkeys.of_staff(staff)) or (
        generator is not None and generator.confirmed_at is not None
    )
