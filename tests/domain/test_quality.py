"""One usable face, or the one thing the person can do about it.

The limits are stated here one by one: the project's own numbers are measured elsewhere and may move.
"""

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.domain import quality
from stile.domain.errors import WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Frame, Landmarks
from stile.domain.quality import ADVICE, NEUTRAL_PITCH, Flaw, QualityLimits, assess, choose, pose
from tests.domain.builders import quick

LIMITS = QualityLimits(
    inter_eye_px=30.0,
    largest_share=0.5,
    yaw=0.3,
    pitch=0.3,
    roll_degrees=20.0,
    darkest=40.0,
    brightest=220.0,
    sharpness=15.0,
    second_face=0.4,
)
FRAME = Frame(np.zeros((480, 640, 3), np.uint8))
schemes = pytest.mark.parametrize("scheme", Landmarks, ids=str)


def face(
    scheme: Landmarks,
    *,
    at: tuple[float, float] = (320.0, 220.0),
    inter_eye: float = 80.0,
    yaw: float = 0.0,
    pitch: float = 0.0,
    roll_degrees: float = 0.0,
    side: float = 200.0,
) -> DetectedFace:
    """A head whose eyes' middle is `at`, in pixels. In the picture the person's own left is on the right, and
    y grows downwards. `yaw`, `pitch`: where the nose strays to, in inter-eye distances. `side`: of the box."""
    nose = (yaw, NEUTRAL_PITCH[scheme] + pitch)
    if scheme is Landmarks.EYES_NOSE_MOUTH:
        marks = [(-0.5, 0), (0.5, 0), nose, (-0.4, 1.1), (0.4, 1.1)]
    else:
        marks = [(0.7, 0), (0.3, 0), (-0.7, 0), (-0.3, 0), nose]
    turn = math.radians(roll_degrees)
    rotation = np.array([(math.cos(turn), -math.sin(turn)), (math.sin(turn), math.cos(turn))])
    points = np.array(marks) @ rotation.T * inter_eye + at
    box = (at[0] - side / 2, at[1] - side / 2, side, side)
    return DetectedFace(box, points.astype(np.float32), 0.95, scheme)


# --- pose ------------------------------------------------------------------------------------------------


@schemes
def test_a_head_that_looks_straight_ahead(scheme: Landmarks) -> None:
    straight = pose(face(scheme))
    assert straight.yaw == pytest.approx(0, abs=1e-6)
    assert straight.pitch == pytest.approx(0, abs=1e-6)
    assert straight.roll_degrees == pytest.approx(0, abs=1e-5)


@schemes
def test_yaw_is_positive_when_the_nose_goes_to_the_persons_own_left_eye(scheme: Landmarks) -> None:
    turned = face(scheme, yaw=0.25)
    right, left = turned.eyes
    assert np.hypot(*(turned.nose - left)) < np.hypot(*(turned.nose - right))
    assert turned.nose[0] > 320, "in the picture that is the right-hand side"
    assert pose(turned).yaw == pytest.approx(0.25, abs=1e-5)
    assert pose(face(scheme, yaw=-0.25)).yaw == pytest.approx(-0.25, abs=1e-5)


@schemes
def test_pitch_is_positive_when_the_nose_goes_down(scheme: Landmarks) -> None:
    down, up = face(scheme, pitch=0.2), face(scheme, pitch=-0.2)
    assert down.nose[1] > up.nose[1]
    assert pose(down).pitch == pytest.approx(0.2, abs=1e-5)
    assert pose(up).pitch == pytest.approx(-0.2, abs=1e-5)


@schemes
def test_roll_is_positive_when_the_persons_own_left_eye_is_the_lower_one(scheme: Landmarks) -> None:
    leaning = face(scheme, roll_degrees=15)
    right, left = leaning.eyes
    assert left[1] > right[1]
    assert pose(leaning).roll_degrees == pytest.approx(15, abs=1e-3)
    assert pose(face(scheme, roll_degrees=-15)).roll_degrees == pytest.approx(-15, abs=1e-3)


