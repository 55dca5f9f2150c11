"""What is kept, and nothing else: a table missing here is data that Stile does not hold.

Law 1: there is no column for a picture, a probe or a score without a member.
Law 2: a template cannot be stored without naming its consent; the triggers of the migrations hold the rest.

The migrations build these tables; a test holds the two against each other on both databases.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    false,
    text,
)

from stile.adapters.storage.types import Id, Utc, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

operator = Table(
    "operator",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
)

centre = Table(
    "centre",
    metadata,
    Column("id", Id, primary_key=True),
    Column("operator", Id, ForeignKey("operator.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("version", Integer, nullable=False),
)

lane = Table(
    "lane",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("slug", Words, nullable=False, unique=True),
    Column("name", Words, nullable=False),
    Column("door", Words, nullable=False),
    Column("face_mode", Boolean, nullable=False),
    Column("liveness", Words, nullable=False),
    Column("fpir", Double, nullable=False),
    Column("frames", Integer, nullable=False),
    Column("seconds", Double, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ask", Words, nullable=False, server_default="touch"),
    Column("least_face", Double, nullable=False, server_default=text("0.12")),
    Column("attempts", Integer, nullable=False, server_default=text("2")),
    Column("fmr", Double, nullable=False, server_default=text("0.00001")),
    Column("patience", Double, nullable=False, server_default=text("10.0")),
    Column("zone", Words),
)

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

calibration = Table(
    "calibration",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("pack", Words, nullable=False),
    Column("at", Utc, nullable=False),
    Column("gallery_size", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("comparisons", BigInteger, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("points", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "pack", "at", "id"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False, unique=True),
    Column("role", Words, nullable=False),
    Column("password_hash", Words, nullable=False),
)

passage = Table(
    "passage",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("method", Words, nullable=False),
    Column("outcome", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("member", Id, ForeignKey("member.id")),
    Column("staff", Id, ForeignKey("staff.id")),
    Column("pack", Words),
    Column("threshold", Double),
    Column("gallery_size", Integer),
    Column("score", Double),
    Column("ms", Double),
    Column("version", Integer, nullable=False),
    CheckConstraint("member IS NOT NULL OR score IS NULL", name="law_1"),
    CheckConstraint(
        "(pack IS NULL) = (threshold IS NULL) AND (pack IS NULL) = (gallery_size IS NULL)"
        " AND (pack IS NOT NULL OR score IS NULL)",
        name="comparison",
    ),
    Index(None, "at", "id"),
    Index(None, "lane", "at", "id"),
)

adjudication = Table(
    "adjudication",
    metadata,
    Column("id", Id, primary_key=True),
    Column("passage", Id, ForeignKey("passage.id"), nullable=False),
    Column("centre", Id, ForeignKey("centre.id"), nullable=False),
    Column("verdict", Words, nullable=False),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False),
    Column("at", Utc, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "passage", "at", "id"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("event", Words, nullable=False),
    Column("actor", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("detail", Words, nullable=False),
    Column("previous", Words, nullable=False),
    Column("digest", Words, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("centre", Id, nullable=False),
    Column("kind", Words, nullable=False),
    Column("record", Id, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Utc, nullable=False),
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("digest", Words, primary_key=True),
    Column("staff", Id, ForeignKey("staff.id"), nullable=False),
    Column("csrf", Words, nullable=False),
    Column("expires_at", Utc, nullable=False),
)

device = Table(
    "device",
    metadata,
    Column("id", Id, primary_key=True),
    Column("lane", Id, ForeignKey("lane.id"), nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("paired_at", Utc),
    Column("expires_at", Utc),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("member", Id, ForeignKey("member.id"), nullable=False),
    Column("digest", Words, nullable=False, unique=True),
    Column("expires_at", Utc, nullable=False),
    Column("used_at", Utc),
    Column("look_alike_allowed", Boolean, nullable=False, server_default=false()),
)
