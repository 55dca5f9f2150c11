"""A bad file is never loaded, and what is missing is one line that says what to do."""

import hashlib
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from stile.adapters.vision import Pool, best, installed, load_eyes, open_pool, packs
from stile.adapters.vision.catalogue import OVERLAY, PackEntry, catalogue, find
from stile.adapters.vision.packs import load_sight, missing_modules
from stile.domain.errors import BadModel, NotConfigured, NotFound, WrongValue
from stile.domain.faces import AlignedFace, DetectedFace, Frame, Landmarks
from tests.adapters.onnx_by_hand import blind_detector, projection

BLIND = blind_detector()

ENTRY = """
[part.tiny]
role = "recogniser"
kind = "onnx"
title = "A matrix, for tests"
publisher = "the tests"
licence = "none"
commercial_use = "no"
commercial_use_why = "It sees nothing."
training_data = "None."
input = {{ size = {side}, colours = "RGB", mean = [127.5, 127.5, 127.5], std = [127.5, 127.5, 127.5] }}
template = [[5.5, 7.4], [10.5, 7.4], [8.0, 10.2], [5.9, 13.2], [10.1, 13.2]]
dimensions = {dimensions}
[[part.tiny.file]]
any_of = [{{ name = "tiny.onnx", bytes = {bytes}, sha256 = "{sha256}" }}]

[part.blind]
role = "detector"
kind = "yunet"
title = "A detector that finds nobody, for tests"
publisher = "the tests"
licence = "none"
commercial_use = "no"
commercial_use_why = "It sees nothing."
training_data = "None."
[[part.blind.file]]
any_of = [{{ name = "blind.onnx", bytes = {blind_bytes}, sha256 = "{blind_sha256}" }}]

[pack.tiny]
title = "Nothing and a matrix"
detector = "blind"
recogniser = "tiny"
rank = 90

[calibration.tiny]
data = "nobody"
comparisons = 2
people = 2
points = [[0.5, 0.1, 0.1], [0.6, 0.01, 0.2]]
"""


def tiny(folder: Path, model: bytes, side: int = 16, dimensions: int = 8) -> PackEntry:
    """A pack of one file, pinned as it is."""
    folder.mkdir(exist_ok=True)
    (folder / "tiny.onnx").write_bytes(model)
    (folder / "blind.onnx").write_bytes(BLIND)
    (folder / OVERLAY).write_text(
        ENTRY.format(
            side=side,
            dimensions=dimensions,
            bytes=len(model),
            sha256=hashlib.sha256(model).hexdigest(),
            blind_bytes=len(BLIND),
            blind_sha256=hashlib.sha256(BLIND).hexdigest(),
        )
    )
    return find("tiny", folder)


def points(offset: float = 0.0) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    return np.array([[30, 30], [60, 30], [45, 45], [33, 60], [57, 60]], np.float32) + np.float32(offset)


def test_a_bigger_recogniser_is_an_entry_and_not_code(tmp_path: Path) -> None:
    eyes = load_eyes(tiny(tmp_path, projection(16, 8)), tmp_path)
    frame = Frame(np.random.default_rng(1).integers(0, 256, (96, 96, 3), np.uint8))
    face = DetectedFace((20, 20, 50, 50), points(), 0.9)
    aligned = eyes.embedder.align(frame, face)
    features = eyes.embedder.embed(aligned)
    assert aligned.pixels.shape == (16, 16, 3)
    assert features.vector.shape == (eyes.dimensions,) == (8,)
    assert features.pack == "tiny"
    # The same numbers, worked out slowly: RGB, (x − 127.5) ÷ 127.5, channels first, times the matrix.
    values = (aligned.pixels[:, :, ::-1].astype(float) - 127.5) / 127.5
    weights = np.array([((i * 7919) % 1009) / 1009.0 - 0.5 for i in range(768 * 8)]).reshape(768, 8)
    expected = values.transpose(2, 0, 1).ravel() @ weights
    assert np.allclose(features.vector, expected / np.linalg.norm(expected), atol=1e-4)


