"""Law 7: what a lane's own passages say of its error rates, by what somebody saw of them afterwards.

Each rate comes with its count, its exact 95 % interval, and what it is a share of. Where nobody adjudicated there is no
rate: a 0 that nobody looked for would be no measurement.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from stile.domain.adjudication import NOT_LOOKED_AT, Tally, Verdict
from stile.domain.errors import NotFound
from stile.domain.intervals import Interval, clopper_pearson
from stile.domain.passage import Outcome, ReferReason
from stile.domain.places import Lane
from stile.ports import Store

CAUTION = (
    "Adjudicated passages are those that somebody noticed: each rate is a lower bound. Spot checks, for which "
    "admissions are drawn at random, estimate the false-admit rate without that bias: see the figures."
)


@dataclass(frozen=True, slots=True)
class Measure:
    """`errors` of `trials`. `rate` and `interval` are None where it was not measured: nobody adjudicated a passage that
    could have been such an error, or there was none. `of`: what the trials are, in words."""

    name: str
    of: str
    errors: int
    trials: int
    adjudicated: int

    @property
    def is_measured(self) -> bool:
        return self.adjudicated > 0 and self.trials > 0

    @property
    def rate(self) -> float | None:
        return self.errors / self.trials if self.is_measured else None

    @property
    def interval(self) -> Interval | None:
        """95 %, exact (Clopper–Pearson)."""
        return clopper_pearson(self.errors, self.trials) if self.is_measured else None


@dataclass(frozen=True, slots=True)
class LaneEvidence:
    """`first`, `last`: of the passages by face that were counted; None when there are none. `attempts`: with a face
    looked at. `not_looked_at`: referred before that. `by_reason`, `verdicts`: how often each was given."""

    lane: Lane
    since: datetime | None
    first: datetime | None
    last: datetime | None
    attempts: int
    admissions: int
    refusals: int
    referrals: int
    not_looked_at: int
    adjudicated: int
    by_reason: Sequence[tuple[Outcome, str, int]]
    verdicts: Sequence[tuple[Verdict, int]]
    measures: Sequence[Measure]
    limits: Sequence[str]


def evaluate_lane(store: Store, slug: str, since: datetime | None = None) -> LaneEvidence:
    """Raises NotFound for a lane that is not there."""
    with store.read() as work:
        lane = work.lanes.by_slug(slug)
        if lane is None:
            raise NotFound(f"There is no lane “{slug}”.")
        tallies, span = work.adjudications.tally(lane.id, since), work.passages.span(lane.id, since)
    return evidence_of(lane, tallies, since, span)


def evidence_of(
    lane: Lane, tallies: Sequence[Tally], since: datetime | None, span: tuple[datetime, datetime] | None
) -> LaneEvidence:
    """From counts alone."""
    seen = [one for one in tallies if one.reason not in NOT_LOOKED_AT]
    reasons: dict[tuple[Outcome, str], int] = {}
    for one in tallies:
        reasons[one.outcome, one.reason] = reasons.get((one.outcome, one.reason), 0) + one.count
    adjudicated = _count(seen, lambda one: one.verdict is not None)
    first, last = span or (None, None)
    return LaneEvidence(
        lane=lane,
        since=since,
        first=first,
        last=last,
        attempts=_count(seen),
        admissions=_count(seen, _ended(Outcome.ADMIT)),
        refusals=_count(seen, _ended(Outcome.REFUSE)),
        referrals=_count(seen, _ended(Outcome.REFER)),
        not_looked_at=_count(tallies) - _count(seen),
        adjudicated=adjudicated,
        by_reason=[(*key, count) for key, count in sorted(reasons.items(), key=lambda one: -one[1])],
        verdicts=[(verdict, _count(seen, _said(verdict))) for verdict in Verdict],
        measures=_measures(seen),
        limits=_limits(_count(seen), adjudicated),
    )


def _measures(seen: Sequence[Tally]) -> list[Measure]:
    named = [one for one in seen if one.outcome is not Outcome.REFER]
    admitted = [one for one in seen if one.outcome is Outcome.ADMIT]
    referred = [one for one in seen if one.outcome is Outcome.REFER]
    spoofs = [one for one in referred if one.reason == ReferReason.SPOOF]
    wrong, refused, attack = (
        _said(verdict) for verdict in (Verdict.WRONG_PERSON, Verdict.SHOULD_HAVE_OPENED, Verdict.ATTACK)
    )
    # Whoever came as themselves, as far as anybody noticed: admitted rightly, or not admitted and should have been.
    came = _count(named, lambda one: one.verdict not in (Verdict.WRONG_PERSON, Verdict.ATTACK))
    came += _count(referred, refused)
    attacks = _count(seen, attack)
    judged_named, judged_referred, judged_spoofs = (
        _count(some, lambda one: one.verdict is not None) for some in (named, referred, spoofs)
    )
    return [
        Measure(
            "Wrong person",
            "attempts in which a face was looked at",
            _count(named, wrong),
            _count(seen),
            judged_named,
        ),
        Measure(
            "Wrong person",
            "attempts in which a member was named",
            _count(named, wrong),
            _count(named),
            judged_named,
        ),
        Measure(
            "Should have opened",
            "attempts in which a face was looked at",
            _count(referred, refused),
            _count(seen),
            judged_referred,
        ),
        Measure(
            "Should have opened",
            "attempts of members who came as themselves, as far as it was noticed",
            _count(referred, refused),
            came,
            judged_referred,
        ),
        Measure(
            "Attacks let in",
            "attacks that were noticed",
            _count(admitted, attack),
            attacks,
            attacks,
        ),
        Measure(
            "Taken for an attack, and was none",
            "referrals as a suspected attack",
            _count(spoofs, refused),
            _count(spoofs),
            judged_spoofs,
        ),
    ]


def _limits(attempts: int, adjudicated: int) -> list[str]:
    if not attempts:
        return ["No passage by face yet, so nothing was measured."]
    if not adjudicated:
        return [
            "Nobody has said of any passage whether it was right, so no error rate was measured. Reception does so "
            "at the desk, with one tap beside the passage."
        ]
    share = f"{adjudicated:,} of {attempts:,} attempts were adjudicated."
    return [share, CAUTION]


def _count(tallies: Iterable[Tally], where: Callable[[Tally], bool] = lambda _: True) -> int:
    return sum(one.count for one in tallies if where(one))


def _ended(outcome: Outcome) -> Callable[[Tally], bool]:
    return lambda one: one.outcome is outcome


def _said(verdict: Verdict) -> Callable[[Tally], bool]:
    return lambda one: one.verdict is verdict
