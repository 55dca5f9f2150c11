"""Law 7: what was measured is published with its interval, and what was not measured is said to be not measured.

A figure is a raw count, and the shares that it makes of other counts. A count is a number, `Suppressed` or
`NotMeasured`; a share is an `Estimate` with its 95 % interval, `Suppressed` or `NotMeasured`: three different things
each, of which none is ever shown as another. How they come from counts is in `count_figures`; how spot checks become
a rate is in `spot_checks`. Terms are those of ISO/IEC 2382-37 and ISO/IEC 19795-1.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from stile.domain.disclosure import NotMeasured, Shown, Suppressed
from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId
from stile.domain.intervals import Interval
from stile.domain.waits import Row as WaitRow


class Measure(StrEnum):
    """Everything that is reported, by the name under which it is published. Never rename one."""

    ATTEMPTS = "attempts"
    """By face, with a face looked at."""
    NOT_LOOKED_AT = "not_looked_at"
    """By face, and referred to the alternative before any face was looked at: in no denominator."""
    MATCHES = "matches"
    """Attempts in which a member was named: alerts, in the words of those who ask."""
    ADMISSIONS = "admissions"
    """By face."""
    MEMBERSHIP_REFUSALS = "membership_refusals"
    """A member was named, whose membership does not admit now."""
    REFERRALS = "referrals"
    """Attempts in which nobody was named, and the alternative was asked for."""
    FALSE_ALERTS = "false_alerts"
    """Matches that named somebody else than who stood there, as far as somebody said so."""
    FALSE_ADMISSIONS = "false_admissions"
    """Spot-checked admissions of somebody else than the member named; its shares are estimates for all admissions."""
    SPOT_CHECKS = "spot_checks"
    """Admissions drawn at random to be asked about."""
    SPOT_CHECKS_ANSWERED = "spot_checks_answered"
    FALSE_REFUSALS = "false_refusals"
    """Referrals of a member who should have been let in, as far as somebody said so."""
    GENUINE_ATTEMPTS = "genuine_attempts"
    """Attempts of members who came as themselves, as far as was noticed."""
    FAILURES_TO_ACQUIRE = "failures_to_acquire"
    """Attempts without a picture that was good enough to compare (FTA)."""
    ENROLMENTS = "enrolments"
    """Enrolment transactions: somebody sat down before the camera."""
    FAILURES_TO_ENROL = "failures_to_enrol"
    """Enrolment transactions that ended without a template (FTE)."""
    SUSPECTED_ATTACKS = "suspected_attacks"
    """Attempts that the system took for a presentation attack."""
    ATTACKS = "attacks"
    """Attempts that somebody who saw them called a presentation attack."""
    ATTACKS_ADMITTED = "attacks_admitted"
    """Those of them for which the door opened."""
    FALSE_ATTACK_ALARMS = "false_attack_alarms"
    """Suspected attacks that were none, as far as somebody said so."""
    OVERRIDES = "overrides"
    """Let in by hand by reception, for any reason."""
    OVERRIDES_OF_FACE = "overrides_not_recognised"
    """Let in by hand because the face was not recognised."""
    ENTRIES = "entries"
    """Everybody let in, by every way."""
    BY_CARD = "entries_by_card"
    BY_PIN = "entries_by_pin"
    BY_PASS = "entries_by_pass"


class Basis(StrEnum):
    """What a figure rests on, and so how far it can be trusted."""

    COUNTED = "counted"
    """Every one of them."""
    NOTICED = "noticed"
    """As far as somebody noticed and said so: a lower bound."""
    SAMPLED = "spot checks"
    """A random sample that was looked into: an estimate without bias, as far as the checks were answered."""


class IntervalBy(StrEnum):
    EXACT = "Clopper-Pearson"
    WILSON = "Wilson"
    EFFECTIVE = "Clopper-Pearson, effective number"
    """With the effective number of checks, where not all were drawn with one probability (`spot_checks`)."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of 1, with the 95 % interval it lies in."""

    value: float
    interval: Interval
    by: IntervalBy

    def __post_init__(self) -> None:
        if not 0 <= self.interval.lower <= self.interval.upper <= 1:
            raise WrongValue(f"an interval lies between 0 and 1, not {self.interval}")
        if not self.interval.lower - 1e-9 <= self.value <= self.interval.upper + 1e-9:
            raise WrongValue(f"a rate lies within its interval: {self.value} is not in {self.interval}")


Rate = Estimate | NotMeasured | Suppressed


@dataclass(frozen=True, slots=True)
class Share:
    """What a figure is of another one. `trials`: the denominator's own count."""

    of: Measure
    trials: Shown
    rate: Rate


@dataclass(frozen=True, slots=True)
class Figure:
    """`count`: the raw number, always. `shares`: in the order in which they are shown; none for a plain count."""

    measure: Measure
    basis: Basis
    count: Shown
    shares: tuple[Share, ...] = ()

    def share(self, of: Measure) -> Share:
        return next(one for one in self.shares if one.of is of)


@dataclass(frozen=True, slots=True)
class Period:
    """Days on the centres' clock, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise WrongValue(f"a period’s last day, {self.last}, is before its first, {self.first}")

    @property
    def key(self) -> str:
        """`2026-11` for a whole month, otherwise `2026-11-03/2026-11-09` (ISO 8601)."""
        if self == Period.month(self.first):
            return f"{self.first:%Y-%m}"
        return f"{self.first.isoformat()}/{self.last.isoformat()}"

    @classmethod
    def month(cls, day: date) -> "Period":
        """The calendar month of that day."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    def before(self) -> "Period":
        """The calendar month before the one it begins in."""
        return Period.month(self.first.replace(day=1) - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Figures:
    """One period of one centre. `centre`: None for all centres together. `figures`: every `Measure`, in its order.
    `waits`: one row a way in. `limits`: what must be said beside them, in sentences."""

    centre: CentreId | None
    place: str
    period: Period
    figures: tuple[Figure, ...]
    waits: tuple[WaitRow, ...]
    limits: tuple[str, ...]

    def __post_init__(self) -> None:
        if [one.measure for one in self.figures] != list(Measure):
            raise WrongValue("figures report every measure, in order")

    def of(self, measure: Measure) -> Figure:
        return next(one for one in self.figures if one.measure is measure)

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    @property
    def nothing(self) -> bool:
        """Nobody came, by whatever way, and nobody enrolled."""
        return all(
            self.of(one).count == 0
            for one in (Measure.ATTEMPTS, Measure.NOT_LOOKED_AT, Measure.ENTRIES, Measure.ENROLMENTS)
        )


def months(last: date, count: int) -> Sequence[Period]:
    """So many calendar months up to that day's, oldest first."""
    found = [Period.month(last)]
    while len(found) < count:
        found.append(found[-1].before())
    return found[::-1]
