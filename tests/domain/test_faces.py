"""Shapes and units are checked at construction; what was seen cannot leave memory (law 1)."""

import copy
import json
import pickle
from collections.abc import Callable
from multiprocessing.reduction import ForkingPickler
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stile.domain.errors import WrongValue
from stile.domain.faces import (
    AlignedFace,
    DetectedFace,
    Features,
    Frame,
    Landmarks,
    MemoryOnly,
    Probe,
    Template,
)
from tests.domain.builders import PACK, features, quick, unit, unit_vectors

POINTS = np.array([(85, 90), (155, 90), (120, 131), (95, 170), (145, 170)], np.float32)
BOX = (50.0, 40.0, 140.0, 170.0)


def pixels(*shape: int, dtype: Any = np.uint8) -> NDArray[Any]:
    return np.full(shape, 77, dtype)


SEEN: dict[str, Callable[[], MemoryOnly]] = {
    "Frame": lambda: Frame(pixels(48, 64, 3)),
    "DetectedFace": lambda: DetectedFace(BOX, POINTS, 0.9),
    "AlignedFace": lambda: AlignedFace(pixels(112, 112, 3)),
    "Features": lambda: Features(unit(3, 4, 5), PACK),
    "Probe": lambda: Probe(unit(3, 4, 5), PACK),
    "Template": lambda: Template(unit(3, 4, 5), PACK),
}

each_kind = pytest.mark.parametrize("make", SEEN.values(), ids=SEEN.keys())


def descendants(kind: type[Any]) -> set[type[Any]]:
    return {kind} | {further for child in kind.__subclasses__() for further in descendants(child)}


def test_the_table_above_names_every_kind_that_is_memory_only() -> None:
    # dataclass(slots=True) makes each class anew, and the one it replaced may still be about: compare by name.
    known = {kind.__name__ for kind in descendants(MemoryOnly) if kind.__module__ == MemoryOnly.__module__}
    assert known - {"MemoryOnly", "_UnitVector"} == set(SEEN)


# --- memory only -----------------------------------------------------------------------------------------


@each_kind
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_nothing_seen_can_be_pickled(make: Callable[[], MemoryOnly], protocol: int) -> None:
    with pytest.raises(TypeError, match="memory only"):
        pickle.dumps(make(), protocol)


@each_kind
@pytest.mark.parametrize("wrap", [list, tuple, dict], ids=["list", "tuple", "dict"])
def test_nor_hidden_in_something_else(make: Callable[[], MemoryOnly], wrap: type) -> None:
    hidden = wrap({"one": make()}.items())
    with pytest.raises(TypeError, match="memory only"):
        pickle.dumps(hidden)


@each_kind
def test_nothing_seen_can_be_sent_to_another_process(make: Callable[[], MemoryOnly]) -> None:
    with pytest.raises(TypeError, match="memory only"):
        ForkingPickler.dumps(make())


@each_kind
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy], ids=["copy", "deepcopy"])
def test_nothing_seen_is_copied_to_outlive_its_attempt(
    make: Callable[[], MemoryOnly], copied: Callable[[Any], Any]
) -> None:
    with pytest.raises(TypeError, match="memory only"):
        copied(make())


@each_kind
def test_nothing_seen_becomes_json(make: Callable[[], MemoryOnly]) -> None:
    with pytest.raises(TypeError):
        json.dumps(make())


@each_kind
def test_nothing_seen_takes_a_note_that_could_carry_it_along(make: Callable[[], MemoryOnly]) -> None:
    one = make()
    with pytest.raises((AttributeError, TypeError)):
        one.note = "for later"  # type: ignore[attr-defined]
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Frame", "<Frame 64×48>"),
        ("DetectedFace", "<DetectedFace 140×170>"),
        ("AlignedFace", "<AlignedFace 112>"),
        ("Features", "<Features pack-a 3-d>"),
        ("Probe", "<Probe pack-a 3-d>"),
        ("Template", "<Template pack-a 3-d>"),
    ],
    ids=lambda value: value if value in SEEN else "",
)
def test_what_stands_in_a_log_is_this_and_no_more(kind: str, words: str) -> None:
    one = SEEN[kind]()
    assert repr(one) == words
    assert str(one) == words
    assert f"{one}" == words
    assert f"{[one]}" == f"[{words}]"


