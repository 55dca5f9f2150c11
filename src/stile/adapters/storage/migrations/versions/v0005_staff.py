"""Staff's roles, passkeys and second factors."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0005"
down_revision: str | None = "0004"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    for name, kind in (("joined_at", UTC), ("disabled_at", UTC), ("issuer", WORDS), ("subject", WORDS)):
        op.add_column("staff", column(name, kind, null=True))
    op.create_index("ix_staff_identity", "staff", ["issuer", "subject"], unique=True)
    _sessions()
    op.create_table(
        "staff_passkey",
        sa.Column("id", ID, primary_key=True),
        column("staff", ID, "staff.id"),
        sa.Column("credential", sa.LargeBinary(), nullable=False, unique=True),
        column("public_key", sa.LargeBinary()),
        column("counter", sa.BigInteger()),
        column("uses", sa.Integer()),
        column("name", WORDS),
        column("added_at", UTC),
        column("used_at", UTC, null=True),
    )
    op.create_index("ix_staff_passkey_staff", "staff_passkey", ["staff"])
    op.create_table(
        "staff_code_generator",
        sa.Column("staff", ID, sa.ForeignKey("staff.id"), primary_key=True),
        column("sealed", sa.LargeBinary()),
        column("last_step", sa.BigInteger()),
        column("made_at", UTC),
        column("confirmed_at", UTC, null=True),
    )
    op.create_table(
        "staff_recovery_code",
        column("staff", ID, "staff.id"),
        column("digest", WORDS),
        sa.UniqueConstraint("staff", "digest"),
    )
    op.create_table(
        "staff_link",
        sa.Column("digest", WORDS, primary_key=True),
        column("staff", ID, "staff.id"),
        column("expires_at", UTC),
        column("used_at", UTC, null=True),
    )
    op.create_index("ix_staff_link_staff", "staff_link", ["staff"])


def _sessions() -> None:
    """Made anew: everybody signs in once more, and so passes the second factor."""
    op.drop_table("staff_session")
    op.create_table(
        "staff_session",
        sa.Column("digest", WORDS, primary_key=True),
        column("staff", ID, "staff.id"),
        column("csrf", WORDS),
        column("made_at", UTC),
        column("seen_at", UTC),
        column("proved_at", UTC),
        column("expires_at", UTC),
        column("stage", WORDS),
        column("means", WORDS),
        column("browser", WORDS),
    )
    op.create_index("ix_staff_session_staff", "staff_session", ["staff"])
