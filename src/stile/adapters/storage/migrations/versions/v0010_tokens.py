"""Tokens of other programs."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0010"
down_revision: str | None = "0009"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", ID, primary_key=True),
        column("name", WORDS),
        column("digest", WORDS),
        column("permissions", WORDS),
        column("made_by", ID, "staff.id", null=True),
        column("made_at", UTC),
        column("expires_at", UTC),
        column("used_at", UTC, null=True),
        column("revoked_at", UTC, null=True),
        sa.UniqueConstraint("digest"),
    )
