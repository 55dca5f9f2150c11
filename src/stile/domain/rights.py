"""The clocks of the rights: a request is answered within one calendar month, a complaint acknowledged within 30 days.

UK GDPR Arts. 12(3) and 12A (as amended by the Data (Use and Access) Act 2025, s. 76), DPA 2018 s. 164A (inserted by
s. 103). Periods are counted as Art. 3 of Regulation 1182/71 says, which UK GDPR and DPA 2018 both point to: the day of
the event does not count, a month ends with the day of the same number or, where there is none, the month's last day.

These are calendar days. The clock of a Freedom of Information request counts working days and shares nothing with it.
"""

import calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from stile.domain.errors import WrongValue

MONTHS, FURTHER_MONTHS = 1, 2
"""Art. 12A(1) and (3)."""
ACKNOWLEDGED_WITHIN = timedelta(days=30)
"""DPA 2018 s. 164A(3)."""
DAY = timedelta(days=1)

Rests = Callable[[date], bool]
"""Whether a day is a Saturday, a Sunday or a public holiday."""


def is_weekend(day: date) -> bool:
    """The rest days that need no list of holidays. Without such a list no clock is late: a last day that is a public
    holiday would move on by law, and stands here."""
    return day.weekday() >= 5


@dataclass(frozen=True, slots=True)
class Pause:
    """Something was asked of the person on the day `asked`, and came on the day `answered`; None while it has not."""

    asked: date
    answered: date | None = None

    def __post_init__(self) -> None:
        if self.answered is not None and self.answered < self.asked:
            raise WrongValue(f"an answer comes after its question of {self.asked}, not on {self.answered}")


def month_after(day: date, months: int = 1) -> date:
    """The day of the same number so many months later, or the last day of that month where it has no such day."""
    whole = day.year * 12 + day.month - 1 + months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def answer_by(
    received: date,
    *,
    identity: Pause | None = None,
    clarifications: Sequence[Pause] = (),
    extended: bool = False,
    rests: Rests = is_weekend,
) -> date | None:
    """The last day to answer a request on; None while the clock is stopped.

    Identity that was asked for in good time: the month begins anew with the day it is shown (Art. 12A(2)(b)). Asked
    for only after the month was over it moves nothing, or asking late would mend being late. Clarification: the days
    from asking to the answer, both included, do not count (Art. 12A(5)). `extended`: two further months, told within
    the first (Art. 12A(3) and (4)).
    """
    began = received
    if identity is not None and identity.asked <= month_after(received):
        if identity.answered is None:
            return None
        began = identity.answered
    end = month_after(began, MONTHS + (FURTHER_MONTHS if extended else 0))
    for pause in sorted(clarifications, key=lambda one: one.asked):
        if pause.asked > end:  # over already: a question does not bring it back
            continue
        if pause.answered is None:
            return None
        from_then = max(pause.asked, began + DAY)  # the first day never counted
        end += max(timedelta(), pause.answered - from_then + DAY)
    return next_day_that_counts(end, rests)


def next_day_that_counts(day: date, rests: Rests = is_weekend) -> date:
    """A period that would end on a Saturday, Sunday or public holiday ends with the next working day."""
    while rests(day):
        day += DAY
    return day


def acknowledge_by(received: date) -> date:
    """The last day to acknowledge a complaint on. A weekend does not move it: whoever keeps to it is always in time."""
    return received + ACKNOWLEDGED_WITHIN
