"""What happened, and what was measured: only added to."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

calibration = Table(
    "calibration",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("pack", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("gallery_size", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("comparisons", BigInteger, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("points", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "pack", "at", "id"),
)

passage = Table(
    "passage",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("method", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("member", Id, ForeignKey("member.id")),
    Column("staff", Id, ForeignKey("staff.id")),
    Column("pack", Words),
    Column("threshold", Double),
    Column("gallery_size", Integer),
    Column("score", Double),
    Column("ms", Double),
    Column("version", Integer, nullable=False),
    Column("salt", LargeBinary),
    CheckConstraint("member IS NOT NULL OR score IS NULL", name="law_1"),
    CheckConstraint(
        "(pack IS NULL) = (threshold IS NULL) AND (pack IS NULL) = (gallery_size IS NULL)"
        " AND (pack IS NOT NULL OR score IS NULL)",
        name="comparison",
    ),
    Index(None, "at", "id"),
    Index(None, "lane", "at", "id"),
    Index(None, "member", "at", "id"),
)

adjudication = Table(
    "adjudication",
    metadata,
    Column("id", Id, primary_key=True),
    Column("passage", Id, ForeignKey("passage.id"), nullable=False),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("verdict", Words, nullable=False),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Column("salt", LargeBinary),
    Index(None, "passage", "at", "id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, nullable=False),
    Column("kind", Words, nullable=False),
    Column("record", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Utc, nullable=False),
)
