"""What is kept for how long, and who was erased."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0009
from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0009"
down_revision: str | None = "0008"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _rules()
    _left()
    op.add_column("member", column("erased_at", UTC, null=True))
    for statement in rules_0009.statements(op.get_bind().dialect.name):
        op.execute(statement)


def _rules() -> None:
    op.create_table(
        "retention_period",
        sa.Column("id", ID, primary_key=True),
        column("rule", WORDS),
        column("days", sa.Integer()),
        column("actor", WORDS),
        column("at", UTC),
    )
    op.create_table(
        "retention_run",
        sa.Column("id", ID, primary_key=True),
        column("rule", WORDS),
        column("cut_off", UTC),
        column("at", UTC),
        column("gone", sa.Integer()),
    )
    op.create_index("ix_retention_run_at_id", "retention_run", ["at", "id"])
    op.create_table(
        "retention_permit",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        column("cut_off", UTC),
        sa.CheckConstraint("id = 1", name="one"),
    )
    op.create_table(
        "lapsed",
        sa.Column("member", ID, sa.ForeignKey("member.id"), primary_key=True),
        column("since", UTC),
    )


def _left() -> None:
    op.create_table(
        "passage_count",
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("lane", ID, sa.ForeignKey("lane.id"), primary_key=True),
        sa.Column("method", WORDS, primary_key=True),
        sa.Column("outcome", WORDS, primary_key=True),
        sa.Column("reason", WORDS, primary_key=True),
        sa.Column("verdict", WORDS, primary_key=True),
        column("passages", sa.Integer()),
        column("timed", sa.Integer()),
        column("ms", sa.Double()),
    )
    op.create_table(
        "erasure",
        sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
        column("what", WORDS),
        column("subject", ID),
        column("member", ID),
        column("at", UTC),
    )
    op.create_index("ix_erasure_at", "erasure", ["at"])