@schemes
@quick
@given(
    at=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    inter_eye=st.floats(20, 400),
    yaw=st.floats(-0.6, 0.6),
    pitch=st.floats(-0.6, 0.6),
    roll_degrees=st.floats(-80, 80),
)
def test_the_three_angles_do_not_disturb_each_other(
    scheme: Landmarks,
    at: tuple[float, float],
    inter_eye: float,
    yaw: float,
    pitch: float,
    roll_degrees: float,
) -> None:
    one = face(scheme, at=at, inter_eye=inter_eye, yaw=yaw, pitch=pitch, roll_degrees=roll_degrees)
    found = pose(one)
    assert found.yaw == pytest.approx(yaw, abs=1e-4)
    assert found.pitch == pytest.approx(pitch, abs=1e-4)
    assert found.roll_degrees == pytest.approx(roll_degrees, abs=1e-2)


def test_eyes_in_one_point_give_numbers_all_the_same() -> None:
    points = np.full((5, 2), 50, np.float32)
    found = pose(DetectedFace((0, 0, 100, 100), points, 0.9))
    assert all(math.isfinite(value) for value in (found.yaw, found.pitch, found.roll_degrees))


# --- choosing --------------------------------------------------------------------------------------------


@schemes
def test_one_good_face_is_chosen(scheme: Landmarks) -> None:
    one = face(scheme)
    assert choose([one], FRAME, LIMITS) is one


@schemes
@pytest.mark.parametrize("first", [True, False], ids=["listed first", "listed last"])
def test_the_largest_face_is_chosen_over_somebody_far_behind(scheme: Landmarks, first: bool) -> None:
    near = face(scheme)
    far = face(scheme, at=(560, 100), inter_eye=35, side=80)
    assert choose([near, far] if first else [far, near], FRAME, LIMITS) is near


CHOICES: dict[str, tuple[Flaw, Sequence[dict[str, object]]]] = {
    "nobody": (Flaw.NO_FACE, []),
    "two as large as each other": (Flaw.SEVERAL_FACES, [{"at": (160, 220)}, {"at": (480, 220)}]),
    "a second, less far behind": (Flaw.SEVERAL_FACES, [{"side": 200}, {"at": (520, 200), "side": 130}]),
    "three": (Flaw.SEVERAL_FACES, [{"side": 200}, {"side": 60}, {"at": (520, 200), "side": 190}]),
    "far away": (Flaw.TOO_FAR, [{"inter_eye": 29.5, "side": 70}]),
    "over the left edge": (Flaw.CUT_OFF, [{"at": (30, 220)}]),
    "over the right edge": (Flaw.CUT_OFF, [{"at": (610, 220)}]),
    "over the upper edge": (Flaw.CUT_OFF, [{"at": (320, -5)}]),
    "over the lower edge": (Flaw.CUT_OFF, [{"at": (320, 435)}]),
    "right before the lens": (Flaw.TOO_CLOSE, [{"inter_eye": 160, "side": 400}]),
    "turned to their left": (Flaw.TURNED, [{"yaw": 0.31}]),
    "turned to their right": (Flaw.TURNED, [{"yaw": -0.31}]),
    "looking down": (Flaw.TURNED, [{"pitch": 0.31}]),
    "looking up": (Flaw.TURNED, [{"pitch": -0.31}]),
    "leaning to their left": (Flaw.TILTED, [{"roll_degrees": 21}]),
    "leaning to their right": (Flaw.TILTED, [{"roll_degrees": -21}]),
    "upside down": (Flaw.TILTED, [{"roll_degrees": 180}]),
}


@schemes
@pytest.mark.parametrize(("flaw", "people"), CHOICES.values(), ids=CHOICES.keys())
def test_why_nobody_is_chosen(scheme: Landmarks, flaw: Flaw, people: Sequence[dict[str, object]]) -> None:
    assert choose([face(scheme, **one) for one in people], FRAME, LIMITS) is flaw  # type: ignore[arg-type]


