"""The register: dated entries that only grow, and others' registers that it reads."""

from sqlalchemy import Column, Date, ForeignKey, Table

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

register_entry = Table(
    "register_entry",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Date, nullable=False),
    Column("source", Words, nullable=False),
    Column("recorded_at", Utc, nullable=False),
    Column("recorded_by", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("fact", Words, nullable=False),
    Column("replaces", Id, ForeignKey("register_entry.id"), unique=True),
)

register_feed = Table(
    "register_feed",
    metadata,
    Column("url", Words, primary_key=True),
    Column("organisation", Words, nullable=False),
    Column("began_at", Utc, nullable=False),
    Column("tried_at", Utc, nullable=False),
    Column("read_at", Utc, nullable=False),
    Column("problem", Words, nullable=False),
)
