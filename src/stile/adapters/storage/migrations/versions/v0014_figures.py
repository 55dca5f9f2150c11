"""Spot checks: who was asked about, with what probability, and what the desk said. How enrolments ended. Groups that
members placed themselves in."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0014
from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "spot_check",
        sa.Column("id", ID, primary_key=True),
        sa.Column("passage", ID, sa.ForeignKey("passage.id", ondelete="SET NULL"), unique=True),
        column("centre", ID, "centre.id"),
        column("lane", ID, "lane.id"),
        column("day", sa.Date()),
        column("every", sa.Integer()),
        column("answer", WORDS, null=True),
        column("answered_at", UTC, null=True),
        column("staff", ID, "staff.id", null=True),
        sa.CheckConstraint("every >= 1", name="probability"),
        sa.CheckConstraint(
            "(answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (staff IS NULL)", name="answered"
        ),
    )
    op.create_index("ix_spot_check_day_centre", "spot_check", ["day", "centre"])
    op.create_table(
        "enrolment_count",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("centre", ID, sa.ForeignKey("centre.id"), primary_key=True),
        sa.Column("group_name", WORDS, primary_key=True, server_default=sa.text("''")),
        column("begun", sa.Integer()),
        column("done", sa.Integer()),
        sa.CheckConstraint("done >= 0 AND done <= begun", name="no_more_than_begun"),
    )
    op.create_table(
        "member_group",
        sa.Column("member", ID, sa.ForeignKey("member.id"), primary_key=True),
        column("group_name", WORDS),
        column("given_at", UTC),
    )
    for statement in rules_0014.statements(op.get_bind().dialect.name):
        op.execute(statement)
