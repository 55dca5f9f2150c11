"""Law 7: what a period says of a centre, from the store's own counts: the same for the console, the public account and
an answer to a request. Read only."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

from stile.domain.count_figures import Counts, figures_of
from stile.domain.errors import NotFound
from stile.domain.figures import Figures, Measure, Period, months
from stile.domain.ids import CentreId
from stile.domain.member_groups import GroupFigures, group_figures
from stile.domain.waits import Counted, rows_of
from stile.ports import Clock, Store, UnitOfWork

ALL = "All centres"


class MeasurePeriod:
    def __init__(self, store: Store, clock: Clock, zone: ZoneInfo, groups: Sequence[str] = ()) -> None:
        """`zone`: of the centres' own clock, by which a day begins. `groups`: that members may place themselves in."""
        self._store, self._clock, self._zone = store, clock, zone
        self._groups = tuple(groups)
        self._over = _Over()

    def of(self, period: Period, centre: CentreId | None = None) -> Figures:
        """One centre, or None for all together. Raises NotFound for a centre that is not there."""
        with self._store.read() as work:
            return self._of(work, period, centre, _place(work, centre))

    def by_centre(self, period: Period) -> Sequence[Figures]:
        """Each centre, in the order of their names."""
        with self._store.read() as work:
            return [self._of(work, period, one.id, one.name) for one in work.centres.all()]

    def by_month(self, count: int = 12, centre: CentreId | None = None) -> Sequence[Figures]:
        """So many calendar months up to now's, oldest first; the last one is not over yet. Months before anything was
        counted are left out: nobody came is not the same as nobody counted."""
        today = self._clock.today()
        with self._store.read() as work:
            first, place = work.figures.first_day() or today, _place(work, centre)
            return [
                self._month(work, one, centre, place) for one in months(today, count) if one.last >= first
            ]

    def every_month(self, count: int = 24) -> Sequence[Figures]:
        """So many months up to now's, oldest first: of each, every centre and then all together. What is published."""
        today = self._clock.today()
        with self._store.read() as work:
            first, centres = work.figures.first_day() or today, work.centres.all()
            return [
                self._month(work, period, *place)
                for period in months(today, count)
                if period.last >= first
                for place in (*((one.id, one.name) for one in centres), (None, ALL))
            ]

    def first_day(self) -> date | None:
        """Of which anything was counted."""
        with self._store.read() as work:
            return work.figures.first_day()

    def groups(self, period: Period) -> GroupFigures | None:
        """By the groups that members stated, of all centres together, as far as it may be shown. None where the
        operator collects none."""
        if not self._groups:
            return None
        days, moments = self._bounds(period)
        with self._store.read() as work:
            return group_figures(period, self._groups, work.groups.counts(days, moments))

    def since(self, day: date) -> Period:
        """From that day to today."""
        return Period(min(day, self._clock.today()), self._clock.today())

    def _of(self, work: UnitOfWork, period: Period, centre: CentreId | None, place: str) -> Figures:
        days, moments = self._bounds(period)
        counts = work.figures.counts(days, moments, centre)
        ended = [Counted(one.method, one.outcome, one.reason, one.count) for one in counts.passages]
        waits = rows_of(ended, work.figures.waits(days, centre))
        return Figures(centre, place, period, figures_of(counts), tuple(waits), limits(counts))

    def _month(self, work: UnitOfWork, period: Period, centre: CentreId | None, place: str) -> Figures:
        """A month that is over is counted once, until somebody looks into a passage again: a year of waits is too much
        to be read for every visitor."""
        if period.last >= self._clock.today():
            return self._of(work, period, centre, place)
        looked = work.figures.looked_until()
        kept = self._over.get(looked, period, centre)
        if kept is None or kept.place != place:
            kept = self._of(work, period, centre, place)
            self._over.keep(looked, kept)
        return kept

    def _bounds(self, period: Period) -> tuple[tuple[date, date], tuple[datetime, datetime]]:
        """The days, and the moments in which the first began and the last ended."""
        moments = (self._begins(period.first), self._begins(period.last + timedelta(days=1)))
        return (period.first, period.last), moments

    def _begins(self, day: date) -> datetime:
        return datetime.combine(day, time(), self._zone)


Looked = tuple[datetime | None, datetime | None]


class _Over:
    """Months that are over, as long as nobody looks into a passage again. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._looked: Looked = (None, None)
        self._months: dict[tuple[Period, CentreId | None], Figures] = {}

    def get(self, looked: Looked, period: Period, centre: CentreId | None) -> Figures | None:
        with self._lock:
            return self._months.get((period, centre)) if looked == self._looked else None

    def keep(self, looked: Looked, figures: Figures) -> None:
        with self._lock:
            if looked != self._looked:
                self._months.clear()
                self._looked = looked
            self._months[figures.period, figures.centre] = figures


def limits(counts: Counts) -> tuple[str, ...]:
    """What must be said beside figures, in sentences."""
    found = {one.measure: one.count for one in figures_of(counts)}
    if not found[Measure.ATTEMPTS]:
        return ("Nobody came by face in this time, so no error rate was measured.",)
    said = [
        "False alerts, false refusals and attacks are those that somebody noticed and reported: each of those rates is "
        "a lower bound."
    ]
    drawn, answered = found[Measure.SPOT_CHECKS], found[Measure.SPOT_CHECKS_ANSWERED]
    if not drawn:
        said.append("No admission was drawn for a spot check, so the false-admit rate was not estimated.")
    elif answered != drawn:
        said.append(
            f"{answered:,} of {drawn:,} spot checks were answered. The rest are missing; those that were answered "
            "stand for them."
        )
    said.append("Several attempts of one person are not told apart: nothing is kept of a stranger.")
    return tuple(said)


def _place(work: UnitOfWork, centre: CentreId | None) -> str:
    if centre is None:
        return ALL
    found = work.centres.get(centre)
    if found is None:
        raise NotFound("There is no such centre.")
    return found.name
