"""Law 7: the threshold follows from a stated rate at the gallery's size."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.calibration import (
    Calibration,
    OperatingPoint,
    Threshold,
    expected_fpir,
    in_force,
    required_fmr,
    safer,
)
from stile.domain.errors import WrongValue
from tests.domain.builders import PACK, quick

RATES = tuple(10 ** (-step / 4) for step in range(4, 29))
"""1 in 10 to 1 in 10 million, four a decade."""
SPREAD = 0.1
IMPOSTORS = NormalDist(0.0, SPREAD)
"""Cosines of random directions in 100 dimensions are spread like this."""


def of_impostors(rates: tuple[float, ...] = RATES) -> Calibration:
    """What a measurement of such impostors would show, without its noise."""
    points = [OperatingPoint(-IMPOSTORS.inv_cdf(rate), rate, 0.01) for rate in rates]
    return Calibration(PACK, "Gaussian impostors", 1_000_000, 2000, points)


@st.composite
def calibrations(draw: st.DrawFn) -> Calibration:
    """Any valid one: thresholds rise, rates fall, by steps of every size."""
    count = draw(st.integers(2, 8))
    rises = draw(st.lists(st.floats(0.001, 0.1), min_size=count, max_size=count))
    falls = draw(st.lists(st.floats(0.05, 2.0), min_size=count, max_size=count))
    thresholds = np.cumsum(rises) + draw(st.floats(-0.5, 0.1))
    rates = 10 ** -np.cumsum(falls)
    points = [OperatingPoint(float(t), float(fmr), 0.0) for t, fmr in zip(thresholds, rates, strict=True)]
    return Calibration(PACK, "drawn", 1_000_000, 2000, points)


fpirs = st.floats(-9, math.log10(0.49)).map(lambda exponent: float(10**exponent))
sizes = st.integers(1, 2_000_000)


def height(threshold: Threshold | None) -> float:
    """None is above every threshold: nobody is let in by face."""
    return math.inf if threshold is None else threshold.value


# --- FMR and FPIR ----------------------------------------------------------------------------------------


@quick
@given(fpirs, sizes)
def test_the_two_rates_are_inverse(fpir: float, members: int) -> None:
    assert expected_fpir(required_fmr(fpir, members), members) == pytest.approx(fpir, rel=1e-9)


def test_they_are_still_inverse_among_a_million_at_one_in_a_million() -> None:
    fmr = required_fmr(1e-6, 1_000_000)
    assert fmr == pytest.approx(1.0000005e-12, rel=1e-12), "from the series p/N + p²/2N, not from 1 − (1 − p)"
    assert expected_fpir(fmr, 1_000_000) == pytest.approx(1e-6, rel=1e-12)


def test_by_hand_for_two_members() -> None:
    assert required_fmr(0.19, 2) == pytest.approx(0.1)
    assert expected_fpir(0.1, 2) == pytest.approx(0.19)


def test_among_one_member_the_two_are_the_same() -> None:
    assert required_fmr(0.01, 1) == pytest.approx(0.01)


def test_among_nobody_nobody_is_mistaken() -> None:
    assert expected_fpir(0.5, 0) == 0


def test_a_comparison_that_never_errs_mistakes_nobody() -> None:
    assert expected_fpir(0.0, 1_000_000) == 0


@pytest.mark.parametrize("fpir", [0.0, 1.0, -0.1, 1.5, math.nan], ids=str)
def test_a_rate_that_is_none_is_refused(fpir: float) -> None:
    with pytest.raises(WrongValue, match="between 0 and 1"):
        required_fmr(fpir, 10)


@pytest.mark.parametrize("fmr", [-0.1, 1.0, 1.5, math.nan], ids=str)
def test_the_inverse_refuses_it_too(fmr: float) -> None:
    with pytest.raises(WrongValue, match="between 0 and 1"):
        expected_fpir(fmr, 10)


@pytest.mark.parametrize("members", [0, -1])
def test_a_gallery_of_nobody_has_no_rate_to_keep(members: int) -> None:
    with pytest.raises(WrongValue, match="at least one member"):
        required_fmr(0.01, members)


def test_a_gallery_of_fewer_than_nobody_is_refused() -> None:
    with pytest.raises(WrongValue, match="fewer than 0"):
        expected_fpir(0.01, -1)


# --- what a calibration may be ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "fmr", "fnmr"),
    [
        (1.01, 0.1, 0.1),
        (-1.01, 0.1, 0.1),
        (math.nan, 0.1, 0.1),
        (0.5, 0.0, 0.1),
        (0.5, -0.1, 0.1),
        (0.5, 1.1, 0.1),
        (0.5, math.nan, 0.1),
        (0.5, 0.1, -0.1),
        (0.5, 0.1, 1.1),
        (0.5, 0.1, math.nan),
    ],
)
def test_a_point_that_nobody_can_have_measured_cannot_be(threshold: float, fmr: float, fnmr: float) -> None:
    with pytest.raises(WrongValue, match="between"):
        OperatingPoint(threshold, fmr, fnmr)


def test_the_ends_of_what_can_be_measured() -> None:
    ends = (OperatingPoint(-1.0, 1.0, 0.0), OperatingPoint(1.0, 1e-6, 1.0))
    assert Calibration(PACK, "the ends", 1, 2, ends).rarest_fmr == 1e-6


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((0.5, 0.1),),
        ((0.5, 0.1), (0.5, 0.01)),
        ((0.5, 0.1), (0.4, 0.01)),
        ((0.5, 0.1), (0.6, 0.1)),
        ((0.5, 0.1), (0.6, 0.2)),
        ((0.5, 0.1), (0.6, 0.01), (0.55, 0.001)),
    ],
    ids=["none", "one", "level", "falling threshold", "level rate", "rising rate", "the third falls back"],
)
def test_points_that_make_no_curve_cannot_be(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(WrongValue, match="points"):
        Calibration(PACK, "made up", 1000, 50, [OperatingPoint(t, fmr, 0.0) for t, fmr in points])


@pytest.mark.parametrize(
    ("comparisons", "people", "words"), [(0, 50, "at least one comparison"), (1000, 1, "at least two people")]
)
def test_a_calibration_that_rests_on_nothing_cannot_be(comparisons: int, people: int, words: str) -> None:
    with pytest.raises(WrongValue, match=words):
        Calibration(
            PACK, "made up", comparisons, people, [OperatingPoint(0.4, 0.1), OperatingPoint(0.5, 0.01)]
        )


# --- thresholds ------------------------------------------------------------------------------------------


@quick
@given(calibrations(), fpirs, sizes, sizes)
def test_more_members_never_lower_the_threshold(
    calibration: Calibration, fpir: float, one: int, other: int
) -> None:
    few, many = sorted((one, other))
    assert (
        height(calibration.threshold_for(fpir, few)) <= height(calibration.threshold_for(fpir, many)) + 1e-12
    )


@quick
@given(calibrations(), fpirs, fpirs, sizes)
def test_a_laxer_rate_never_raises_the_threshold(
    calibration: Calibration, one: float, other: float, members: int
) -> None:
    strict, lax = sorted((one, other))
    assert (
        height(calibration.threshold_for(lax, members))
        <= height(calibration.threshold_for(strict, members)) + 1e-12
    )


@quick
@given(calibrations(), st.floats(0.0, 1.0))
def test_within_the_data_it_lies_between_the_points_that_enclose_the_rate(
    calibration: Calibration, reach: float
) -> None:
    wanted = max(calibration.rarest_fmr, 0.99 * (calibration.rarest_fmr / 0.99) ** reach)
    threshold = calibration.threshold_at(wanted)
    assert threshold is not None
    laxer = [point.threshold for point in calibration.points if point.fmr > wanted]
    stricter = [point.threshold for point in calibration.points if point.fmr <= wanted]
    assert threshold.fmr == wanted
    assert stricter, "beyond the last point there is no threshold"
    assert threshold.extrapolated is (wanted < 3e-6)
    assert threshold.value >= max(laxer, default=calibration.points[0].threshold) - 1e-12
    assert threshold.value <= min(stricter, default=1.0) + 1e-12


@quick
@given(calibrations())
def test_at_the_measured_points_it_is_the_measured_threshold(calibration: Calibration) -> None:
    for point in calibration.points:
        threshold = calibration.threshold_for(point.fmr, 1)
        assert threshold is not None
        assert threshold.value == pytest.approx(point.threshold, abs=1e-12)


@pytest.mark.parametrize("members", [1, 50, 20_000])
def test_the_gallery_s_size_moves_it_along_the_same_curve(members: int) -> None:
    calibration = of_impostors()
    fpir = expected_fpir(1e-4, members)
    threshold = calibration.threshold_for(fpir, members)
    assert threshold is not None
    assert threshold.value == pytest.approx(-IMPOSTORS.inv_cdf(1e-4), abs=1e-9)


def test_half_way_between_two_points_in_decades() -> None:
    calibration = Calibration(
        PACK, "by hand", 100_000, 50, [OperatingPoint(0.4, 1e-2), OperatingPoint(0.6, 1e-4)]
    )
    threshold = calibration.threshold_for(1e-3, 1)
    assert threshold is not None
    assert threshold.value == pytest.approx(0.5)
    assert not threshold.extrapolated


def test_a_rate_laxer_than_any_measured_takes_the_first_point() -> None:
    calibration = of_impostors()
    threshold = calibration.threshold_for(0.4, 1)
    assert threshold is not None
    assert threshold.value == calibration.points[0].threshold
    assert not threshold.extrapolated


def test_an_empty_gallery_is_held_to_the_rate_of_one_member() -> None:
    calibration = of_impostors()
    assert calibration.threshold_for(1e-3, 0) == calibration.threshold_for(1e-3, 1)


BY_HAND = Calibration(
    PACK,
    "30,000 comparisons show 1 in 10,000",
    30_000,
    50,
    [OperatingPoint(0.45, 1e-3), OperatingPoint(0.6, 1e-6)],
)


@pytest.mark.parametrize(
    ("wanted", "value", "extrapolated"),
    [
        pytest.param(1.001e-4, 0.499978, False, id="just within the data"),
        pytest.param(0.999e-4, 0.500022, True, id="just beyond"),
        pytest.param(1e-5, 0.55, True, id="a decade beyond"),
        pytest.param(1.001e-6, 0.599978, True, id="all but two decades beyond"),
    ],
)
def test_beyond_what_the_comparisons_show_it_is_marked(
    wanted: float, value: float, extrapolated: bool
) -> None:
    threshold = BY_HAND.threshold_at(wanted)
    assert threshold is not None
    assert threshold.value == pytest.approx(value, abs=1e-5)
    assert threshold.fmr == wanted
    assert threshold.extrapolated is extrapolated
    assert BY_HAND.threshold_for(wanted, 1) == threshold, "one member is one comparison"


@pytest.mark.parametrize(
    ("fpir", "members"),
    [(0.999e-6, 1), (1e-3, 1_100), (1e-12, 1)],
    ids=["a rarer rate", "too many members", "far beyond"],
)
def test_beyond_the_last_point_there_is_no_answer(fpir: float, members: int) -> None:
    assert BY_HAND.threshold_for(fpir, members) is None


def test_the_last_point_is_reached_by_members_alone() -> None:
    assert BY_HAND.threshold_for(1e-3, 990) is not None


@pytest.mark.parametrize("fmr", [0.0, 1.0, math.nan], ids=str)
def test_one_to_one_refuses_a_rate_that_is_none(fmr: float) -> None:
    with pytest.raises(WrongValue, match="between 0 and 1"):
        BY_HAND.threshold_at(fmr)


# --- of two sources the safer wins -----------------------------------------------------------------------

LOW, HIGH = Threshold(0.4, 1e-5, extrapolated=False), Threshold(0.5, 1e-5, extrapolated=True)


@pytest.mark.parametrize(
    ("pack", "site", "wins"),
    [
        pytest.param(LOW, HIGH, HIGH, id="the site knows closer look-alikes"),
        pytest.param(HIGH, LOW, HIGH, id="the pack was measured on closer ones"),
        pytest.param(LOW, None, LOW, id="too few members to measure"),
        pytest.param(None, LOW, None, id="the pack cannot answer"),
        pytest.param(None, None, None, id="neither can"),
    ],
)
def test_of_two_sources_the_safer_wins(
    pack: Threshold | None, site: Threshold | None, wins: Threshold | None
) -> None:
    assert safer(pack, site) == wins


def ending(rarest: float, threshold: float) -> Calibration:
    points = (OperatingPoint(0.2, 1e-2), OperatingPoint(threshold, rarest))
    return Calibration(PACK, "made up", round(3 / rarest), 100, points)


@pytest.mark.parametrize(
    ("site", "value"),
    [
        pytest.param(ending(1e-8, 0.7), 0.665, id="a large site shows it, and its members are closer kin"),
        pytest.param(ending(1e-8, 0.5), 0.6, id="never less than the highest that the pack's data could say"),
        pytest.param(ending(1e-6, 0.7), None, id="the site cannot show it either"),
        pytest.param(None, None, id="no site"),
    ],
)
def test_a_rate_too_rare_for_the_pack_may_be_shown_by_a_large_site(
    site: Calibration | None, value: float | None
) -> None:
    found = in_force(
        ending(1e-6, 0.6), site, 2.6e-8
    )  # rarer than the pack says, and than `ending(1e-6)` shows
    assert (found and found.value) == (value if value is None else pytest.approx(value, abs=0.005))


def test_within_the_packs_reach_the_safer_wins() -> None:
    pack, site = ending(1e-6, 0.6), ending(1e-6, 0.7)
    assert in_force(pack, site, 1e-4) == site.threshold_at(1e-4)
    assert in_force(site, pack, 1e-4) == site.threshold_at(1e-4)


# --- does it keep its promise? ---------------------------------------------------------------------------


def interval(count: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate."""
    z, rate = 1.959964, count / of
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return middle - half, middle + half


