"""Live | Spoof | Unsure; never Live by default, never on one frame, and no sign of an attack is overruled."""

import math
from dataclasses import fields

import pytest

from stile.domain.challenge import Phase
from stile.domain.errors import WrongValue
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
)
from tests.domain.builders import seen_at

LIMITS = LivenessLimits(live=0.75, spoof=0.25)
PASSIVE, ACTIVE = LivenessMode.PASSIVE, LivenessMode.PASSIVE_ACTIVE


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


def test_edges_around_a_face_are_doubt_and_no_verdict() -> None:
    sure, window = [(1.0, 1.0)] * 3, ScreenTraces(0.0, 0.75)
    assert judge(PASSIVE, glimpses(*sure)) == Live()
    assert judge(PASSIVE, glimpses(*sure, traces=window)) == Unsure()
    assert judge(PASSIVE, glimpses(*sure, traces=window), Phase.PASSED) == Live()


def test_stripes_on_several_frames_are_a_screens_whatever_it_shows() -> None:
    sure, screen = [(1.0, 1.0)] * 3, ScreenTraces(0.8, 0.0)
    assert judge(PASSIVE, glimpses(*sure, traces=screen)) == Spoof(Telltale.STRIPES)
    assert judge(ACTIVE, glimpses(*sure, traces=screen), Phase.PASSED) == Spoof(Telltale.STRIPES)
    assert judge(PASSIVE, glimpses((1.0, 1.0), traces=screen)) == Unsure(), "one frame alone accuses nobody"


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
        pytest.param([(0.0, 1), (1.0, 1), (2.1, 1)], True, id="a picture that stands still"),
        pytest.param([(0.0, 1), (0.6, 1), (1.2, 2)], False, id="a camera that stalls"),
        pytest.param([(0.0, 1), (0.1, 2), (0.2, 1)], True, id="a film that loops"),
        pytest.param([], False, id="nothing"),
    ],
)
def test_a_sensor_never_repeats_itself(pictures: list[tuple[float, int]], again: bool) -> None:
    assert came_again(pictures, 2.0) is again


def test_a_still_is_an_attack_whatever_the_networks_say() -> None:
    still = [Glimpse(0.6 * n, seen_at(0), 7, (1.0, 1.0)) for n in range(5)]
    assert judge(PASSIVE, still) == Spoof(Telltale.STILL)
    assert judge(PASSIVE, still, Phase.PASSED) == Spoof(Telltale.STILL)


# --- a plane ---


def test_a_turned_plane_is_an_attack_although_it_followed_what_was_asked() -> None:
    turned = [
        Glimpse(0.1 * n, seen_at(one, nose=0.0, shift=n), n, (1.0, 1.0))
        for n, one in enumerate([0, 1, 30, 31, 30, 33, 2])
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
