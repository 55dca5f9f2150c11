"""`stile evaluate liveness`, as an operator types it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from stile.adapters.vision import packs
from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings, settings
from stile.domain.presentation_attacks import NOT_THE_STANDARD, ON_THIS_CAMERA
from stile.entrypoints.cli import app, liveness_live
from stile.testing import FakePool
from tests.testing.drawn import EyesForSpots, picture

KINDS = {
    "kind",
    "presentations",
    "accepted",
    "no_response",
    "apcer",
    "apcer_ci",
    "admitted",
    "iapar",
    "iapar_ci",
}
BONA_FIDE = {"presentations", "rejected", "no_response", "bpcer", "bpcer_ci", "not_admitted", "frr", "frr_ci"}


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("STILE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "people"
    (made / "Ada").mkdir(parents=True)
    Image.fromarray(picture()[:, :, ::-1].copy()).save(made / "Ada" / "1.png")
    (made / "Nobody").mkdir()
    Image.fromarray(np.full((200, 200, 3), 120, np.uint8)).save(made / "Nobody" / "1.png")
    Image.fromarray(picture()[:, :, ::-1].copy()).save(made / "attack_1.png")
    return made


@pytest.fixture
def fake_eyes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever pack is asked for, eyes that find drawn faces see in its place."""
    pool = FakePool()
    pool.eyes = EyesForSpots()
    monkeypatch.setattr(packs, "Pool", lambda *_: pool)


def liveness(*words: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", "liveness", *(str(word) for word in words)])


def document(*words: object) -> dict[str, Any]:
    result = liveness(*words, "--json", "-")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("fake_eyes")
def test_one_document_and_nothing_else(folder: Path) -> None:
    found = document(
        folder, "--pack", "dlib", "--kind", "bona fide", "--kind", "injected still", "--mode", "passive"
    )
    assert found["note"] == NOT_THE_STANDARD
    assert (found["pack"], found["mode"], found["seed"]) == ("dlib", "passive", 0)
    assert (found["people"], found["passed_over"]) == (1, 1)
    (still,) = found["kinds"]
    assert set(still) >= KINDS
    assert (still["kind"], still["presentations"], still["accepted"]) == ("injected still", 1, 0)
    assert still["apcer_ci"][0] <= still["apcer"] <= still["apcer_ci"][1]
    assert still["reasons"] == {"spoof": 1}
    assert set(found["bona_fide"]) >= BONA_FIDE
    assert (found["bona_fide"]["rejected"], found["bona_fide"]["not_admitted"], found["riapar"]) == (
        0,
        0,
        0.0,
    )
    assert found["samples"] == [
        {"picture": "attack_1.png", "kind": "attack", "outcome": "taken for live", "telltale": None}
    ]
    assert found["seconds"] > 0


@pytest.mark.usefixtures("fake_eyes")
def test_the_first_line_says_what_it_is_not(folder: Path, place: Path) -> None:
    result = liveness(folder, "--pack", "dlib", "--kind", "injected still", "--json", place / "out.json")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[0] == NOT_THE_STANDARD
    assert "injected still" in result.stdout
    assert json.loads((place / "out.json").read_text())["note"] == NOT_THE_STANDARD


@pytest.mark.usefixtures("fake_eyes")
def test_pictures_of_real_presentations_alone_are_judged_too(tmp_path: Path) -> None:
    alone = tmp_path / "samples"
    alone.mkdir()
    for name in ("bona_fide_1.png", "attack_1.png"):
        Image.fromarray(picture()[:, :, ::-1].copy()).save(alone / name)
    found = document(alone, "--pack", "dlib")
    assert [one["picture"] for one in found["samples"]] == ["attack_1.png", "bona_fide_1.png"]
    assert found["kinds"] == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "name a folder"),
        (("nowhere",), "not a folder"),
        ((".", "--mode", "off"), "liveness off"),
        (("--live", "main"), "needs --json"),
        ((".", "--json", "no/such/place.json"), "not a folder"),
    ],
    ids=["nothing", "no folder", "off", "live without a file", "nowhere to write"],
)
def test_what_cannot_be_measured_is_one_line(words: tuple[str, ...], says: str) -> None:
    result = liveness(*words)
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


# --- by people, at a lane ----------------------------------------------------------------------------------------


@pytest.fixture
def lane(place: Path) -> None:
    site = open_site(Settings(data=place / "data"), see=False)
    site.setup.create(NewSite("Test Operator", "Test Centre", "Main", "admin", "correct horse battery"))
    site.close()


@pytest.mark.usefixtures("lane")
def test_people_present_and_the_count_goes_on_where_it_was(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = iter(
        ["face matched", "too many attempts", "spoof", None, "challenge failed", "face matched", None]
    )

    def somebody(*_: object) -> tuple[int, str] | None:
        reason = next(ends)
        return None if reason is None else (1, reason)

    monkeypatch.setattr(liveness_live, "next_reason", somebody)
    counted = place / "kit.json"
    words = ("--live", "main", "--json", counted, "--each", 1)
    first = liveness(*words)
    assert first.exit_code == 0, first.output
    assert first.stdout.splitlines()[0] == ON_THIS_CAMERA
    assert "matte print, 1 of 1: present now." in first.stdout
    assert "not counted" in first.stdout
    second = liveness(*words)
    assert "matte print, 1 of 1" not in second.stdout
    assert "LET IN" in second.stdout
    found = json.loads(counted.read_text())
    assert found["note"] == ON_THIS_CAMERA
    assert [one["kind"] for one in found["kinds"]] == ["matte print", "glossy print", "cut-out"]
    assert [one["accepted"] for one in found["kinds"]] == [0, 0, 1]
    assert found["riapar"] == 1.0


@pytest.mark.usefixtures("lane")
@pytest.mark.parametrize("text", ["not JSON", "[]", '{"lane": "other", "counts": {}}', '{"lane": "main"}'])
def test_another_file_is_not_written_over(place: Path, text: str) -> None:
    (place / "kit.json").write_text(text)
    result = liveness("--live", "main", "--json", place / "kit.json")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert (place / "kit.json").read_text() == text


# --- with the real models ------------------------------------------------------------------------------------------


@pytest.mark.shared
def test_films_of_real_faces_seen_with_real_models(
    shared: Path, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people, a few kinds: a smoke test of the whole, not a measurement."""
    monkeypatch.setenv("STILE_MODELS", str(shared / "models"))
    people = place / "few"
    people.mkdir()
    for name in ("Gerald_Riley", "Patricia_Heaton"):
        (people / name).symlink_to(shared / "faces" / "lfw-dev" / name)
    for sample in (shared / "faces" / "liveness-samples").glob("*.jpg"):
        (people / sample.name).symlink_to(sample)
    kinds = ("bona fide", "cut-out", "injected still")
    found = document(
        people, "--pack", "mobilefacenet", "--seed", 1, *(word for kind in kinds for word in ("--kind", kind))
    )
    assert found["people"] == 2
    assert found["bona_fide"]["not_admitted"] <= 1
    assert [one["admitted"] for one in found["kinds"]] == [0, 0]
    outcomes = {one["picture"]: one["outcome"] for one in found["samples"]}
    assert outcomes["bona_fide_1.jpg"] == "taken for live"
    assert "taken for live" not in (outcomes["attack_1.jpg"], outcomes["attack_2.jpg"])
