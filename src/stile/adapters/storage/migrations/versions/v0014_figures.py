"""Spot checks: who was asked about, with what probability, and what the desk said."""

revision = "0014"
down_revision: str | None = "0013"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    pass
