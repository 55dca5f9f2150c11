"""What the pages of requests share: who asks, and values out of forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from stile.domain.errors import WrongValue
from stile.domain.member import Member
from stile.domain.rights_request import RightsRequest
from stile.ports import UnitOfWork

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Row:
    """A request, and the member who asks; None where it is nobody known here."""

    request: RightsRequest
    member: Member | None

    @property
    def who(self) -> str:
        return self.member.full_name if self.member else self.request.who


def rows(work: UnitOfWork, requests: Sequence[RightsRequest]) -> list[Row]:
    return [Row(one, work.members.get(one.member) if one.member else None) for one in requests]


def day(text: str) -> date | None:
    """Raises WrongValue."""
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongValue("A date is written like 2026-12-31.") from None


def one_of(kind: type[E], value: str, otherwise: str) -> E:
    """Raises WrongValue with the words `otherwise`."""
    try:
        return kind(value)
    except ValueError:
        raise WrongValue(otherwise) from None