@pytest.mark.parametrize(
    ("side", "dimensions", "said"),
    [
        (112, 8, "takes 1 × 3 × 16 × 16; expected 1 × 3 × 112 × 112"),
        (16, 128, "gives 1 × 8; expected 1 × 128"),
    ],
)
def test_a_wrong_shape_is_one_line(tmp_path: Path, side: int, dimensions: int, said: str) -> None:
    with pytest.raises(BadModel, match=said) as caught:
        load_eyes(tiny(tmp_path, projection(16, 8), side, dimensions), tmp_path)
    assert "\n" not in str(caught.value)


def test_grey_networks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="takes 1 × 1 × 16 × 16"):
        load_eyes(tiny(tmp_path, projection(16, 8, channels=1)), tmp_path)


def test_bytes_that_are_no_network_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match="cannot be loaded by ONNX Runtime") as caught:
        load_eyes(tiny(tmp_path, b"not a network" * 100), tmp_path)
    assert "\n" not in str(caught.value)


def test_an_altered_file_is_never_loaded(tmp_path: Path) -> None:
    entry = tiny(tmp_path, projection(16, 8))
    altered = bytearray((tmp_path / "tiny.onnx").read_bytes())
    altered[-40] ^= 1
    (tmp_path / "tiny.onnx").write_bytes(altered)
    with pytest.raises(BadModel, match="not the file that the catalogue pins"):
        load_eyes(entry, tmp_path)


def test_a_truncated_file_is_never_loaded_and_not_installed(tmp_path: Path) -> None:
    entry = tiny(tmp_path, projection(16, 8))
    whole = (tmp_path / "tiny.onnx").read_bytes()
    (tmp_path / "tiny.onnx").write_bytes(whole[:-1])
    assert entry.id not in [one.id for one in installed(tmp_path)]
    with pytest.raises(BadModel, match="truncated"):
        load_eyes(entry, tmp_path)


def test_a_file_that_is_too_long_is_never_loaded(tmp_path: Path) -> None:
    entry = tiny(tmp_path, projection(16, 8))
    with (tmp_path / "tiny.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(BadModel, match="too long"):
        load_eyes(entry, tmp_path)


def test_a_missing_file_says_how_to_get_it(tmp_path: Path) -> None:
    entry = tiny(tmp_path, projection(16, 8))
    (tmp_path / "tiny.onnx").unlink()
    with pytest.raises(NotConfigured, match="stile models pull tiny"):
        load_eyes(entry, tmp_path)


def test_a_pack_without_calibration_cannot_be_used(tmp_path: Path) -> None:
    entry = tiny(tmp_path, projection(16, 8))
    overlay = tmp_path / OVERLAY
    overlay.write_text(overlay.read_text().split("[calibration.tiny]")[0])
    entry = find("tiny", tmp_path)
    with pytest.raises(
        NotConfigured,
        match=r"no calibration yet.*stile evaluate recognition FOLDER --pack tiny --calibration",
    ):
        load_eyes(entry, tmp_path)
    with pytest.raises(NotConfigured, match="no calibration yet"):
        Pool(entry, tmp_path)
    assert best(tmp_path).id != "tiny"
    assert load_sight(entry, tmp_path).dimensions == 8


def test_faces_of_another_size_or_scheme_are_refused(tmp_path: Path) -> None:
    eyes = load_eyes(tiny(tmp_path, projection(16, 8)), tmp_path)
    frame = Frame(np.zeros((96, 96, 3), np.uint8))
    with pytest.raises(WrongValue, match="16 pixels, not 20"):
        eyes.embedder.embed(AlignedFace(np.zeros((20, 20, 3), np.uint8)))
    other = DetectedFace((20, 20, 50, 50), points(), 0.9, Landmarks.EYE_CORNERS_NOSE)
    with pytest.raises(WrongValue, match="eyes, nose and mouth"):
        eyes.embedder.align(frame, other)


def test_the_best_installed_pack_is_used_unless_one_is_named(tmp_path: Path) -> None:
    assert best(tmp_path).id == "dlib"
    assert [one.id for one in installed(tmp_path)] == ["dlib"]
    tiny(tmp_path, projection(16, 8))
    assert best(tmp_path).id == "tiny"
    assert best(tmp_path, "dlib").id == "dlib"


def test_a_named_pack_that_is_not_installed_is_not_replaced_by_another(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="stile models pull sface"):
        best(tmp_path, "sface")
    with pytest.raises(NotFound, match="no model pack “eigenfaces”"):
        open_pool(tmp_path, "eigenfaces")


def test_without_the_packages_it_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "find_spec", lambda name: None)
    assert missing_modules(find("dlib")) == ("cv2", "dlib")
    with pytest.raises(NotConfigured, match="needs cv2 and dlib: install Stile with its `vision` extra"):
        load_eyes(find("dlib"), tmp_path)
    with pytest.raises(NotConfigured, match="No model pack can be used here"):
        open_pool(tmp_path)


