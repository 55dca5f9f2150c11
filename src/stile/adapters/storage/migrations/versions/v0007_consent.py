"""Notices as versioned documents, consents of children, and links for a screen."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0007
from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0007"
down_revision: str | None = "0006"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _notices()
    _consents()
    _guardians()
    _invitations()
    for statement in rules_0007.statements(op.get_bind().dialect.name):
        op.execute(statement)


def _notices() -> None:
    op.create_table(
        "notice",
        sa.Column("sha256", WORDS, primary_key=True),
        column("version", WORDS),
        column("audience", WORDS),
        column("words", WORDS),
        column("first_shown_at", UTC),
    )
    op.create_index("ix_notice_version", "notice", ["version"])


def _consents() -> None:
    """Whoever consented so far was shown a notice that offered the card, and nobody else consented for them."""
    op.add_column("consent", _with_default("giver", "member"))
    op.add_column("consent", column("guardian_name", WORDS, null=True))
    op.add_column("consent", column("guardian_relation", WORDS, null=True))
    op.add_column("consent", _with_default("offered", "card"))
    op.add_column("consent", column("assisted_by", ID, null=True))


def _guardians() -> None:
    op.create_table(
        "guardian",
        sa.Column("id", ID, primary_key=True),
        column("member", ID, "member.id"),
        column("name", WORDS),
        column("relation", WORDS),
        column("email", WORDS, null=True),
        column("digest", WORDS, null=True),
        column("link_expires_at", UTC, null=True),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_guardian_member", "guardian", ["member"])
    op.create_table(
        "guardian_word",
        sa.Column("id", ID, primary_key=True),
        column("member", ID, "member.id"),
        column("guardian", ID, "guardian.id", null=True),
        column("said", WORDS),
        column("at", UTC),
        column("channel", WORDS),
        column("recorded_by", WORDS),
        column("notice_sha256", WORDS, null=True),
        column("excuse", WORDS, null=True),
    )
    op.create_index("ix_guardian_word_member_at", "guardian_word", ["member", "at"])


def _invitations() -> None:
    op.add_column("invitation", column("made_at", UTC, null=True))
    op.add_column("invitation", column("made_by", WORDS, null=True))
    op.add_column("invitation", column("sent_at", UTC, null=True))
    op.add_column("invitation", _with_default("channel", "enrolment page"))
    op.add_column("invitation", column("assisted_by", ID, null=True))
    op.add_column("invitation", column("lane", ID, null=True))
    op.add_column("invitation", column("code", WORDS, null=True))
    op.add_column("invitation", column("code_expires_at", UTC, null=True))
    op.create_index("ix_invitation_member", "invitation", ["member"])
    op.create_index("ix_invitation_code", "invitation", ["code"])


def _with_default(name: str, value: str) -> sa.Column[str]:
    return sa.Column(name, WORDS, nullable=False, server_default=sa.text(f"'{value}'"))
