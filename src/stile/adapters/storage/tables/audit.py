"""The audit log and its signed checkpoints: only added to."""

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Utc, Words

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("event", Words, nullable=False),
    Column("actor", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("previous", Words, nullable=False),
    Column("digest", Words, nullable=False),
    Column("leaf", LargeBinary),
    Column("nodes", LargeBinary),
    # What was done to a member, and who looked at them; with the position, so that the newest come first.
    Index(None, "subject", "position"),
)

audit_checkpoint = Table(
    "audit_checkpoint",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Words, nullable=False),
)

audit_stamp = Table(
    "audit_stamp",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("authority", Words, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("response", LargeBinary, nullable=False),
)
