"""Names and ages of backups. A backup's name says when it was made, so that nothing needs to be opened to find it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from stile.domain.errors import WrongValue

NAME = re.compile(r"stile-(\d{8}T\d{6}Z)\.stile-backup\.age")


@dataclass(frozen=True, slots=True)
class Backup:
    """`path`: where the file is. `size`: bytes."""

    path: str
    at: datetime
    size: int

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise WrongValue("times carry their zone")


def name_at(at: datetime) -> str:
    return f"stile-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.stile-backup.age"


def made_at(name: str) -> datetime | None:
    """None for what is no backup of ours: other files in the folder are left alone."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def too_many(backups: Sequence[Backup], keep: int) -> Sequence[Backup]:
    """Those to delete, so that the newest `keep` are left."""
    return sorted(backups, key=lambda one: one.at, reverse=True)[max(1, keep) :]
