"""Counts become figures: both denominators, exact and Wilson intervals, and what was not measured said to be so."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.adjudication import FITTING, NOT_LOOKED_AT, Verdict
from stile.domain.count_figures import Counts, EnrolmentTally, PassageTally, figures_of
from stile.domain.disclosure import Hidden, NotMeasured, Suppressed, Unmeasured
from stile.domain.errors import WrongValue
from stile.domain.figure_words import GROUP_LABELS, HIDDEN, LABELS, OF, WHY, percent, said
from stile.domain.figures import (
    Basis,
    Estimate,
    Figure,
    Figures,
    IntervalBy,
    Measure,
    Period,
    Share,
    months,
)
from stile.domain.intervals import Interval, clopper_pearson, wilson
from stile.domain.member_groups import GroupMeasure
from stile.domain.passage import REASONS_OF, AdmitReason, Method, Outcome, ReferReason, RefuseReason
from stile.domain.spot_checks import SpotAnswer, SpotTally

M = Measure
FACE, CARD, HAND = Method.FACE, Method.CARD, Method.STAFF
ADMIT, REFUSE, REFER = Outcome.ADMIT, Outcome.REFUSE, Outcome.REFER
MATCHED = AdmitReason.FACE_MATCHED

PASSAGES = [
    PassageTally(FACE, ADMIT, MATCHED, None, 880),
    PassageTally(FACE, ADMIT, MATCHED, Verdict.RIGHT, 15),
    PassageTally(FACE, ADMIT, MATCHED, Verdict.WRONG_PERSON, 2),
    PassageTally(FACE, ADMIT, MATCHED, Verdict.ATTACK, 1),
    PassageTally(FACE, REFUSE, RefuseReason.LAPSED, None, 4),
    PassageTally(FACE, REFUSE, RefuseReason.LAPSED, Verdict.WRONG_PERSON, 1),
    PassageTally(FACE, REFER, ReferReason.NO_MATCH, None, 55),
    PassageTally(FACE, REFER, ReferReason.NO_GOOD_FRAME, None, 5),
    PassageTally(FACE, REFER, ReferReason.NO_MATCH, Verdict.SHOULD_HAVE_OPENED, 11),
    PassageTally(FACE, REFER, ReferReason.NO_MATCH, Verdict.RIGHTLY_REFERRED, 5),
    PassageTally(FACE, REFER, ReferReason.SPOOF, Verdict.ATTACK, 3),
    PassageTally(FACE, REFER, ReferReason.SPOOF, Verdict.SHOULD_HAVE_OPENED, 2),
    PassageTally(FACE, REFER, ReferReason.VISION_DOWN, None, 40),
    PassageTally(CARD, ADMIT, AdmitReason.CARD_ACCEPTED, None, 90),
    PassageTally(CARD, REFUSE, RefuseReason.UNKNOWN_CARD, None, 3),
    PassageTally(HAND, ADMIT, AdmitReason.NOT_RECOGNISED, None, 8),
    PassageTally(HAND, ADMIT, AdmitReason.GUEST, None, 4),
]
COUNTS = Counts(
    PASSAGES,
    [
        SpotTally(50, SpotAnswer.RIGHT, 15),
        SpotTally(50, SpotAnswer.WRONG_PERSON, 1),
        SpotTally(50, None, 4),
    ],
    EnrolmentTally(40, 38),
)


def of(measure: Measure, counts: Counts = COUNTS) -> Figure:
    return next(one for one in figures_of(counts) if one.measure is measure)


def share(measure: Measure, denominator: Measure, counts: Counts = COUNTS) -> Share:
    return of(measure, counts).share(denominator)


def test_raw_counts_are_what_was_counted() -> None:
    expected = {
        M.ATTEMPTS: 984,
        M.NOT_LOOKED_AT: 40,
        M.MATCHES: 903,
        M.ADMISSIONS: 898,
        M.MEMBERSHIP_REFUSALS: 5,
        M.REFERRALS: 81,
        M.FALSE_ALERTS: 3,
        M.FALSE_ADMISSIONS: 1,
        M.SPOT_CHECKS: 20,
        M.SPOT_CHECKS_ANSWERED: 16,
        M.FALSE_REFUSALS: 13,
        M.GENUINE_ATTEMPTS: 903 - 3 - 1 + 13,
        M.FAILURES_TO_ACQUIRE: 5,
        M.ENROLMENTS: 40,
        M.FAILURES_TO_ENROL: 2,
        M.SUSPECTED_ATTACKS: 5,
        M.ATTACKS: 4,
        M.ATTACKS_ADMITTED: 1,
        M.FALSE_ATTACK_ALARMS: 2,
        M.OVERRIDES: 12,
        M.OVERRIDES_OF_FACE: 8,
        M.ENTRIES: 1000,
        M.BY_CARD: 90,
        M.BY_PIN: 0,
        M.BY_PASS: 0,
    }
    assert {one.measure: one.count for one in figures_of(COUNTS)} == expected


def test_false_alerts_have_both_denominators_with_exact_intervals() -> None:
    figure = of(M.FALSE_ALERTS)
    assert figure.basis is Basis.NOTICED
    assert figure.shares == (
        Share(M.ATTEMPTS, 984, Estimate(3 / 984, clopper_pearson(3, 984), IntervalBy.EXACT)),
        Share(M.MATCHES, 903, Estimate(3 / 903, clopper_pearson(3, 903), IntervalBy.EXACT)),
    )


def test_the_false_admit_rate_of_attempts_is_that_of_admissions_times_their_share() -> None:
    found = of(M.FALSE_ADMISSIONS)
    of_admissions, of_attempts = found.share(M.ADMISSIONS).rate, found.share(M.ATTEMPTS).rate
    assert isinstance(of_admissions, Estimate)
    assert isinstance(of_attempts, Estimate)
    assert of_admissions == Estimate(1 / 16, clopper_pearson(1, 16), IntervalBy.EXACT)
    assert of_attempts.value == pytest.approx(1 / 16 * 898 / 984)
    assert of_attempts.interval.upper == pytest.approx(of_admissions.interval.upper * 898 / 984)


def test_shares_that_are_no_errors_have_wilsons_interval() -> None:
    assert share(M.BY_CARD, M.ENTRIES).rate == Estimate(0.09, wilson(90, 1000), IntervalBy.WILSON)
    assert share(M.FAILURES_TO_ENROL, M.ENROLMENTS).rate == Estimate(
        2 / 40, clopper_pearson(2, 40), IntervalBy.EXACT
    )


@pytest.mark.parametrize(
    "measure", [M.FALSE_ALERTS, M.FALSE_ADMISSIONS, M.FALSE_REFUSALS, M.ATTACKS, M.FALSE_ATTACK_ALARMS]
)
def test_what_nobody_looked_into_is_not_measured_and_no_0(measure: Measure) -> None:
    unjudged = [
        PassageTally(one.method, one.outcome, one.reason, None, one.count)
        for one in PASSAGES
        if one.method is FACE
    ]
    found = of(measure, Counts(unjudged, [SpotTally(50, None, 9)]))
    assert found.count == NotMeasured(Unmeasured.NOBODY_LOOKED)
    assert {one.rate for one in found.shares} <= {NotMeasured(Unmeasured.NOBODY_LOOKED)}


def test_a_0_that_was_looked_for_is_a_0() -> None:
    found = of(
        M.FALSE_ALERTS,
        Counts([PassageTally(FACE, ADMIT, MATCHED, Verdict.RIGHT, 1)]),
    )
    assert found.count == 0
    assert found.share(M.MATCHES).rate == Estimate(0.0, clopper_pearson(0, 1), IntervalBy.EXACT)


def test_of_nothing_there_is_no_rate() -> None:
    for one in figures_of(Counts([])):
        assert one.count == 0 or isinstance(one.count, NotMeasured)
        for part in one.shares:
            assert isinstance(part.rate, NotMeasured)


tallies = st.lists(
    st.builds(
        lambda method, outcome, pick, judged, count: PassageTally(
            method,
            outcome,
            list(REASONS_OF[outcome])[pick % len(REASONS_OF[outcome])],
            FITTING[outcome][pick % 3]
            if judged
            and method is FACE
            and list(REASONS_OF[outcome])[pick % len(REASONS_OF[outcome])] not in NOT_LOOKED_AT
            else None,
            count,
        ),
        st.sampled_from(Method),
        st.sampled_from(Outcome),
        st.integers(0, 50),
        st.booleans(),
        st.integers(0, 5_000),
    ),
    max_size=25,
)


@given(tallies)
def test_whatever_was_counted_every_rate_lies_in_its_interval_and_parts_in_their_whole(
    passages: list[PassageTally],
) -> None:
    found = {one.measure: one for one in figures_of(Counts(passages))}
    for figure in found.values():
        for part in figure.shares:
            if isinstance(part.rate, Estimate) and figure.basis is not Basis.SAMPLED:
                assert figure.count <= part.trials  # type: ignore[operator]
                assert part.rate.interval.lower <= part.rate.value <= part.rate.interval.upper
    count = {measure: one.count for measure, one in found.items()}
    assert count[M.ATTEMPTS] == count[M.MATCHES] + count[M.REFERRALS]  # type: ignore[operator]
    assert count[M.MATCHES] == count[M.ADMISSIONS] + count[M.MEMBERSHIP_REFUSALS]  # type: ignore[operator]


# --- periods, and words ---


def test_a_period_has_one_name() -> None:
    assert Period.month(date(2026, 2, 14)) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert Period.month(date(2026, 12, 31)).key == "2026-12"
    assert Period(date(2026, 11, 3), date(2026, 11, 9)).key == "2026-11-03/2026-11-09"
    assert [one.key for one in months(date(2027, 1, 31), 3)] == ["2026-11", "2026-12", "2027-01"]
    with pytest.raises(WrongValue):
        Period(date(2026, 2, 2), date(2026, 2, 1))


def test_figures_report_every_measure() -> None:
    with pytest.raises(WrongValue):
        Figures(None, "All", Period.month(date(2026, 2, 1)), figures_of(COUNTS)[1:], (), ())


def test_an_estimate_lies_in_its_interval() -> None:
    with pytest.raises(WrongValue):
        Estimate(0.5, Interval(0.0, 0.4), IntervalBy.EXACT)
    with pytest.raises(WrongValue):
        Estimate(0.5, Interval(-0.1, 0.6), IntervalBy.EXACT)


def test_everything_has_words() -> None:
    assert set(LABELS) == set(Measure)
    assert set(WHY) == set(Unmeasured)
    assert set(HIDDEN) == set(Hidden)
    assert set(GROUP_LABELS) == set(GroupMeasure)
    assert {part.of for one in figures_of(COUNTS) for part in one.shares} == set(OF)


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (0.0, "0 %"),
        (0.000031, "0.0031 %"),
        (0.00305, "0.30 %"),
        (0.0479, "4.8 %"),
        (0.09999, "10.0 %"),
        (0.25, "25.0 %"),
        (0.99999, "over 99.9 %"),
        (1.0, "100 %"),
    ],
)
def test_percentages(rate: float, words: str) -> None:
    assert percent(rate) == words


def test_0_not_measured_and_suppressed_are_three_different_things() -> None:
    zero = Estimate(0.0, clopper_pearson(0, 100), IntervalBy.EXACT)
    words = {
        said(zero),
        said(NotMeasured(Unmeasured.NOBODY_LOOKED)),
        said(Suppressed(Hidden.SMALL)),
    }
    assert len(words) == 3
    assert said(zero) == "0 % (95 % interval 0 % to 3.6 %)"
