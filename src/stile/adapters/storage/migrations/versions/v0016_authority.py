"""An authority holds no template: the database refuses the row. It reads what operators publish."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0016
from stile.adapters.storage.migrations.columns import UTC, WORDS, column

revision = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("operator", sa.Column("kind", WORDS, nullable=False, server_default="operator"))
    op.create_table(
        "register_feed",
        sa.Column("url", WORDS, primary_key=True),
        column("organisation", WORDS),
        column("began_at", UTC),
        column("tried_at", UTC),
        column("read_at", UTC),
        column("problem", WORDS),
    )
    for statement in rules_0016.statements(op.get_bind().dialect.name):
        op.execute(statement)
