"""A record's digest stands in the audit log, so that a later change of the record shows.

SHA-256 over a JSON array of the kind, the record's own random salt, and its fields in this order. The salt lies in the
record's row and goes with it: when the record is deleted at the end of its time, the digest that stays in the log says
nothing, not even to who can guess what the record said.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Double, Table

from stile.adapters.storage import tables
from stile.domain.audit import microseconds
from stile.domain.checkpoint import Kind

SALT_BYTES = 16

# Never shorten or re-order: the digests of kept records stand in kept logs. A consent's withdrawal is no change of it.
FIELDS: Mapping[Kind, tuple[Table, tuple[str, ...]]] = {
    Kind.PASSAGE: (
        tables.passage,
        (
            "id",
            "centre",
            "lane",
            "at",
            "method",
            "outcome",
            "reason",
            "member",
            "staff",
            "pack",
            "threshold",
            "gallery_size",
            "score",
            "ms",
        ),
    ),
    Kind.CONSENT: (
        tables.consent,
        (
            "id",
            "member",
            "centre",
            "notice_version",
            "notice_sha256",
            "channel",
            "given_by",
            "given_at",
            "giver",
            "guardian_name",
            "guardian_relation",
            "offered",
            "assisted_by",
        ),
    ),
    Kind.ADJUDICATION: (tables.adjudication, ("id", "passage", "centre", "verdict", "staff", "at")),
}


def new_salt() -> bytes:
    return secrets.token_bytes(SALT_BYTES)


def digest(kind: Kind, values: Mapping[str, object], salt: bytes) -> str:
    """In hex. `values`: by column, as they are written or as they come back; both give the same."""
    table, names = FIELDS[kind]
    fields = [_plain(values[name], isinstance(table.c[name].type, Double)) for name in names]
    text = json.dumps([kind, salt.hex(), *fields], separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any, is_float: bool) -> object:
    if is_float and value is not None:
        return float(value) + 0.0  # SQLite keeps 12 for 12.0, and 0.0 for -0.0
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return microseconds(value)
    return None if value is None else value if isinstance(value, int) else str(value)
