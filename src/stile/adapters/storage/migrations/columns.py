"""Shorthand of the migrations: how ids, times and words lie in both databases (`stile.adapters.storage.types`)."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

ID = sa.LargeBinary(16).with_variant(postgresql.UUID(as_uuid=True), "postgresql")
UTC = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
WORDS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def column(name: str, kind: sa.types.TypeEngine[Any], *refers: str, null: bool = False) -> sa.Column[Any]:
    """A column, with foreign keys to what it refers to."""
    return sa.Column(name, kind, *(sa.ForeignKey(one) for one in refers), nullable=null)
