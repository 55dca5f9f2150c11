"""Accounts of staff and their sessions. Secrets lie here as digests only."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.access import Staff
from stile.domain.errors import NotFound
from stile.domain.ids import StaffId
from stile.domain.roles import Role
from stile.domain.sessions import Means, Session, Stage

staff, session = tables.staff, tables.staff_session


class SqlStaff:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, staff: Staff) -> None:
        self._tx.add(
            tables.staff,
            {"id": staff.id} | _values(staff),
            taken="somebody has that name already",
            missing="",
        )

    def save(self, staff: Staff) -> None:
        with self._tx.part("somebody has that name already"):
            done = self._tx.run(
                update(tables.staff).where(tables.staff.c.id == staff.id).values(**_values(staff))
            )
        if not done.rowcount:
            raise NotFound("There is no such account.")

    def get(self, id: StaffId) -> Staff | None:
        return _staff(self._tx.one(select(staff).where(staff.c.id == id)))

    def by_name(self, name: str) -> Staff | None:
        return _staff(self._tx.one(select(staff).where(staff.c.name == name)))

    def by_identity(self, issuer: str, subject: str) -> Staff | None:
        return _staff(self._tx.one(select(staff).where(staff.c.issuer == issuer, staff.c.subject == subject)))

    def all(self) -> Sequence[Staff]:
        rows = self._tx.all(select(staff).order_by(func.lower(staff.c.name), staff.c.id))
        return [one for one in map(_staff, rows) if one is not None]

    def count(self) -> int:
        return self._tx.number(select(func.count()).select_from(staff))


class SqlSessions:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, session: Session) -> None:
        self._tx.add(
            tables.staff_session,
            {
                "digest": session.digest,
                "staff": session.staff,
                "csrf": session.csrf,
                "made_at": session.made_at,
                "seen_at": session.seen_at,
                "proved_at": session.proved_at,
                "expires_at": session.expires_at,
                "stage": session.stage,
                "means": session.means,
                "browser": session.browser,
            },
            taken="that session exists already",
            missing="whoever signs in does not exist",
        )

    def by_digest(self, digest: str) -> Session | None:
        row = self._tx.one(select(session).where(session.c.digest == digest))
        return None if row is None else _session(row)

    def of_staff(self, staff: StaffId) -> Sequence[Session]:
        found = select(session).where(session.c.staff == staff).order_by(session.c.made_at.desc())
        return [_session(row) for row in self._tx.all(found)]

    def seen(self, digest: str, at: datetime) -> None:
        self._tx.run(update(session).where(session.c.digest == digest).values(seen_at=at))

    def proved(self, digest: str, at: datetime) -> None:
        self._tx.run(update(session).where(session.c.digest == digest).values(proved_at=at, seen_at=at))

    def remove(self, digest: str) -> None:
        self._tx.run(delete(session).where(session.c.digest == digest))

    def remove_of(self, staff: StaffId, but: str | None = None) -> int:
        which = delete(session).where(session.c.staff == staff)
        return self._tx.run(which if but is None else which.where(session.c.digest != but)).rowcount

    def remove_over(self, now: datetime, unseen_since: datetime) -> int:
        over = or_(session.c.expires_at <= now, session.c.seen_at <= unseen_since)
        return self._tx.run(delete(session).where(over)).rowcount


def _values(staff: Staff) -> dict[str, object]:
    return {
        "name": staff.name,
        "role": ", ".join(sorted(staff.roles)),
        "password_hash": staff.password_hash or "",
        "joined_at": staff.joined_at,
        "disabled_at": staff.disabled_at,
        "issuer": staff.issuer,
        "subject": staff.subject,
    }


def _staff(row: AnyRow | None) -> Staff | None:
    if row is None:
        return None
    return Staff(
        StaffId(row.id),
        row.name,
        _roles(row.role),
        row.password_hash or None,
        row.joined_at,
        row.disabled_at,
        row.issuer,
        row.subject,
    )


def _roles(kept: str) -> frozenset[Role]:
    """An administrator of the first version held every right."""
    if kept == "administrator":
        return frozenset(Role)
    return frozenset(Role(one) for one in kept.split(", ") if one)


def _session(row: AnyRow) -> Session:
    return Session(
        row.digest,
        StaffId(row.staff),
        row.csrf,
        row.made_at,
        row.seen_at,
        row.proved_at,
        row.expires_at,
        Stage(row.stage),
        Means(row.means),
        row.browser,
    )
