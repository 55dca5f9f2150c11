"""Freedom of Information Act 2000 s. 10: an answer is due not later than the twentieth working day following receipt.

A working day is any day that is not a Saturday, a Sunday, Christmas Day, Good Friday or a bank holiday under the
Banking and Financial Dealings Act 1971 in any part of the United Kingdom (s. 10(6)): a holiday in one nation counts for
all of them. The day of receipt is day 0, whatever day it is and until midnight. Every due date comes with its working.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stile.domain.errors import WrongValue

DAYS = 20
"""S. 10(1)."""
MOST_DAYS = 400
"""Far beyond any period of the Act; more is a mistake."""


class Nation(StrEnum):
    ENGLAND = "England"
    WALES = "Wales"
    SCOTLAND = "Scotland"
    NORTHERN_IRELAND = "Northern Ireland"


@dataclass(frozen=True, slots=True)
class BankHoliday:
    """`name` as it is called, `nations` where it is kept."""

    name: str
    nations: tuple[Nation, ...]

    def __str__(self) -> str:
        if len(self.nations) == len(Nation):
            return f"{self.name} (United Kingdom)"
        *first, last = self.nations
        return f"{self.name} ({', '.join(first)} and {last})" if first else f"{self.name} ({last})"


@dataclass(frozen=True, slots=True)
class BankHolidays:
    """The holidays of whole years, and which data they are from.

    `first`, `last`: years that are covered. Days outside them cannot be counted: a year without its holidays would give
    an earlier date than the Act does.
    """

    days: Mapping[date, BankHoliday]
    first: int
    last: int
    version: str

    def why_not_working(self, day: date) -> str | None:
        """Why this is no working day; None when it is one. Raises WrongValue for a year that is not covered."""
        if not self.first <= day.year <= self.last:
            raise WrongValue(f"bank holidays are known for {self.first} to {self.last}, not for {day.year}")
        if (holiday := self.days.get(day)) is not None:
            return str(holiday)
        return {5: "Saturday", 6: "Sunday"}.get(day.weekday())


@dataclass(frozen=True, slots=True)
class Skipped:
    date: date
    why: str


@dataclass(frozen=True, slots=True)
class Due:
    """`due`: the last day on which the answer is in time. `skipped`: each day between that did not count."""

    received: date
    due: date
    days: int
    skipped: Sequence[Skipped]
    holidays_version: str


@dataclass(frozen=True, slots=True)
class Suspended:
    """Days that do not count, `first` and `last` among them: s. 10(2), from the fees notice to the fee."""

    first: date
    last: date
    why: str

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise WrongValue("a time that does not count ends after it began")


def due(received: date, holidays: BankHolidays, days: int = DAYS, suspended: Sequence[Suspended] = ()) -> Due:
    """The `days`-th working day following `received`, those that are `suspended` not counted.

    Raises WrongValue for a number of days, or years, that cannot be counted.
    """
    if not 1 <= days <= MOST_DAYS:
        raise WrongValue(f"expected 1 to {MOST_DAYS} working days, not {days}")
    day, left, skipped = received, days, []
    while left:
        day += timedelta(days=1)
        held = next((one.why for one in suspended if one.first <= day <= one.last), None)
        if why := holidays.why_not_working(day) or held:
            skipped.append(Skipped(day, why))
        else:
            left -= 1
    return Due(received, day, days, tuple(skipped), holidays.version)


def working_days_between(start: date, end: date, holidays: BankHolidays) -> int:
    """How many working days follow `start`, up to and with `end`; 0 when it does not lie after."""
    days = (end - start).days
    return sum(holidays.why_not_working(start + timedelta(days=n)) is None for n in range(1, days + 1))
