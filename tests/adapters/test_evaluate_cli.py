"""`stile evaluate recognition`, as an operator types it."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from stile.adapters.vision import packs
from stile.adapters.vision.catalogue import OVERLAY, find
from stile.config import settings
from stile.entrypoints.cli import app
from stile.testing import picture_of
from stile.testing.eyes import CALIBRATION, DIMENSIONS, FAKE_PACK, FakeEyes

ROW = {
    "pack",
    "gallery",
    "enrol",
    "probe",
    "fpir_target",
    "threshold",
    "strangers",
    "false_positives",
    "fpir",
    "fpir_ci",
    "mated",
    "misses",
    "fnir",
    "fnir_ci",
    "rank1",
    "thresholds",
    "fixed_threshold",
    "fixed_fpir",
    "fixed_fpir_ci",
    "fixed_factor",
    "fixed_factor_ci",
}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("STILE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("STILE_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "models").mkdir()
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Coded pictures of 60 people: 50 with five photographs, ten with one; and what else lies in folders."""
    made = tmp_path_factory.mktemp("people")
    for who in range(60):
        person = made / f"person {who:02}"
        person.mkdir()
        for variation in range(5 if who < 50 else 1):
            rgb = picture_of(who, variation=variation).pixels[:, :, ::-1]
            Image.fromarray(np.ascontiguousarray(rgb)).save(person / f"{variation}.png", compress_level=0)
    (made / "person 00" / "broken.jpg").write_bytes(b"no picture")
    (made / "person 00" / "a folder.png").mkdir()
    (made / "person 01" / "copy.png").write_bytes((made / "person 01" / "0.png").read_bytes())
    (made / "person 02" / "of another.png").write_bytes((made / "person 01" / "1.png").read_bytes())
    (made / "person 03" / "in a folder").mkdir()
    (made / "person 03" / "in a folder" / "0.png").write_bytes((made / "person 03" / "0.png").read_bytes())
    (made / "notes.txt").write_text("not a person")
    (made / "empty").mkdir()
    return made


