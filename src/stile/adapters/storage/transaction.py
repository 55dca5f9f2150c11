"""What the repositories speak through: one connection, in one transaction, with its outbox.

Law 6 hangs on one rule here: after an error that may have ended the transaction nothing more is run in it, and
`commit` says so. Without the rule SQLite, which rolls everything back by itself when the disk is full, would go on
outside any transaction, and PostgreSQL would answer COMMIT with a silent ROLLBACK.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, CursorResult, Executable, NestedTransaction, Row, insert
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from stile.adapters.storage import tables
from stile.adapters.storage.errors import in_our_words, is_refusal
from stile.domain.errors import CannotRecord

AnyRow = Row[*tuple[Any, ...]]
Values = Mapping[str, object] | Sequence[Mapping[str, object]]

STREAMED = 2_000
"""Rows fetched at a time by `stream`."""


class Kind(StrEnum):
    """What a row of the outbox points at."""

    MEMBER = "member"
    CONSENT = "consent"
    TEMPLATE = "template"
    LOOK_ALIKE = "look-alike"
    PASSAGE = "passage"
    ADJUDICATION = "adjudication"
    CALIBRATION = "calibration"


@dataclass(frozen=True, slots=True)
class Stamps:
    """Where the store takes its own ids and times from: the outbox, and the ids of templates."""

    new_id: Callable[[], UUID]
    now: Callable[[], datetime]


class Transaction:
    """Belongs to one thread."""

    def __init__(self, connection: Connection, stamps: Stamps, writes: bool) -> None:
        self._connection = connection
        self._stamps = stamps
        self._writes = writes
        self._parts = 0
        self._failed = False
        self._over = False

    def run(self, statement: Executable, values: Values | None = None) -> CursorResult[*tuple[Any, ...]]:
        """Raises what `in_our_words` makes of the driver's error."""
        self._check()
        try:
            return self._connection.execute(statement, values)
        except SQLAlchemyError as error:
            if self._parts:
                raise
            # Outside a savepoint a refusal, too, has ended PostgreSQL's transaction.
            self._failed = self._failed or isinstance(error, DBAPIError)
            raise in_our_words(error) from None

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._connection.dialect.name

    def run_many(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """One statement in the driver's own words, for each of the rows. Inside a `part` only: see `pour`."""
        self._check()
        if not self._parts:
            raise RuntimeError("many rows are written inside a part")
        self._connection.exec_driver_sql(statement, list(rows))

    def one(self, statement: Executable) -> AnyRow | None:
        return self.run(statement).one_or_none()

    def all(self, statement: Executable) -> Sequence[AnyRow]:
        return self.run(statement).all()

    def number(self, statement: Executable) -> int:
        return int(self.run(statement).scalar_one())

    def stream(self, statement: Executable) -> Iterator[AnyRow]:
        """Rows as they come, so that a large table need not fit into memory."""
        rows = self.run(statement.execution_options(yield_per=STREAMED))
        try:
            yield from rows
        except SQLAlchemyError as error:
            raise in_our_words(error) from None

    @contextmanager
    def part(
        self, taken: str = "that exists already", missing: str = "what this belongs to does not exist"
    ) -> Iterator[None]:
        """Statements that are done together or not at all, after which the transaction goes on either way.

        `taken` and `missing` become the message of the Conflict or NotFound.
        """
        self._check()
        savepoint = None
        self._parts += 1
        try:
            savepoint = self._connection.begin_nested()
            yield
            savepoint.commit()
        except SQLAlchemyError as error:
            self._take_back(savepoint)
            # A key that is taken, a rule that is broken: the savepoint heals it. Nothing heals the rest.
            self._failed = self._failed or not is_refusal(error)
            raise in_our_words(error, taken, missing) from None
        except BaseException:
            self._take_back(savepoint)
            raise
        finally:
            self._parts -= 1

    def _take_back(self, savepoint: NestedTransaction | None) -> None:
        try:
            if savepoint is not None:
                savepoint.rollback()
        except SQLAlchemyError:
            self._failed = True

    def add(self, table: Any, values: Mapping[str, object], taken: str, missing: str) -> None:
        with self.part(taken, missing):
            self.run(insert(table), values)

    def tell(self, kind: Kind, record: UUID, centre: UUID, version: int) -> None:
        """Appends the change to the outbox. Ids and numbers only, never personal data."""
        self.run(
            insert(tables.outbox),
            {
                "id": self.new_id(),
                "centre": centre,
                "kind": kind,
                "record": record,
                "version": version,
                "at": self._stamps.now(),
            },
        )

    def new_id(self) -> UUID:
        return self._stamps.new_id()

    def now(self) -> datetime:
        return self._stamps.now()

    def commit(self) -> None:
        """Raises CannotRecord when it is not durable; RuntimeError where there is nothing to commit."""
        if not self._writes:
            raise RuntimeError("a unit of work from read() is never committed")
        self._check()
        self._over = True
        try:
            self._connection.commit()
        except SQLAlchemyError as error:
            raise in_our_words(error) from None

    def end(self) -> None:
        self._over = True

    def _check(self) -> None:
        if self._over:
            raise RuntimeError("this unit of work is over")
        if self._failed:
            raise CannotRecord("nothing of this was recorded: an earlier step failed")
