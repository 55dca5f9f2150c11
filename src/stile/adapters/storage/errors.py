"""What the drivers say, in the words of `stile.domain.errors`: one line, and never a value out of a row.

Everything by which a record may fail to become durable is a CannotRecord (law 6): a full disk, a lock held too
long, a store that is read-only or gone. That goes for reading too: who cannot read cannot decide.
"""

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from stile.domain.errors import (
    CannotRecord,
    Conflict,
    NoLiveConsent,
    NotAllowed,
    NotFound,
    StileError,
    WrongValue,
)

BUSY = "somebody else held the store for too long"

REASONS = {
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "the store is read-only",
    "SQLITE_IOERR": "the disk failed",
    "SQLITE_CANTOPEN": "its file cannot be opened",
    "SQLITE_CORRUPT": "its file is damaged",
    "SQLITE_NOTADB": "its file is no database",
    "55P03": BUSY,
    "57014": BUSY,
    "40P01": BUSY,
    "53100": "the disk is full",
    "25006": "the store is read-only",
}

UNIQUE = ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505")
REFERENCE = ("SQLITE_CONSTRAINT_FOREIGNKEY", "23503")


def code_of(error: DBAPIError) -> str:
    """SQLite's name of the error, or PostgreSQL's SQLSTATE; empty when the driver gives none."""
    return str(getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None) or "")


def reason_of(error: SQLAlchemyError) -> str:
    """Why the store did not do it, in a few words."""
    if isinstance(error, PoolTimeout):
        return BUSY
    if not isinstance(error, DBAPIError):
        return type(error).__name__
    code = code_of(error)
    for known, reason in REASONS.items():
        if code.startswith(known):
            return reason
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0]


def in_our_words(
    error: SQLAlchemyError,
    taken: str = "that exists already",
    missing: str = "what this belongs to does not exist",
) -> StileError:
    """`taken` and `missing`: what to say when a key is taken or a reference leads nowhere.

    Raises the error itself when it is a mistake in this package and not in the world.
    """
    if isinstance(error, IntegrityError):
        return _broken_rule(error, taken, missing)
    if isinstance(error, DataError):
        return WrongValue("a value is too large for the store")
    if isinstance(error, (DBAPIError, PoolTimeout)):
        return CannotRecord(f"the store did not do it: {reason_of(error)}")
    if isinstance(error, StatementError) and isinstance(error.orig, StileError):
        return error.orig
    raise error


def _broken_rule(error: IntegrityError, taken: str, missing: str) -> StileError:
    code = code_of(error)
    if code in UNIQUE:
        return Conflict(taken)
    if code in REFERENCE:
        return NotFound(missing)
    diagnosis = getattr(error.orig, "diag", None)
    message = str(diagnosis.message_primary if diagnosis else error.orig)
    if message.startswith("law 2: no template"):
        return NoLiveConsent(message)
    if message.startswith("never replaced:"):
        return Conflict(taken)
    return NotAllowed(f"the store refuses it: {message}")


def is_refusal(error: SQLAlchemyError) -> bool:
    """Whether the store could have done it, and refused: rolled back to a savepoint, the transaction goes on."""
    if isinstance(error, DBAPIError):
        return isinstance(error, (IntegrityError, DataError))
    return isinstance(error, StatementError)
