"""The settings in force, as a page may show them: each with where it came from, and no secret."""

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr

from stile.config import Settings
from stile.domain.register import OrganisationKind


class Origin(StrEnum):
    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"
    STARTED = "given at the start"


@dataclass(frozen=True, slots=True)
class Shown:
    name: str
    value: str
    origin: Origin
    description: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: Sequence[Shown]


GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Place and keys", ("data", "database", "site_key", "models", "pack", "eyes", "log_level")),
    ("Web", ("host", "port", "public_url", "allowed_hosts", "trusted_proxies", "tls_", "security_contact")),
    ("Staff", ("second_factor", "session_", "oidc_")),
    (
        "Notice and children",
        ("privacy_contact", "data_protection", "operator_", "notice_", "children", "adults_only"),
    ),
    ("Members and passages", ("time_zone", "country", "inside_", "door_", "import_", "pass_", "pin_")),
    ("Mail", ("mail_",)),
    ("Keeping", ("audit_", "time_stamp", "retention_", "backup_")),
    ("Quality of pictures", ("lane_quality", "enrolment_quality")),
)
"""Title, and the beginnings of the names. What fits nowhere stands under “More”."""

OF_LANES = (
    "models",
    "pack",
    "eyes",
    "notice_",
    "children",
    "adults_only",
    "inside_",
    "door_",
    "import_",
    "pass_",
    "pin_",
    "spot_",
    "lane_",
    "enrolment_",
)
"""Beginnings of the names of what an authority has no use for."""
OF_LANES_ALONE = ("Notice and children", "Members and passages", "Quality of pictures")
"""Titles over little or nothing there: what is left of them stands under “More”."""

NOT_SHOWN = "set, and not shown"


def groups(settings: Settings) -> list[Group]:
    is_authority = settings.organisation is OrganisationKind.AUTHORITY
    left = {one.name: one for one in shown(settings) if not (is_authority and one.name.startswith(OF_LANES))}
    made = []
    for title, beginnings in GROUPS:
        if is_authority and title in OF_LANES_ALONE:
            continue
        rows = [left.pop(name) for name in list(left) if name.startswith(beginnings)]
        if rows:
            made.append(Group(title, rows))
    return [*made, Group("More", list(left.values()))] if left else made


def shown(settings: Settings) -> Iterator[Shown]:
    """In the order of the class, which is that of the reference."""
    environment = {name.upper() for name in os.environ}
    in_file = _names_in_file(settings)
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        yield Shown(
            name, _told(value), _origin(name, value, field, environment, in_file), field.description or ""
        )


def _names_in_file(settings: Settings) -> set[str]:
    path = Path(os.environ.get("STILE_CONFIG") or settings.data / "stile.toml")
    try:
        return set(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return set()


def _origin(name: str, value: Any, field: Any, environment: set[str], in_file: set[str]) -> Origin:
    variable = f"STILE_{name.upper()}"
    if any(one == variable or one.startswith(f"{variable}__") for one in environment):
        return Origin.ENVIRONMENT
    if name in in_file:
        return Origin.FILE
    default = field.get_default(call_default_factory=True)
    return Origin.DEFAULT if value == default else Origin.STARTED


def _told(value: Any) -> str:
    if isinstance(value, SecretStr):
        return NOT_SHOWN
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, BaseModel):
        return ", ".join(f"{name} {_told(one)}" for name, one in value)
    if hasattr(value, "__dataclass_fields__"):
        return ", ".join(f"{name} {_told(getattr(value, name))}" for name in value.__dataclass_fields__)
    if isinstance(value, dict):
        return ", ".join(f"{key} → {_told(one)}" for key, one in value.items()) or "none"
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(_told, value)) or "none"
    if isinstance(value, float):
        return f"{value:g}"
    return re.sub(r"//[^/@\s]*@", "//…@", str(value))
