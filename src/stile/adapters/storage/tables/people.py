"""Members, and what stands under their consent."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Table,
    UniqueConstraint,
    false,
    text,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words

member = Table(
    "member",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("number", Words, nullable=False, unique=True),
    Column("given_name", Words, nullable=False),
    Column("family_name", Words, nullable=False),
    Column("status", Words, nullable=False),
    Column("expires_on", Date),
    Column("version", Integer, nullable=False),
    Column("born_on", Date),
    Column("email", Words),
    Column("phone", Words),
    Column("kind", Words, nullable=False, server_default="member"),
    Column("centres", Words, nullable=False, server_default=text("''")),
    Column("hours", Words),
    Column("marketing", Boolean, nullable=False, server_default=false()),
    Column("marketing_at", Utc),
    Column("marketing_how", Words),
    Column("group_name", Words),
    Column("from_file", Boolean, nullable=False, server_default=false()),
    # Names as they are searched for: small letters without accents (`stile.domain.member.search_key`).
    Column("given_key", Words, nullable=False, server_default=text("''"), index=True),
    Column("family_key", Words, nullable=False, server_default=text("''"), index=True),
    Column("erased_at", Utc),
)

member_card = Table(
    "member_card",
    metadata,
    Column("card", Words, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False, index=True),
    Column("place", Integer, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False, index=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("notice_version", Words, nullable=False),
    Column("notice_sha256", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("given_by", Words, nullable=False),
    Column("given_at", Utc, nullable=False),
    Column("withdrawn_at", Utc),
    Column("version", Integer, nullable=False),
    Column("giver", Words, nullable=False, server_default=text("'member'")),
    Column("guardian_name", Words),
    Column("guardian_relation", Words),
    Column("offered", Words, nullable=False, server_default=text("'card'")),
    Column("assisted_by", Id),
    Column("salt", LargeBinary),
    UniqueConstraint("id", "member"),
    CheckConstraint("withdrawn_at IS NULL OR withdrawn_at >= given_at", name="order"),
)

template = Table(
    "template",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False),
    Column("pack", Words, nullable=False),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("consent", Id, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("shots", Integer, nullable=False),
    Column("made_at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("member", "pack"),
    # The pair, not the consent alone: a template cannot stand under somebody else's consent.
    ForeignKeyConstraint(["consent", "member"], ["consent.id", "consent.member"]),
)

member_key = Table(
    "member_key",
    metadata,
    Column("member", Id, primary_key=True),
    Column("pack", Words, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    ForeignKeyConstraint(["member", "pack"], ["template.member", "template.pack"]),
)

look_alike = Table(
    "look_alike",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, nullable=False),
    Column("other", Id, nullable=False, index=True),
    Column("pack", Words, nullable=False),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("found_at", Utc, nullable=False),
    Column("found_by", Words, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("member", "other", "pack"),
    # Of both templates: the fact that two members look alike is derived from them, and goes with either.
    ForeignKeyConstraint(["member", "pack"], ["template.member", "template.pack"]),
    ForeignKeyConstraint(["other", "pack"], ["template.member", "template.pack"]),
    CheckConstraint("member < other", name="order"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False, index=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("look_alike_allowed", Boolean, nullable=False, server_default=false()),
    Column("made_at", Utc),
    Column("made_by", Words),
    Column("sent_at", Utc),
    Column("channel", Words, nullable=False, server_default=text("'enrolment page'")),
    Column("assisted_by", Id),
    Column("lane", Id),
    Column("code", Words, index=True),
    Column("code_expires_at", Utc),
)
