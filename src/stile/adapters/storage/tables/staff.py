"""Staff, what proves who they are, and their sessions."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    Column("role", Words, nullable=False),
    # Empty where there is no password: SQLite cannot make a column nullable afterwards.
    Column("password_hash", Words, nullable=False),
    Column("joined_at", Utc),
    Column("disabled_at", Utc),
    Column("issuer", Words),
    Column("subject", Words),
    Index("ix_staff_identity", "issuer", "subject", unique=True),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("csrf", Words, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("proved_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("stage", Words, nullable=False),
    Column("means", Words, nullable=False),
    Column("browser", Words, nullable=False),
)

staff_passkey = Table(
    "staff_passkey",
    metadata,
    Column("id", Id, primary_key=True),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("credential", LargeBinary, nullable=False, unique=True),
    Column("public_key", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("uses", Integer, nullable=False),
    Column("name", Words, nullable=False),
    Column("added_at", Utc, nullable=False),
    Column("used_at", Utc),
)

staff_code_generator = Table(
    "staff_code_generator",
    metadata,
    Column("staff", Id, ForeignKey("staff.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("confirmed_at", Utc),
)

staff_recovery_code = Table(
    "staff_recovery_code",
    metadata,
    Column("staff", Id, ForeignKey("staff.id"), nullable=False),
    Column("digest", Words, nullable=False),
    UniqueConstraint("staff", "digest"),
)

staff_link = Table(
    "staff_link",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False, index=True),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
)
