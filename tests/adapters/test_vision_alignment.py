"""The similarity that cuts a face out is the least-squares one, and nothing but a similarity."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.adapters.vision.alignment import similarity
from stile.adapters.vision.catalogue import find

TEMPLATE = np.array(find("mobilefacenet").recogniser.template)

angles = st.floats(-3.1, 3.1)
scales = st.floats(0.05, 20.0)
shifts = st.floats(-2000, 2000)
noise = st.lists(st.floats(-8, 8), min_size=10, max_size=10)


def moved(points: NDArray[np.float64], angle: float, scale: float, x: float, y: float) -> NDArray[np.float64]:
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    there: NDArray[np.float64] = scale * points @ turn.T + (x, y)
    return there


def applied(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    there: NDArray[np.float64] = points @ matrix[:, :2].T + matrix[:, 2]
    return there


@given(angles, scales, shifts, shifts)
def test_it_undoes_any_turn_scale_and_shift(angle: float, scale: float, x: float, y: float) -> None:
    seen = moved(TEMPLATE, angle, scale, x, y)
    assert np.allclose(applied(similarity(seen, TEMPLATE), seen), TEMPLATE, atol=1e-5)


@given(angles, scales, noise)
def test_it_never_shears_or_mirrors(angle: float, scale: float, wobble: list[float]) -> None:
    seen = moved(TEMPLATE, angle, scale, 100, 50) + np.array(wobble).reshape(5, 2)
    (a, b), (c, d) = similarity(seen, TEMPLATE)[:, :2]
    assert np.isclose(a, d)
    assert np.isclose(b, -c)
    assert a * d - b * c >= 0


@given(angles, noise, st.floats(-0.05, 0.05), st.floats(-0.05, 0.05), st.floats(-1, 1), st.floats(-1, 1))
def test_no_neighbouring_similarity_fits_better(
    angle: float, wobble: list[float], turn: float, grow: float, x: float, y: float
) -> None:
    seen = moved(TEMPLATE, angle, 1.7, 100, 50) + np.array(wobble).reshape(5, 2)
    best = similarity(seen, TEMPLATE)
    error = ((applied(best, seen) - TEMPLATE) ** 2).sum()
    other = moved(applied(best, seen), turn, 1 + grow, x, y)
    assert ((other - TEMPLATE) ** 2).sum() >= error - 1e-6


def test_a_mirrored_face_is_not_mirrored_back() -> None:
    mirrored = TEMPLATE * (-1, 1) + (112, 0)
    matrix = similarity(mirrored, TEMPLATE)
    assert np.linalg.det(matrix[:, :2]) > 0
    assert not np.allclose(applied(matrix, mirrored), TEMPLATE, atol=1)


def test_points_that_coincide_give_no_infinite_scale() -> None:
    matrix = similarity(np.full((5, 2), 40.0), TEMPLATE)
    assert np.isfinite(matrix).all()
