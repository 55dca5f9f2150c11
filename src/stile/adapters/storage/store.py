"""Where units of work come from: `open_store`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from uuid_utils.compat import uuid7

from stile.adapters.storage import audit_trail
from stile.adapters.storage.database import Database
from stile.adapters.storage.postgres import Postgres
from stile.adapters.storage.schema import migrate
from stile.adapters.storage.sqlite import Sqlite
from stile.adapters.storage.transaction import Stamps, Transaction
from stile.adapters.storage.unit_of_work import SqlUnitOfWork
from stile.domain.errors import WrongValue
from stile.ports import AuditTrail


def _now() -> datetime:
    return datetime.now(UTC)


def open_store(
    where: str | Path,
    *,
    wait_s: float = 5.0,
    new_id: Callable[[], UUID] = uuid7,
    now: Callable[[], datetime] = _now,
) -> "SqlStore":
    """Opens the store, makes it if it is not there, and brings its tables to this version.

    `where`: the path of an SQLite file, or a URL, `postgresql+psycopg://…` or `sqlite:///…`.
    `wait_s`: seconds that a writer waits for another before it raises CannotRecord.
    `new_id`, `now`: for what the store stamps itself, the outbox and the ids of templates.
    Raises NotConfigured when it cannot be opened, with the reason.
    """
    database = database_at(where, wait_s)
    try:
        database.check()
        migrate(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, Stamps(new_id, now))


def database_at(where: str | Path, wait_s: float) -> Sqlite | Postgres:
    """Raises WrongValue for an address that is neither."""
    if isinstance(where, Path) or "://" not in where:
        return Sqlite(Path(where), wait_s)
    url = _url(where)
    if url.get_backend_name() == "sqlite":
        return Sqlite(Path(url.database or ""), wait_s)
    if url.get_backend_name() == "postgresql":
        return Postgres(url, wait_s)
    raise WrongValue(f"a store is an SQLite file or a PostgreSQL database, not {url.get_backend_name()}")


def _url(where: str) -> URL:
    try:
        return make_url(where)
    except ArgumentError:
        # Not shown: it may hold a password.
        raise WrongValue("the store's address is not a URL: expected postgresql+psycopg://…") from None


class SqlStore:
    """Implements the port `Store` over either database."""

    def __init__(self, database: Database, stamps: Stamps) -> None:
        self._database = database
        self._stamps = stamps

    @property
    def database(self) -> Database:
        """For copies of the whole store."""
        return self._database

    @contextmanager
    def begin(self) -> Iterator[SqlUnitOfWork]:
        """Not to be nested: the inner one would wait for the outer one, and give up."""
        with self._database.writing() as connection:
            tx = Transaction(connection, self._stamps, writes=True)
            try:
                yield SqlUnitOfWork(tx)
            finally:
                tx.end()

    @contextmanager
    def read(self) -> Iterator[SqlUnitOfWork]:
        with self._database.reading() as connection:
            tx = Transaction(connection, self._stamps, writes=False)
            try:
                yield SqlUnitOfWork(tx)
            finally:
                tx.end()

    @contextmanager
    def trail(self) -> Iterator[AuditTrail]:
        with self._database.reading() as connection, audit_trail.opened(connection) as trail:
            yield trail

    def scrub(self) -> None:
        self._database.scrub()

    def close(self) -> None:
        self._database.close()
