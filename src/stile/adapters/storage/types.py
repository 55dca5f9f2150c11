"""How ids, times and words lie in both databases, exactly and compactly.

| | SQLite | PostgreSQL |
|---|---|---|
| `Id` | 16 bytes | uuid |
| `Utc` | microseconds since 1970, integer | timestamptz |
| `Words` | text, compared byte by byte | text, collation C |
"""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, Dialect, LargeBinary, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

from stile.domain.errors import WrongValue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def _is_postgres(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


class Id(TypeDecorator[UUID]):
    """A UUID. Sorts as its bytes do, so that UUIDv7 sort by time in both databases."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if _is_postgres(dialect):
            return dialect.type_descriptor(postgresql.UUID(as_uuid=True))
        return dialect.type_descriptor(LargeBinary(16))

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return value if value is None or _is_postgres(dialect) else value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return value if value is None or _is_postgres(dialect) else UUID(bytes=value)


class Utc(TypeDecorator[datetime]):
    """A moment. Goes in with any zone, comes out in UTC, exact to the microsecond.

    Always `datetime.UTC` on the way out: the audit chain hashes `isoformat()`, which must not depend on the
    database or on the zone of its session.
    """

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if _is_postgres(dialect):
            return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise WrongValue("times carry their zone")
        return value.astimezone(UTC) if _is_postgres(dialect) else (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if _is_postgres(dialect):
            return cast(datetime, value).astimezone(UTC)
        return EPOCH + timedelta(microseconds=value)


class Words(TypeDecorator[str]):
    """Text. Refuses what only one of the databases could hold: NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # Not by way of `type_descriptor`, which would make it VARCHAR in the eyes of the migration test.
        return Text(collation="C") if _is_postgres(dialect) else Text()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is not None and not value.isascii():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise WrongValue("a text holds half a character, which cannot be stored") from None
        if value is not None and "\0" in value:
            raise WrongValue("a text holds the character NUL, which cannot be stored")
        return str(value) if value is not None else None
