"""What a database of either kind does for the store."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from stile.adapters.storage.errors import in_our_words


class Database(Protocol):
    """Thread-safe; each connection belongs to one thread."""

    def writing(self) -> AbstractContextManager[Connection]:
        """In a transaction that holds the one write lock. Raises CannotRecord when it cannot be had."""
        ...

    def reading(self) -> AbstractContextManager[Connection]:
        """In a transaction that cannot write and sees one moment, from its beginning. Never waits for a writer."""
        ...

    def scrub(self) -> None: ...

    def copying(self) -> AbstractContextManager[None]:
        """Around the long reading of a whole copy, so that nobody who writes waits for its end."""
        ...

    def close(self) -> None: ...


@contextmanager
def lent(engine: Engine, *first: str) -> Iterator[Connection]:
    """A connection in a transaction that has run the `first` statements. Rolls back what is not committed."""
    try:
        connection = engine.connect()
    except SQLAlchemyError as error:
        raise in_our_words(error) from None
    try:
        try:
            connection.begin()
            for statement in first:
                connection.exec_driver_sql(statement)
        except SQLAlchemyError as error:
            raise in_our_words(error) from None
        yield connection
    finally:
        try:
            connection.close()
        except SQLAlchemyError:
            # A connection that cannot roll back must not go back to the pool: SQLite's one writer would be
            # stuck in a dead transaction for good.
            connection.invalidate()
            connection.close()
