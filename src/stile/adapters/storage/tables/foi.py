"""Requests for information, and each version of their answers."""

from sqlalchemy import Column, Date, ForeignKey, Integer, Table

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

foi_request = Table(
    "foi_request",
    metadata,
    Column("id", Id, primary_key=True),
    Column("ref", Words, nullable=False, unique=True),
    Column("received", Date, nullable=False),
    Column("channel", Words, nullable=False),
    Column("requester", Words, nullable=False),
    Column("address", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("regime", Words, nullable=False),
    Column("logged_at", Utc, nullable=False),
    Column("state", Words, nullable=False),
    Column("taken", Words, nullable=False),
    Column("version", Integer, nullable=False),
)

foi_version = Table(
    "foi_version",
    metadata,
    Column("request", Id, ForeignKey("foi_request.id"), primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("by", Words, nullable=False),
    Column("answers", Words, nullable=False),
)
