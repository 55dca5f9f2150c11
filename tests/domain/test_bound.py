"""Law 7: a threshold found on some people holds on others, and few people make it more careful, not less."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from stile.domain import bound, tail
from stile.domain.bound import BoundedTail, of_scores, points_of
from stile.domain.errors import WrongValue

DIMENSIONS = 64


def people(count: int, seed: int = 0) -> NDArray[np.float32]:
    """Random directions, of four sorts of people who look a little alike."""
    vectors = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    sorts = np.random.default_rng(1).normal(size=(4, DIMENSIONS))
    vectors += 0.3 * sorts[np.arange(count) % 4]
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def of_members(vectors: NDArray[np.float32], seed: int) -> BoundedTail:
    """Members against each other, each pair once, as a site calibrates itself."""
    rows, columns = np.triu_indices(len(vectors), 1)
    scores = (vectors @ vectors.T)[rows, columns]
    u = float(np.sort(scores)[-1 - tail.highest_of(scores.size)])
    each = np.ones(len(vectors), np.int64)
    best = scores >= np.sort(scores)[-bound.kept_of(scores.size, tail.highest_of(scores.size)) - 1]
    return BoundedTail(scores[best], rows[best], columns[best], u, scores.size, (each, each), seed)


WORLD = people(2000, seed=99)
ELSEWHERE = np.sort((WORLD @ WORLD.T)[np.triu_indices(len(WORLD), 1)])


def rate_elsewhere(threshold: float) -> float:
    """Of comparisons among two thousand others."""
    return 1 - int(np.searchsorted(ELSEWHERE, threshold)) / ELSEWHERE.size


@pytest.fixture(scope="module")
def measured() -> BoundedTail:
    return of_members(people(400), 0)


def test_the_bound_is_never_below_the_fit_and_rises_with_the_confidence(measured: BoundedTail) -> None:
    for fmr in (1e-2, 1e-3, 1e-4, 1e-5):
        point = measured.point.threshold_for(fmr)
        half, most = measured.threshold(fmr, 0.5), measured.threshold(fmr, 0.95)
        assert point is not None
        assert half is not None
        assert most is not None
        assert point.value <= half.value < most.value


@pytest.mark.parametrize("fmr", [3e-2, 1e-3, 1e-4])
def test_the_promise_holds_on_other_people_nearly_always(fmr: float) -> None:
    kept = []
    for seed in range(20):
        threshold = of_members(people(200, seed), seed).threshold(fmr)
        assert threshold is not None
        kept.append(rate_elsewhere(threshold.value) / fmr)
    assert sum(one > 1.1 for one in kept) <= 5
    assert np.mean(kept) > 0.3, "and it is not kept by letting nobody in"


def test_few_people_make_the_margin_wider() -> None:
    def margin(count: int) -> float:
        found = of_members(people(count), 0)
        upper, point = found.threshold(1e-4), found.point.threshold_for(1e-4)
        assert upper is not None
        assert point is not None
        return upper.value - point.value

    assert margin(60) > 1.5 * margin(600)


def test_it_draws_people_and_not_comparisons() -> None:
    """Three people whom everybody resembles a little: all their comparisons come and go together."""
    vectors = people(200).astype(np.float64)
    vectors[7:10] += 0.3 * vectors.sum(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = vectors @ vectors.T
    rows, columns = np.triu_indices(200, 1)
    values = scores[rows, columns]
    u = float(np.sort(values)[-1 - tail.highest_of(values.size)])
    each = np.ones(200, np.int64)
    few = BoundedTail(values, rows, columns, u, values.size, (each, each), 0)
    # The same scores, each between two people of its own.
    apart = np.arange(values.size)
    once = np.ones(2 * values.size, np.int64)
    nobody = BoundedTail(values, apart, apart + values.size, u, values.size, (once, once), 0)
    spread = [np.std([one.share for one in found.resampled]) for found in (few, nobody)]
    assert spread[0] > 1.5 * spread[1]


def test_rates_that_the_tail_need_not_answer_are_counted(measured: BoundedTail) -> None:
    scores = (people(400) @ people(400).T)[np.triu_indices(400, 1)]
    threshold = measured.threshold(0.08)
    assert threshold is not None
    assert 0.05 < (scores >= threshold.value).mean() <= 0.08
    laxer = measured.threshold(0.5)
    assert laxer is not None
    assert (scores >= laxer.value).mean() == pytest.approx(bound.KEPT_SHARE, abs=0.002)


def test_pairs_once_or_twice_give_the_same_bound() -> None:
    vectors = people(150)
    numbers = np.arange(150)
    once, twice = of_members(vectors, 3), of_scores(vectors @ vectors.T, numbers, numbers, 3)
    assert (once.comparisons, twice.comparisons) == (150 * 149 // 2, 150 * 149)
    for fmr in (0.09, 1e-2, 1e-3, 1e-4):
        one, other = once.threshold(fmr), twice.threshold(fmr)
        assert one is not None
        assert other is not None
        assert other.value == pytest.approx(one.value, abs=0.02)


def test_nobody_is_compared_with_themselves() -> None:
    vectors = people(120)
    twice = np.concatenate((vectors, vectors))
    found = of_scores(twice @ vectors.T, np.tile(np.arange(120), 2), np.arange(120), 0)
    assert found.comparisons == 240 * 119
    threshold = found.threshold(1e-4)
    assert threshold is not None
    assert threshold.value < 0.99


def test_the_same_seed_gives_the_same_bound() -> None:
    vectors = people(100)
    assert of_members(vectors, 5).threshold(1e-4) == of_members(vectors, 5).threshold(1e-4)
    assert of_members(vectors, 5).threshold(1e-4) != of_members(vectors, 6).threshold(1e-4)


def test_too_few_people_are_refused() -> None:
    with pytest.raises(WrongValue, match="at least 200"):
        of_members(people(20), 0)
    numbers = np.arange(14)
    with pytest.raises(WrongValue, match="at least 200"):
        of_scores(np.zeros((14, 14)), numbers, numbers, 0)
    with pytest.raises(WrongValue, match="at least 20 scores"):
        of_members(np.tile(people(1), (50, 1)), 0)


# --- the points of a calibration -------------------------------------------------------------------------


def test_points_rise_four_a_decade_to_the_end_of_the_tail(measured: BoundedTail) -> None:
    points = points_of([measured], lambda threshold: max(0.0, threshold / 2))
    assert points[0].fmr == 0.1
    steps = [points[at].fmr / points[at + 1].fmr for at in range(len(points) - 2)]
    assert steps == pytest.approx([10**0.25] * len(steps), rel=1e-3)
    assert points[-1].fmr == pytest.approx(measured.point.shown / tail.BEYOND, rel=1e-3)
    assert all(lower.threshold < upper.threshold for lower, upper in pairwise(points))
    for point in points[1:]:
        threshold = measured.threshold(point.fmr)
        assert threshold is None or point.threshold >= threshold.value - 1e-4
        assert point.fnmr == point.threshold / 2


def test_of_two_measurements_the_higher_threshold_wins_and_the_shorter_one_ends_it(
    measured: BoundedTail,
) -> None:
    few = of_members(people(60), 0)
    together = {one.fmr: one.threshold for one in points_of([measured, few])}
    alone = [{one.fmr: one.threshold for one in points_of([found])} for found in (measured, few)]
    for fmr in set(together) & set(alone[0]) & set(alone[1]):
        assert together[fmr] == max(alone[0][fmr], alone[1][fmr])
    assert min(together) == pytest.approx(few.point.shown / tail.BEYOND, rel=1e-3)
