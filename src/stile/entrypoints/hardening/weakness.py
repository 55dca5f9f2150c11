"""What a check finds: one weak setting, and its mend."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from stile.config import Settings
from stile.domain.places import Lane
from stile.office import Office
from stile.ports import UnitOfWork

LONG_AGO = timedelta(days=90)


class Severity(StrEnum):
    """SEVERE: somebody outside could use it today. WEAK: it takes a second mistake. NOTE: worth knowing."""

    SEVERE = "severe"
    WEAK = "weak"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Weakness:
    """`id`: of the check. `about`: a lane, an account or a file, where it is one of many; never a member. `is_so`: how
    it is now. `mend`: what to do, with `code` between backticks."""

    id: str
    severity: Severity
    is_so: str
    mend: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a check may look at. `work`: one snapshot of the store for all checks."""

    office: Office
    work: UnitOfWork
    lanes: tuple[Lane, ...]
    now: datetime

    @property
    def settings(self) -> Settings:
        return self.office.settings


Check = Callable[[Look], Iterator[Weakness]]