def test_importing_needs_no_package_of_the_extra() -> None:
    """In a process of its own, where importing any of them fails."""
    program = (
        "import sys\n"
        "for name in ('cv2', 'onnxruntime', 'dlib', 'faiss', 'skimage', 'matplotlib'):\n"
        "    sys.modules[name] = None\n"
        "import io\n"
        "from pathlib import Path\n"
        "from PIL import Image\n"
        "from stile.adapters.vision import PillowReader, open_pool\n"
        "from stile.domain.errors import NotConfigured\n"
        "out = io.BytesIO(); Image.new('RGB', (40, 30), 'red').save(out, 'JPEG')\n"
        "assert PillowReader().read(out.getvalue()).width == 40\n"
        "try:\n"
        "    open_pool(Path('nowhere'))\n"
        "except NotConfigured as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "vision" in done.stdout


def test_a_pool_lends_a_set_to_one_thread_at_a_time(tmp_path: Path) -> None:
    pool = Pool(tiny(tmp_path, projection(16, 8)), tmp_path, sets=2)
    lent: list[object] = []
    together: list[int] = []
    lock = threading.Lock()

    def look() -> None:
        with pool.lend() as eyes:
            with lock:
                assert eyes not in lent
                lent.append(eyes)
                together.append(len(lent))
            time.sleep(0.01)
            with lock:
                lent.remove(eyes)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(together) == 8
    assert max(together) <= 2


def test_a_pool_builds_a_set_only_when_it_is_needed(tmp_path: Path) -> None:
    tiny(tmp_path, projection(16, 8))
    pool = open_pool(tmp_path, sets=2)
    with pool.lend() as first:
        pass
    with pool.lend() as again:
        assert again is first
        with pool.lend() as second:
            assert second is not first
    assert pool.pack == "tiny"
    assert pool.dimensions == 8
    assert pool.calibration.data == "nobody"
    assert not pool.detects_liveness


def test_a_pool_of_a_bad_file_fails_at_start_and_every_time(tmp_path: Path) -> None:
    entry = tiny(tmp_path, projection(16, 8))
    (tmp_path / "tiny.onnx").write_bytes(b"x" * entry.recogniser.files[0].any_of[0].bytes)
    with pytest.raises(BadModel):
        open_pool(tmp_path, "tiny")
    pool = Pool(entry, tmp_path, sets=1)
    for _ in range(3):
        with pytest.raises(BadModel), pool.lend():
            raise AssertionError("nothing was to be lent")


def test_every_kind_of_part_says_what_it_runs_on() -> None:
    assert {part.kind for pack in catalogue().values() for part in pack.parts} == set(packs.MODULES)
