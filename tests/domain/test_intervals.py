"""Intervals against published values, and against what they promise."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.intervals import Interval, at_most, clopper_pearson, rule_of_3, wilson
from tests.domain.builders import quick


@pytest.mark.parametrize(
    ("errors", "trials", "lower", "upper"),
    [
        (0, 10, 0.0, 0.3084971),
        (10, 10, 0.6915029, 1.0),
        (1, 10, 0.0025286, 0.4450161),
        (5, 10, 0.1870860, 0.8129140),
        (81, 263, 0.2527, 0.3676),
        (0, 1454, 0.0, 1 - 0.025 ** (1 / 1454)),
    ],
)
def test_clopper_pearson_is_the_published_one(errors: int, trials: int, lower: float, upper: float) -> None:
    """5 of 10 and its like: any table of binomial limits. 81 of 263: Newcombe, Statistics in Medicine 17, 1998."""
    found = clopper_pearson(errors, trials)
    assert found.lower == pytest.approx(lower, abs=1e-4 if trials == 263 else 1e-6)
    assert found.upper == pytest.approx(upper, abs=1e-4 if trials == 263 else 1e-6)


@pytest.mark.parametrize(
    ("errors", "trials", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_is_the_published_one(errors: int, trials: int, lower: float, upper: float) -> None:
    """Newcombe, Statistics in Medicine 17, 1998, table I."""
    found = wilson(errors, trials)
    assert found.lower == pytest.approx(lower, abs=6e-5)
    assert found.upper == pytest.approx(upper, abs=6e-5)


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@quick
@given(counts)
def test_the_exact_bounds_are_where_the_binomial_tails_say(count: tuple[int, int]) -> None:
    errors, trials = count
    found = clopper_pearson(errors, trials)
    assert 0 <= found.lower <= errors / trials <= found.upper <= 1
    if errors:
        assert 1 - at_most(errors - 1, trials, found.lower) == pytest.approx(0.025, abs=1e-6)
    if errors < trials:
        assert at_most(errors, trials, found.upper) == pytest.approx(0.025, abs=1e-6)


@quick
@given(counts)
def test_errors_and_successes_mirror_each_other(count: tuple[int, int]) -> None:
    errors, trials = count
    for interval in (clopper_pearson, wilson):
        one, other = interval(errors, trials), interval(trials - errors, trials)
        assert one.lower == pytest.approx(1 - other.upper, abs=1e-9)
        assert 0 <= one.lower <= errors / trials <= one.upper <= 1


@pytest.mark.parametrize("rate", [0.003, 0.05, 0.4])
def test_the_exact_interval_covers_at_least_what_it_says(rate: float) -> None:
    trials = 300
    covered = 0.0
    for errors in range(trials + 1):
        found = clopper_pearson(errors, trials)
        if found.lower <= rate <= found.upper:
            covered += at_most(errors, trials, rate) - (at_most(errors - 1, trials, rate) if errors else 0)
    assert covered >= 0.95


def test_a_higher_confidence_is_a_wider_interval() -> None:
    narrow, wide = clopper_pearson(4, 100, 0.8), clopper_pearson(4, 100, 0.99)
    assert wide.lower < narrow.lower < 0.04 < narrow.upper < wide.upper


def test_the_sum_is_exact_where_it_can_be_counted_by_hand() -> None:
    assert at_most(1, 4, 0.5) == pytest.approx(5 / 16, abs=1e-12)
    assert at_most(0, 1000, 0.01) == pytest.approx(0.99**1000, rel=1e-9)
    assert at_most(4, 4, 0.9) == at_most(2, 3, 0.0) == 1.0
    assert at_most(2, 3, 1.0) == 0.0


def test_nothing_measured_leaves_everything_open() -> None:
    assert clopper_pearson(0, 0) == wilson(0, 0) == Interval(0.0, 1.0)


def test_the_rule_of_three() -> None:
    assert rule_of_3(3000) == 0.001
    assert rule_of_3(1) == rule_of_3(0) == 1.0
    assert rule_of_3(200) == pytest.approx(1 - math.pow(0.05, 1 / 200), rel=0.01)


@pytest.mark.parametrize(
    ("errors", "trials", "confidence"), [(-1, 3, 0.95), (4, 3, 0.95), (1, 3, 0), (1, 3, 1)]
)
def test_what_cannot_be_is_refused(errors: int, trials: int, confidence: float) -> None:
    for interval in (clopper_pearson, wilson):
        with pytest.raises(WrongValue):
            interval(errors, trials, confidence)
