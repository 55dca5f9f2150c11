"""What was said no to is remembered beside the erasures."""

from alembic import op

from stile.adapters.storage.migrations import rules_0019

revision = "0019"
down_revision: str | None = "0018"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    for statement in rules_0019.statements(op.get_bind().dialect.name):
        op.execute(statement)
