"""The statistics of the s. 45 Code, counted from the requests themselves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from stile.domain.foi import Step
from stile.domain.foi_desk.counting import COUNTED, Period, case, quarters, years
from stile.domain.foi_desk.request import DraftVersion, FoiRequest
from stile.domain.ids import FoiRequestId
from stile.domain.working_days import BankHolidays
from stile.ports import Clock, Store

HELD_FOR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Statistics:
    """`since`: the first day that is counted; what was received before is not kept any more, or was not asked for."""

    since: date
    until: date
    quarters: tuple[Period, ...]
    years: tuple[Period, ...]


class FoiStatistics:
    def __init__(self, store: Store, clock: Clock, holidays: Callable[[], BankHolidays]) -> None:
        self._store, self._clock, self._holidays = store, clock, holidays
        self._published: tuple[datetime, Sequence[Period]] | None = None

    def published(self) -> Sequence[Period]:
        """Quarters that are over, of this year and the two before, from the first with a request on. Counted at most
        once an hour, whoever asks how often (law 4)."""
        now, held = self._clock.now(), self._published
        if held is None or not held[0] <= now < held[0] + HELD_FOR:
            today = self._clock.today()
            found = [one for one in self.of(date(today.year - 2, 1, 1)).quarters if one.last < today]
            with_one = next((n for n, one in enumerate(found) if one.received), len(found))
            first = found[with_one].first if with_one < len(found) else date.max
            held = self._published = (now, [one for one in found if one.first >= first])
        return held[1]

    def of(self, since: date | None = None, until: date | None = None) -> Statistics:
        """By quarter and by year, up to today; from the first request on where no day is given."""
        holidays, today = self._holidays(), self._clock.today()
        with self._store.read() as work:
            counted = [one for one in work.foi.all() if one.regime in COUNTED]
            first = since or min((one.received for one in counted), default=today)
            last = min(until or today, today)
            # Whole years: each period is told whole, whatever day of it was asked for.
            asked = [one for one in counted if first.year <= one.received.year <= last.year]
            versions: dict[FoiRequestId, list[DraftVersion]] = {}
            for version in work.foi.versions_of([one.id for one in asked if _went(one)]):
                versions.setdefault(version.request, []).append(version)
        answers = {one.id: _sent(one, versions[one.id]) for one in asked if one.id in versions}
        cases = [case(one, answers.get(one.id), holidays, today) for one in asked]
        return Statistics(first, last, tuple(quarters(cases, first, last)), tuple(years(cases, first, last)))


def _went(request: FoiRequest) -> bool:
    return any(one.step is Step.SEND for one in request.taken)


def _sent(request: FoiRequest, versions: Sequence[DraftVersion]) -> DraftVersion | None:
    """The version that went: the last one from before the day after it was sent, whatever a review made of it."""
    on = next(one.on for one in request.taken if one.step is Step.SEND)
    before = [one for one in versions if one.at.date() <= on]
    return before[-1] if before else versions[0] if versions else None
