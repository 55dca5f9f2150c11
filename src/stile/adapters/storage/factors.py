"""What proves who a member of staff is. Each change says whether it was the first: two requests at once with the same
code, link or passkey must not both count."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.factors import CodeGenerator, Passkey, StaffLink
from stile.domain.ids import PasskeyId, StaffId

passkeys, links = tables.staff_passkey, tables.staff_link
generators, recovery = tables.staff_code_generator, tables.staff_recovery_code


class SqlPasskeys:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, passkey: Passkey) -> None:
        self._tx.add(
            passkeys,
            {
                "id": passkey.id,
                "staff": passkey.staff,
                "credential": passkey.credential,
                "public_key": passkey.public_key,
                "counter": passkey.counter,
                "uses": passkey.uses,
                "name": passkey.name,
                "added_at": passkey.added_at,
                "used_at": passkey.used_at,
            },
            taken="This passkey is known already.",
            missing="There is no such account.",
        )

    def by_credential(self, credential: bytes) -> Passkey | None:
        row = self._tx.one(select(passkeys).where(passkeys.c.credential == credential))
        return None if row is None else _passkey(row)

    def of_staff(self, staff: StaffId) -> Sequence[Passkey]:
        found = select(passkeys).where(passkeys.c.staff == staff).order_by(passkeys.c.id)
        return [_passkey(row) for row in self._tx.all(found)]

    def used(self, passkey: Passkey, counter: int, at: datetime) -> bool:
        as_read = passkeys.c.id == passkey.id, passkeys.c.uses == passkey.uses
        changed = update(passkeys).where(*as_read).values(counter=counter, uses=passkey.uses + 1, used_at=at)
        return bool(self._tx.run(changed).rowcount)

    def rename(self, staff: StaffId, id: PasskeyId, name: str) -> bool:
        return bool(self._tx.run(update(passkeys).where(*_own(staff, id)).values(name=name)).rowcount)

    def remove(self, staff: StaffId, id: PasskeyId) -> bool:
        return bool(self._tx.run(delete(passkeys).where(*_own(staff, id))).rowcount)

    def remove_of(self, staff: StaffId) -> int:
        return self._tx.run(delete(passkeys).where(passkeys.c.staff == staff)).rowcount


class SqlCodes:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def generator(self, staff: StaffId) -> CodeGenerator | None:
        row = self._tx.one(select(generators).where(generators.c.staff == staff))
        if row is None:
            return None
        return CodeGenerator(StaffId(row.staff), row.sealed, row.last_step, row.made_at, row.confirmed_at)

    def put(self, generator: CodeGenerator) -> None:
        self._tx.run(delete(generators).where(generators.c.staff == generator.staff))
        self._tx.add(
            generators,
            {
                "staff": generator.staff,
                "sealed": generator.sealed,
                "last_step": generator.last_step,
                "made_at": generator.made_at,
                "confirmed_at": generator.confirmed_at,
            },
            taken="",
            missing="There is no such account.",
        )

    def take_step(self, staff: StaffId, step: int) -> bool:
        later = generators.c.staff == staff, generators.c.last_step < step
        return bool(self._tx.run(update(generators).where(*later).values(last_step=step)).rowcount)

    def recovery_left(self, staff: StaffId) -> int:
        return self._tx.number(select(func.count()).select_from(recovery).where(recovery.c.staff == staff))

    def put_recovery(self, staff: StaffId, digests: Sequence[str]) -> None:
        self._tx.run(delete(recovery).where(recovery.c.staff == staff))
        if digests:
            self._tx.run(insert(recovery), [{"staff": staff, "digest": one} for one in digests])

    def strike_off(self, staff: StaffId, digest: str) -> bool:
        which = recovery.c.staff == staff, recovery.c.digest == digest
        return bool(self._tx.run(delete(recovery).where(*which)).rowcount)

    def remove_of(self, staff: StaffId) -> None:
        self._tx.run(delete(generators).where(generators.c.staff == staff))
        self._tx.run(delete(recovery).where(recovery.c.staff == staff))


class SqlStaffLinks:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, link: StaffLink) -> None:
        self._tx.add(
            links,
            {
                "digest": link.digest,
                "staff": link.staff,
                "expires_at": link.expires_at,
                "used_at": link.used_at,
            },
            taken="That link exists already.",
            missing="There is no such account.",
        )

    def by_digest(self, digest: str) -> StaffLink | None:
        row = self._tx.one(select(links).where(links.c.digest == digest))
        return None if row is None else _link(row)

    def open_of(self, staff: StaffId, now: datetime) -> StaffLink | None:
        works = links.c.staff == staff, links.c.used_at.is_(None), links.c.expires_at > now
        rows = self._tx.all(select(links).where(*works).order_by(links.c.expires_at.desc()))
        return _link(rows[0]) if rows else None

    def use(self, digest: str, at: datetime) -> bool:
        unused = links.c.digest == digest, links.c.used_at.is_(None)
        return bool(self._tx.run(update(links).where(*unused).values(used_at=at)).rowcount)

    def end_all(self, staff: StaffId) -> None:
        self._tx.run(delete(links).where(links.c.staff == staff))

    def remove_over(self, now: datetime) -> int:
        over = or_(links.c.expires_at <= now, links.c.used_at.is_not(None))
        return self._tx.run(delete(links).where(over)).rowcount


def _own(staff: StaffId, id: PasskeyId) -> tuple[ColumnElement[bool], ...]:
    """Nobody renames or removes a passkey of another account."""
    return passkeys.c.id == id, passkeys.c.staff == staff


def _passkey(row: AnyRow) -> Passkey:
    return Passkey(
        PasskeyId(row.id),
        StaffId(row.staff),
        row.credential,
        row.public_key,
        row.counter,
        row.name,
        row.added_at,
        row.used_at,
        row.uses,
    )


def _link(row: AnyRow) -> StaffLink:
    return StaffLink(row.digest, StaffId(row.staff), row.expires_at, row.used_at)