@quick
@given(unit_vectors(5))
def test_no_number_of_a_vector_shows_in_its_words(vector: NDArray[np.float32]) -> None:
    words = repr(Probe(vector, PACK))
    assert words == "<Probe pack-a 5-d>"
    assert not [value for value in vector if f"{abs(float(value)):.4f}" in words]


@pytest.mark.parametrize(
    "build",
    [
        lambda: Frame(pixels(48, 64)),
        lambda: AlignedFace(pixels(48, 64, 3)),
        lambda: DetectedFace(BOX, POINTS[:4], 0.9),
        lambda: Features(np.array([0.3141, 0.2718], np.float32), PACK),
    ],
    ids=["Frame", "AlignedFace", "DetectedFace", "Features"],
)
def test_the_error_says_what_was_wrong_and_shows_nothing_of_the_person(build: Callable[[], object]) -> None:
    with pytest.raises(WrongValue) as caught:
        build()
    words = str(caught.value)
    assert "\n" not in words
    assert not [secret for secret in ("77", "131", "0.3141", "0.2718", "array", "[") if secret in words]


# --- frames and aligned faces ----------------------------------------------------------------------------


def test_a_frame_knows_its_width_and_height() -> None:
    frame = Frame(pixels(48, 64, 3), at=2.5)
    assert (frame.width, frame.height, frame.at) == (64, 48, 2.5)


@pytest.mark.parametrize(
    "wrong",
    [
        pixels(48, 64),
        pixels(48, 64, 1),
        pixels(48, 64, 4),
        pixels(3, 48, 64),
        pixels(1, 48, 64, 3),
        pixels(48, 64, 3, dtype=np.float32),
        pixels(48, 64, 3, dtype=np.int8),
        pixels(48, 64, 3, dtype=np.uint16),
        pixels(15, 64, 3),
        pixels(48, 15, 3),
        pixels(0, 0, 3),
    ],
    ids=["grey", "one", "four", "planes", "batch", "float", "signed", "16-bit", "low", "narrow", "empty"],
)
def test_a_frame_of_another_shape_cannot_be(wrong: NDArray[Any]) -> None:
    with pytest.raises(WrongValue, match="a frame is"):
        Frame(wrong)


def test_the_smallest_frame() -> None:
    assert Frame(pixels(16, 16, 3)).width == 16


@pytest.mark.parametrize(
    "wrong",
    [
        pixels(112, 112),
        pixels(112, 111, 3),
        pixels(112, 112, 4),
        pixels(112, 112, 3, dtype=np.float32),
        pixels(15, 15, 3),
        pixels(0, 0, 3),
    ],
    ids=["grey", "not square", "four", "float", "small", "empty"],
)
def test_an_aligned_face_of_another_shape_cannot_be(wrong: NDArray[Any]) -> None:
    with pytest.raises(WrongValue, match="an aligned face is"):
        AlignedFace(wrong)


def test_the_smallest_aligned_face() -> None:
    assert repr(AlignedFace(pixels(16, 16, 3))) == "<AlignedFace 16>"


# --- detected faces --------------------------------------------------------------------------------------


def test_where_the_eyes_and_the_nose_are_for_yunet() -> None:
    face = DetectedFace(BOX, POINTS, 0.9, Landmarks.EYES_NOSE_MOUTH)
    right, left = face.eyes
    assert right.tolist() == [85, 90]
    assert left.tolist() == [155, 90]
    assert face.nose.tolist() == [120, 131]
    assert face.inter_eye_distance == 70
    assert face.area == 140 * 170


