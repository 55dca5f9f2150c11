"""Law 7: how the figures of a period come from counts. Nothing here is estimated but what spot checks estimate, and
where nobody looked there is no rate: a 0 that nobody looked for would be no measurement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stile.domain.adjudication import NOT_LOOKED_AT, Verdict
from stile.domain.disclosure import NotMeasured, Unmeasured
from stile.domain.figures import Basis, Estimate, Figure, IntervalBy, Measure, Rate, Share
from stile.domain.intervals import Interval, clopper_pearson, wilson
from stile.domain.passage import AdmitReason, Method, Outcome, ReferReason
from stile.domain.spot_checks import Sampled, SpotTally, estimate

M = Measure


@dataclass(frozen=True, slots=True)
class PassageTally:
    """So many passages ended so; `verdict`: the latest of each, None where nobody gave one."""

    method: Method
    outcome: Outcome
    reason: str
    verdict: Verdict | None
    count: int


@dataclass(frozen=True, slots=True)
class EnrolmentTally:
    """`begun`: somebody sat before the camera. `done`: of those, with a template at the end."""

    begun: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """All that was counted of one period at one centre, or at all together."""

    passages: Sequence[PassageTally]
    spot_checks: Sequence[SpotTally] = ()
    enrolments: EnrolmentTally = EnrolmentTally()


def figures_of(counts: Counts) -> tuple[Figure, ...]:
    """Every measure, in its order."""
    c, sampled = _Counted(counts.passages), estimate(counts.spot_checks)
    enrolments = counts.enrolments
    found = {
        M.ATTEMPTS: _plain(M.ATTEMPTS, c.attempts),
        M.NOT_LOOKED_AT: _plain(M.NOT_LOOKED_AT, c.by_face - c.attempts),
        M.MATCHES: _shared(M.MATCHES, c.matches, (M.ATTEMPTS, c.attempts)),
        M.ADMISSIONS: _shared(M.ADMISSIONS, c.admissions, (M.ATTEMPTS, c.attempts)),
        M.MEMBERSHIP_REFUSALS: _plain(M.MEMBERSHIP_REFUSALS, c.matches - c.admissions),
        M.REFERRALS: _shared(M.REFERRALS, c.referrals, (M.ATTEMPTS, c.attempts)),
        M.FALSE_ALERTS: _noticed(
            M.FALSE_ALERTS,
            c.false_alerts,
            c.judged(c.named),
            (M.ATTEMPTS, c.attempts),
            (M.MATCHES, c.matches),
        ),
        M.FALSE_ADMISSIONS: _sampled(sampled, c.attempts, c.admissions),
        M.SPOT_CHECKS: _plain(M.SPOT_CHECKS, sampled.drawn),
        M.SPOT_CHECKS_ANSWERED: _shared(
            M.SPOT_CHECKS_ANSWERED, sampled.answered, (M.SPOT_CHECKS, sampled.drawn)
        ),
        M.FALSE_REFUSALS: _noticed(
            M.FALSE_REFUSALS,
            c.false_refusals,
            c.judged(c.referred),
            (M.ATTEMPTS, c.attempts),
            (M.GENUINE_ATTEMPTS, c.genuine),
        ),
        M.GENUINE_ATTEMPTS: Figure(M.GENUINE_ATTEMPTS, Basis.NOTICED, c.genuine),
        M.FAILURES_TO_ACQUIRE: _error(M.FAILURES_TO_ACQUIRE, c.not_acquired, (M.ATTEMPTS, c.attempts)),
        M.ENROLMENTS: _plain(M.ENROLMENTS, enrolments.begun),
        M.FAILURES_TO_ENROL: _error(
            M.FAILURES_TO_ENROL, enrolments.begun - enrolments.done, (M.ENROLMENTS, enrolments.begun)
        ),
        M.SUSPECTED_ATTACKS: _error(M.SUSPECTED_ATTACKS, c.suspected, (M.ATTEMPTS, c.attempts)),
        M.ATTACKS: Figure(
            M.ATTACKS, Basis.NOTICED, c.attacks if c.judged(c.seen) else NotMeasured(Unmeasured.NOBODY_LOOKED)
        ),
        M.ATTACKS_ADMITTED: _noticed(
            M.ATTACKS_ADMITTED, c.attacks_admitted, c.judged(c.seen), (M.ATTACKS, c.attacks)
        ),
        M.FALSE_ATTACK_ALARMS: _noticed(
            M.FALSE_ATTACK_ALARMS,
            c.false_alarms,
            c.judged(c.taken_for_attacks),
            (M.SUSPECTED_ATTACKS, c.suspected),
        ),
        M.OVERRIDES: _shared(M.OVERRIDES, c.overrides, (M.ENTRIES, c.entries)),
        M.OVERRIDES_OF_FACE: _shared(M.OVERRIDES_OF_FACE, c.overrides_of_face, (M.ENTRIES, c.entries)),
        M.ENTRIES: _plain(M.ENTRIES, c.entries),
        M.BY_CARD: _shared(M.BY_CARD, c.by(Method.CARD), (M.ENTRIES, c.entries)),
        M.BY_PIN: _shared(M.BY_PIN, c.by(Method.PIN), (M.ENTRIES, c.entries)),
        M.BY_PASS: _shared(M.BY_PASS, c.by(Method.PASS), (M.ENTRIES, c.entries)),
    }
    return tuple(found[measure] for measure in Measure)


class _Counted:
    """Sums over the tallies, each with its name."""

    def __init__(self, tallies: Sequence[PassageTally]) -> None:
        self._all = tallies
        self.seen = [one for one in tallies if one.method is Method.FACE and one.reason not in NOT_LOOKED_AT]
        self.named = [one for one in self.seen if one.outcome is not Outcome.REFER]
        self.referred = [one for one in self.seen if one.outcome is Outcome.REFER]
        self.taken_for_attacks = [one for one in self.referred if one.reason == ReferReason.SPOOF]
        self.by_face = _sum(one for one in tallies if one.method is Method.FACE)
        self.attempts, self.matches, self.referrals = _sum(self.seen), _sum(self.named), _sum(self.referred)
        self.suspected = _sum(self.taken_for_attacks)
        self.admissions = _sum(one for one in self.seen if one.outcome is Outcome.ADMIT)
        self.not_acquired = _sum(one for one in self.seen if one.reason == ReferReason.NO_GOOD_FRAME)
        self.false_alerts = _said(self.named, Verdict.WRONG_PERSON)
        self.false_refusals = _said(self.referred, Verdict.SHOULD_HAVE_OPENED)
        self.attacks = _said(self.seen, Verdict.ATTACK)
        self.attacks_admitted = _said(
            [one for one in self.seen if one.outcome is Outcome.ADMIT], Verdict.ATTACK
        )
        self.false_alarms = _said(self.taken_for_attacks, Verdict.SHOULD_HAVE_OPENED)
        # Whoever came as themselves, as far as anybody noticed: named rightly, or referred and should not have been.
        self.genuine = (
            self.matches - self.false_alerts - _said(self.named, Verdict.ATTACK) + self.false_refusals
        )
        self.entries = _sum(one for one in tallies if one.outcome is Outcome.ADMIT)
        self.overrides = self.by(Method.STAFF)
        self.overrides_of_face = _sum(
            one
            for one in tallies
            if one.method is Method.STAFF
            and one.outcome is Outcome.ADMIT
            and one.reason == AdmitReason.NOT_RECOGNISED
        )

    def by(self, method: Method) -> int:
        """Let in so."""
        return _sum(one for one in self._all if one.method is method and one.outcome is Outcome.ADMIT)

    @staticmethod
    def judged(tallies: Sequence[PassageTally]) -> bool:
        """Whether anybody looked into one of them."""
        return any(one.verdict is not None and one.count for one in tallies)


def _sum(tallies: Iterable[PassageTally]) -> int:
    return sum(one.count for one in tallies)


def _said(tallies: Sequence[PassageTally], verdict: Verdict) -> int:
    return _sum([one for one in tallies if one.verdict is verdict])


Of = tuple[Measure, int]


def _plain(measure: Measure, count: int) -> Figure:
    return Figure(measure, Basis.COUNTED, count)


def _shared(measure: Measure, count: int, *of: Of) -> Figure:
    """Not an error: a share that is compared between many groups."""
    return Figure(measure, Basis.COUNTED, count, tuple(_share(count, one, IntervalBy.WILSON) for one in of))


def _error(measure: Measure, count: int, *of: Of) -> Figure:
    return Figure(measure, Basis.COUNTED, count, tuple(_share(count, one, IntervalBy.EXACT) for one in of))


def _noticed(measure: Measure, count: int, looked: bool, *of: Of) -> Figure:
    """What is an error only where somebody said so."""
    if looked:
        shares = tuple(_share(count, one, IntervalBy.EXACT) for one in of)
        return Figure(measure, Basis.NOTICED, count, shares)
    missing = NotMeasured(Unmeasured.NOBODY_LOOKED)
    nothing = NotMeasured(Unmeasured.NOTHING_TO_MEASURE)
    return Figure(
        measure,
        Basis.NOTICED,
        missing,
        tuple(Share(name, trials, missing if trials else nothing) for name, trials in of),
    )


def _share(count: int, of: Of, by: IntervalBy) -> Share:
    measure, trials = of
    if not trials:
        return Share(measure, 0, NotMeasured(Unmeasured.NOTHING_TO_MEASURE))
    interval = wilson(count, trials) if by is IntervalBy.WILSON else clopper_pearson(count, trials)
    return Share(measure, trials, Estimate(count / trials, interval, by))


def _sampled(sampled: Sampled, attempts: int, admissions: int) -> Figure:
    """The share of admissions is the sample's; of attempts it is that times the admissions, which are counted."""
    count = NotMeasured(Unmeasured.NOBODY_LOOKED) if isinstance(sampled.rate, NotMeasured) else sampled.wrong
    return Figure(
        M.FALSE_ADMISSIONS,
        Basis.SAMPLED,
        count,
        (
            Share(M.ATTEMPTS, attempts, _scaled(sampled.rate, admissions, attempts)),
            Share(M.ADMISSIONS, admissions, sampled.rate if admissions else _scaled(sampled.rate, 0, 0)),
        ),
    )


def _scaled(rate: Rate, part: int, whole: int) -> Rate:
    if not whole:
        return NotMeasured(Unmeasured.NOTHING_TO_MEASURE)
    if not isinstance(rate, Estimate):
        return rate
    share = part / whole
    interval = Interval(rate.interval.lower * share, rate.interval.upper * share)
    return Estimate(rate.value * share, interval, rate.by)
