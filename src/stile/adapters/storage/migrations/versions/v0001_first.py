"""The first tables, and the laws that the database itself keeps (`rules_0001`)."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stile.adapters.storage.migrations import rules_0001

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

# Written out and not imported from `types` and `tables`: those go on changing, what has run does not.
ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")
UTC = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _places()
    _people()
    _templates()
    _access()
    _records()
    for statement in rules_0001.statements(op.get_bind().dialect.name):
        op.execute(statement)


def _column(name: str, kind: sa.types.TypeEngine[Any], *refers: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *(sa.ForeignKey(one) for one in refers), nullable=null)


def _id() -> sa.Column[Any]:
    return sa.Column("id", ID, primary_key=True)


def _places() -> None:
    op.create_table("operator", _id(), _column("name", WORDS))
    op.create_table(
        "centre",
        _id(),
        _column("operator", ID, "operator.id"),
        _column("name", WORDS),
        _column("version", sa.Integer()),
    )
    op.create_table(
        "lane",
        _id(),
        _column("centre", ID, "centre.id"),
        _column("slug", WORDS),
        _column("name", WORDS),
        _column("door", WORDS),
        _column("face_mode", sa.Boolean()),
        _column("liveness", WORDS),
        _column("fpir", sa.Double()),
        _column("frames", sa.Integer()),
        _column("seconds", sa.Double()),
        _column("version", sa.Integer()),
        sa.UniqueConstraint("slug"),
    )


def _people() -> None:
    op.create_table(
        "member",
        _id(),
        _column("centre", ID, "centre.id"),
        _column("number", WORDS),
        _column("given_name", WORDS),
        _column("family_name", WORDS),
        _column("status", WORDS),
        _column("expires_on", sa.Date(), null=True),
        _column("version", sa.Integer()),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "member_card",
        sa.Column("card", WORDS, primary_key=True),
        _column("member", ID, "member.id"),
        _column("place", sa.Integer()),
    )
    op.create_index("ix_member_card_member", "member_card", ["member"])
    op.create_table(
        "consent",
        _id(),
        _column("member", ID, "member.id"),
        _column("centre", ID, "centre.id"),
        _column("notice_version", WORDS),
        _column("notice_sha256", WORDS),
        _column("channel", WORDS),
        _column("given_by", WORDS),
        _column("given_at", UTC),
        _column("withdrawn_at", UTC, null=True),
        _column("version", sa.Integer()),
        sa.UniqueConstraint("id", "member"),
        sa.CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="order"),
    )
    op.create_index("ix_consent_member", "consent", ["member"])


def _templates() -> None:
    op.create_table(
        "template",
        _id(),
        _column("member", ID, "member.id"),
        _column("pack", WORDS),
        _column("centre", ID, "centre.id"),
        _column("consent", ID),
        _column("sealed", sa.LargeBinary()),
        _column("shots", sa.Integer()),
        _column("made_at", UTC),
        _column("version", sa.Integer()),
        sa.UniqueConstraint("member", "pack"),
        sa.ForeignKeyConstraint(["consent", "member"], ["consent.id", "consent.member"]),
    )
    op.create_index("ix_template_consent", "template", ["consent"])
    op.create_table(
        "member_key",
        sa.Column("member", ID, primary_key=True),
        sa.Column("pack", WORDS, primary_key=True),
        _column("wrapped", sa.LargeBinary()),
        sa.ForeignKeyConstraint(["member", "pack"], ["template.member", "template.pack"]),
    )


def _access() -> None:
    op.create_table(
        "staff",
        _id(),
        _column("name", WORDS),
        _column("role", WORDS),
        _column("password_hash", WORDS),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", WORDS, primary_key=True),
        _column("staff", ID, "staff.id"),
        _column("csrf", WORDS),
        _column("expires_at", UTC),
    )
    op.create_table(
        "device",
        _id(),
        _column("lane", ID, "lane.id"),
        _column("digest", WORDS),
        _column("paired_at", UTC, null=True),
        _column("expires_at", UTC, null=True),
        sa.UniqueConstraint("digest"),
    )
    op.create_table(
        "invitation",
        _id(),
        _column("member", ID, "member.id"),
        _column("digest", WORDS),
        _column("expires_at", UTC),
        _column("used_at", UTC, null=True),
        sa.UniqueConstraint("digest"),
    )


def _records() -> None:
    op.create_table(
        "passage",
        _id(),
        _column("centre", ID, "centre.id"),
        _column("lane", ID, "lane.id"),
        _column("at", UTC),
        _column("method", WORDS),
        _column("outcome", WORDS),
        _column("reason", WORDS),
        _column("member", ID, "member.id", null=True),
        _column("staff", ID, "staff.id", null=True),
        _column("pack", WORDS, null=True),
        _column("threshold", sa.Double(), null=True),
        _column("gallery_size", sa.Integer(), null=True),
        _column("score", sa.Double(), null=True),
        _column("ms", sa.Double(), null=True),
        _column("version", sa.Integer()),
        sa.CheckConstraint("member IS NOT NULL OR score IS NULL", name="law_1"),
        sa.CheckConstraint(
            "(pack IS NULL) = (threshold IS NULL) AND (pack IS NULL) = (gallery_size IS NULL)"
            " AND (pack IS NOT NULL OR score IS NULL)",
            name="comparison",
        ),
    )
    op.create_index("ix_passage_at_id", "passage", ["at", "id"])
    op.create_index("ix_passage_lane_at_id", "passage", ["lane", "at", "id"])
    op.create_table(
        "audit_entry",
        sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
        _column("at", UTC),
        _column("event", WORDS),
        _column("actor", WORDS),
        _column("subject", WORDS),
        _column("detail", WORDS),
        _column("previous", WORDS),
        _column("digest", WORDS),
    )
    op.create_table(
        "outbox",
        _id(),
        _column("centre", ID),
        _column("kind", WORDS),
        _column("record", ID),
        _column("version", sa.Integer()),
        _column("at", UTC),
    )
