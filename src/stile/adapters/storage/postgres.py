"""PostgreSQL, for an operator's hub. The same repositories, tables and triggers."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from stile.adapters.storage.database import lent
from stile.adapters.storage.errors import in_our_words, reason_of
from stile.domain.errors import NotConfigured

WRITE_LOCK = 0x5374696C65
"""The advisory lock that every writer takes first ("Stile" in ASCII). Advisory locks are the database's own."""


class Postgres:
    """A database on a server. `wait_s`: seconds that a writer waits for another."""

    def __init__(self, url: URL, wait_s: float) -> None:
        self._shown = url.render_as_string(hide_password=True)
        try:
            self._engine = _engine(url)
        except ModuleNotFoundError:
            raise NotConfigured(
                "PostgreSQL needs its driver: install stile with the extra “postgres”"
            ) from None
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        self._wait_ms = max(1, int(wait_s * 1000))

    def check(self) -> None:
        """Raises NotConfigured when the server cannot be reached."""
        try:
            self._engine.connect().close()
        except SQLAlchemyError as error:
            raise NotConfigured(f"the store {self._shown} cannot be opened: {reason_of(error)}") from None

    def writing(self) -> AbstractContextManager[Connection]:
        # One writer at a time, as on SQLite: no deadlock half-way, and an audit chain without gaps.
        return lent(
            self._engine,
            f"SET LOCAL lock_timeout = {self._wait_ms}",
            f"SELECT pg_advisory_xact_lock({WRITE_LOCK})",
        )

    def reading(self) -> AbstractContextManager[Connection]:
        return lent(self._reader, "SELECT 1")

    def copying(self) -> AbstractContextManager[None]:
        """Nothing: VACUUM waits for no reader."""
        return nullcontext()

    def scrub(self) -> None:
        """VACUUM of templates, keys and look-alikes: the space of what was deleted is given back for use.

        It does not promise more. Until PostgreSQL uses that space again the bytes may lie in it, and they lie
        in the server's write-ahead log, its archive, its replicas and backups for as long as those are kept.
        Where that matters, keep the site key off the server (it is never in the database): without it a
        wrapped key that was left behind opens nothing.
        """
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM template, member_key, look_alike")
        except SQLAlchemyError as error:
            raise in_our_words(error) from None

    def close(self) -> None:
        self._engine.dispose()


def _engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        # Each statement of a writer sees what is committed: the write lock keeps everybody else out.
        isolation_level="READ COMMITTED",
        hide_parameters=True,  # errors would carry personal data
        pool_pre_ping=True,
        max_overflow=20,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.autocommit = True
        connection.execute("SET TIME ZONE 'UTC'")
        # Law 6, whatever the server's default is.
        connection.execute("SET synchronous_commit = on")
        connection.autocommit = False

    return engine
