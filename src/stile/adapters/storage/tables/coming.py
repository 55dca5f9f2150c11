"""Who is inside, and what an import brings."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

presence = Table(
    "presence",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("member", Id, ForeignKey("member.id")),
    Column("at", Utc, nullable=False),
    UniqueConstraint("member"),
    Index(None, "centre", "at"),
)
"""State, not history: a row goes when somebody leaves or their hours have passed. Kept only where a setting asks."""

member_import = Table(
    "member_import",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("actor", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("sha256", Words, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("lapsed", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("finished_at", Utc),
    Column("version", Integer, nullable=False),
    Index(None, "at", "id"),
)
"""Imports that were decided. What is not finished is worked off by whoever opens the store next."""

member_staged = Table(
    "member_staged",
    metadata,
    Column("import_id", Id, nullable=False, primary_key=True),
    Column("place", Integer, nullable=False, primary_key=True, autoincrement=False),
    Column("member", Id, nullable=False),
    Column("was", Integer, nullable=False),
    Column("body", Words, nullable=False),
)
"""A member as the file has them, until their row is written. `was`: the version that was compared; 0 is a new member.
No foreign key: rows are laid down before their import is decided, and those of one that never was are swept."""
