"""The site's own calibration: how far it may be followed, and when it is made again."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from stile.domain.calibration import OperatingPoint, Threshold
from stile.domain.errors import WrongValue
from stile.domain.ids import CalibrationId, CentreId
from stile.domain.site_calibration import (
    BEYOND,
    SiteCalibration,
    data_of,
    highest_for,
    is_due,
    points_of,
)
from tests.domain.builders import PACK

NOW = datetime(2026, 11, 2, 7, 30, tzinfo=UTC)
OWN = SiteCalibration(
    pack=PACK,
    data="made up",
    comparisons=3_000,
    people=78,
    points=[OperatingPoint(0.2, 1e-1), OperatingPoint(0.3, 1e-2), OperatingPoint(0.4, 1e-3 / 3)],
    id=CalibrationId(UUID(int=1)),
    centre=CentreId(UUID(int=2)),
    at=NOW,
    gallery=80,
    left_out=3,
)


def test_within_its_points_it_is_a_calibration_like_any_other() -> None:
    found = OWN.threshold_at(1e-2)
    assert found is not None
    assert found.value == pytest.approx(0.3)
    assert not found.extrapolated
    loose = OWN.threshold_for(0.5, 1)
    assert loose is not None
    assert (loose.value, loose.extrapolated) == (0.2, False)


@pytest.mark.parametrize("fmr", [1e-3 / 3 - 1e-9, 1e-5, 1e-12])
def test_beyond_them_the_last_threshold_stands_and_is_called_extrapolated(fmr: float) -> None:
    """It never falls silent: `safer` would then take the pack's, however much lower."""
    assert OWN.threshold_at(fmr) == Threshold(0.4, fmr, extrapolated=True)


@pytest.mark.parametrize(
    "wrong", [{"at": NOW.replace(tzinfo=None)}, {"gallery": 77}, {"left_out": -1}, {"people": 1}]
)
def test_what_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongValue):
        replace(OWN, **wrong)  # type: ignore[arg-type]


def test_on_whose_faces_is_said_in_words() -> None:
    assert data_of(60, 60, NOW) == "60 members of this site, each with every other one, on 2026-11-02"
    assert "20,000 members of this site, drawn at random from 31,000," in data_of(20_000, 31_000, NOW)


@pytest.mark.parametrize(
    ("measured", "gallery", "later", "due"),
    [
        (100, 105, timedelta(0), False),
        (100, 106, timedelta(0), True),
        (100, 94, timedelta(0), True),
        (1_000, 1_019, timedelta(0), False),
        (1_000, 1_020, timedelta(0), True),
        (1_000, 980, timedelta(0), True),
        (100, 100, timedelta(hours=23, minutes=59), False),
        (100, 100, timedelta(days=1), True),
    ],
)
def test_it_is_due_as_members_come_and_go_and_once_a_day(
    measured: int, gallery: int, later: timedelta, due: bool
) -> None:
    assert is_due(NOW, measured, NOW + later, gallery) is due


# --- the curve ---


def pairs_of(people: int, seed: int = 0) -> tuple[np.ndarray, Sequence[np.ndarray]]:
    """Scores of all pairs of so many random directions, and who makes each pair."""
    vectors = np.random.default_rng(seed).standard_normal((people, 64))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    first, second = np.triu_indices(people, 1)
    return (vectors @ vectors.T)[first, second].astype(np.float32), (first, second)


def test_the_curve_falls_from_what_is_common_to_one_in_the_number_of_pairs() -> None:
    scores, (first, second) = pairs_of(100)
    points = points_of(scores, first, second, 100, scores.size, seed=1)
    assert points[0].fmr == 0.1
    assert points[-1].fmr == pytest.approx(3 / scores.size / BEYOND, rel=1e-3)
    assert all(one.fnmr is None for one in points)
    others, _ = pairs_of(2_000, seed=5)
    for one in points:  # among two million pairs of other people, the share is what was said, or less
        assert (others >= one.threshold).mean() <= one.fmr


def test_the_highest_pairs_are_all_it_needs() -> None:
    scores, (first, second) = pairs_of(100)
    highest = np.argsort(-scores)[: highest_for(scores.size)]
    assert highest.size < scores.size / 5
    some = points_of(scores[highest], first[highest], second[highest], 100, scores.size, seed=1)
    assert some == points_of(scores, first, second, 100, scores.size, seed=1)


def test_too_few_scores_make_no_tail() -> None:
    scores, (first, second) = pairs_of(15)
    with pytest.raises(WrongValue, match="at least 200"):
        points_of(scores, first, second, 15, scores.size, seed=1)
    with pytest.raises(WrongValue, match="one more below it"):
        points_of(scores[:20], first[:20], second[:20], 100, 4_950, seed=1)
