"""The makers of fake films keep what they promise: a head turns as a head, a sheet as a sheet. Measured on a
drawn face whose landmarks are coloured spots that can be found again without any model."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from stile.domain.errors import WrongValue
from stile.domain.faces import DetectedFace
from stile.testing import presentations
from stile.testing.presentations import ATTACKS, HEIGHT, WIDTH, Follower, Kind, Motion, Picture, present
from stile.testing.presentations.head import Head
from stile.testing.presentations.kinds import film
from stile.testing.presentations.paper import Cut, Print
from tests.testing.drawn import POINTS, drawn, picture, spots


def nose_to_the_side(points: NDArray[np.float32]) -> float:
    """In inter-eye distances, from the middle between the eyes."""
    right, left = points[0], points[1]
    return float((points[2] - (right + left) / 2)[0] / np.hypot(*(left - right)))


def strays_from_a_plane(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How far the nose lies from where the plane of eyes and mouth would carry it, in inter-eye distances."""
    corners = [0, 1, 3, 4]
    carries = cv2.getPerspectiveTransform(one[corners], other[corners])
    nose = carries @ np.array([*one[2], 1.0])
    return float(np.hypot(*(nose[:2] / nose[2] - other[2])) / np.hypot(*(other[1] - other[0])))


def test_a_portrait_is_upright_and_as_large_as_at_a_lane() -> None:
    turned = cv2.transform(POINTS[None], cv2.getRotationMatrix2D((130, 130), -20, 0.9))[0]
    for points in (POINTS, turned):
        found = spots(np.rint(drawn(points).light).astype(np.uint8))
        assert found[0][1] == pytest.approx(found[1][1], abs=2)
        assert found[1][0] - found[0][0] == pytest.approx(78, abs=3)


def test_no_black_frame_is_left_around_a_photograph() -> None:
    framed = np.zeros((250, 250, 3), np.uint8)
    framed[20:, 10:230] = 140
    made = presentations.portrait(framed, DetectedFace((60, 60, 120, 140), POINTS - 10, 0.9))
    assert made.light.min() > 120


@pytest.mark.parametrize("degrees", [12, 25, 32])
def test_a_head_that_turns_carries_its_nose_before_the_eyes(degrees: float) -> None:
    head = Head(drawn(), np.random.default_rng(1))
    straight, left, right = (spots(head.frame(0, yaw)) for yaw in (0, degrees, -degrees))
    expected = 0.5 * np.tan(np.radians(degrees))
    assert nose_to_the_side(straight) == pytest.approx(0, abs=0.03)
    assert nose_to_the_side(left) == pytest.approx(expected, abs=0.08)
    assert nose_to_the_side(right) == pytest.approx(-expected, abs=0.08)
    assert strays_from_a_plane(straight, left) > 0.6 * expected


def test_a_head_turns_before_a_room_that_stands_still() -> None:
    head = Head(drawn(), np.random.default_rng(1))
    one, other = (head.light(0, yaw) for yaw in (0, 30))
    assert np.abs(one - other)[:, :60].max() < 1
    assert np.abs(one - other)[150:300, 250:400].max() > 20


def test_a_photograph_of_a_turned_head_can_look_straight_ahead() -> None:
    aside = POINTS.copy()
    aside[2, 0] += 20
    person = drawn(aside)
    assert person.yaw == pytest.approx(26.6, abs=0.5)
    assert abs(nose_to_the_side(spots(Head(person, np.random.default_rng(1)).frame(0, 0)))) < 0.06


@pytest.mark.parametrize("glossy", [False, True])
@pytest.mark.parametrize("degrees", [-32, -15, 15, 32])
def test_a_print_turns_as_a_plane(degrees: float, glossy: bool) -> None:
    made = Print(drawn(), np.random.default_rng(4), Cut.WHOLE, glossy)
    straight, turned = spots(made.frame(0, 0)), spots(made.frame(0, degrees))
    assert strays_from_a_plane(straight, turned) < 0.06
    assert abs(nose_to_the_side(turned)) < 0.08
    eyes = np.hypot(*(turned[1] - turned[0])) / np.hypot(*(straight[1] - straight[0]))
    assert eyes == pytest.approx(np.cos(np.radians(degrees)), abs=0.06)


def test_a_sheet_that_turns_to_the_own_left_shows_its_right_side_larger() -> None:
    made = Print(drawn(), np.random.default_rng(4))
    turned = spots(made.frame(0, 30))
    assert turned[3][1] - turned[0][1] > turned[4][1] - turned[1][1] + 1


@pytest.mark.parametrize("kind", Kind)
def test_the_same_seed_makes_the_same_film_and_another_one_another(kind: Kind) -> None:
    person = drawn()
    one, same, other = (present(kind, person, seed) for seed in (5, 5, 6))
    for t, yaw in ((0.0, 0.0), (0.3, 20.0)):
        frame = one.frame(t, yaw)
        assert frame.dtype == np.uint8
        assert frame.shape == (HEIGHT, WIDTH, 3)
        assert (frame == same.frame(t, yaw)).all()
        assert (frame != other.frame(t, yaw)).any()


@pytest.mark.parametrize("kind", [one for one in Kind if "injected" not in one])
def test_no_two_frames_before_a_camera_are_alike(kind: Kind) -> None:
    made = present(kind, drawn(), 1)
    frames = [made.frame(at / 10, 0.0) for at in range(4)]
    assert all((one != other).any() for at, one in enumerate(frames) for other in frames[at + 1 :])


