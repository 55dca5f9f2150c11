"""What figures are counted from, besides passages: spot checks, and how enrolments ended. Nobody is named."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, text

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

spot_check = Table(
    "spot_check",
    metadata,
    Column("id", Id, primary_key=True),
    Column("passage", Id, ForeignKey("passage.id", ondelete="SET NULL"), unique=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("every", Integer, nullable=False),
    Column("answer", Words),
    Column("answered_at", Utc),
    Column("staff", Id, ForeignKey("staff.id")),
    CheckConstraint("every >= 1", name="probability"),
    CheckConstraint(
        "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (staff IS NULL)", name="answered"
    ),
    Index(None, "day", "centre"),
)
"""`every`: n, where the probability of being drawn was 1/n. `day`: on the centres' clock. When its passage goes, the
check stays without it: an answer and its weight, which name nobody."""

enrolment_count = Table(
    "enrolment_count",
    metadata,
    Column("day", Date, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), primary_key=True),
    Column("group_name", Words, primary_key=True, server_default=text("''")),
    Column("begun", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    CheckConstraint("done >= 0 AND done <= begun", name="no_more_than_begun"),
)
"""Enrolments that began on that day, and those of them that ended with a template. Numbers only. `group_name`: the one
that the member had stated; empty for none."""

member_group = Table(
    "member_group",
    metadata,
    Column("member", Id, ForeignKey("member.id"), primary_key=True),
    Column("group_name", Words, nullable=False),
    Column("given_at", Utc, nullable=False),
)
"""Where a member placed themselves, with their consent, so that error rates of groups can be compared."""
