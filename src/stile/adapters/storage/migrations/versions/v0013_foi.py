"""Requests for information, and each version of their answers."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0013"
down_revision: str | None = "0012"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "foi_request",
        sa.Column("id", ID, primary_key=True),
        column("ref", WORDS),
        column("received", sa.Date()),
        column("channel", WORDS),
        column("requester", WORDS),
        column("address", WORDS),
        column("text", WORDS),
        column("regime", WORDS),
        column("logged_at", UTC),
        column("state", WORDS),
        column("taken", WORDS),
        column("version", sa.Integer()),
        sa.UniqueConstraint("ref"),
    )
    op.create_table(
        "foi_version",
        sa.Column("request", ID, sa.ForeignKey("foi_request.id"), primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True),
        column("at", UTC),
        column("by", WORDS),
        column("answers", WORDS),
    )
