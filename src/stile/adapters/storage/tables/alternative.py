"""What members come in with besides cards and faces, and how long they waited."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

member_pin = Table(
    "member_pin",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("set_at", Utc, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("rests_until", Utc),
)

member_phone = Table(
    "member_phone",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("handle", Words, nullable=False, unique=True),
    Column("key", LargeBinary, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("last_step", BigInteger),
    Column("last_at", Utc),
    Column("last_lane", Id, ForeignKey("lane.id")),
)
"""The public key of a member's one phone; the private one never leaves it."""

way_link = Table(
    "way_link",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("sets_up", Words, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("expires_at", Utc, nullable=False),
)

wait = Table(
    "wait",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("method", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("to_decision", Double, nullable=False),
    Column("to_door", Double),
    CheckConstraint("to_decision >= 0 AND (to_door IS NULL OR outcome = 'admit')", name="wait"),
    Index(None, "day"),
)
"""Law 1: no member, no passage, no time of day. Milliseconds since the touch."""
