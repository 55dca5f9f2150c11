"""Who a member is, and what their membership admits to; who is inside; what an import brings."""

import unicodedata

import sqlalchemy as sa
from alembic import op

from stile.adapters.storage.migrations.columns import ID, UTC, WORDS, column

revision = "0003"
down_revision: str | None = "0002"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    _members()
    _presence()
    _imports()
    op.create_index("ix_passage_member_at_id", "passage", ["member", "at", "id"])


def _members() -> None:
    op.add_column("member", column("born_on", sa.Date(), null=True))
    op.add_column("member", column("email", WORDS, null=True))
    op.add_column("member", column("phone", WORDS, null=True))
    op.add_column("member", sa.Column("kind", WORDS, nullable=False, server_default="member"))
    op.add_column("member", sa.Column("centres", WORDS, nullable=False, server_default=sa.text("''")))
    op.add_column("member", column("hours", WORDS, null=True))
    op.add_column("member", sa.Column("marketing", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("member", column("marketing_at", UTC, null=True))
    op.add_column("member", column("marketing_how", WORDS, null=True))
    op.add_column("member", column("group_name", WORDS, null=True))
    op.add_column("member", sa.Column("from_file", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("member", sa.Column("given_key", WORDS, nullable=False, server_default=sa.text("''")))
    op.add_column("member", sa.Column("family_key", WORDS, nullable=False, server_default=sa.text("''")))
    _fill_keys()
    op.create_index("ix_member_given_key", "member", ["given_key"])
    op.create_index("ix_member_family_key", "member", ["family_key"])


def _fill_keys() -> None:
    """Those who are members already are found by name as well."""
    member = sa.table(
        "member",
        *(
            sa.column(name, kind)
            for name, kind in (("id", ID), ("given_name", WORDS), ("family_name", WORDS))
        ),
        *(sa.column(name, WORDS) for name in ("given_key", "family_key")),
    )
    connection = op.get_bind()
    known = connection.execute(sa.select(member.c.id, member.c.given_name, member.c.family_name)).all()
    if known:
        change = (
            sa.update(member)
            .where(member.c.id == sa.bindparam("known"))
            .values(given_key=sa.bindparam("given"), family_key=sa.bindparam("family"))
        )
        rows = [{"known": id, "given": _key(given), "family": _key(family)} for id, given, family in known]
        connection.execute(change, rows)


def _key(name: str) -> str:
    """As `stile.domain.member.search_key` was when this migration was written."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(char for char in plain if not unicodedata.combining(char)).split())


def _presence() -> None:
    op.add_column("centre", column("capacity", sa.Integer(), null=True))
    op.add_column("lane", sa.Column("anti_passback", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "presence",
        sa.Column("id", ID, primary_key=True),
        column("centre", ID, "centre.id"),
        column("member", ID, "member.id", null=True),
        column("at", UTC),
        sa.UniqueConstraint("member"),
    )
    op.create_index("ix_presence_centre_at", "presence", ["centre", "at"])


def _imports() -> None:
    op.create_table(
        "member_import",
        sa.Column("id", ID, primary_key=True),
        column("centre", ID, "centre.id"),
        column("at", UTC),
        column("actor", WORDS),
        column("source", WORDS),
        column("sha256", WORDS),
        *(
            column(name, sa.Integer())
            for name in ("rows", "added", "changed", "unchanged", "lapsed", "errors")
        ),
        column("finished_at", UTC, null=True),
        column("version", sa.Integer()),
    )
    op.create_index("ix_member_import_at_id", "member_import", ["at", "id"])
    op.create_table(
        "member_staged",
        sa.Column("import_id", ID, primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        column("member", ID),
        column("was", sa.Integer()),
        column("body", WORDS),
    )