def test_where_the_eyes_and_the_nose_are_for_dlib() -> None:
    # The left eye's outer and inner corner, the right eye's outer and inner corner, the base of the nose: the
    # person's own left is on the right of the picture.
    points = np.array([(169, 92), (141, 88), (71, 92), (99, 88), (120, 140)], np.float32)
    face = DetectedFace(BOX, points, 0.9, Landmarks.EYE_CORNERS_NOSE)
    right, left = face.eyes
    assert right.tolist() == [85, 90]
    assert left.tolist() == [155, 90]
    assert face.nose.tolist() == [120, 140]
    assert face.inter_eye_distance == 70


@pytest.mark.parametrize(
    "points",
    [
        POINTS[:4],
        POINTS.reshape(2, 5),
        POINTS.reshape(-1),
        POINTS.astype(np.float64),
        POINTS.astype(np.int32),
        np.where(POINTS == 131, np.nan, POINTS),
        np.where(POINTS == 131, np.inf, POINTS),
    ],
    ids=["four", "turned", "flat", "float64", "int", "nan", "inf"],
)
def test_landmarks_of_another_kind_cannot_be(points: NDArray[Any]) -> None:
    with pytest.raises(WrongValue, match="landmarks are"):
        DetectedFace(BOX, points, 0.9)


@pytest.mark.parametrize(
    "box",
    [
        (0, 0, 0, 10),
        (0, 0, 10, 0),
        (0, 0, -1, 10),
        (0, 0, np.nan, 10),
        (np.nan, 0, 10, 10),
        (0, 0, 10, np.inf),
    ],
    ids=["no width", "no height", "negative", "nan wide", "nan left", "endless"],
)
def test_a_box_without_an_area_cannot_be(box: tuple[float, float, float, float]) -> None:
    with pytest.raises(WrongValue, match="box"):
        DetectedFace(box, POINTS, 0.9)


def test_a_box_may_reach_over_the_edge() -> None:
    assert DetectedFace((-20, -5, 60, 60), POINTS, 0.9).area == 3600


@pytest.mark.parametrize("confidence", [-0.01, 1.01, np.nan], ids=str)
def test_a_confidence_that_is_none_cannot_be(confidence: float) -> None:
    with pytest.raises(WrongValue, match="confidence"):
        DetectedFace(BOX, POINTS, confidence)


@pytest.mark.parametrize("confidence", [0.0, 1.0], ids=str)
def test_a_detector_may_be_sure(confidence: float) -> None:
    assert DetectedFace(BOX, POINTS, confidence).confidence == confidence


# --- vectors ---------------------------------------------------------------------------------------------

vectors = pytest.mark.parametrize("kind", [Features, Probe, Template])


@vectors
@pytest.mark.parametrize(
    "vector",
    [
        unit(3, 4).astype(np.float64),
        unit(3, 4).astype(np.float16),
        unit(3, 4).reshape(1, 2),
        unit(1),
        np.zeros(0, np.float32),
        np.zeros(8, np.float32),
        unit(3, 4) * np.float32(1.002),
        unit(3, 4) * np.float32(0.998),
        np.array([np.nan, 1], np.float32),
        np.array([np.inf, 1], np.float32),
    ],
    ids=["float64", "float16", "row", "one", "empty", "zero", "long", "short", "nan", "inf"],
)
def test_a_vector_of_another_kind_cannot_be(kind: Callable[..., object], vector: NDArray[Any]) -> None:
    with pytest.raises(WrongValue, match="a vector"):
        kind(vector, PACK)


@vectors
@quick
@given(seed=st.integers(0, 2**32 - 1), dimensions=st.sampled_from([2, 128, 512]))
def test_what_is_scaled_to_length_one_in_float32_is_taken(
    kind: Callable[..., Features], seed: int, dimensions: int
) -> None:
    raw = np.random.default_rng(seed).standard_normal(dimensions).astype(np.float32)
    assert kind(raw / np.linalg.norm(raw), PACK).vector.size == dimensions


def test_two_vectors_are_never_equal_by_their_numbers() -> None:
    # Equality by value would be a comparison without a threshold (law 7).
    assert features(1, 0) != features(1, 0)