@pytest.fixture
def fake_eyes(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever pack is asked for, the shipped fake sees in its place: it reads who stands in a coded picture. What
    was measured of it stands in the place of what was measured of dlib."""
    points = [[point.threshold, point.fmr, point.fnmr] for point in CALIBRATION.points]
    (place / "models" / OVERLAY).write_text(
        f"[calibration.dlib]\ndata = 'the fake'\ncomparisons = 1000000\npeople = 2000\npoints = {points}\n"
    )
    eyes = FakeEyes()
    sight = packs.Sight(FAKE_PACK, DIMENSIONS, eyes, eyes, None, eyes)
    monkeypatch.setattr(packs, "load_sight", lambda *_: sight)


def recognition(*words: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", "recognition", *(str(word) for word in words)])


def document(*words: object) -> dict[str, Any]:
    result = recognition(*words, "--json", "-")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("fake_eyes")
def test_one_document_and_nothing_else(folder: Path) -> None:
    found = document(folder, "--gallery", 10, "--gallery", 20, "--fpir", 0.01, "--fpir", 0.1, "--seed", 3)
    assert set(found) >= {"results", "fte", "fta", "people", "images", "seconds", "limits"}
    assert found["people"] == 60
    assert found["images"] == 50 * 5 + 10 + 4
    assert found["unreadable"] == 2
    assert found["copies"] == 2
    assert found["fte"] == found["fta"] == 0
    assert found["seed"] == 3
    rows = found["results"]
    assert [(row["gallery"], row["fpir_target"]) for row in rows] == [
        (10, 0.01),
        (10, 0.1),
        (20, 0.01),
        (20, 0.1),
    ]
    for row in rows:
        assert set(row) >= ROW
        assert (row["pack"], row["enrol"], row["probe"]) == ("dlib", 3, 3)
        assert row["strangers"] == 10
        assert row["mated"] == 2 * row["gallery"]
        assert row["misses"] == row["fnir"] == 0
        assert len(row["thresholds"]) == len(row["fpir_ci"]) == 2
        assert row["fpir_ci"][0] <= row["fpir"] <= row["fpir_ci"][1]
    assert any("rule of 3" in sentence for sentence in found["limits"])


@pytest.mark.usefixtures("fake_eyes")
def test_tables_files_and_the_sentences_beside_them(folder: Path, place: Path) -> None:
    names = place / "groups.csv"
    names.write_text(
        "person,group\n" + "".join(f"person {n:02},{'a' if n % 2 else 'b'}\n" for n in range(60))
    )
    report, scores = place / "report.json", place / "scores.npz"
    result = recognition(
        folder, "--gallery", 20, "--groups", names, "--suspects", "--json", report, "--scores", scores
    )
    assert result.exit_code == 0, result.output
    for words in (
        "dlib on 60 people and 264 photographs (2 unreadable, 2 copies of others)",
        "Templates of 3, probes of up to 3; FTE 0.0% (0.0%–7.1%), FTA 0.0% (0.0%–6.0%)",
        "times the target",
        "Members missed",
        "Fixed: threshold",
        "One-to-one (ISO/IEC 19795-1)",
        "FMR, worst group over geometric mean",
        "No two names score so high",
        "the counts of both are pooled",
    ):
        assert words in result.stdout
    found = json.loads(report.read_text())
    assert {row["group"]: row["people"] for row in found["groups"]["rows"]} == {"a": 30, "b": 30}
    with np.load(scores) as kept:
        assert sorted(kept.files) == ["mated", "non_mated"]
        assert kept["mated"].shape == (50,)
        assert kept["non_mated"].ndim == 1, "scores, and no vector of anybody"


@pytest.mark.usefixtures("fake_eyes")
def test_a_larger_gallery_than_there_can_be_is_measured_with_the_largest(folder: Path) -> None:
    asked = document(folder, "--gallery", 20, "--gallery", "largest")
    assert sorted({row["gallery"] for row in asked["results"]}) == [20, 25]
    assert not any("is more than" in sentence for sentence in asked["limits"])
    alone = document(folder, "--gallery", "largest")
    assert {row["gallery"] for row in alone["results"]} == {25}
    found = document(folder, "--gallery", 20, "--gallery", 5000)
    assert sorted({row["gallery"] for row in found["results"]}) == [20, 25]
    assert any("A gallery of 5,000 is more than the 25 people" in sentence for sentence in found["limits"])


@pytest.mark.usefixtures("fake_eyes")
def test_a_report_to_be_filed_holds_everything_and_names_nobody(folder: Path, place: Path) -> None:
    groups, page = place / "groups.csv", place / "report.html"
    groups.write_text("".join(f"person {n:02},{'a' if n % 2 else 'b <i>'}\n" for n in range(60)))
    words = ("--gallery", 20, "--groups", groups, "--suspects", "--html", page, "--described", "60 & made up")
    result = recognition(folder, *words)
    assert result.exit_code == 0, result.output
    text = page.read_text()
    assert text.startswith("<!doctype html>")
    for part in (
        '<html lang="en-GB">',
        "“60 &amp; made up”",
        "<title>Accuracy of face recognition: dlib",
        "Times stated",
        "b &lt;i&gt;",
        "rule of 3",
        "Failure to enrol (FTE)",
        "dlib_face_recognition_resnet_model_v1.dat",
        "<dt>Python</dt>",
        "prefers-color-scheme: dark",
        "@media print",
    ):
        assert part in text, part
    assert text.count('role="img"') == 2, "the DET pictures"
    assert not re.search(r"person \d", text)
    assert not re.search(r'(src|href)="|@import|url\(', text), "it needs no other file and no network"
    assert len(re.findall(r"\b[0-9a-f]{64}\b", text)) >= 2, "the files by their hashes"


@pytest.mark.usefixtures("fake_eyes")
def test_a_calibration_is_printed_as_the_catalogue_reads_it(folder: Path, place: Path) -> None:
    words = (folder, "--pack", "dlib", "--probe", 2, "--described", 'A "made-up" crowd', "--calibration")
    result = recognition(*words, "-")
    assert result.exit_code == 0, result.output
    printed = tomllib.loads(result.stdout)["calibration"]["dlib"]
    assert printed["data"].startswith('A "made-up" crowd: 260 usable photographs of 60 people, 50 enrolled')
    assert "--described 'A \"made-up\" crowd' --probe 2 --calibration -" in result.stdout
    assert "2 unreadable, 2 copies" in result.stdout
    (place / "models" / OVERLAY).write_text(result.stdout)
    read = find("dlib", place / "models").calibration
    assert read is not None
    assert (read.comparisons, read.people) == (printed["comparisons"], 60)
    assert len(read.points) > 4
    again = recognition(*words, place / "block.toml", "--gallery", 20)
    assert "Members missed" in again.stdout, "a file leaves the tables on the terminal"
    assert tomllib.loads((place / "block.toml").read_text())["calibration"]["dlib"]["people"] == 60


@pytest.mark.usefixtures("fake_eyes")
def test_nothing_of_the_photographs_is_written(folder: Path, place: Path) -> None:
    before = {path for path in place.rglob("*") if path.is_file()}
    document(folder, "--gallery", 20)
    assert {path for path in place.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["/nowhere"], "/nowhere is not a folder"),
        (["EMPTY"], "has no folders of photographs"),
        (["FOLDER", "--fpir", "0.7"], "a target lies between 0 and 0.5"),
        (["FOLDER", "--gallery", "0"], "a gallery has at least one member"),
        (["FOLDER", "--gallery", "many"], "a number of members or “largest”, not many"),
        (["FOLDER", "--enrol", "0"], "1 to 10 photographs"),
        (["FOLDER", "--pack", "nothing"], "nothing"),
        (["FOLDER", "--json", "/nowhere/report.json"], "/nowhere is not a folder to write report.json into"),
        (["FOLDER", "--html", "/nowhere/report.html"], "/nowhere is not a folder to write report.html into"),
        (["FOLDER", "--html", "EMPTY"], "is a folder, and no file to write into"),
        (["FOLDER", "--calibration", "-", "--json", "-"], "can be printed, not both"),
        (["FOLDER", "--groups", "/nowhere.csv"], "/nowhere.csv cannot be read"),
        (["FOLDER", "--groups", "ODD"], "row 2 is not a person and a group"),
        (["FOLDER", "--groups", "OTHERS"], "names none of the people"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words: list[str], said: str, folder: Path, place: Path) -> None:
    (place / "odd.csv").write_text("person,group\nperson 00\n")
    (place / "others.csv").write_text("somebody,a\n")
    places = {
        "FOLDER": str(folder),
        "EMPTY": str(place / "models"),
        "ODD": str(place / "odd.csv"),
        "OTHERS": str(place / "others.csv"),
    }
    result = recognition(*(places.get(word, word) for word in words))
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("stile: ")]
    assert said in line
    assert result.stdout == ""


@pytest.mark.shared
def test_the_promise_holds_with_a_real_pack_on_real_people(
    shared: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to six photographs of 280 people who have four and more, and 150 with one: as many as half a minute sees."""
    monkeypatch.setenv("STILE_MODELS", str(shared / "models"))
    settings.cache_clear()
    people = {one: sorted(one.glob("*.jpg")) for one in sorted((shared / "faces" / "lfw-dev").iterdir())}
    often = [one for one, photographs in people.items() if len(photographs) >= 4]
    once = [one for one, photographs in people.items() if len(photographs) == 1]
    for one in [*often[:280], *once[:150]]:
        (place / "people" / one.name).mkdir(parents=True)
        for photograph in people[one][:6]:
            (place / "people" / one.name / photograph.name).symlink_to(photograph)
    found = document(place / "people", "--pack", "mobilefacenet", "--gallery", 50, "--gallery", 100)
    for row in found["results"]:
        assert row["fpir_ci"][0] <= row["fpir_target"]
        assert row["rank1"] >= 0.99
        if row["gallery"] == 100:
            assert row["mated"] > 150
            if row["fpir_target"] >= 0.003:
                assert row["fnir"] <= 0.02, "of everybody 0.00; so few people have a wider margin"
    assert {row["gallery"] for row in found["results"]} == {50, 100}