def mistaken(threshold: float, members: int, strangers: int) -> int:
    """How many of so many strangers score at or above the threshold with at least one member."""
    scores = np.random.default_rng(2026).normal(0.0, SPREAD, (strangers, members))
    return int((scores.max(axis=1) >= threshold).sum())


def test_strangers_are_mistaken_as_often_as_the_lane_promised() -> None:
    strangers, members, promised = 20_000, 200, 0.01
    threshold = of_impostors().threshold_for(promised, members)
    assert threshold is not None
    assert not threshold.extrapolated
    low, high = interval(mistaken(threshold.value, members, strangers), strangers)
    assert low <= promised
    assert high >= promised / 2, "and it is not kept by letting nobody in"


def test_a_threshold_that_forgot_the_gallery_s_size_would_be_caught() -> None:
    strangers, members, promised = 2_000, 200, 0.01
    threshold = of_impostors().threshold_for(promised, 1)
    assert threshold is not None
    low, _ = interval(mistaken(threshold.value, members, strangers), strangers)
    assert low > 10 * promised


@pytest.mark.parametrize(
    ("apart", "most"), [(0.1**0.25, 1.01), (0.1, 1.13)], ids=["a quarter of a decade", "a decade"]
)
def test_how_much_the_chord_between_two_points_may_cost(apart: float, most: float) -> None:
    rates = tuple(0.1 * apart**step for step in range(1 + round(-8 / np.log10(apart) / 2)))
    calibration = of_impostors(rates)
    worst = 0.0
    for wanted in np.geomspace(0.1, rates[-1], 500):
        threshold = calibration.threshold_for(float(wanted), 1)
        assert threshold is not None
        worst = max(worst, IMPOSTORS.cdf(-threshold.value) / wanted)
    assert 1.0 < worst <= most
