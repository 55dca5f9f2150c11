"""Tokens of other programs."""

from sqlalchemy import Column, ForeignKey, Table

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("permissions", Words, nullable=False),
    Column("made_by", Id, ForeignKey("staff.id")),
    Column("made_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("revoked_at", Utc),
)
