"""Devices."""

from sqlalchemy import (
    Column,
    ForeignKey,
    Table,
)

from stile.adapters.storage.tables.base import metadata
from stile.adapters.storage.types import Id, Utc, Words
