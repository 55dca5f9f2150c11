"""A head is not a plane, whichever way a plane is held."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.challenge import TURNED
from stile.domain.faces import Landmarks
from stile.domain.quality import pose
from stile.domain.relief import moves_as_a_plane, relief, turned
from tests.domain.builders import quick, seen_at


@pytest.mark.parametrize("degrees", [-35, -28, 28, 35])
@pytest.mark.parametrize("about", [90, 45, 135, 60], ids=lambda one: f"about {one} degrees")
def test_a_plane_that_turns_is_told_from_a_head(degrees: float, about: float) -> None:
    ways = [0, 3, degrees * 0.9, degrees, degrees * 0.95, degrees]
    plane = [seen_at(one, nose=0.0, noise=0.8, shift=one, about=about) for one in ways]
    head = [seen_at(one, noise=0.8, shift=one, about=about) for one in ways]
    assert moves_as_a_plane(plane)
    assert not moves_as_a_plane(head)


@quick
@given(st.floats(-55, 55), st.floats(0, 180), st.floats(-20, 20))
def test_a_plane_never_seems_to_turn_its_head(degrees: float, about: float, shift: float) -> None:
    """Not even tilted about a diagonal, where the nose does wander between the eyes."""
    assert abs(turned(seen_at(0, nose=0.0), seen_at(degrees, nose=0.0, about=about, shift=shift))) < 0.01


def test_what_the_nose_between_the_eyes_would_have_said_of_a_tilted_plane() -> None:
    tilted = [pose(seen_at(50, nose=0.0, about=about)).yaw for about in (45, 135)]
    assert min(tilted) < -TURNED
    assert max(tilted) > TURNED


@quick
@given(st.floats(-40, 40), st.floats(0.3, 0.7))
def test_the_nose_leaves_the_plane_by_its_height_times_the_sine(degrees: float, nose: float) -> None:
    found = relief(seen_at(0, nose=nose), seen_at(degrees, nose=nose))
    expected = nose * math.sin(math.radians(degrees))
    assert found.foreshortened == pytest.approx(math.cos(math.radians(degrees)), abs=1e-3)
    assert found.across == pytest.approx(expected, abs=1e-3)
    assert found.out == pytest.approx(abs(expected), abs=1e-3)


def test_a_turn_to_the_own_left_is_positive() -> None:
    for scheme in Landmarks:
        straight = seen_at(0, scheme=scheme)
        assert (turned(straight, seen_at(25, scheme=scheme)) > 0) is (scheme is Landmarks.EYES_NOSE_MOUTH)


def test_a_face_that_hardly_turns_says_nothing() -> None:
    assert not moves_as_a_plane([seen_at(one, nose=0.0) for one in (0, 4, -5, 3, -2)])
    assert not moves_as_a_plane([seen_at(0)])


def test_a_single_odd_view_says_nothing() -> None:
    assert not moves_as_a_plane([seen_at(one, nose=0.0) for one in (0, 1, 2, 1, 30)])


def test_dlibs_landmarks_lie_on_one_line_and_say_nothing() -> None:
    faces = [seen_at(one, nose=0.0, scheme=Landmarks.EYE_CORNERS_NOSE) for one in (0, 30, 30, 30, 31)]
    assert not moves_as_a_plane(faces)
