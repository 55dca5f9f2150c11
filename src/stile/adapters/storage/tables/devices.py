"""Screens that wait for the desk, and screens that it approved."""

from sqlalchemy import Column, ForeignKey, Table, text

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

device = Table(
    "device",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("paired_at", Utc),
    Column("expires_at", Utc),
    Column("name", Words, nullable=False, server_default=text("''")),
    Column("approved_by", Words),
    Column("approved_at", Utc),
    Column("last_seen", Utc),
    Column("revoked_at", Utc),
)

device_waiting = Table(
    "device_waiting",
    metadata,
    Column("id", Id, primary_key=True),
    Column("code", Words, nullable=False, unique=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("address", Words, nullable=False),
    Column("agent", Words, nullable=False),
    Column("asked_at", Utc, nullable=False),
    Column("expires_at", Utc, nullable=False),
    Column("wants", Id, ForeignKey("lane.id")),
)
