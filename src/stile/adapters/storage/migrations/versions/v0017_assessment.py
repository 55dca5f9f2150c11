"""Data protection impact assessments while they are written."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0017
from stile.adapters.storage.migrations.columns import UTC, WORDS, column

revision = "0017"
down_revision: str | None = "0016"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("deployment", WORDS, primary_key=True),
        sa.Column("n", sa.Integer(), primary_key=True, autoincrement=False),
        column("at", UTC),
        column("by", WORDS),
        column("answers", WORDS),
        column("risks", WORDS),
    )
    for statement in rules_0017.statements(op.get_bind().dialect.name):
        op.execute(statement)
