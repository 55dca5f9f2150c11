"""Staff sign in with a password; a kiosk is paired by a link that works once. Tokens are kept as digests."""

import hmac
from dataclasses import dataclass, replace
from datetime import timedelta

from stile.domain.access import Device, Session, Staff, digest_of
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.ids import DeviceId, LaneId
from stile.domain.places import Lane
from stile.ports import Chance, Clock, Passwords, Store

SESSION_LASTS = timedelta(hours=12)
PAIRING_LASTS = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` goes into the cookie and is kept nowhere else."""

    token: str
    session: Session
    staff: Staff


class SignIn:
    def __init__(self, store: Store, passwords: Passwords, clock: Clock, chance: Chance) -> None:
        self._store, self._passwords = store, passwords
        self._clock, self._chance = clock, chance

    def with_password(self, name: str, password: str) -> SignedIn:
        """Raises NotAllowed, in the same words and after the same time, for a wrong name or password."""
        with self._store.read() as work:
            staff = work.staff.by_name(name.strip())
        if not self._passwords.verify(staff.password_hash if staff else None, password) or staff is None:
            raise NotAllowed("Name or password is not right.")
        now, token = self._clock.now(), self._chance.secret()
        session = Session(digest_of(token), staff.id, self._chance.secret(), now + SESSION_LASTS)
        with self._store.begin() as work:
            work.sessions.remove_expired(now)
            work.sessions.add(session)
            work.audit.append(now, Event.STAFF_SIGNED_IN, str(staff.id), str(staff.id))
            work.commit()
        return SignedIn(token, session, staff)

    def resume(self, token: str | None) -> tuple[Session, Staff] | None:
        """Who this cookie belongs to; None when it is missing, unknown or out of date."""
        if not token:
            return None
        with self._store.read() as work:
            session = work.sessions.by_digest(digest_of(token))
            if session is None or session.expires_at <= self._clock.now():
                return None
            staff = work.staff.get(session.staff)
        return (session, staff) if staff else None

    def out(self, session: Session) -> None:
        with self._store.begin() as work:
            work.sessions.remove(session.digest)
            work.audit.append(
                self._clock.now(), Event.STAFF_SIGNED_OUT, str(session.staff), str(session.staff)
            )
            work.commit()

    @staticmethod
    def form_is_genuine(session: Session, csrf: str) -> bool:
        """Whether the form came from a page of this session (constant time)."""
        return hmac.compare_digest(session.csrf.encode(), csrf.encode())


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
