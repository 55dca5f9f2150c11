"""The command line: thin, plain, one line when something is wrong, one document with --json."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from stile import __version__
from stile.bootstrap import open_site
from stile.config import Settings, settings
from stile.entrypoints.cli import app
from stile.entrypoints.cli.demo_people import ENROLMENT_VIEWS, eileen, grace, view
from stile.testing import complete_register

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def read_anew() -> None:
    settings.cache_clear()


def run(*words: str | Path, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], env=env)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    done = run(
        "init",
        "--operator",
        "O",
        "--centre",
        "C",
        "--administrator",
        "admin",
        "--data",
        tmp_path / "data",
        env={"STILE_ADMIN_PASSWORD": PASSWORD},
    )
    assert done.exit_code == 0, done.output
    return tmp_path / "data"


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = []
    for number, changes in enumerate(ENROLMENT_VIEWS[:3]):
        path = tmp_path / f"{number}.jpg"
        path.write_bytes(view(eileen(), **changes))
        paths.append(path)
    return paths


@pytest.fixture
def registered(data: Path) -> Path:
    """A site whose register is complete (law 5)."""
    site = open_site(Settings(data=data), see=False)
    complete_register(site.registering, site.setup.lane("main").centre, site.clock.today())
    site.close()
    return data


def test_version() -> None:
    assert run("--version").stdout.strip() == __version__


def test_there_is_no_default_password(tmp_path: Path) -> None:
    """With nobody to ask, one is made up and shown once."""
    done = run(
        "init", "--operator", "O", "--centre", "C", "--administrator", "admin", "--data", tmp_path / "a"
    )
    assert "shown once" in done.stdout
    made_up = done.stdout.split("password ")[1].split(" ")[0]
    assert len(made_up) >= 12
    again = run(
        "init", "--operator", "O", "--centre", "C", "--administrator", "admin", "--data", tmp_path / "b"
    )
    assert made_up not in again.stdout


def test_a_short_password_sets_nothing_up(tmp_path: Path) -> None:
    words = ("init", "--operator", "O", "--centre", "C", "--administrator", "admin", "--data", tmp_path)
    refused = run(*words, env={"STILE_ADMIN_PASSWORD": "short"})
    assert refused.exit_code == 1
    assert "12 characters" in refused.stderr
    assert run(*words, env={"STILE_ADMIN_PASSWORD": PASSWORD}).exit_code == 0


def test_setting_up_twice_is_refused(data: Path) -> None:
    again = run("init", "--operator", "O", "--centre", "C", "--administrator", "admin", "--data", data)
    assert (again.exit_code, again.stderr.strip()) == (1, f"stile: {data} is set up already.")


def test_before_init_a_command_says_so(tmp_path: Path) -> None:
    refused = run("members", "list", "--data", tmp_path)
    assert refused.exit_code == 1
    assert "stile init" in refused.stderr
    assert "Traceback" not in refused.output


def test_members(data: Path) -> None:
    assert "stile members add" in run("members", "list", "--data", data).stdout, (
        "an empty list says what to do next"
    )
    run(
        "members",
        "add",
        "1001",
        "Eileen",
        "Collins",
        "--card",
        "5500 1001",
        "--expires",
        "2030-01-31",
        "--data",
        data,
    )
    (row,) = json.loads(run("members", "list", "--json", "--data", data).stdout)["members"]
    assert row == {
        "number": "1001",
        "name": "Eileen Collins",
        "status": "active",
        "expires": "2030-01-31",
        "cards": 1,
        "face": False,
    }
    assert "lapsed" in run("members", "status", "1001", "lapsed", "--data", data).stdout
    assert "Collins" in run("members", "list", "--data", data).stdout
    taken = run("members", "add", "1001", "Bea", "--data", data)
    assert (taken.exit_code, taken.stderr.count("\n")) == (1, 1)


def test_enrolling_and_withdrawing(registered: Path, photos: list[Path]) -> None:
    run("members", "add", "1001", "Eileen", "Collins", "--born", "1956-11-19", "--data", registered)
    without = run("enrol", "1001", *photos, "--data", registered)
    assert without.exit_code == 1
    assert "consent" in without.stderr
    done = run("enrol", "1001", *photos, "--consent", "form-17", "--data", registered)
    assert done.exit_code == 0, done.output
    assert "3 photographs" in done.stdout
    assert (
        json.loads(run("members", "list", "--json", "--data", registered).stdout)["members"][0]["face"]
        is True
    )
    gone = run("members", "withdraw", "1001", "--data", registered)
    assert "1 template(s)" in gone.stdout


def test_photographs_that_cannot_be_used_are_named_with_the_reason(
    registered: Path, tmp_path: Path, photos: list[Path]
) -> None:
    run("members", "add", "1001", "Eileen", "--born", "1956-11-19", "--data", registered)
    (tmp_path / "text.jpg").write_text("not a picture")
    Image.new("RGB", (300, 300), (90, 90, 90)).save(tmp_path / "wall.png")
    (tmp_path / "grace.jpg").write_bytes(view(grace()))
    bad = [tmp_path / name for name in ("text.jpg", "wall.png", "missing.jpg", "grace.jpg")]
    refused = run("enrol", "1001", photos[0], *bad, photos[0], "--consent", "form-17", "--data", registered)
    assert refused.exit_code == 1
    lines = refused.stderr.splitlines()
    for name, word in (
        ("text.jpg", ""),
        ("wall.png", "Look at the camera"),
        ("missing.jpg", ""),
        ("grace.jpg", "does not look like"),
        ("0.jpg", "same picture"),
    ):
        assert any(line.startswith(name) and word in line for line in lines), (name, lines)
    assert "Nothing was stored" in refused.stderr
    assert "Traceback" not in refused.output


def test_lanes(data: Path) -> None:
    assert (
        run(
            "lanes", "add", "side", "Side door", "--door", "http://user:pw@10.0.0.9/open", "--data", data
        ).exit_code
        == 0
    )
    listed = run("lanes", "list", "--json", "--data", data).stdout
    assert [lane["lane"] for lane in json.loads(listed)["lanes"]] == ["main", "side"]
    assert "pw" not in listed
    assert run("lanes", "change", "side", "--fpir", "0.01", "--no-face", "--data", data).exit_code == 0
    assert run("lanes", "change", "side", "--fpir", "7", "--data", data).exit_code == 1
    assert run("lanes", "change", "nowhere", "--fpir", "0.01", "--data", data).exit_code == 1


def test_doctor(data: Path, tmp_path: Path) -> None:
    found = json.loads(run("doctor", "--json", "--data", data).stdout)
    assert found["ok"] is True
    assert any(
        one["what"] == "Liveness" and "asked to turn their head" in one["is_so"] for one in found["findings"]
    )
    [register] = [one for one in found["findings"] if one["what"] == "Register"]
    assert register["state"] == "look", "law 5: a new site's lanes are closed to faces, and the card works"
    assert "the centre stands in the register" in register["is_so"]
    assert "stile register missing" in register["mend"]
    nothing = run("doctor", "--data", tmp_path / "nothing")
    assert nothing.exit_code == 1
    assert "stile init" in nothing.stdout
    assert not (tmp_path / "nothing").exists(), "looking changes nothing"


def test_a_lost_site_key_is_said_and_not_replaced(data: Path) -> None:
    (data / "site.key").unlink()
    found = json.loads(run("doctor", "--json", "--data", data).stdout)
    assert found["ok"] is False
    assert any(one["what"] == "Site key" and one["state"] == "bad" for one in found["findings"])
    assert not (data / "site.key").exists()


def test_a_mistyped_folder_is_not_made(tmp_path: Path) -> None:
    assert run("members", "list", "--data", tmp_path / "typo").exit_code == 1
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    "words",
    [["--data", "/proc/nowhere/stile"], ["--password-file", "/nowhere/password", "--data", "{tmp}"]],
    ids=["a folder that cannot be made", "a password file that is not there"],
)
def test_init_says_what_it_cannot_use_in_one_line(tmp_path: Path, words: list[str]) -> None:
    given = [word.replace("{tmp}", str(tmp_path / "data")) for word in words]
    refused = run("init", "--operator", "O", "--centre", "C", *given)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1), refused.output


def test_demo_prints_one_document() -> None:
    done = run("demo", "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["ok"] is True
    assert {"step", "decision", "reason", "ms"} == set(document["rows"][0])
    assert {"admit", "refer", "refuse"} <= {row["decision"] for row in document["rows"]}


def test_bench_prints_one_document() -> None:
    for _ in range(3):  # where others take the core for all of a quick measurement, it is made again
        done = run("bench", "--json", "--quick")
        document = json.loads(done.stdout)
        if document["overhead"] > 1.0:
            break
    assert {"pack", "stages_ms", "inference_ms", "decision_ms", "overhead", "search", "start_s_20k"} <= set(
        document
    )
    assert set(document["stages_ms"]) >= {"detect", "align", "embed", "search", "decide", "record"}
    assert document["overhead"] > 1.0, (
        "a decision takes longer than its inferences, or the measurement is wrong"
    )
    assert {"rows", "dim", "kind", "ms", "floor_ms", "ratio", "mb"} == set(document["search"][0])


CORE = """
import sys
for name in ("cv2", "onnxruntime", "dlib", "faiss", "skimage", "matplotlib"):
    sys.modules[name] = None
from stile.entrypoints.cli import app
app(sys.argv[1:])
"""


@pytest.mark.parametrize(
    "words", [["--help"], ["doctor"], ["members", "list"], ["models", "list"], ["demo"]], ids=str
)
def test_the_core_runs_without_the_packages_that_see(data: Path, words: list[str]) -> None:
    given = [*words, "--data", str(data)] if words[0] in ("doctor", "members") else words
    done = subprocess.run([sys.executable, "-c", CORE, *given], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    if words[0] == "demo":
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    if words[0] == "doctor":
        assert "vision" in done.stdout
