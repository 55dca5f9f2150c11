"""The Merkle log of the audit entries, and its signed checkpoints.

Entries that are there keep the digest of their chain, get their leaf hashes, and the hashes of the trees that they
complete. Records get a salt, with which their digest stands in the log: it goes with the record, and without it the
digest says nothing about what the record said.
"""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0004
from stile.adapters.storage.migrations.columns import UTC, WORDS, column

revision = "0004"
down_revision: str | None = "0003"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("leaf", sa.LargeBinary(), nullable=True))
    op.add_column("audit_entry", sa.Column("nodes", sa.LargeBinary(), nullable=True))
    rules_0004.hash_entries(op.get_bind())
    op.create_index("ix_audit_entry_subject_position", "audit_entry", ["subject", "position"])
    op.create_table(
        "audit_checkpoint",
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        column("note", WORDS),
    )
    op.create_table(
        "audit_stamp",
        sa.Column("size", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("authority", WORDS, primary_key=True),
        column("at", UTC),
        column("response", sa.LargeBinary()),
    )
    for table in ("passage", "consent", "adjudication"):
        op.add_column(table, sa.Column("salt", sa.LargeBinary(), nullable=True))
    for statement in rules_0004.statements(op.get_bind().dialect.name):
        op.execute(statement)
