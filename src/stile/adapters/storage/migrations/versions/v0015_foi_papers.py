"""What goes out with an answer, what of it an officer let through, and what was published of answers."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0015"
down_revision: str | None = "0014"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "foi_paper",
        sa.Column("id", ID, primary_key=True),
        column("request", ID, "foi_request.id"),
        column("name", WORDS),
        column("kind", WORDS),
        column("sha256", WORDS),
        column("size", sa.Integer()),
        column("added_at", UTC),
        column("added_by", WORDS),
        column("found", WORDS),
        column("made_from", ID, null=True),
        column("set_aside", sa.Boolean()),
        column("content", sa.LargeBinary()),
    )
    op.create_index("ix_foi_paper_request", "foi_paper", ["request"])
    op.create_table(
        "foi_let_through",
        sa.Column("request", ID, sa.ForeignKey("foi_request.id"), primary_key=True),
        sa.Column("of", WORDS, primary_key=True),
        sa.Column("key", WORDS, primary_key=True),
        column("what", WORDS),
        column("where", WORDS),
        column("reason", WORDS),
        column("by", WORDS),
        column("at", UTC),
    )
    op.create_table(
        "foi_disclosed",
        sa.Column("ref", WORDS, primary_key=True),
        column("published_on", sa.Date()),
        column("received", sa.Date()),
        column("answered", sa.Date()),
        column("regime", WORDS),
        column("title", WORDS),
        column("answers", WORDS),
    )
    op.create_table(
        "foi_disclosed_paper",
        sa.Column("ref", WORDS, sa.ForeignKey("foi_disclosed.ref"), primary_key=True),
        sa.Column("name", WORDS, primary_key=True),
        column("sha256", WORDS),
        column("content", sa.LargeBinary()),
    )
