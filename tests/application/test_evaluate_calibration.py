"""A calibration is measured as a lane is used: templates of exactly K shots, probes of M frames and of fewer."""

import numpy as np
import pytest

from stile.application.evaluation.calibration import Measured, calibrate
from stile.application.evaluation.people import Person, Plan
from stile.domain.errors import WrongValue
from tests.application.test_evaluate import DIMENSIONS, PACK, crowd


def measured(people: list[Person], plan: Plan | None = None) -> Measured:
    return calibrate(PACK, people, plan or Plan(), "made up")


@pytest.fixture(scope="module")
def of_crowd() -> Measured:
    return measured(crowd(400, (6, 6, 3, 1), spread=0.8))


def test_the_counts_are_those_of_the_crowd(of_crowd: Measured) -> None:
    assert of_crowd.templates == 300, "who has three photographs is enrolled, and is nobody's stranger"
    assert of_crowd.probes == 200 * 2 + 100, (
        "members' six photographs make two probes, of others three make one"
    )
    assert of_crowd.mated == 200
    assert of_crowd.mated_single == 600
    made = of_crowd.calibration
    assert made.comparisons == 500 * 299, "with everybody's template but their own"
    assert (made.pack, made.people, made.data) == (PACK, 400, "made up")


def test_thresholds_hold_on_people_who_were_not_measured(of_crowd: Measured) -> None:
    strangers, members = (_fused(np.random.default_rng(seed), 2000) for seed in (99, 98))
    scores = strangers @ members.T
    shown = [point for point in of_crowd.calibration.points if 1e-5 < point.fmr <= 1e-2]
    assert len(shown) > 8
    for point in shown:
        rate = (scores >= point.threshold).mean()
        assert rate <= point.fmr * 1.1
        assert rate >= point.fmr * 0.3 or point.fmr < 1e-3, "and they are not needlessly high"


def _fused(rng: np.random.Generator, people: int) -> np.ndarray:
    """Probes and templates of three, as `crowd` with a spread of 0.8 makes them."""
    centres = rng.normal(size=(people, 1, DIMENSIONS))
    frames = centres + 0.8 * rng.normal(size=(people, 3, DIMENSIONS))
    frames /= np.linalg.norm(frames, axis=2, keepdims=True)
    total = frames.sum(axis=1)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True))


def test_misses_rise_with_the_threshold_and_single_frames_miss_more(of_crowd: Measured) -> None:
    fused = [point.fnmr for point in of_crowd.calibration.points]
    assert fused == sorted(fused, key=lambda rate: rate or 0.0)
    pairs = zip(fused, of_crowd.fnmr_single, strict=True)
    assert all(together is not None and together <= alone for together, alone in pairs)
    assert of_crowd.fnmr_single[-1] > 0


def test_it_ends_two_decades_beyond_what_the_fused_probes_show(of_crowd: Measured) -> None:
    made = of_crowd.calibration
    assert made.rarest_fmr >= made.shown_fmr / 100
    assert made.rarest_fmr < made.shown_fmr / 10
    assert made.threshold_at(made.rarest_fmr / 2) is None


def test_few_people_make_higher_thresholds(of_crowd: Measured) -> None:
    few = measured(crowd(60, (6,), spread=0.8)).calibration
    for fmr in (1e-2, 1e-3):
        careful, usual = few.threshold_at(fmr), of_crowd.calibration.threshold_at(fmr)
        assert usual is not None
        assert careful is None or careful.value > usual.value


def test_probes_of_one_frame_need_no_second_kind() -> None:
    made = measured(crowd(200, (5, 1)), Plan(probe=1))
    assert made.probes == 100 * 5 + 100
    assert made.fnmr_single == [point.fnmr for point in made.calibration.points]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        (crowd(100, (1,)), "at least two people with 3 photographs fit to enrol"),
        (crowd(100, (3,)), "nobody who is enrolled has 3 more"),
        (crowd(12, (6,)), "too few people have 3 usable photographs"),
    ],
    ids=["nobody enrolled", "nobody comes back", "too few"],
)
def test_too_little_is_refused(people: list[Person], words: str) -> None:
    with pytest.raises(WrongValue, match=words):
        measured(people)
