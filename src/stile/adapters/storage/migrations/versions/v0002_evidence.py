"""How a lane is asked and what it waits for; the site's own calibration; look-alikes; adjudicated passages."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from stile.adapters.storage.migrations import rules_0002

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")
UTC = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _lanes()
    _invitations()
    _calibrations()
    _look_alikes()
    _adjudications()
    for statement in rules_0002.statements(op.get_bind().dialect.name):
        op.execute(statement)


def _column(name: str, kind: sa.types.TypeEngine[Any], *refers: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind, *(sa.ForeignKey(one) for one in refers), nullable=null)


def _lanes() -> None:
    # The defaults stay in the database: SQLite can take one away only by copying the table, and others refer to it.
    for name, kind, default in (
        ("ask", WORDS, "touch"),
        ("least_face", sa.Double(), sa.text("0.12")),
        ("attempts", sa.Integer(), sa.text("2")),
        ("fmr", sa.Double(), sa.text("0.00001")),
        ("patience", sa.Double(), sa.text("10.0")),
    ):
        op.add_column("lane", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("lane", _column("zone", WORDS, null=True))
    # Until now it was how long a lane waits, which is `patience` from here on.
    op.execute("UPDATE lane SET seconds = 1.5, version = version + 1")


def _invitations() -> None:
    op.add_column(
        "invitation",
        sa.Column("look_alike_allowed", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def _calibrations() -> None:
    op.create_table(
        "calibration",
        sa.Column("id", ID, primary_key=True),
        _column("centre", ID, "centre.id"),
        _column("pack", WORDS),
        _column("at", UTC),
        _column("gallery_size", sa.Integer()),
        _column("members", sa.Integer()),
        _column("comparisons", sa.BigInteger()),
        _column("left_out", sa.Integer()),
        _column("points", WORDS),
        _column("version", sa.Integer()),
    )
    op.create_index("ix_calibration_pack_at_id", "calibration", ["pack", "at", "id"])


def _look_alikes() -> None:
    op.create_table(
        "look_alike",
        sa.Column("id", ID, primary_key=True),
        _column("member", ID),
        _column("other", ID),
        _column("pack", WORDS),
        _column("centre", ID, "centre.id"),
        _column("found_at", UTC),
        _column("found_by", WORDS),
        _column("version", sa.Integer()),
        sa.UniqueConstraint("member", "other", "pack"),
        sa.ForeignKeyConstraint(["member", "pack"], ["template.member", "template.pack"]),
        sa.ForeignKeyConstraint(["other", "pack"], ["template.member", "template.pack"]),
        sa.CheckConstraint("member < other", name="order"),
    )
    op.create_index("ix_look_alike_other", "look_alike", ["other"])


def _adjudications() -> None:
    op.create_table(
        "adjudication",
        sa.Column("id", ID, primary_key=True),
        _column("passage", ID, "passage.id"),
        _column("centre", ID, "centre.id"),
        _column("verdict", WORDS),
        _column("staff", ID, "staff.id"),
        _column("at", UTC),
        _column("version", sa.Integer()),
    )
    op.create_index("ix_adjudication_passage_at_id", "adjudication", ["passage", "at", "id"])