@schemes
@pytest.mark.parametrize(
    "within",
    [
        {"inter_eye": 30.5, "side": 70},
        {"inter_eye": 90, "side": 390},
        {"yaw": 0.29},
        {"yaw": -0.29},
        {"pitch": 0.29},
        {"pitch": -0.29},
        {"roll_degrees": 19},
        {"roll_degrees": -19},
        {"at": (60, 220)},
        {"at": (580, 220)},
    ],
    ids=lambda case: ", ".join(f"{name} {value}" for name, value in case.items()),
)
def test_just_within_each_limit_a_face_is_chosen(scheme: Landmarks, within: dict[str, object]) -> None:
    one = face(scheme, **within)  # type: ignore[arg-type]
    assert choose([one], FRAME, LIMITS) is one


@schemes
@pytest.mark.parametrize(("share", "together"), [(0.39, False), (0.41, True)], ids=["smaller", "larger"])
def test_when_a_second_face_means_two_people(scheme: Landmarks, share: float, together: bool) -> None:
    first = face(scheme, at=(200, 220), side=200)
    second = face(scheme, at=(500, 220), side=200 * math.sqrt(share))
    chosen = choose([second, first], FRAME, LIMITS)
    assert chosen is (Flaw.SEVERAL_FACES if together else first)


@schemes
def test_whoever_stands_behind_is_never_looked_at_instead(scheme: Landmarks) -> None:
    # The larger one is turned away, the smaller one is perfect: choosing it would be searching for a passer-by.
    turned = face(scheme, at=(200, 220), yaw=0.5)
    behind = face(scheme, at=(560, 100), inter_eye=40, side=90)
    assert choose([behind, turned], FRAME, LIMITS) is Flaw.TURNED


@schemes
def test_what_to_do_first_comes_first(scheme: Landmarks) -> None:
    # Somebody far away cannot be judged for anything else.
    assert choose([face(scheme, inter_eye=20, side=50, yaw=0.5)], FRAME, LIMITS) is Flaw.TOO_FAR


# --- light and sharpness ---------------------------------------------------------------------------------


def patch(low: int, high: int, side: int = 112) -> NDArray[np.uint8]:
    return np.random.default_rng(5).integers(low, high, (side, side, 3), dtype=np.uint8)


def plain(blue: int, green: int, red: int) -> NDArray[np.uint8]:
    return np.full((112, 112, 3), (blue, green, red), np.uint8)


RAMP = np.repeat(np.linspace(60, 180, 112)[None, :, None], 112, axis=0).repeat(3, axis=2).astype(np.uint8)

SIDE_LIGHT = np.concatenate([np.full((1, 56, 1), 0.2), np.full((1, 56, 1), 1.2)], axis=1)
PATCHES: dict[str, tuple[Flaw | None, NDArray[np.uint8]]] = {
    "good": (None, patch(60, 200)),
    "good, dark skin in fair light": (None, patch(20, 90)),
    "black": (Flaw.TOO_DARK, plain(0, 0, 0)),
    "night": (Flaw.TOO_DARK, patch(0, 60)),
    "white": (Flaw.TOO_BRIGHT, plain(255, 255, 255)),
    "glare": (Flaw.TOO_BRIGHT, patch(200, 255)),
    "one half in shadow": (Flaw.UNEVEN, (patch(60, 200) * SIDE_LIGHT).astype(np.uint8)),
    "one colour": (Flaw.BLURRED, plain(128, 128, 128)),
    "a smooth shade": (Flaw.BLURRED, RAMP),
    "blue light counts for little": (Flaw.TOO_DARK, plain(250, 0, 0)),
    "green light counts for much": (Flaw.BLURRED, plain(0, 250, 0)),
    "red light lies between": (Flaw.BLURRED, plain(0, 0, 250)),
}


