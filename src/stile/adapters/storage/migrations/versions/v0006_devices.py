"""Screens and lanes, paired by a code that they show."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0006"
down_revision: str | None = "0005"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("device", sa.Column("name", WORDS, nullable=False, server_default=sa.text("''")))
    op.add_column("device", column("approved_by", WORDS, null=True))
    for name in ("approved_at", "last_seen", "revoked_at"):
        op.add_column("device", column(name, UTC, null=True))
    # A link that was made before the update and not opened yet pairs nothing any more.
    op.execute("DELETE FROM device WHERE paired_at IS NULL")
    op.create_table(
        "device_waiting",
        sa.Column("id", ID, primary_key=True),
        column("code", WORDS),
        column("digest", WORDS),
        column("address", WORDS),
        column("agent", WORDS),
        column("asked_at", UTC),
        column("expires_at", UTC),
        column("wants", ID, "lane.id", null=True),
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("digest"),
    )
