"""Spot checks: drawn with the probability that is said, an estimate without bias, an interval that covers what it says,
and a missing answer that is missing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.disclosure import NotMeasured, Unmeasured
from stile.domain.errors import WrongValue
from stile.domain.figures import Estimate, IntervalBy
from stile.domain.intervals import clopper_pearson
from stile.domain.spot_checks import SpotAnswer, SpotTally, estimate, is_drawn

RIGHT, WRONG, ATTACK, NOT_SEEN = SpotAnswer


def rate_of(*tallies: SpotTally) -> Estimate:
    found = estimate(tallies).rate
    assert isinstance(found, Estimate)
    return found


def test_one_in_so_many_is_drawn() -> None:
    """Of 20,000 the number drawn lies within 5 standard deviations, for each n."""
    for every in (1, 2, 7, 50):
        drawn = sum(is_drawn(f"secret {n}", every) for n in range(20_000))
        expected, spread = 20_000 / every, (20_000 / every * (1 - 1 / every)) ** 0.5
        assert abs(drawn - expected) <= 5 * spread


@pytest.mark.parametrize("every", [0, -1])
def test_a_probability_is_one_in_one_or_more(every: int) -> None:
    with pytest.raises(WrongValue, match="one in 1 or more"):
        is_drawn("secret", every)


def test_with_one_probability_it_is_the_plain_share_with_an_exact_interval() -> None:
    found = rate_of(SpotTally(50, RIGHT, 296), SpotTally(50, WRONG, 3), SpotTally(50, ATTACK, 1))
    assert found == Estimate(4 / 300, clopper_pearson(4, 300), IntervalBy.EXACT)


def test_each_stands_for_as_many_as_its_probability_says() -> None:
    """10 of 100 drawn one in 2 stand for 20 of 200; none of 100 drawn one in 10 for none of 1,000: 20 of 1,200."""
    tallies = (SpotTally(2, RIGHT, 90), SpotTally(2, WRONG, 10), SpotTally(10, RIGHT, 100))
    found = rate_of(*tallies)
    assert found.value == pytest.approx(20 / 1200)
    assert found.by is IntervalBy.EFFECTIVE
    plain = clopper_pearson(10, 200)
    assert found.interval.upper - found.interval.lower > (plain.upper - plain.lower) / 3


def test_a_missing_answer_is_neither_right_nor_wrong() -> None:
    answered = (SpotTally(50, RIGHT, 45), SpotTally(50, WRONG, 5))
    missing = (SpotTally(50, None, 30), SpotTally(50, NOT_SEEN, 20))
    sampled = estimate((*answered, *missing))
    assert (sampled.drawn, sampled.answered, sampled.wrong) == (100, 50, 5)
    assert sampled.rate == rate_of(*answered)


@pytest.mark.parametrize(
    ("tallies", "why"),
    [
        ([], Unmeasured.NOTHING_TO_MEASURE),
        ([SpotTally(50, None, 9)], Unmeasured.NOBODY_LOOKED),
        ([SpotTally(50, NOT_SEEN, 9)], Unmeasured.NOBODY_LOOKED),
    ],
    ids=["none drawn", "none answered", "nobody saw"],
)
def test_without_an_answer_there_is_no_rate(tallies: list[SpotTally], why: Unmeasured) -> None:
    assert estimate(tallies).rate == NotMeasured(why)


def test_a_stratum_that_nobody_answered_is_stood_for_by_the_other() -> None:
    found = rate_of(SpotTally(2, RIGHT, 9), SpotTally(2, WRONG, 1), SpotTally(10, None, 100))
    assert found == Estimate(0.1, clopper_pearson(1, 10), IntervalBy.EXACT)


def simulated(rng: np.random.Generator, wrong: float, answers: float) -> list[SpotTally]:
    """A month in which one in 10 was drawn at first and one in 40 later, when errors were twice as frequent, with so
    many answered."""
    tallies = []
    for every, admissions, rate in ((10, 2_000, wrong), (40, 6_000, 2 * wrong)):
        drawn = rng.binomial(admissions, 1 / every)
        answered = rng.binomial(drawn, answers)
        bad = rng.binomial(answered, rate)
        counts = {None: drawn - answered, WRONG: bad, RIGHT: answered - bad}
        tallies += [SpotTally(every, answer, int(count)) for answer, count in counts.items()]
    return tallies


def test_it_has_no_bias_and_its_interval_covers_what_it_says() -> None:
    """800 months. The plain share of the answers would be 1.43 times the rate of the first days, the truth is 1.75
    times: the weights are what makes the difference."""
    rng = np.random.default_rng(19795)
    for wrong, answers in ((0.004, 1.0), (0.05, 0.6)):
        truth = (2_000 * wrong + 6_000 * 2 * wrong) / 8_000
        found = [rate_of(*simulated(rng, wrong, answers)) for _ in range(400)]
        values = np.array([one.value for one in found])
        assert abs(values.mean() - truth) < 4 * values.std() / len(values) ** 0.5
        covered = sum(one.interval.lower <= truth <= one.interval.upper for one in found) / len(found)
        assert covered >= 0.95


tallies = st.lists(
    st.builds(
        SpotTally,
        st.sampled_from([1, 2, 10, 50]),
        st.sampled_from([None, *SpotAnswer]),
        st.integers(0, 300),
    ),
    max_size=8,
)


@given(tallies)
def test_whatever_was_answered_the_rate_is_a_share_within_its_interval(
    given_tallies: list[SpotTally],
) -> None:
    """And turning a right answer into a wrong one never lowers it."""
    found = estimate(given_tallies)
    assert 0 <= found.wrong <= found.answered <= found.drawn
    if not isinstance(found.rate, Estimate):
        assert found.answered == 0
        return
    assert 0 <= found.rate.interval.lower <= found.rate.value <= found.rate.interval.upper <= 1
    for n, one in enumerate(given_tallies):
        if one.answer is SpotAnswer.RIGHT and one.count:
            worse = [*given_tallies]
            worse[n] = replace(one, answer=SpotAnswer.WRONG_PERSON)
            assert rate_of(*worse).value >= found.rate.value - 1e-12
