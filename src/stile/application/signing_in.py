"""Staff sign in. A right password is worth as much as `stage_after_password` says; the code of an app, or a recovery
code, makes it whole. A wrong name, a wrong password and a disabled account sound alike and take alike long.
"""

from dataclasses import replace
from datetime import timedelta

from stile.application.sessions import NOBODY_KNOWN, Sessions, SignedIn, Visitor
from stile.domain.access import Device, Staff, digest_of
from stile.domain.audit import Event
from stile.domain.errors import CannotDecrypt, NotAllowed, NotFound
from stile.domain.factors import recovery_digest
from stile.domain.ids import DeviceId, LaneId, StaffId
from stile.domain.places import Lane
from stile.domain.sessions import Means, SecondFactor, Session, Stage, stage_after_password
from stile.ports import Chance, Clock, OneTimeCodes, Passwords, Store, UnitOfWork, Vault

WRONG = "Name or password is not right."
WRONG_CODE = "This code is not right, or it was used before. Please wait for the next one."
PAIRING_LASTS = timedelta(minutes=30)
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
    ) -> None:
        self._store, self._passwords, self._codes, self._vault = store, passwords, codes, vault
        self._sessions, self._clock, self._second_factor = sessions, clock, second_factor
        self.resume, self.out = sessions.resume, sessions.out
        self.form_is_genuine = sessions.form_is_genuine

    def with_password(self, name: str, password: str, visitor: Visitor = NOBODY_KNOWN) -> SignedIn:
        """Raises NotAllowed, in the same words and after the same time, for a wrong name or password."""
        with self._store.read() as work:
            staff = work.staff.by_name(name.strip())
        right = self._passwords.verify(staff.password_hash if staff else None, password)
        if staff is None or not right or staff.is_disabled:
            self.failed(staff.id if staff else None, "password")
            raise NotAllowed(WRONG)
        with self._store.begin() as work:
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
        self.failed(staff.id, "code")
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
            self.failed(staff.id, "again")
            raise NotAllowed("Password or code is not right.")
        self._sessions.proved(session, means)

    def failed(self, staff: StaffId | None, what: str) -> None:
        """Into the audit log: never what was typed, which may be a password in the wrong field."""
        with self._store.begin() as work:
            subject = str(staff) if staff else "unknown"
            work.audit.append(
                self._clock.now(), Event.STAFF_SIGN_IN_FAILED, "nobody", subject, {"what": what}
            )
            work.commit()

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


class Kiosks:
    def __init__(self, store: Store, clock: Clock, chance: Chance) -> None:
        self._store, self._clock, self._chance = store, clock, chance

    def pairing_code(self, lane: LaneId, actor: str) -> str:
        """What a link carries that pairs one kiosk with this lane, once, within half an hour."""
        code, now = self._chance.secret(), self._clock.now()
        device = Device(DeviceId(self._chance.new_id()), lane, digest_of(code), None, now + PAIRING_LASTS)
        with self._store.begin() as work:
            work.devices.add(device)
            work.audit.append(now, Event.DEVICE_PAIRED, actor, str(device.id), {"lane": str(lane)})
            work.commit()
        return code

    def pair(self, lane: Lane, code: str) -> str:
        """The device's token, for its cookie. Raises NotFound for a code that is unknown, used or too old."""
        token, now = self._chance.secret(), self._clock.now()
        with self._store.begin() as work:
            device = work.devices.by_digest(digest_of(code))
            if (
                device is None
                or device.lane != lane.id
                or device.paired_at is not None
                or device.expires_at is None
                or device.expires_at <= now
            ):
                raise NotFound("This pairing link does not work any more. Please make a new one at the desk.")
            work.devices.save(replace(device, digest=digest_of(token), paired_at=now, expires_at=None))
            work.commit()
        return token

    def unpair(self, lane: LaneId, actor: str) -> int:
        """A tablet was stolen, or its cookie copied: no screen of the lane is known any more. How many there were."""
        with self._store.begin() as work:
            devices = work.devices.of_lane(lane)
            for device in devices:
                work.devices.remove(device.id)
            work.audit.append(
                self._clock.now(), Event.DEVICES_UNPAIRED, actor, str(lane), {"devices": len(devices)}
            )
            work.commit()
        return len(devices)

    def is_paired(self, device: Device) -> bool:
        """Whether this screen is still known: asked at each attempt, since a line may outlive its pairing."""
        with self._store.read() as work:
            return work.devices.by_digest(device.digest) is not None

    def recognise(self, lane: Lane, token: str | None) -> Device | None:
        """The paired device with this token, if it belongs to this lane."""
        if not token:
            return None
        with self._store.read() as work:
            device = work.devices.by_digest(digest_of(token))
        if device is None or device.paired_at is None or device.lane != lane.id:
            return None
        return device
