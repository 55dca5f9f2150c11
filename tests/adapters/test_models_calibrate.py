"""What is measured is what was put in: people whose scores are known beforehand."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.application.calibrate import LEAST_MATCHES, Measured, Scores, calibrate, upper_bound
from stile.domain.errors import WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame
from stile.domain.ids import PackId
from stile.domain.quality import Flaw

PACK = PackId("known")
DIMENSIONS = 16


class OneFace:
    """Finds one face in the middle of every frame; none in a black one."""

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        if not frame.pixels.any():
            return ()
        points = np.array([[40, 40], [80, 40], [60, 63], [45, 80], [75, 80]], np.float32)
        return (DetectedFace((30, 20, 60, 75), points, 0.9),)


class WrittenInside:
    """Its features stand in the frame's first pixels: a known vector for every photograph."""

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        return AlignedFace(frame.pixels[:112, :112])

    def embed(self, aligned: AlignedFace) -> Features:
        vector = aligned.pixels[0, :DIMENSIONS, 0].astype(np.float32) - 128.0
        return Features(vector / np.linalg.norm(vector), PACK)


def photograph(vector: NDArray[np.float64]) -> Frame:
    pixels = np.random.default_rng(1).integers(60, 200, (120, 120, 3)).astype(np.uint8)
    pixels[0, :DIMENSIONS, 0] = np.clip(np.rint(vector / np.abs(vector).max() * 120 + 128), 0, 255)
    return Frame(pixels)


def crowd(people: int, photographs: int, spread: float, seed: int = 0) -> Iterator[Iterator[Frame]]:
    rng = np.random.default_rng(seed)
    for _ in range(people):
        centre = rng.normal(size=DIMENSIONS)
        shots = [centre + spread * rng.normal(size=DIMENSIONS) for _ in range(photographs)]
        yield (photograph(shot) for shot in shots)


def measured(people: int = 120, photographs: int = 6, spread: float = 0.25, seed: int = 0) -> Measured:
    return calibrate(PACK, crowd(people, photographs, spread, seed), OneFace(), WrittenInside(), "made up")


def test_the_counts_are_those_of_the_crowd() -> None:
    result = measured(50, 6)
    assert result.people == result.templates == 50
    assert result.photographs == result.used == 300
    assert result.mated == 50 * 3
    assert result.mated_fused == 50
    assert result.non_mated == result.calibration.comparisons == 50 * 49 * 6
    assert result.calibration.data == "made up"
    assert result.calibration.pack == PACK


def test_thresholds_hold_on_people_who_were_not_measured() -> None:
    calibration = measured(150, 6, seed=1).calibration
    rng = np.random.default_rng(99)
    strangers = rng.normal(size=(2000, DIMENSIONS))
    members = rng.normal(size=(400, DIMENSIONS))
    strangers /= np.linalg.norm(strangers, axis=1, keepdims=True)
    members /= np.linalg.norm(members, axis=1, keepdims=True)
    scores = strangers @ members.T
    for point in calibration.points:
        if point.fmr >= 1e-3:
            assert (scores >= point.threshold).mean() <= point.fmr * 1.3
    first = calibration.points[0]
    assert (scores >= first.threshold).mean() >= first.fmr * 0.5, "and they are not needlessly high"


def test_rates_of_misses_rise_with_the_threshold_and_with_the_spread() -> None:
    near, far = measured(spread=0.2), measured(spread=0.9)
    for result in (near, far):
        missed = [point.fnmr for point in result.calibration.points]
        assert missed == sorted(missed)
    assert far.calibration.points[-1].fnmr > near.calibration.points[-1].fnmr
    fused = far.fnmr_fused[-1]
    assert fused is not None
    assert fused < far.calibration.points[-1].fnmr, "fusing is where the accuracy is"


def test_no_rate_is_claimed_that_too_few_matches_showed() -> None:
    result = measured(60, 4)
    rarest = result.calibration.rarest_fmr
    assert rarest * result.non_mated > LEAST_MATCHES
    assert measured(200, 4).calibration.rarest_fmr < rarest


