"""Whether a link to a member's own page was sent to their address, or shown by reception."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision: str | None = "0017"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    for table in ("own_link", "own_session"):  # of those that stand nobody knows: they are taken as shown
        op.add_column(table, sa.Column("sent", sa.Boolean(), nullable=False, server_default=sa.false()))
