"""SQLite: one file, one process beside a few commands, several threads. The default.

Law 6: write-ahead log with full synchronisation; `commit` returns after fsync.
"""

import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError

from stile.adapters.storage.database import lent
from stile.adapters.storage.errors import in_our_words, reason_of
from stile.domain.errors import CannotRecord, NotConfigured, WrongValue

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",  # or sorting and rollback would write personal data to files of their own
)

TAKES_THE_LOCK = "BEGIN IMMEDIATE"
LOOKS = "SELECT 1 FROM sqlite_schema LIMIT 1"
"""BEGIN alone takes no snapshot; the first SELECT does."""
ASKS_EVERY = 0.002
"""Seconds between two attempts to get the write lock that another process holds."""

REBUILD = (
    "CREATE TEMP TABLE kept_template AS SELECT * FROM template ORDER BY rowid",
    "CREATE TEMP TABLE kept_key AS SELECT * FROM member_key ORDER BY rowid",
    "CREATE TEMP TABLE kept_pair AS SELECT * FROM look_alike ORDER BY rowid",
    "DELETE FROM template",
    "DELETE FROM member_key",
    "DELETE FROM look_alike",
    "INSERT INTO template SELECT * FROM kept_template ORDER BY rowid",
    "INSERT INTO member_key SELECT * FROM kept_key ORDER BY rowid",
    "INSERT INTO look_alike SELECT * FROM kept_pair ORDER BY rowid",
    "DROP TABLE kept_template",
    "DROP TABLE kept_key",
    "DROP TABLE kept_pair",
)
"""secure_delete zeroes a row where it lies when it is deleted, but not the copies that SQLite left in the free
space of other pages when it moved the row between pages earlier. Emptying the tables frees, and so zeroes,
all their pages; filling them in order moves nothing. Temporary tables are in memory (PRAGMAS)."""


class Sqlite:
    """A database file. `wait_s`: seconds that a writer waits for another."""

    def __init__(self, path: Path, wait_s: float) -> None:
        self.path = path.absolute()
        _private_file(self.path)
        # One connection for writing: threads of this process queue for it in order, where SQLite's own lock
        # would make them poll. Reading has its own, which cannot write.
        self.writer = _engine(
            self.path,
            lambda connection: _take_lock(connection, wait_s),
            wait_s,
            (),
            pool_size=1,
            max_overflow=0,
            pool_timeout=wait_s,
        )
        self.reader = _engine(
            self.path, _take_snapshot, wait_s, ("query_only=ON",), pool_size=8, max_overflow=-1
        )

    def check(self) -> None:
        """Raises NotConfigured when the file cannot be used."""
        try:
            with self.writer.connect() as connection:
                mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        except SQLAlchemyError as error:
            raise NotConfigured(f"the store {self.path} cannot be opened: {reason_of(error)}") from None
        if mode != "wal":
            raise NotConfigured(
                f"the store {self.path} needs a local disk: this file system has no shared memory"
            )

    def writing(self) -> AbstractContextManager[Connection]:
        return lent(self.writer)

    def reading(self) -> AbstractContextManager[Connection]:
        return lent(self.reader)

    def scrub(self) -> None:
        """Rewrites templates, keys and look-alikes and empties the write-ahead log: 0.4 s with 20,000 templates.

        Raises CannotRecord when a reader holds the log for too long; the erasure itself stands. What was on a
        page of the disk before the file system or the SSD wrote it elsewhere is beyond reach, as are backups:
        there the destroyed key is what protects. While a copy of the store is read, in any process, it is not tried:
        the log could not be emptied, and everybody who writes would wait for nothing.
        """
        if self._is_copied():
            raise CannotRecord("a copy of the store is being read: the log is emptied afterwards")
        with self.writing() as connection:
            try:
                for statement in REBUILD:
                    connection.exec_driver_sql(statement)
                connection.commit()
            except SQLAlchemyError as error:
                raise in_our_words(error) from None
        if not self._log_emptied():
            raise CannotRecord(
                "the write-ahead log could not be emptied, somebody reads for too long: try again"
            )

    @contextmanager
    def copying(self) -> Iterator[None]:
        """Around the long reading of a whole copy: `scrub` leaves the store alone meanwhile."""
        path = self._copying
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotRecord(f"{path} cannot be made: {error.strerror}") from None
        try:
            fcntl.flock(handle, fcntl.LOCK_SH)
            yield
        finally:
            os.close(handle)
            if not self._is_copied():
                path.unlink(missing_ok=True)

    @property
    def _copying(self) -> Path:
        return Path(f"{self.path}-copying")

    def _is_copied(self) -> bool:
        try:
            handle = os.open(self._copying, os.O_RDWR)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
        finally:
            os.close(handle)
        return False

    def _log_emptied(self) -> bool:
        try:
            raw = self.writer.raw_connection()
        except SQLAlchemyError as error:
            raise in_our_words(error) from None
        try:
            # Past SQLAlchemy, which would begin a transaction: a checkpoint cannot run in one.
            busy, *_ = raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise CannotRecord(f"the write-ahead log could not be emptied: {error}") from None
        finally:
            raw.close()
        return not busy

    def close(self) -> None:
        # The writer last: the last connection empties the log into the file, which a reader may not do.
        self.reader.dispose()
        self.writer.dispose()


def _engine(
    path: Path, begin: Callable[[Connection], None], wait_s: float, pragmas: tuple[str, ...], **pool: Any
) -> Engine:
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        connect_args={"timeout": wait_s},
        hide_parameters=True,  # errors would carry personal data
        **pool,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # None ends sqlite3's own transactions, which begin at the first write only and never for a SELECT.
        connection.isolation_level = None
        for pragma in PRAGMAS + pragmas:
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", begin)
    return engine


def _take_snapshot(connection: Connection) -> None:
    """Straight to the driver: by way of SQLAlchemy the two took as long as the lane's own question to the store."""
    raw: Any = connection.connection.dbapi_connection
    raw.execute("BEGIN")
    try:
        raw.execute(LOOKS)
    except sqlite3.Error:
        connection.exec_driver_sql(LOOKS)  # once more, for the error in SQLAlchemy's words


def _take_lock(connection: Connection, wait_s: float) -> None:
    """SQLite's own waiting asks less and less often, at last every tenth of a second: beside an import in another
    process a lane would miss one gap after the other. Asked every two milliseconds, it comes in at the first."""
    raw: Any = connection.connection.dbapi_connection
    until = time.monotonic() + wait_s
    raw.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                raw.execute(TAKES_THE_LOCK)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                    break
            else:
                return
            time.sleep(ASKS_EVERY)
        connection.exec_driver_sql(TAKES_THE_LOCK)  # once more, for the error in SQLAlchemy's words
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(wait_s * 1000)}")


def _private_file(path: Path) -> None:
    """The file exists and is its owner's alone; so is the folder, when it is made here.

    A folder that exists keeps its mode: it may be shared with others who have their own files there.
    """
    if path.name in ("", ":memory:") or path.is_dir():
        raise WrongValue(f"a store is a file, not “{path.name or path}”")
    try:
        if not path.parent.exists():
            path.parent.parent.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(mode=0o700, exist_ok=True)
        # Before SQLite makes it: the log and the shared memory take their mode from this file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077:
                one.chmod(0o600)
    except OSError as error:
        raise NotConfigured(f"the store {path} cannot be opened: {error.strerror or error}") from None
