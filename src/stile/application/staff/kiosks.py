"""Screens are paired by a code that they show and that the desk types (`stile.domain.devices`); revoked at once;
and known by a token that is kept only as its digest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stile.domain.access import digest_of
from stile.domain.audit import Event
from stile.domain.devices import (
    CODE_LASTS,
    LONGEST_ADDRESS,
    LONGEST_NAME,
    MOST_WAITING,
    MOST_WAITING_AT_ONE_ADDRESS,
    Device,
    Waiting,
    code_from,
    code_typed,
)
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.ids import DeviceId, LaneId
from stile.domain.places import Lane
from stile.ports import Chance, Clock, Store, UnitOfWork

NO_SUCH_CODE = "No screen shows this code now. Look again: it changes every ten minutes."
TOO_MANY = "Many screens wait to be paired. Please try again in ten minutes."


@dataclass(frozen=True, slots=True)
class Asked:
    """`secret` goes into the screen's cookie and is kept nowhere else."""

    secret: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Collected:
    """`token` goes into the screen's cookie and is kept nowhere else."""

    token: str
    device: Device
    lane: Lane


class Kiosks:
    def __init__(self, store: Store, clock: Clock, chance: Chance) -> None:
        self._store, self._clock, self._chance = store, clock, chance

    # --- the screen's side ---

    def ask(self, address: str, agent: str, wants: LaneId | None = None) -> Asked:
        """A screen that nobody knows asks to be paired. Raises Conflict when too many wait already."""
        secret, now = self._chance.secret(), self._clock.now()
        waiting = Waiting(
            DeviceId(self._chance.new_id()),
            code_from(self._chance.secret()),
            digest_of(secret),
            address[:LONGEST_ADDRESS] or "unknown",
            agent[:LONGEST_NAME],
            now,
            now + CODE_LASTS,
            wants,
        )
        with self._store.begin() as work:
            work.waiting_screens.remove_expired(now)
            work.devices.remove_uncollected(now)
            others = work.waiting_screens.all()
            same = sum(one.address == waiting.address for one in others)
            if len(others) >= MOST_WAITING or same >= MOST_WAITING_AT_ONE_ADDRESS:
                raise Conflict(TOO_MANY)
            work.waiting_screens.add(waiting)
            work.commit()
        return Asked(secret, waiting)

    def waiting(self, secret: str | None) -> Waiting | None:
        """What the screen with this secret shows; None when it must ask anew."""
        if not secret:
            return None
        with self._store.read() as work:
            waiting = work.waiting_screens.by_digest(digest_of(secret))
        return waiting if waiting and self._clock.now() < waiting.expires_at else None

    def collect(self, secret: str | None) -> Collected | None:
        """The token of a screen that was approved, given once; None for one that was not, or is too late. It is not
        the secret that the screen waited with: whoever saw or set that cookie before has nothing."""
        if not secret:
            return None
        digest, now = digest_of(secret), self._clock.now()
        with self._store.read() as work:  # a screen asks every few seconds: no write lock for that
            device = work.devices.by_digest(digest)
        if device is None or not device.may_collect(now):
            return None
        token = self._chance.secret()
        with self._store.begin() as work:
            device = work.devices.by_digest(digest)
            if device is None or not device.may_collect(now):
                return None
            lane = work.lanes.get(device.lane)
            if lane is None:
                return None
            paired = replace(device, digest=digest_of(token), paired_at=now, expires_at=None, last_seen=now)
            work.devices.save(paired)
            work.audit.append(
                now, Event.DEVICE_PAIRED, str(device.id), str(device.id), {"lane": str(lane.id)}
            )
            work.commit()
        return Collected(token, paired, lane)

    def recognise(self, lane: Lane, token: str | None) -> Device | None:
        """The paired device with this token, if it belongs to this lane."""
        device = self.known(token)
        return device if device is not None and device.works and device.lane == lane.id else None

    def known(self, token: str | None) -> Device | None:
        """The device with this token, of whatever lane, also a revoked one: the caller looks."""
        if not token:
            return None
        with self._store.read() as work:
            device = work.devices.by_digest(digest_of(token))
        return None if device is None or device.paired_at is None else device

    def is_paired(self, device: Device) -> bool:
        """Whether this screen is still known: asked at each attempt, since a line may outlive its pairing. Notes, now
        and then, that it was seen."""
        now = self._clock.now()
        with self._store.read() as work:
            found = work.devices.by_digest(device.digest)
        if found is None or not found.works:
            return False
        if found.is_stale(now):
            with self._store.begin() as work:
                found = work.devices.get(device.id)
                if found is None or not found.works:  # revoked between the two looks
                    return False
                work.devices.save(replace(found, last_seen=now))
                work.commit()
        return True

    # --- the desk's side ---

    def find(self, typed: str) -> Waiting:
        """The screen that shows this code. Raises NotFound."""
        with self._store.read() as work:
            return self._waiting(work, typed)

    def approve(self, typed: str, lane: LaneId, name: str, actor: str) -> Device:
        """The screen that shows this code belongs to this lane from now on. Raises NotFound, WrongValue."""
        name = " ".join(name.split())
        if not name:
            raise WrongValue("give the screen a name, such as “Tablet at the main entrance”")
        now = self._clock.now()
        with self._store.begin() as work:
            waiting = self._waiting(work, typed)
            if work.lanes.get(lane) is None:
                raise NotFound("There is no such lane.")
            device = Device(
                waiting.id,
                lane,
                waiting.digest,
                None,
                now + CODE_LASTS,
                name,
                approved_by=actor,
                approved_at=now,
            )
            work.waiting_screens.remove(waiting.id)
            work.devices.add(device)
            work.audit.append(now, Event.DEVICE_APPROVED, actor, str(device.id), {"lane": str(lane)})
            work.commit()
        return device

    def refuse(self, typed: str, actor: str) -> None:
        """It is not our screen: its code is gone. Raises NotFound."""
        with self._store.begin() as work:
            waiting = self._waiting(work, typed)
            work.waiting_screens.remove(waiting.id)
            work.audit.append(self._clock.now(), Event.DEVICE_REFUSED, actor, str(waiting.id))
            work.commit()

    def _waiting(self, work: UnitOfWork, typed: str) -> Waiting:
        code = code_typed(typed)
        waiting = work.waiting_screens.by_code(code) if code else None
        if waiting is None or waiting.expires_at <= self._clock.now():
            raise NotFound(NO_SUCH_CODE)
        return waiting

    # --- afterwards ---

    def all(self) -> Sequence[Device]:
        with self._store.read() as work:
            return work.devices.all()

    def revoke(self, id: DeviceId, actor: str) -> Device:
        """Lost, stolen or replaced: its token opens nothing from now on. Raises NotFound."""
        with self._store.begin() as work:
            device = work.devices.get(id)
            if device is None:
                raise NotFound("There is no such screen.")
            if device.revoked_at is None:
                device = self._revoked(work, device, actor)
            work.commit()
        return device

    def revoke_lane(self, lane: LaneId, actor: str) -> Sequence[Device]:
        """All screens of the lane: those that worked until now."""
        with self._store.begin() as work:
            revoked = [
                self._revoked(work, device, actor)
                for device in work.devices.of_lane(lane)
                if device.revoked_at is None
            ]
            work.commit()
        return revoked

    def _revoked(self, work: UnitOfWork, device: Device, actor: str) -> Device:
        now = self._clock.now()
        device = replace(device, revoked_at=now)
        work.devices.save(device)
        work.audit.append(now, Event.DEVICE_REVOKED, actor, str(device.id), {"lane": str(device.lane)})
        return device
