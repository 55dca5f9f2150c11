"""Weekly hours: the windows in which a membership admits, in the centre's local time.

Written in words, one group of days after another: `mon-fri 06:00-16:00; sat,sun 08:00-12:00`. A window begins with
its first minute and ends before its last: 06:00-16:00 admits at 15:59 and not at 16:00; 24:00 ends a day. A window
does not reach over midnight: it is written as two.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from stile.domain.errors import WrongValue

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60
MOST_WINDOWS = 50
_TIME = r"([01]\d|2[0-4]):([0-5]\d)"
_WINDOW = re.compile(rf"{_TIME}-{_TIME}")
_EXPECTED = "expected hours like “mon-fri 06:00-16:00; sat,sun 08:00-12:00”"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """`day`: 0 is Monday. `opens`, `closes`: minutes since midnight, local; the last minute does not count."""

    day: int
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.day <= 6:
            raise WrongValue(f"a day of the week is 0 to 6, not {self.day}")
        if not 0 <= self.opens < self.closes <= MIDNIGHT:
            raise WrongValue("a window opens before it closes, on one day, 24:00 at the latest")


@dataclass(frozen=True, slots=True)
class Hours:
    """Sorted windows that do not overlap, at least one: who is never admitted is suspended or lapsed."""

    windows: tuple[Window, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.windows) <= MOST_WINDOWS:
            raise WrongValue(f"hours have 1 to {MOST_WINDOWS} windows, not {len(self.windows)}")
        pairs = zip(self.windows, self.windows[1:], strict=False)
        if any(
            later.day < one.day or (later.day == one.day and later.opens < one.closes) for one, later in pairs
        ):
            raise WrongValue("the windows of hours are in order and do not overlap")

    def __contains__(self, local: datetime) -> bool:
        """Whether this moment, in the centre's local time, lies in a window."""
        minute = local.hour * 60 + local.minute
        return any(one.day == local.weekday() and one.opens <= minute < one.closes for one in self.windows)

    def __str__(self) -> str:
        """The shortest way to write them; `hours` reads it back."""
        by_day = [(day, tuple(group)) for day, group in groupby(self.windows, key=lambda one: one.day)]
        times = {day: ",".join(_shown(one) for one in group) for day, group in by_day}
        parts: list[str] = []
        for text in dict.fromkeys(times.values()):
            parts.append(f"{_days([day for day, own in times.items() if own == text])} {text}")
        return "; ".join(parts)


def hours(text: str) -> Hours | None:
    """Hours as written; None for an empty text, which is always. Raises WrongValue with what was expected."""
    plain = re.sub(r"\s+", " ", text.replace("–", "-")).strip().lower()
    if not plain or plain == "always":
        return None
    windows = [window for part in plain.split(";") if part.strip() for window in _part(part.strip())]
    return Hours(tuple(sorted(windows)))


def _part(text: str) -> Iterator[Window]:
    days, _, times = re.sub(r" ?([,-]) ?", r"\1", text).partition(" ")
    for day in _read_days(days):
        for one in times.split(","):
            found = _WINDOW.fullmatch(one)
            if found is None:
                raise WrongValue(_EXPECTED)
            opens_h, opens_m, closes_h, closes_m = (int(number) for number in found.groups())
            yield Window(day, opens_h * 60 + opens_m, closes_h * 60 + closes_m)


def _read_days(text: str) -> Iterable[int]:
    if text in ("daily", "every"):
        return range(7)
    days: list[int] = []
    for one in text.split(","):
        first, _, last = one.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise WrongValue(_EXPECTED)
        start, end = DAYS.index(first), DAYS.index(last or first)
        if end < start:
            raise WrongValue("days run from Monday to Sunday: write “fri-sun,mon”, not “fri-mon”")
        days.extend(range(start, end + 1))
    return days


def _days(numbers: list[int]) -> str:
    """`mon-fri`, `sat,sun`: runs of three and more are written as one."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}" if len(run) > 2 else ",".join(DAYS[one] for one in run)
        for run in runs
    )


def _shown(window: Window) -> str:
    return f"{_clock(window.opens)}-{_clock(window.closes)}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
