"""Live | Spoof | Unsure; never Live by default, never on one frame, and no sign of an attack is overruled."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.domain.challenge import Phase
from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Landmarks
from stile.domain.liveness import (
    Glimpse,
    Live,
    LivenessLimits,
    LivenessMode,
    LivenessVerdict,
    ScreenTraces,
    Spoof,
    Telltale,
    Unsure,
    asks_for_turns,
    came_again,
    judge,
    moves_as_a_plane,
    relief,
)
from tests.domain.builders import quick

LIMITS = LivenessLimits(live=0.75, spoof=0.25)
PASSIVE, ACTIVE = LivenessMode.PASSIVE, LivenessMode.PASSIVE_ACTIVE

HEAD = np.array([(-0.5, 0, 0), (0.5, 0, 0), (0, 0.55, 0.5), (-0.4, 1.1, 0), (0.4, 1.1, 0)])
"""Five landmarks in inter-eye distances, the nose half a one before the others."""


def seen_at(
    degrees: float, nose: float = 0.5, shift: float = 0.0, noise: float = 0.0, scheme: Landmarks | None = None
) -> DetectedFace:
    """The landmarks of a head turned by so much, 80 pixels between the eyes. `nose`: its height; 0: a plane."""
    points = HEAD * np.array([1, 1, nose / 0.5])
    turn = math.radians(degrees)
    across = points[:, 0] * math.cos(turn) + points[:, 2] * math.sin(turn)
    flat: NDArray[np.float64] = np.c_[across, points[:, 1]] * 80 + (300 + shift, 200)
    flat += np.random.default_rng(3).normal(0, noise, flat.shape)
    return DetectedFace(
        (220.0, 120.0, 160.0, 200.0), flat.astype(np.float32), 0.9, scheme or Landmarks.EYES_NOSE_MOUTH
    )


def glimpses(*opinions: tuple[float, ...], traces: ScreenTraces | None = None) -> list[Glimpse]:
    return [Glimpse(0.15 * n, seen_at(0, shift=n), 1000 + n, one, traces) for n, one in enumerate(opinions)]


@pytest.mark.parametrize(
    ("opinions", "expected"),
    [
        pytest.param([(1.0, 1.0)], Unsure(), id="one frame alone, however sure"),
        pytest.param([(0.0, 0.0)], Unsure(), id="nor does one frame alone accuse"),
        pytest.param([(0.75, 0.75)] * 2, Live(), id="at the upper bound"),
        pytest.param([(0.74, 0.75)] * 2, Unsure(), id="just below it"),
        pytest.param([(0.25, 0.25)] * 2, Unsure(), id="at the lower bound"),
        pytest.param([(0.25, 0.24)] * 2, Spoof(Telltale.NETWORKS), id="just below that"),
        pytest.param([(1.0, 0.9), (0.5, 0.9)], Live(), id="one doubtful frame among good ones"),
        pytest.param([(1.0, 1.0), (0.0, 0.0), (0.5, 0.5)], Unsure(), id="frames that disagree"),
        pytest.param([(1.0, 0.0)] * 3, Unsure(), id="networks that disagree"),
        pytest.param([(), (), ()], Unsure(), id="a pack without networks"),
        pytest.param([], Unsure(), id="nothing"),
        pytest.param([(math.nan, 1.0), (1.0, 1.0)], Unsure(), id="no number"),
        pytest.param([(5.0, 1.0), (1.0, 1.0)], Unsure(), id="a logit"),
    ],
)
def test_the_networks_are_heard_over_several_frames(
    opinions: list[tuple[float, ...]], expected: LivenessVerdict
) -> None:
    assert judge(PASSIVE, glimpses(*opinions), limits=LIMITS) == expected


@pytest.mark.parametrize("opinions", [[], [(0.0, 0.0)] * 3, [(1.0, 1.0)] * 3], ids=["none", "spoof", "live"])
def test_a_lane_that_asks_for_none_takes_everybody_for_live(opinions: list[tuple[float, ...]]) -> None:
    assert judge(LivenessMode.OFF, glimpses(*opinions)) == Live()


@pytest.mark.parametrize("mode", LivenessMode, ids=str)
def test_only_a_lane_that_is_off_lets_pass_whom_nobody_judged(mode: LivenessMode) -> None:
    assert (judge(mode, []) == Live()) is (mode is LivenessMode.OFF)


@pytest.mark.parametrize(
    "traces", [ScreenTraces(0.8, 0.0), ScreenTraces(0.0, 0.75)], ids=["stripes", "border"]
)
def test_traces_of_a_screen_are_doubt_and_no_verdict(traces: ScreenTraces) -> None:
    sure = [(1.0, 1.0)] * 3
    assert judge(PASSIVE, glimpses(*sure)) == Live()
    assert judge(PASSIVE, glimpses(*sure, traces=traces)) == Unsure()
    assert judge(PASSIVE, glimpses(*sure, traces=traces), Phase.PASSED) == Live()


def test_the_active_mode_asks_everybody() -> None:
    verdict = judge(ACTIVE, glimpses(*[(1.0, 1.0)] * 3))
    assert verdict == Unsure()
    assert asks_for_turns(ACTIVE, verdict)


@pytest.mark.parametrize("mode", [PASSIVE, ACTIVE], ids=str)
def test_head_turns_settle_a_doubt(mode: LivenessMode) -> None:
    doubtful = glimpses(*[(0.5, 0.5)] * 3)
    assert asks_for_turns(mode, judge(mode, doubtful))
    assert judge(mode, doubtful, Phase.PASSED) == Live()
    for failed in (Phase.MISSED, Phase.WRONG):
        assert judge(mode, doubtful, failed) == Unsure(after_turns=True)
        assert judge(mode, glimpses(*[(1.0, 1.0)] * 3), failed) == Unsure(after_turns=True)


@pytest.mark.parametrize("mode", [PASSIVE, ACTIVE], ids=str)
def test_head_turns_do_not_overrule_a_sign_of_an_attack(mode: LivenessMode) -> None:
    attack = glimpses(*[(0.0, 0.1)] * 3)
    assert not asks_for_turns(mode, judge(mode, attack))
    assert judge(mode, attack, Phase.PASSED) == Spoof(Telltale.NETWORKS)


def test_nobody_is_asked_to_turn_where_liveness_is_off() -> None:
    assert not asks_for_turns(LivenessMode.OFF, Unsure())


# --- the same picture again ---


@pytest.mark.parametrize(
    ("pictures", "again"),
    [
        pytest.param([(0.0, 1), (0.1, 2), (0.2, 3)], False, id="a camera"),
        pytest.param([(0.0, 1), (0.1, 1), (0.2, 2), (0.3, 2)], False, id="a slow camera, each frame twice"),
        pytest.param([(0.0, 1), (0.3, 1), (0.6, 1)], True, id="a picture that stands still"),
        pytest.param([(0.0, 1), (0.1, 2), (0.2, 1)], True, id="a film that loops"),
        pytest.param([(0.0, 1), (0.1, 1), (0.5, 1)], False, id="as long as a slow camera takes"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_a_sensor_never_repeats_itself(pictures: list[tuple[float, int]], again: bool) -> None:
    assert came_again(pictures, 0.5) is again


def test_a_still_is_an_attack_whatever_the_networks_say() -> None:
    still = [Glimpse(0.3 * n, seen_at(0), 7, (1.0, 1.0)) for n in range(4)]
    assert judge(PASSIVE, still) == Spoof(Telltale.STILL)
    assert judge(PASSIVE, still, Phase.PASSED) == Spoof(Telltale.STILL)


# --- a plane and a head ---


@pytest.mark.parametrize("degrees", [-35, -28, 28, 35])
def test_a_plane_that_turns_is_told_from_a_head(degrees: float) -> None:
    ways = [0, 3, degrees * 0.9, degrees, degrees * 0.95]
    assert moves_as_a_plane([seen_at(one, nose=0.0, noise=0.8, shift=one) for one in ways])
    assert not moves_as_a_plane([seen_at(one, noise=0.8, shift=one) for one in ways])


def test_a_face_that_hardly_turns_says_nothing() -> None:
    assert not moves_as_a_plane([seen_at(one, nose=0.0) for one in (0, 4, -5)])
    assert not moves_as_a_plane([seen_at(0)])


def test_dlibs_landmarks_lie_on_one_line_and_say_nothing() -> None:
    turned = [seen_at(one, nose=0.0, scheme=Landmarks.EYE_CORNERS_NOSE) for one in (0, 30, 30)]
    assert not moves_as_a_plane(turned)


@quick
@given(st.floats(-40, 40), st.floats(0.3, 0.7))
def test_the_nose_leaves_the_plane_by_its_height_times_the_sine(degrees: float, nose: float) -> None:
    ratio, out = relief(seen_at(0, nose=nose), seen_at(degrees, nose=nose))
    assert ratio == pytest.approx(math.cos(math.radians(degrees)), abs=1e-3)
    assert out == pytest.approx(abs(nose * math.sin(math.radians(degrees))), abs=1e-3)


def test_a_turned_plane_is_an_attack_although_it_followed_what_was_asked() -> None:
    turned = [
        Glimpse(0.1 * n, seen_at(one, nose=0.0, shift=n), n, (1.0, 1.0))
        for n, one in enumerate([0, 1, 30, 31, 30, 2])
    ]
    assert judge(ACTIVE, turned, Phase.PASSED) == Spoof(Telltale.FLAT)


# --- what cannot be ---


@pytest.mark.parametrize(
    ("live", "spoof"),
    [(0.5, 0.5), (0.3, 0.7), (1.1, 0.3), (0.7, -0.1), (math.nan, 0.3), (0.7, math.nan)],
    ids=["equal", "crossed", "above 1", "below 0", "live no number", "spoof no number"],
)
def test_bounds_that_leave_no_room_for_doubt_cannot_be(live: float, spoof: float) -> None:
    with pytest.raises(WrongValue, match="spoof < live"):
        LivenessLimits(live, spoof)


@pytest.mark.parametrize(
    "traces", [(1.1, 0), (0, -0.1), (math.nan, 0)], ids=["above 1", "below 0", "no number"]
)
def test_traces_are_shares(traces: tuple[float, float]) -> None:
    with pytest.raises(WrongValue, match="shares"):
        ScreenTraces(*traces)


def test_what_was_glimpsed_stays_in_memory_and_shows_nothing() -> None:
    glimpse = glimpses((1.0, 1.0))[0]
    with pytest.raises(TypeError, match="memory only"):
        glimpse.__reduce_ex__(4)
    assert repr(glimpse) == "<Glimpse>"


def test_a_verdict_carries_no_number_derived_from_a_face() -> None:
    for kind in (Live, Spoof, Unsure):
        assert {one.type for one in fields(kind)} <= {"Telltale", "bool", Telltale, bool}
