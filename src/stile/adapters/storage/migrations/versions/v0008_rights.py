"""Requests, complaints, and members' own sessions."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0008
from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0008"
down_revision: str | None = "0007"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _requests()
    _own_page()
    op.create_table(
        "face_restriction",
        sa.Column("member", ID, sa.ForeignKey("member.id"), primary_key=True),
        column("since", UTC),
    )
    for statement in rules_0008.statements(op.get_bind().dialect.name):
        op.execute(statement)


def _requests() -> None:
    op.create_table(
        "rights_request",
        sa.Column("id", ID, primary_key=True),
        column("number", sa.Integer()),
        column("centre", ID, "centre.id"),
        column("kind", WORDS),
        column("came_by", WORDS),
        column("member", ID, "member.id", null=True),
        column("who", WORDS),
        column("contact", WORDS),
        column("words", WORDS),
        column("state", WORDS),
        column("received_on", sa.Date()),
        column("version", sa.Integer()),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_rights_request_member", "rights_request", ["member"])
    op.create_index("ix_rights_request_state_received_on", "rights_request", ["state", "received_on"])
    op.create_table(
        "rights_entry",
        sa.Column("request", ID, sa.ForeignKey("rights_request.id"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        column("step", WORDS),
        column("on", sa.Date()),
        column("at", UTC),
        column("actor", WORDS),
        column("note", WORDS),
        column("ground", WORDS, null=True),
    )


def _own_page() -> None:
    op.create_table(
        "own_link",
        sa.Column("id", ID, primary_key=True),
        column("member", ID, "member.id"),
        column("digest", WORDS),
        column("expires_at", UTC),
        column("used_at", UTC, null=True),
        sa.UniqueConstraint("digest"),
    )
    op.create_index("ix_own_link_member", "own_link", ["member"])
    op.create_table(
        "own_session",
        sa.Column("digest", WORDS, primary_key=True),
        column("member", ID, "member.id"),
        column("csrf", WORDS),
        column("begun_at", UTC),
        column("seen_at", UTC),
    )
    op.create_index("ix_own_session_member", "own_session", ["member"])
