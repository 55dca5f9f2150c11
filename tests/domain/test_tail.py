"""Law 7: the tail that is fitted is the tail that was drawn, and nothing is claimed beyond it."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.domain import tail
from stile.domain.errors import WrongValue
from stile.domain.tail import BEYOND, Tail
from tests.domain.builders import quick


def drawn(shape: float, scale: float, size: int, seed: int = 0) -> NDArray[np.float64]:
    """Excesses of a generalised Pareto distribution, by its quantile function."""
    chance = np.random.default_rng(seed).random(size)
    if shape == 0:
        return np.asarray(-scale * np.log(chance))
    return np.asarray(scale * (chance**-shape - 1) / shape)


@pytest.mark.parametrize("shape", [-0.4, -0.2, -0.05, 0.0, 0.2])
def test_the_fit_finds_what_was_drawn(shape: float) -> None:
    found = tail.fit(0.3 + drawn(shape, 0.04, 50_000), 0.3, 1_000_000)
    assert found.shape == pytest.approx(shape, abs=0.03)
    assert found.scale == pytest.approx(0.04, rel=0.03)
    assert found.share == pytest.approx(0.05)


def test_the_moments_are_those_of_hosking_and_wallis() -> None:
    """Worked through by hand: b0 = mean, b1 = mean of x·(n − j)/(n − 1) over the sorted excesses."""
    excess = np.linspace(0.01, 0.2, 20)
    b0 = float(excess.mean())
    b1 = float(np.mean(excess * (20 - np.arange(1, 21)) / 19))
    found = tail.fit(0.5 + excess[::-1], 0.5, 400)
    assert found.shape == pytest.approx(2 - b0 / (b0 - 2 * b1))
    assert found.scale == pytest.approx(2 * b0 * b1 / (b0 - 2 * b1))


def test_a_weight_of_two_is_nearly_the_score_twice() -> None:
    scores = 0.3 + drawn(-0.1, 0.04, 2000)
    weights = np.random.default_rng(1).integers(0, 3, 2000).astype(float)
    by_weight = tail.fit(scores[weights > 0], 0.3, 10_000, weights[weights > 0], 10_000.0)
    repeated = tail.fit(np.repeat(scores, weights.astype(int)), 0.3, 10_000)
    assert by_weight.shape == pytest.approx(repeated.shape, abs=0.01)
    assert by_weight.scale == pytest.approx(repeated.scale, rel=0.01)
    assert by_weight.share == pytest.approx(weights.sum() / 10_000)


tails = st.builds(
    Tail,
    u=st.floats(-0.2, 0.5),
    share=st.floats(1e-3, 0.05),
    shape=st.floats(-0.5, 0.3),
    scale=st.floats(0.005, 0.08),
    count=st.integers(1000, 10_000_000),
)


@quick
@given(tails, st.floats(-9, -2).map(lambda exponent: float(10**exponent)))
def test_threshold_and_rate_are_inverse(one: Tail, fmr: float) -> None:
    found = one.threshold_for(fmr)
    assume(found is not None and fmr < one.share)
    assert found is not None
    assert one.u <= found.value <= 1
    assert one.fmr_at(found.value) == pytest.approx(fmr, rel=1e-6)
    assert found.extrapolated == (fmr < 3 / one.count)


@quick
@given(tails, st.floats(1e-9, 0.04), st.floats(1.01, 100))
def test_a_rarer_rate_asks_for_a_higher_threshold_or_none(one: Tail, fmr: float, times: float) -> None:
    often, rarely = one.threshold_for(fmr), one.threshold_for(fmr / times)
    if rarely is not None:
        assert often is not None
        assert often.value <= rarely.value


def test_what_the_data_shows_what_is_continued_and_what_is_refused() -> None:
    one = Tail(0.3, 0.005, -0.1, 0.04, 200_000)
    shown = 3 / 200_000
    inside, beyond = one.threshold_for(shown * 1.01), one.threshold_for(shown / BEYOND * 1.01)
    assert inside is not None
    assert not inside.extrapolated
    assert beyond is not None
    assert beyond.extrapolated
    assert one.threshold_for(shown / BEYOND * 0.99) is None


def test_no_threshold_above_one() -> None:
    heavy = Tail(0.6, 0.01, 0.3, 0.08, 100_000)
    assert heavy.threshold_for(1e-6) is None
    assert heavy.threshold_for(5e-3) is not None


def test_below_the_tail_its_beginning_is_the_threshold() -> None:
    one = Tail(0.3, 0.005, -0.1, 0.04, 200_000)
    found = one.threshold_for(0.02)
    assert found is not None
    assert found.value == 0.3
    assert one.fmr_at(0.1) == one.fmr_at(0.3) == 0.005


def test_a_bounded_tail_ends() -> None:
    one = Tail(0.3, 0.01, -0.2, 0.04, 100_000)
    end = 0.3 + 0.04 / 0.2
    assert one.fmr_at(end - 1e-3) > 0
    assert one.fmr_at(end) == one.fmr_at(0.9) == 0


def test_at_shape_zero_the_tail_is_exponential() -> None:
    straight = Tail(0.3, 0.01, 0.0, 0.05, 100_000)
    assert straight.fmr_at(0.35) == pytest.approx(0.01 / math.e)
    found = straight.threshold_for(0.01 / math.e)
    assert found is not None
    assert found.value == pytest.approx(0.35)


@pytest.mark.parametrize(("fmr", "within"), [(1e-3, 0.05), (1e-4, 0.15), (1.5e-5, 0.4)])
def test_a_promise_holds_on_scores_that_were_not_fitted(fmr: float, within: float) -> None:
    """Cosines of random directions in 64 dimensions, whose true rate is known; the mean of twenty measurements.
    The last rate is the rarest that so many comparisons show, and three of them are seen each time."""
    impostors = NormalDist(0, 1 / 8)
    kept = []
    for seed in range(20):
        scores = np.random.default_rng(seed).normal(0, 1 / 8, 200_000)
        u = float(np.sort(scores)[-1 - tail.highest_of(scores.size)])
        threshold = tail.fit(scores[scores > u], u, scores.size).threshold_for(fmr)
        assert threshold is not None
        kept.append(1 - impostors.cdf(threshold.value))
    assert np.mean(kept) == pytest.approx(fmr, rel=within)


def test_a_heavy_tail_is_held_back_and_keeps_its_mean() -> None:
    excess = drawn(0.8, 0.01, 4000)
    found = tail.fit(excess, 0.0, 100_000)
    assert found.shape == tail.MOST_SHAPE
    assert found.scale / (1 - found.shape) == pytest.approx(float(excess.mean()))


def test_how_many_scores_make_the_tail() -> None:
    assert tail.highest_of(100_000) == tail.HIGHEST
    assert tail.highest_of(1000) == 50, "of few scores a share"
    assert tail.highest_of(200) == tail.LEAST, "of very few the least of all"


def test_too_little_is_refused() -> None:
    with pytest.raises(WrongValue, match="at least 200 non-mated"):
        tail.highest_of(199)
    with pytest.raises(WrongValue, match="at least 20 scores"):
        tail.fit(np.linspace(0.4, 0.5, 19), 0.3, 1000)
    with pytest.raises(WrongValue, match="do not spread"):
        tail.fit(np.full(30, 0.3), 0.3, 1000)
    with pytest.raises(WrongValue, match="at least 20 scores"):
        tail.fit(np.linspace(0.4, 0.5, 30), 0.3, 1000, np.zeros(30))
    with pytest.raises(WrongValue, match="between 0 and 1"):
        Tail(0.3, 0.01, 0.0, 0.05, 100).threshold_for(0.0)


@pytest.mark.parametrize(
    "values",
    [
        (1.0, 0.01, 0.0, 0.05, 100),
        (0.3, 0.0, 0.0, 0.05, 100),
        (0.3, 0.01, 1.0, 0.05, 100),
        (0.3, 0.01, math.nan, 0.05, 100),
        (0.3, 0.01, 0.0, 0.0, 100),
        (0.3, 0.01, 0.0, 0.05, 0),
    ],
)
def test_a_tail_that_cannot_be_is_not_built(values: tuple[float, float, float, float, int]) -> None:
    with pytest.raises(WrongValue):
        Tail(*values)
