"""Operator, centres, lanes."""

from sqlalchemy import (
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    Table,
    false,
    text,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Words

operator = Table(
    "operator",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Words, nullable=False),
    Column("kind", Words, nullable=False, server_default="operator"),
)

centre = Table(
    "centre",
    metadata,
    Column("id", Id, primary_key=True),
    Column("operator", Id, ForeignKey("operator.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("capacity", Integer),
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
    Column("anti_passback", Boolean, nullable=False, server_default=false()),
)