def test_the_last_two_points_are_far_enough_apart_to_be_continued() -> None:
    for people in (60, 90, 150, 200):
        *_, before, last = measured(people, 4).calibration.points
        assert before.fmr / last.fmr >= 3
        slope = (last.threshold - before.threshold) / np.log10(before.fmr / last.fmr)
        assert 0.02 < slope < 0.2


def test_photographs_that_a_lane_would_refuse_are_counted_and_not_used() -> None:
    def people() -> Iterator[list[Frame]]:
        black = Frame(np.zeros((120, 120, 3), np.uint8))
        dark = Frame(np.full((120, 120, 3), 10, np.uint8))
        for frames in crowd(40, 4, 0.2):
            yield [*frames, black, dark]

    steps: Counter[str] = Counter()
    result = calibrate(
        PACK, people(), OneFace(), WrittenInside(), "made up", on_person=lambda: steps.update(["person"])
    )
    assert result.refused == {Flaw.NO_FACE: 40, Flaw.TOO_DARK: 40}
    assert result.photographs == 240
    assert result.used == 160
    assert steps["person"] == 40


def test_photographs_are_read_one_at_a_time() -> None:
    """A hundred thousand photographs must not lie in memory together."""
    alive, most = 0, 0

    class Watched(OneFace):
        def detect(self, frame: Frame) -> Sequence[DetectedFace]:
            nonlocal alive
            alive -= 1
            return super().detect(frame)

    def people() -> Iterator[Iterator[Frame]]:
        def frames(shots: Iterator[Frame]) -> Iterator[Frame]:
            nonlocal alive, most
            for shot in shots:
                alive += 1
                most = max(most, alive)
                yield shot

        for shots in crowd(30, 4, 0.2):
            yield frames(shots)

    calibrate(PACK, people(), Watched(), WrittenInside(), "made up")
    assert most == 1


@pytest.mark.parametrize(("people", "photographs"), [(0, 3), (1, 6), (5, 1), (2, 2)])
def test_too_little_is_refused(people: int, photographs: int) -> None:
    with pytest.raises(WrongValue, match=r"at least two people|too few comparisons"):
        measured(people, photographs)


def test_people_with_one_photograph_are_strangers_to_the_others() -> None:
    def people() -> Iterator[Iterator[Frame]]:
        yield from crowd(40, 3, 0.2, seed=1)
        yield from crowd(30, 1, 0.2, seed=2)

    result = calibrate(PACK, people(), OneFace(), WrittenInside(), "made up")
    assert result.templates == 40
    assert result.non_mated == 40 * 39 * 3 + 30 * 40


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=300), st.floats(-1, 1))
def test_counting_never_says_too_few(values: list[float], threshold: float) -> None:
    scores = Scores()
    scores.add(np.array(values))
    assert len(scores) == len(values)
    assert scores.at_least(threshold) >= sum(value >= threshold for value in values)


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-1, 1e-2, 1e-3]))
def test_a_threshold_keeps_its_rate_on_the_scores_it_came_from(seed: int, rate: float) -> None:
    values = np.clip(np.random.default_rng(seed).normal(0, 0.2, 30_000), -1, 1)
    scores = Scores()
    scores.add(values)
    threshold = scores.threshold_for(rate)
    assert threshold is not None
    matched = int((values >= threshold).sum())
    assert upper_bound(np.array([matched]))[0] / len(values) <= rate
    assert matched >= LEAST_MATCHES


def test_the_upper_bound_is_that_of_the_tables() -> None:
    """Upper ends of exact two-sided 95 % Poisson intervals (Pearson and Hartley, Biometrika Tables, no. 40)."""
    exact = {10: 18.39, 20: 30.89, 50: 65.92, 100: 121.63}
    for count, bound in exact.items():
        assert upper_bound(np.array([count]))[0] == pytest.approx(bound, rel=0.005)
