"""Requests for information, and each version of their answers."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Integer, LargeBinary, Table

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

foi_paper = Table(
    "foi_paper",
    metadata,
    Column("id", Id, primary_key=True),
    Column("request", Id, ForeignKey("foi_request.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("size", Integer, nullable=False),
    Column("added_at", Utc, nullable=False),
    Column("added_by", Words, nullable=False),
    Column("found", Words, nullable=False),
    Column("made_from", Id),
    Column("set_aside", Boolean, nullable=False),
    Column("content", LargeBinary, nullable=False),
)

foi_let_through = Table(
    "foi_let_through",
    metadata,
    Column("request", Id, ForeignKey("foi_request.id"), primary_key=True),
    Column("of", Words, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("what", Words, nullable=False),
    Column("where", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Utc, nullable=False),
)

foi_disclosed = Table(
    "foi_disclosed",
    metadata,
    Column("ref", Words, primary_key=True),
    Column("published_on", Date, nullable=False),
    Column("received", Date, nullable=False),
    Column("answered", Date, nullable=False),
    Column("regime", Words, nullable=False),
    Column("title", Words, nullable=False),
    Column("answers", Words, nullable=False),
)
"""The disclosure log. It stands by itself: it holds nothing of who asked, and stays when the request goes."""

foi_disclosed_paper = Table(
    "foi_disclosed_paper",
    metadata,
    Column("ref", Words, ForeignKey("foi_disclosed.ref"), primary_key=True),
    Column("name", Words, primary_key=True),
    Column("sha256", Words, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
