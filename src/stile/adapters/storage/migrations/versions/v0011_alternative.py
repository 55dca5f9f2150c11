"""PINs, codes on the phone, and how long people wait."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0011"
down_revision: str | None = "0010"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "member_pin",
        sa.Column("member", ID, sa.ForeignKey("member.id"), primary_key=True),
        column("sealed", sa.LargeBinary()),
        column("set_at", UTC),
        column("failures", sa.Integer()),
        column("rests_until", UTC, null=True),
    )
    op.create_table(
        "member_phone",
        sa.Column("member", ID, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("handle", WORDS, nullable=False, unique=True),
        column("key", sa.LargeBinary()),
        column("made_at", UTC),
        column("last_step", sa.BigInteger(), null=True),
        column("last_at", UTC, null=True),
        column("last_lane", ID, "lane.id", null=True),
    )
    op.create_table(
        "way_link",
        sa.Column("member", ID, sa.ForeignKey("member.id"), primary_key=True),
        sa.Column("sets_up", WORDS, primary_key=True),
        sa.Column("digest", WORDS, nullable=False, unique=True),
        column("expires_at", UTC),
    )
    op.create_table(
        "wait",
        sa.Column("n", sa.BigInteger(), primary_key=True, autoincrement=False),
        column("day", sa.Date()),
        column("lane", ID, "lane.id"),
        column("method", WORDS),
        column("outcome", WORDS),
        column("to_decision", sa.Double()),
        column("to_door", sa.Double(), null=True),
        sa.CheckConstraint("to_decision >= 0 AND (to_door IS NULL OR outcome = 'admit')", name="wait"),
    )
    op.create_index("ix_wait_day", "wait", ["day"])
