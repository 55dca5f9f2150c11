"""Versions of data protection impact assessments."""

from sqlalchemy import Column, Integer, Table

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Utc, Words

assessment = Table(
    "assessment",
    metadata,
    Column("deployment", Words, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("at", Utc, nullable=False),
    Column("by", Words, nullable=False),
    Column("answers", Words, nullable=False),
    Column("risks", Words, nullable=False),
)