def test_an_injected_still_repeats_exactly_and_a_loop_after_its_length() -> None:
    frozen = present(Kind.INJECTED_STILL, drawn(), 1)
    assert (frozen.frame(0, 0) == frozen.frame(1.7, 30)).all()
    loop = present(Kind.INJECTED_LOOP, drawn(), 1)
    assert (loop.frame(0.2, 0) == loop.frame(4.2, 30)).all()
    assert (loop.frame(0.2, 0) != loop.frame(1.2, 0)).any()


def test_a_picture_of_a_real_presentation_is_shown_with_a_sensors_noise_and_stands_still() -> None:
    shown = Picture(picture(), seed=3)
    one, other = shown.frame(0, 0), shown.frame(0.1, 30)
    assert (one != other).any()
    assert np.abs(one.astype(int) - picture()).max() <= 16
    assert np.abs(spots(one) - spots(other)).max() < 1


def test_a_film_on_a_screen_turns_by_itself_whatever_is_asked() -> None:
    made = present(Kind.SCREEN_FILM, drawn(), 3)
    seen = [nose_to_the_side(spots(made.frame(at / 4, 0.0))) for at in range(16)]
    assert max(seen) > 0.15
    assert min(seen) < -0.15


def test_a_screen_beats_and_flickers_and_has_an_edge() -> None:
    plain = np.full((280, 260, 3), 128, np.uint8)
    made = present(
        Kind.SCREEN_PHOTO, presentations.portrait(plain, DetectedFace((30, 20, 200, 220), POINTS, 0.9)), 2
    )
    frames = [made.frame(at / 10, 0.0)[200:300, 270:370].astype(float) for at in range(8)]
    light = np.array([frame.mean(axis=1) for frame in frames])
    assert light.mean(axis=(1, 2)).std() > 0.5 or light.std(axis=0).mean() > 1
    spectrum = np.abs(np.fft.fft2(frames[0][:, :, 1] - frames[0][:, :, 1].mean()))
    assert spectrum.max() > 12 * np.median(spectrum)
    whole = made.frame(0.9, 0.0)
    assert (whole[240] < 45).all(axis=1).sum() >= 10


def test_gloss_mirrors_a_lamp_that_wanders() -> None:
    person = drawn()
    shiny = [Print(person, np.random.default_rng(4), glossy=True) for _ in range(2)]
    dull = Print(person, np.random.default_rng(4))
    brightest = [
        np.argmax(one.frame(0, yaw)[300, 150:490].sum(axis=1)) for one, yaw in zip(shiny, (0, 5), strict=True)
    ]
    assert abs(int(brightest[0]) - int(brightest[1])) > 15
    assert shiny[0].frame(0, 0)[100:380, 200:440].max() > dull.frame(0, 0)[100:380, 200:440].max()


def test_a_mask_shows_the_eyes_of_whoever_wears_it_and_a_cut_out_does_not() -> None:
    attacker = presentations.portrait(
        np.full((280, 260, 3), (0, 0, 250), np.uint8), DetectedFace((30, 20, 200, 220), POINTS, 0.9)
    )
    eye = (slice(195, 207), slice(275, 287))
    mask = present(Kind.FLAT_MASK, drawn(), 8, attacker).frame(0, 0)[eye]
    cut = present(Kind.CUT_OUT, drawn(), 8, attacker).frame(0, 0)[eye]
    assert mask[:, :, 2].mean() > 180
    assert cut[:, :, 0].mean() > cut[:, :, 2].mean()


# --- motion --------------------------------------------------------------------------------------------------


def test_a_turn_goes_there_and_back() -> None:
    motion = presentations.turn_and_back(1.0, -30.0, moving=0.5, held=0.4)
    assert [motion.at(t) for t in (0.0, 1.0, 1.5, 1.9, 2.4, 9.0)] == [0, 0, -30, -30, 0, 0]
    assert -30 < motion.at(1.2) < 0


def test_a_film_of_turns_goes_both_ways_and_begins_again() -> None:
    motion = presentations.to_and_fro(25.0, period=4.0)
    assert motion.at(1.2) == 25
    assert motion.at(3.2) == -25
    assert motion.at(5.2) == 25


@pytest.mark.parametrize(
    "keys", [(), ((1.0, 0.0), (0.5, 0.0)), ((0.0, 60.0),)], ids=["none", "back in time", "too far"]
)
def test_a_motion_that_cannot_be_made_is_refused(keys: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(WrongValue):
        Motion(keys)


def test_somebody_who_follows_reacts_late_and_at_their_own_speed() -> None:
    follower = Follower(reaction=0.5, degrees_a_second=60)
    follower.ask(1.0, 30.0)
    assert follower.at(1.4) == 0
    assert 0 < follower.at(1.6) < 12.1
    assert follower.at(3.0) == 30
    follower.ask(3.0, 0.0)
    assert follower.at(3.4) == 30
    assert follower.at(5.0) == 0


def test_a_film_is_written_as_motion_jpeg(tmp_path: Path) -> None:
    frames = film(present(Kind.BONA_FIDE, drawn(), 1), presentations.turn_and_back(0.1), seconds=0.4)
    written = presentations.write_mjpeg(tmp_path / "film.mjpeg", frames).read_bytes()
    assert written.count(b"\xff\xd8\xff") == len(frames) == 4
    assert written.endswith(b"\xff\xd9")
    first = cv2.imdecode(np.frombuffer(written, np.uint8), cv2.IMREAD_COLOR)
    assert first is not None
    assert first.shape == (HEIGHT, WIDTH, 3)


def test_every_attack_that_the_issue_names_is_there() -> None:
    assert Kind.BONA_FIDE not in ATTACKS
    assert {
        "matte print",
        "glossy print",
        "cut-out",
        "flat mask",
        "photo on a screen",
        "film on a screen",
    } < set(ATTACKS)
