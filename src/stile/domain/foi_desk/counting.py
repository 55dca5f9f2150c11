"""How requests were handled, in the figures that the Code of Practice under s. 45 asks for (July 2018, 8.5): received,
not yet answered, answered in time, with more time, or late; granted, in part, refused, not held; and reviews.

Counts of an institution, told exactly; a rate has its two numbers beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum

from stile.domain.errors import WrongValue
from stile.domain.foi import State, Step, Taken, answer_due
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.request import DraftVersion, FoiRequest
from stile.domain.working_days import BankHolidays

COUNTED = (Regime.FOI, Regime.EIR)
"""Subject access and business as usual are not requests under Part 1 of the Act."""
STOPPED = frozenset((State.CLARIFYING, State.FEE_HOLD, State.NOT_VALID))


class Outcome(StrEnum):
    GRANTED = "granted in full"
    PART = "granted in part"
    REFUSED = "refused in full"
    NOT_HELD = "not held"
    ENDED = "withdrawn or lapsed, without an answer"
    OPEN = "not yet answered"


class InTime(StrEnum):
    WITHIN = "within 20 working days"
    EXTENDED = "within an extension"
    LATE = "later than the law allows"


@dataclass(frozen=True, slots=True)
class Case:
    """One request as it is counted. `in_time`: where it was answered. `extended`, `stopped`: of one that is open."""

    received: date
    regime: Regime
    outcome: Outcome
    in_time: InTime | None = None
    extended: bool = False
    stopped: bool = False
    overdue: bool = False
    review: bool = False

    def __post_init__(self) -> None:
        if (self.in_time is None) is not (self.outcome in (Outcome.ENDED, Outcome.OPEN)):
            raise WrongValue("an answered request was answered in time or late, and no other was")


def case(request: FoiRequest, version: DraftVersion | None, holidays: BankHolidays, today: date) -> Case:
    """`version`: the answer as it was sent."""
    taken = request.taken
    sent = next((n for n, one in enumerate(taken) if one.step is Step.SEND), None)
    review = any(one.step is Step.ASK_REVIEW for one in taken)
    if sent is not None:
        on = taken[sent].on
        due = answer_due(request.received, taken[:sent], holidays, on).due
        extended = _extended(taken[:sent])
        kept = InTime.EXTENDED if extended else InTime.WITHIN
        return Case(
            request.received,
            request.regime,
            outcome(version),
            kept if on <= due else InTime.LATE,
            review=review,
        )
    if request.state in (State.CLOSED, State.LAPSED):
        return Case(request.received, request.regime, Outcome.ENDED, review=review)
    stopped = request.state in STOPPED
    due = answer_due(request.received, taken, holidays, today).due
    return Case(
        request.received,
        request.regime,
        Outcome.OPEN,
        extended=_extended(taken),
        stopped=stopped,
        overdue=not stopped and today > due,
        review=review,
    )


def _extended(taken: Iterable[Taken]) -> bool:
    return any(one.step is Step.WEIGH for one in taken)


def outcome(version: DraftVersion | None) -> Outcome:
    """What became of a request, by the answers to its questions."""
    if version is None or not version.answers:
        return Outcome.PART
    refused = [one.refusal is not None for one in version.answers]
    held = {one.held for one in version.answers if one.refusal is None}
    if all(refused):
        return Outcome.REFUSED
    if not any(refused) and held == {Held.HELD}:
        return Outcome.GRANTED
    if not any(refused) and held == {Held.NOT_HELD}:
        return Outcome.NOT_HELD
    return Outcome.PART


@dataclass(frozen=True, slots=True)
class Period:
    """A quarter or a year of one regime. Each field is a count, named as the published table names it."""

    first: date
    last: date
    regime: Regime
    received: int
    outstanding: int
    outstanding_extended: int
    outstanding_clock_stopped: int
    outstanding_overdue: int
    answered: int
    answered_within_20_days: int
    answered_within_extension: int
    answered_late: int
    granted_in_full: int
    granted_in_part: int
    refused_in_full: int
    information_not_held: int
    withdrawn_or_lapsed: int
    internal_reviews_requested: int

    def __post_init__(self) -> None:
        if self.received != self.outstanding + self.answered + self.withdrawn_or_lapsed:
            raise WrongValue("what was received is open, answered, or ended without an answer")
        kinds = self.granted_in_full + self.granted_in_part + self.refused_in_full + self.information_not_held
        times = self.answered_within_20_days + self.answered_within_extension + self.answered_late
        if not self.answered == kinds == times:
            raise WrongValue("each answer is counted once by what it gave, and once by when it came")

    @property
    def in_time(self) -> float | None:
        """Share of the answers that came in time, extensions included; None where there was no answer."""
        if not self.answered:
            return None
        return (self.answered_within_20_days + self.answered_within_extension) / self.answered

    @property
    def name(self) -> str:
        if (self.first.month, self.last.month) == (1, 12):
            return str(self.first.year)
        return f"{self.first.year} Q{(self.first.month + 2) // 3}"


def quarters(cases: Sequence[Case], since: date, until: date) -> Sequence[Period]:
    """Calendar quarters from the one of `since` to that of `until`, each regime that had a request in that time; the
    newest last. A quarter without a request is told as such."""
    return _periods(
        cases, [(y, q * 3 + 1, 3) for y in range(since.year, until.year + 1) for q in range(4)], since, until
    )


def years(cases: Sequence[Case], since: date, until: date) -> Sequence[Period]:
    """The same by calendar year: reviews are reported by the year (8.5)."""
    return _periods(cases, [(y, 1, 12) for y in range(since.year, until.year + 1)], since, until)


def _periods(
    cases: Sequence[Case], spans: Sequence[tuple[int, int, int]], since: date, until: date
) -> Sequence[Period]:
    regimes = [one for one in COUNTED if one is Regime.FOI or any(found.regime is one for found in cases)]
    made = []
    for year, month, months in spans:
        first = date(year, month, 1)
        after = date(year + (month + months > 12), (month + months - 1) % 12 + 1, 1)
        last = date.fromordinal(after.toordinal() - 1)
        if last < since or first > until:
            continue
        for regime in regimes:
            made.append(
                _counted(
                    first,
                    last,
                    regime,
                    [one for one in cases if one.regime is regime and first <= one.received <= last],
                )
            )
    return made


def _counted(first: date, last: date, regime: Regime, cases: Sequence[Case]) -> Period:
    open_ = [one for one in cases if one.outcome is Outcome.OPEN]
    outcomes = [one.outcome for one in cases]
    times = [one.in_time for one in cases]
    return Period(
        first,
        last,
        regime,
        received=len(cases),
        outstanding=len(open_),
        outstanding_extended=sum(one.extended for one in open_),
        outstanding_clock_stopped=sum(one.stopped for one in open_),
        outstanding_overdue=sum(one.overdue for one in open_),
        answered=sum(one is not None for one in times),
        answered_within_20_days=times.count(InTime.WITHIN),
        answered_within_extension=times.count(InTime.EXTENDED),
        answered_late=times.count(InTime.LATE),
        granted_in_full=outcomes.count(Outcome.GRANTED),
        granted_in_part=outcomes.count(Outcome.PART),
        refused_in_full=outcomes.count(Outcome.REFUSED),
        information_not_held=outcomes.count(Outcome.NOT_HELD),
        withdrawn_or_lapsed=outcomes.count(Outcome.ENDED),
        internal_reviews_requested=sum(one.review for one in cases),
    )


COUNTS: tuple[str, ...] = tuple(one.name for one in fields(Period))[3:]
"""The names of the counts, in the order of the table."""
HEADINGS: tuple[str, ...] = ("period", "first_day", "last_day", "regime", *COUNTS)


def rows(periods: Iterable[Period]) -> Sequence[Sequence[str]]:
    """The table as it is published, its headings first."""
    return [
        HEADINGS,
        *(
            (
                one.name,
                one.first.isoformat(),
                one.last.isoformat(),
                one.regime.value,
                *(str(getattr(one, name)) for name in COUNTS),
            )
            for one in periods
        ),
    ]