@pytest.mark.parametrize(("flaw", "pixels"), PATCHES.values(), ids=PATCHES.keys())
def test_light_and_sharpness(flaw: Flaw | None, pixels: NDArray[np.uint8]) -> None:
    assert assess(AlignedFace(pixels), LIMITS) is flaw


def test_blurring_a_good_face_makes_it_blurred() -> None:
    sharp = patch(60, 200).astype(np.float64)
    smooth = sum(np.roll(sharp, (dy, dx), axis=(0, 1)) for dy in range(-5, 6) for dx in range(-5, 6)) / 121
    assert assess(AlignedFace(sharp.astype(np.uint8)), LIMITS) is None
    assert assess(AlignedFace(np.asarray(smooth).astype(np.uint8)), LIMITS) is Flaw.BLURRED


@pytest.mark.parametrize("value", [40, 220], ids=["darkest", "brightest"])
def test_the_bounds_of_light_belong_to_what_is_used(value: int) -> None:
    assert assess(AlignedFace(plain(value, value, value)), replace(LIMITS, sharpness=0.0)) is None


@quick
@given(st.integers(0, 255), st.integers(16, 64))
def test_light_is_judged_by_the_mean_whatever_the_size(value: int, side: int) -> None:
    one = AlignedFace(np.full((side, side, 3), value, np.uint8))
    found = assess(one, replace(LIMITS, darkest=39.5, brightest=220.5))
    assert found is (Flaw.TOO_DARK if value < 40 else Flaw.TOO_BRIGHT if value > 220 else Flaw.BLURRED)


# --- the closed set --------------------------------------------------------------------------------------


def test_every_flaw_is_shown_above() -> None:
    assert {flaw for flaw, _ in CHOICES.values()} | {flaw for flaw, _ in PATCHES.values() if flaw} == set(
        Flaw
    )


@pytest.mark.parametrize("flaw", Flaw, ids=str)
def test_every_flaw_says_what_to_do_in_a_few_words_of_its_own(flaw: Flaw) -> None:
    assert 0 < len(flaw.advice) <= 60
    assert "\n" not in flaw.advice
    assert [one for one in Flaw if one.advice == flaw.advice] == [flaw]
    assert set(ADVICE) == set(Flaw)


# --- limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "limits", [quality.DEFAULT_LIMITS, quality.ENROLMENT_LIMITS], ids=["lane", "enrolment"]
)
@schemes
def test_the_limits_in_force_take_a_plain_good_picture(scheme: Landmarks, limits: QualityLimits) -> None:
    one = face(scheme, inter_eye=80, side=200)
    assert choose([one], FRAME, limits) is one
    assert assess(AlignedFace(patch(60, 200)), limits) is None


AT_LEAST = ("inter_eye_px", "darkest", "sharpness")
AT_MOST = ("largest_share", "yaw", "pitch", "roll_degrees", "brightest", "unevenness", "second_face")


def test_the_lists_of_limits_are_complete() -> None:
    assert sorted(AT_LEAST + AT_MOST) == sorted(field.name for field in dataclasses.fields(QualityLimits))


@pytest.mark.parametrize("name", AT_LEAST + AT_MOST)
def test_enrolment_is_never_laxer_than_the_lane(name: str) -> None:
    lane, enrolment = getattr(quality.DEFAULT_LIMITS, name), getattr(quality.ENROLMENT_LIMITS, name)
    assert enrolment >= lane if name in AT_LEAST else enrolment <= lane


@pytest.mark.parametrize(
    "wrong",
    [{"second_face": 0.0}, {"second_face": 1.1}, {"darkest": 220.0}, {"darkest": 230.0}],
    ids=["no second face", "more than all", "equal", "crossed"],
)
def test_limits_that_nothing_can_keep_cannot_be(wrong: dict[str, float]) -> None:
    with pytest.raises(WrongValue):
        replace(LIMITS, **wrong)
