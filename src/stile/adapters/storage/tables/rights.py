"""Requests about one's own data, the member's own page, and members whose template is not to be used."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, false

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

rights_request = Table(
    "rights_request",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("kind", Words, nullable=False),
    Column("came_by", Words, nullable=False),
    Column("member", Id, ForeignKey("member.id"), index=True),
    Column("who", Words, nullable=False),
    Column("contact", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("received_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "state", "received_on"),
)

rights_entry = Table(
    "rights_entry",
    metadata,
    Column("request", Id, ForeignKey("rights_request.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("step", Words, nullable=False),
    Column("on", Date, nullable=False),
    Column("at", Utc, nullable=False),
    Column("actor", Words, nullable=False),
    Column("note", Words, nullable=False),
    Column("ground", Words),
)

own_link = Table(
    "own_link",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False, index=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("sent", Boolean, nullable=False, server_default=false()),
)

own_session = Table(
    "own_session",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False, index=True),
    Column("csrf", Words, nullable=False),
    Column("begun_at", Utc, nullable=False),
    Column("seen_at", Utc, nullable=False),
    Column("sent", Boolean, nullable=False, server_default=false()),
)

face_restriction = Table(
    "face_restriction",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("since", Utc, nullable=False),
)
