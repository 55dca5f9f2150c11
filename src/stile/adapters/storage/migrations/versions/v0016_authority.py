"""An authority holds no template: the database refuses the row."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0016
from stile.adapters.storage.migrations.columns import WORDS

revision = "0016"
down_revision: str | None = "0015"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("operator", sa.Column("kind", WORDS, nullable=False, server_default="operator"))
    for statement in rules_0016.statements(op.get_bind().dialect.name):
        op.execute(statement)
