"""Who stands in the zone asks; who passes by does not."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace, Frame
from stile.domain.tracking import Place
from stile.domain.zone import DWELL, Watch, Zone, standing_in
from tests.domain.builders import quick

FRAME = Frame(np.zeros((480, 640, 3), np.uint8))
MIDDLE = Zone(((0.3, 0.0), (0.7, 0.0), (0.7, 1.0), (0.3, 1.0)))


def face(x: float, width: float = 120.0) -> DetectedFace:
    """Its middle at x of the frame's width, at half its height."""
    points = np.array([(-20, -10), (20, -10), (0, 10), (-15, 30), (15, 30)], np.float32)
    return DetectedFace(
        (x * 640 - width / 2, 240 - width / 2, width, width),
        points + np.array([x * 640, 240], np.float32),
        0.9,
    )


@pytest.mark.parametrize(
    ("of", "stands"),
    [
        pytest.param(face(0.5), True, id="in the middle"),
        pytest.param(face(0.31), True, id="just inside"),
        pytest.param(face(0.29), False, id="just outside"),
        pytest.param(face(0.9), False, id="passing by"),
        pytest.param(face(0.5, width=50), False, id="behind, and small"),
    ],
)
def test_who_stands_in_the_zone(of: DetectedFace, stands: bool) -> None:
    assert bool(standing_in([of], FRAME, MIDDLE, 0.12)) is stands


def test_where_a_touch_asks_there_is_no_zone() -> None:
    everybody = [face(0.1), face(0.9, width=20)]
    assert standing_in(everybody, FRAME, None, 0.5) == everybody


@quick
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_triangle_holds_what_lies_under_its_side(x: float, y: float) -> None:
    if abs(x - y) > 1e-6:
        assert Zone(((0, 0), (1, 1), (0, 1))).contains(x, y) is (x < y and x >= 0 and y < 1)


def test_a_zone_may_be_bent_inwards() -> None:
    arrow = Zone(((0, 0), (0.5, 0.4), (1, 0), (0.5, 1)))
    assert arrow.contains(0.5, 0.7)
    assert not arrow.contains(0.5, 0.2)


@pytest.mark.parametrize(
    ("corners", "says"),
    [
        pytest.param(((0, 0), (1, 1)), "corners", id="two corners"),
        pytest.param(((0, 0), (1, 0), (1.2, 1)), "between 0 and 1", id="outside the frame"),
        pytest.param(((0, 0), (0.1, 0), (0.1, 0.1)), "covers at least", id="too small to stand in"),
        pytest.param(tuple((n / 13, n % 2) for n in range(13)), "corners", id="too many corners"),
    ],
)
def test_what_is_no_zone(corners: tuple[tuple[float, float], ...], says: str) -> None:
    with pytest.raises(WrongValue, match=says):
        Zone(corners)


HERE, THERE = Place(320.0, 200.0, 60.0, 0.0), Place(120.0, 240.0, 60.0, 0.0)


def watched(*looks: tuple[float, Place | None]) -> Watch:
    return seen(Watch(), *looks)


def seen(watch: Watch, *looks: tuple[float, Place | None]) -> Watch:
    for at, place in looks:
        watch = watch.after(place and replace(place, at=at), at)
    return watch


def test_who_walks_through_does_not_ask() -> None:
    assert not watched((0.0, HERE)).asks(0.0)
    assert not watched((0.0, HERE), (0.2, None)).asks(DWELL + 1)


def test_who_stands_asks_once() -> None:
    watch = watched((0.0, HERE), (DWELL, HERE))
    assert watch.asks(DWELL)
    assert not seen(watch.asked(), (1.0, HERE), (2.0, HERE), (3.0, HERE)).asks(3.0)


def test_a_moment_out_of_sight_is_no_going_away() -> None:
    watch = watched((0.0, HERE), (DWELL, HERE)).asked()
    assert not seen(watch, (0.5, None), (0.8, HERE), (2.0, HERE)).asks(2.0)


def test_who_comes_back_after_a_gap_asks_anew() -> None:
    watch = watched((0.0, HERE), (DWELL, HERE)).asked()
    back = seen(watch, (1.0, None), (1.5, HERE))
    assert not back.asks(1.5), "not before standing there for a moment"
    assert seen(back, (1.6 + DWELL, HERE)).asks(1.6 + DWELL)


def test_a_queue_does_not_wait_for_an_empty_mark() -> None:
    """The next one steps on it as the last one leaves."""
    watch = watched((0.0, HERE), (DWELL, HERE)).asked()
    assert seen(watch, (0.5, THERE), (0.6 + DWELL, THERE)).asks(0.6 + DWELL)
