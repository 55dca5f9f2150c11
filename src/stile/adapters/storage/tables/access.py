"""Staff and devices."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Table,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    Column("role", Words, nullable=False),
    Column("password_hash", Words, nullable=False),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False),
    Column("csrf", Words, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("paired_at", Utc),
    Column("expires_at", Utc),
)
