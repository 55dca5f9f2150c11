"""The register: dated entries that only grow."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0012
from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0012"
down_revision: str | None = "0011"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "register_entry",
        sa.Column("id", ID, primary_key=True),
        column("at", sa.Date()),
        column("source", WORDS),
        column("recorded_at", UTC),
        column("recorded_by", WORDS),
        column("kind", WORDS),
        column("fact", WORDS),
        column("replaces", ID, "register_entry.id", null=True),
        sa.UniqueConstraint("replaces"),
    )
    for statement in rules_0012.statements(op.get_bind().dialect.name):
        op.execute(statement)
