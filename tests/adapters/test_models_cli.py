"""`stile models`, as an operator types it: plain tables, one line for what is wrong, one JSON document."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stile.adapters.vision.catalogue import OVERLAY, catalogue
from stile.config import settings
from stile.entrypoints.cli import app
from tests.adapters.onnx_by_hand import projection
from tests.adapters.test_vision_packs import tiny


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty models folder, and settings that name nothing else."""
    for name in ("STILE_CONFIG", "STILE_PACK", "STILE_MODELS_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STILE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("STILE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "models").mkdir()
    settings.cache_clear()
    yield tmp_path / "models"
    settings.cache_clear()


def stile(*words: str) -> Result:
    return CliRunner().invoke(app, ["models", *words])


def one_line(result: Result) -> str:
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    lines = [line for line in result.stderr.splitlines() if line.startswith("stile: ")]
    assert len(lines) == 1
    assert "Traceback" not in result.output
    return lines[0]


def test_list_says_what_an_operator_must_know() -> None:
    result = stile("list")
    assert result.exit_code == 0
    for words in (
        "mobilefacenet",
        "stile models pull mobilefacenet",
        "dlib (in use)",
        "Apache-2.0",
        "CC0 1.0",
        "Commercial use: unclear.",
        "Trained on: Refined MS-Celeb-1M: 3.8 million photographs",
        "not measured: cannot open face mode yet",
    ):
        assert words in result.stdout, words


def test_list_as_json_is_one_document() -> None:
    document = json.loads(stile("list", "--json").stdout)
    packs = {one["pack"]: one for one in document["packs"]}
    assert set(packs) == set(catalogue())
    assert packs["dlib"]["installed"]
    assert packs["dlib"]["in_use"]
    assert not packs["mobilefacenet"]["installed"]
    assert packs["mobilefacenet"]["calibration"]["points"][0]["fmr"] == 0.1
    assert packs["auraface"]["parts"][1]["files"][0]["any_of"][0]["bytes"] == 260_694_151


def test_pulling_from_a_mirror_folder(shared: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILE_MODELS_MIRROR", str(shared / "models"))
    result = stile("pull", "mobilefacenet")
    assert result.exit_code == 0, result.output
    assert "mobilefacenet is installed" in result.stdout
    assert "every file is here already" in stile("pull", "mobilefacenet").stdout
    checked = json.loads(stile("check", "--json").stdout)
    assert checked["ok"]
    found = {one["pack"]: one for one in checked["packs"]}
    assert found["mobilefacenet"]["loads"]
    assert not found["sface"]["loads"]
    listed = json.loads(stile("list", "--json").stdout)
    assert [one["pack"] for one in listed["packs"] if one["in_use"]] == ["mobilefacenet"]


def test_adding_from_a_folder(shared: Path) -> None:
    assert stile("add", "mobilefacenet", "--from", str(shared / "models")).exit_code == 0
    assert "4 files are as pinned; it loads" in stile("check", "mobilefacenet").stdout


def test_a_truncated_file_is_one_line(shared: Path, place: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for path in (shared / "models").glob("*.onnx"):
        data = path.read_bytes()
        (stick / path.name).write_bytes(data[:-100] if path.name == "mobilefacenet.onnx" else data)
    assert "3,997,970 bytes, not 3,998,070: it is truncated" in one_line(
        stile("add", "mobilefacenet", "--from", str(stick))
    )
    assert not (place / "mobilefacenet.onnx").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["pull", "eigenfaces"], "There is no model pack “eigenfaces”"),
        (["add", "eigenfaces", "--from", "."], "There is no model pack “eigenfaces”"),
        (["check", "eigenfaces"], "There is no model pack “eigenfaces”"),
        (["pull", "dlib"], "is not pulled: install Stile with its `vision` extra"),
        (["add", "sface", "--from", "/nowhere"], "/nowhere is not a folder"),
        (["pull", "sface", "--mirror", "/nowhere"], "/nowhere has no"),
        (["pull", "sface", "--mirror", "http://127.0.0.1:9"], "cannot be reached"),
    ],
)
def test_what_cannot_be_done_is_one_line(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "people" / "one").mkdir(parents=True)
    (tmp_path / "people" / "one" / "a.jpg").write_bytes(b"")
    words = [str(tmp_path / "people") if word == "/tmp" else word for word in words]
    assert said in one_line(stile(*words))


def test_check_finds_an_altered_file(place: Path) -> None:
    tiny(place, projection(16, 8))
    assert stile("check").exit_code == 0
    data = bytearray((place / "tiny.onnx").read_bytes())
    data[-50] ^= 1
    (place / "tiny.onnx").write_bytes(data)
    result = stile("check", "tiny")
    assert result.exit_code == 1
    assert "not the file that the catalogue pins" in result.stderr
    document = json.loads(stile("check", "--json").stdout)
    assert not document["ok"]
    assert [one["pack"] for one in document["packs"] if not one["ok"]] == ["tiny"]


def test_check_finds_a_wrong_shape(place: Path) -> None:
    tiny(place, projection(16, 8), side=112)
    result = stile("check", "tiny")
    assert result.exit_code == 1
    assert "tiny: tiny.onnx takes 1 × 3 × 16 × 16; expected 1 × 3 × 112 × 112." in result.stderr.splitlines()


def test_check_of_a_pack_that_is_not_here_fails_only_if_it_was_asked_for() -> None:
    assert stile("check").exit_code == 0
    result = stile("check", "sface")
    assert result.exit_code == 1
    assert "face_recognition_sface_2021dec.onnx is missing" in result.stderr


def test_a_wrong_overlay_is_one_line(place: Path) -> None:
    (place / OVERLAY).write_text("[pack.x")
    assert "is not TOML" in one_line(stile("list"))
