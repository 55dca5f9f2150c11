"""How a lane is asked and what it waits for; the site's own calibration; look-alikes; adjudicated passages."""

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations import rules_0002
from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _lanes()
    _invitations()
    _calibrations()
    _look_alikes()
    _adjudications()
    for statement in rules_0002.statements(op.get_bind().dialect.name):
        op.execute(statement)


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
    op.add_column("lane", column("zone", WORDS, null=True))
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
        column("centre", ID, "centre.id"),
        column("pack", WORDS),
        column("at", UTC),
        column("gallery_size", sa.Integer()),
        column("members", sa.Integer()),
        column("comparisons", sa.BigInteger()),
        column("left_out", sa.Integer()),
        column("points", WORDS),
        column("version", sa.Integer()),
    )
    op.create_index("ix_calibration_pack_at_id", "calibration", ["pack", "at", "id"])


def _look_alikes() -> None:
    op.create_table(
        "look_alike",
        sa.Column("id", ID, primary_key=True),
        column("member", ID),
        column("other", ID),
        column("pack", WORDS),
        column("centre", ID, "centre.id"),
        column("found_at", UTC),
        column("found_by", WORDS),
        column("version", sa.Integer()),
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
        column("passage", ID, "passage.id"),
        column("centre", ID, "centre.id"),
        column("verdict", WORDS),
        column("staff", ID, "staff.id"),
        column("at", UTC),
        column("version", sa.Integer()),
    )
    op.create_index("ix_adjudication_passage_at_id", "adjudication", ["passage", "at", "id"])
