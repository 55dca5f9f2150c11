"""What is kept for how long, what was counted before it went, and who was erased."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

retention_period = Table(
    "retention_period",
    metadata,
    Column("id", Id, primary_key=True),
    Column("rule", Words, nullable=False),
    Column("days", Integer, nullable=False),
    Column("actor", Words, nullable=False),
    Column("at", Utc, nullable=False),
)
"""Periods that the operator chose, as history; the newest of each rule is in force."""

retention_run = Table(
    "retention_run",
    metadata,
    Column("id", Id, primary_key=True),
    Column("rule", Words, nullable=False),
    Column("cut_off", Utc, nullable=False),
    Column("at", Utc, nullable=False),
    Column("gone", Integer, nullable=False),
    Index(None, "at", "id"),
)

retention_permit = Table(
    "retention_permit",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("cut_off", Utc, nullable=False),
    CheckConstraint("id = 1", name="one"),
)
"""Stands only within the transaction that deletes passages: no other transaction ever sees a row here."""

lapsed = Table(
    "lapsed",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("since", Utc, nullable=False),
)
"""Since when a membership has not admitted, as far as was noticed."""

passage_count = Table(
    "passage_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("lane", Id, ForeignKey("lane.id"), primary_key=True),
    Column("method", Words, primary_key=True),
    Column("outcome", Words, primary_key=True),
    Column("reason", Words, primary_key=True),
    Column("verdict", Words, primary_key=True),
    Column("passages", Integer, nullable=False),
    Column("timed", Integer, nullable=False),
    Column("ms", Double, nullable=False),
)
"""What is left of passages that went. `day`: of UTC. `verdict`: the latest, empty where nobody gave one. `ms`: the sum
over the `timed` ones."""

erasure = Table(
    "erasure",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("what", Words, nullable=False),
    Column("subject", Id, nullable=False),
    Column("member", Id, nullable=False),
    Column("at", Utc, nullable=False),
    Index(None, "at"),
)
"""Consents that ended and members who were erased, by id: what a restored backup has to be told. Without foreign keys,
because it outlives what it names."""
