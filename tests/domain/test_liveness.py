"""Live | Spoof | Unsure; never Live by default."""

import dataclasses
import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.liveness import Live, LivenessLimits, LivenessMode, LivenessVerdict, Spoof, Unsure, judge
from tests.domain.builders import quick

LIMITS = LivenessLimits(live=0.75, spoof=0.25)


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        pytest.param([1.0], Live(), id="sure"),
        pytest.param([0.75], Live(), id="at the upper bound"),
        pytest.param([math.nextafter(0.75, 0)], Unsure(), id="just below it"),
        pytest.param([0.25], Unsure(), id="at the lower bound"),
        pytest.param([math.nextafter(0.25, 0)], Spoof(), id="just below that"),
        pytest.param([0.0], Spoof(), id="sure that not"),
        pytest.param([1.0, 0.5], Live(), id="the mean of two, above"),
        pytest.param([1.0, 0.0, 0.5], Unsure(), id="the mean of three, between"),
        pytest.param([0.5, 0.0, 0.0], Spoof(), id="the mean of three, below"),
        pytest.param([], Unsure(), id="no opinion"),
        pytest.param([math.nan, 1.0, 1.0], Unsure(), id="no number"),
        pytest.param([5.0, 0.0, 0.0], Unsure(), id="a logit, high"),
        pytest.param([1.01, 1.0, 1.0], Unsure(), id="a little more than sure"),
        pytest.param([-5.0, 1.0, 1.0], Unsure(), id="a logit, low"),
    ],
)
def test_the_mean_is_held_against_the_bounds(frames: list[float], expected: LivenessVerdict) -> None:
    assert judge(LivenessMode.PASSIVE, frames, LIMITS) == expected


@pytest.mark.parametrize("frames", [[], [0.0], [1.0]], ids=["none", "spoof", "live"])
def test_a_lane_that_asks_for_none_takes_everybody_for_live(frames: list[float]) -> None:
    assert judge(LivenessMode.OFF, frames, LIMITS) == Live()


@pytest.mark.parametrize("mode", LivenessMode, ids=str)
def test_only_a_lane_that_is_off_lets_pass_whom_nobody_judged(mode: LivenessMode) -> None:
    assert (judge(mode, []) == Live()) is (mode is LivenessMode.OFF)


@quick
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_more_bona_fide_is_never_less_live(frames: list[float], random: Random) -> None:
    rank = [Spoof(), Unsure(), Live()]
    raised = [one + random.random() * (1 - one) for one in frames]
    before = rank.index(judge(LivenessMode.PASSIVE, frames))
    assert rank.index(judge(LivenessMode.PASSIVE, [min(1.0, one) for one in raised])) >= before


@pytest.mark.parametrize(
    ("live", "spoof"),
    [(0.5, 0.5), (0.3, 0.7), (1.1, 0.3), (0.7, -0.1), (math.nan, 0.3), (0.7, math.nan)],
    ids=["equal", "crossed", "above 1", "below 0", "live no number", "spoof no number"],
)
def test_bounds_that_leave_no_room_for_doubt_cannot_be(live: float, spoof: float) -> None:
    with pytest.raises(WrongValue, match="spoof < live"):
        LivenessLimits(live, spoof)


def test_the_widest_room_for_doubt() -> None:
    widest = LivenessLimits(live=1.0, spoof=0.0)
    assert judge(LivenessMode.PASSIVE, [0.999], widest) == Unsure()
    assert judge(LivenessMode.PASSIVE, [0.0], widest) == Unsure()


@pytest.mark.parametrize("kind", [Live, Spoof, Unsure])
def test_a_verdict_carries_nothing_but_itself(kind: type) -> None:
    assert dataclasses.fields(kind) == ()
    assert not hasattr(kind(), "__dict__")
