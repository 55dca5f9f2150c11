"""Accounts of staff: made, given roles, disabled and reset, as `stile.domain.accounts` allows. Nobody ever knows
another's password: whoever is new or was reset gets a link, by which they choose how to sign in themselves."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import timedelta

from stile.application.staff.sessions import Sessions
from stile.domain.access import Staff, digest_of
from stile.domain.accounts import (
    Denied,
    Ruling,
    may_change_roles,
    may_disable,
    may_enable,
    may_give,
    may_reset,
)
from stile.domain.audit import Event
from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.factors import StaffLink
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from stile.ports import Chance, Clock, Store, UnitOfWork

LINK_LASTS = timedelta(hours=72)
AT_THE_MACHINE = "command line"
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Invited:
    """`token`: what the link carries, once."""

    staff: Staff
    token: str


@dataclass(frozen=True, slots=True)
class Known:
    """An account as the list shows it."""

    staff: Staff
    passkeys: int
    codes: bool
    sessions: int
    link: bool
    """Whether a link to it still works."""


class Accounts:
    def __init__(self, store: Store, sessions: Sessions, clock: Clock, chance: Chance) -> None:
        self._store, self._sessions = store, sessions
        self._clock, self._chance = clock, chance

    def all(self) -> Sequence[Known]:
        with self._store.read() as work:
            return [self._known(work, one) for one in work.staff.all()]

    def get(self, id: StaffId) -> Known:
        """Raises NotFound."""
        with self._store.read() as work:
            return self._known(work, _found(work, id))

    def by_name(self, name: str) -> Staff:
        """Raises NotFound."""
        with self._store.read() as work:
            staff = work.staff.by_name(name.strip())
        if staff is None:
            raise NotFound(f"There is no account “{name}”.")
        return staff

    def add(self, by: Staff | None, name: str, roles: Set[Role]) -> Invited:
        """`by`: None at the machine itself. Raises NotAllowed, WrongValue, and Conflict for a name that is taken."""
        name = " ".join(name.split())
        if not 2 <= len(name) <= LONGEST_NAME:
            raise WrongValue(f"a name has 2 to {LONGEST_NAME} characters")
        staff = Staff(StaffId(self._chance.new_id()), name, frozenset(roles), None)
        with self._store.begin() as work:
            _check(may_give(_as_now(work, by), roles))
            work.staff.add(staff)
            work.audit.append(
                self._clock.now(), Event.STAFF_CREATED, _actor(by), str(staff.id), {"roles": _told(roles)}
            )
            token = self._link(work, by, staff)
            work.commit()
        return Invited(staff, token)

    def change_roles(self, by: Staff | None, id: StaffId, roles: Set[Role]) -> Staff:
        """Ends the account's sessions: what was open with the old roles is not open any more."""
        with self._store.begin() as work:
            staff = _found(work, id)
            _check(may_change_roles(_as_now(work, by), staff, roles, work.staff.all()))
            changed = replace(staff, roles=frozenset(roles))
            if changed != staff:
                work.staff.save(changed)
                work.audit.append(
                    self._clock.now(),
                    Event.STAFF_ROLES_CHANGED,
                    _actor(by),
                    str(id),
                    {"from": _told(staff.roles), "to": _told(roles)},
                )
                self._end_sessions(work, by, id)
            work.commit()
        return changed

    def disable(self, by: Staff | None, id: StaffId) -> None:
        """At once: all sessions end, and no link, password or passkey works until it is enabled again."""
        with self._store.begin() as work:
            staff = _found(work, id)
            _check(may_disable(_as_now(work, by), staff, work.staff.all()))
            if not staff.is_disabled:
                now = self._clock.now()
                work.staff.save(replace(staff, disabled_at=now))
                work.staff_links.end_all(id)
                work.audit.append(now, Event.STAFF_DISABLED, _actor(by), str(id))
                self._end_sessions(work, by, id)
            work.commit()

    def enable(self, by: Staff | None, id: StaffId) -> None:
        with self._store.begin() as work:
            staff = _found(work, id)
            _check(may_enable(_as_now(work, by), staff))
            if staff.is_disabled:
                work.staff.save(replace(staff, disabled_at=None))
                work.audit.append(self._clock.now(), Event.STAFF_ENABLED, _actor(by), str(id))
            work.commit()

    def reset(self, by: Staff | None, id: StaffId) -> Invited:
        """Takes password, passkeys, codes and sessions away, and gives a link in their place."""
        with self._store.begin() as work:
            staff = _found(work, id)
            _check(may_reset(_as_now(work, by), staff, work.staff.all()))
            if staff.from_provider:
                raise NotAllowed("This account signs in at the identity provider. Reset it there.")
            staff = replace(staff, password_hash=None, joined_at=None)
            work.staff.save(staff)
            work.passkeys.remove_of(id)
            work.codes.remove_of(id)
            work.audit.append(self._clock.now(), Event.STAFF_RESET, _actor(by), str(id))
            self._end_sessions(work, by, id)
            token = self._link(work, by, staff)
            work.commit()
        return Invited(staff, token)

    def _link(self, work: UnitOfWork, by: Staff | None, staff: Staff) -> str:
        """In place of any before."""
        now, token = self._clock.now(), self._chance.secret()
        work.staff_links.remove_over(now)
        work.staff_links.end_all(staff.id)
        work.staff_links.add(StaffLink(digest_of(token), staff.id, now + LINK_LASTS))
        work.audit.append(now, Event.STAFF_LINK_MADE, _actor(by), str(staff.id))
        return token

    def _end_sessions(self, work: UnitOfWork, by: Staff | None, id: StaffId) -> None:
        if ended := work.sessions.remove_of(id):
            self._sessions.note_ended(work, _actor(by), str(id), ended)

    def _known(self, work: UnitOfWork, staff: Staff) -> Known:
        now = self._clock.now()
        generator = work.codes.generator(staff.id)
        sessions = work.sessions.of_staff(staff.id)
        return Known(
            staff,
            len(work.passkeys.of_staff(staff.id)),
            generator is not None and generator.confirmed_at is not None,
            sum(not one.is_over(now, self._sessions.limits.idle) for one in sessions),
            work.staff_links.open_of(staff.id, now) is not None,
        )


def _found(work: UnitOfWork, id: StaffId) -> Staff:
    staff = work.staff.get(id)
    if staff is None:
        raise NotFound("There is no such account.")
    return staff


def _as_now(work: UnitOfWork, by: Staff | None) -> Staff | None:
    """Whoever acts, with the roles they have at this moment and not when their page was loaded."""
    if by is None:
        return None
    now = work.staff.get(by.id)
    if now is None or now.is_disabled:
        raise NotAllowed("Your account is disabled.")
    return now


def _check(ruling: Ruling) -> None:
    if isinstance(ruling, Denied):
        raise NotAllowed(ruling.why)


def _actor(by: Staff | None) -> str:
    return str(by.id) if by else AT_THE_MACHINE


def _told(roles: Set[Role]) -> str:
    return ", ".join(sorted(roles))
