"""The register: dated entries that only grow."""

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
