"""Notices that were shown, and the parents and guardians of children."""

from sqlalchemy import Column, ForeignKey, Index, Table

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

notice = Table(
    "notice",
    metadata,
    Column("sha256", Words, primary_key=True),
    Column("version", Words, nullable=False, index=True),
    Column("audience", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("first_shown_at", Utc, nullable=False),
)

guardian = Table(
    "guardian",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False, index=True),
    Column("name", Words, nullable=False),
    Column("relation", Words, nullable=False),
    Column("email", Words),
    Column("digest", Words, unique=True),
    Column("link_expires_at", Utc),
)

guardian_word = Table(
    "guardian_word",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False),
    Column("guardian", Id, ForeignKey("guardian.id")),
    Column("said", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("channel", Words, nullable=False),
    # `recorded_by`: an id of the staff, or in words where nobody of them was there.
    Column("recorded_by", Words, nullable=False),
    Column("notice_sha256", Words),
    Column("excuse", Words),
    Index(None, "member", "at"),
)
"""What a parent or guardian said, or was told; without `guardian`, what the child said."""
