"""`stile members`: import with its dry run, add with everything, show; and the lanes' settings of who is inside."""

import json
from pathlib import Path

import pytest

from stile.application.member_file import mapping
from tests.test_cli import data, read_anew, run

__all__ = ["data", "read_anew"]

FILE = "Number,First name,Surname,Card,Shoe\n1,Ada,Byron,5501,42\n2,Bob,Ray,x,41\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "members.csv"
    path.write_text(FILE)
    return path


def test_a_file_is_imported_after_a_dry_run_and_once(data: Path, file: Path) -> None:
    dry = run("members", "import", file, "--dry-run", "--data", data)
    assert dry.exit_code == 0, dry.output
    for said in ("Added", "Wrong lines", "Line 3: cards a card number has", "Shoe", "Nothing was changed"):
        assert said in dry.stdout
    assert "Ada" not in dry.stdout
    assert json.loads(run("members", "list", "--json", "--data", data).stdout) == {"members": []}
    done = json.loads(run("members", "import", file, "--json", "--data", data).stdout)
    assert (done["added"], done["wrong"], done["imported"]) == (1, 1, True)
    again = run("members", "import", file, "--data", data)
    assert "Nothing to change" in again.stdout


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--strict"], "1 lines are wrong"),
        (["--centre", "Elsewhere"], "There is no centre called “Elsewhere”. There are: C."),
        (["--mapping", "not-there.toml"], "cannot be read"),
    ],
    ids=["strict", "centre", "mapping"],
)
def test_what_is_refused_is_one_line_and_exit_code_1(
    data: Path, file: Path, more: list[str], said: str
) -> None:
    done = run("members", "import", file, *more, "--data", data)
    assert done.exit_code == 1
    assert said in done.stderr.replace("\n", " ")


def test_the_example_mapping_can_be_read() -> None:
    assert (
        mapping(run("members", "import", "--example-mapping").stdout).columns["number"] == "membership number"
    )


def test_a_member_is_added_and_shown_with_everything(data: Path) -> None:
    words = [
        "members",
        "add",
        "7",
        "Zoë",
        "Müller",
        "--card",
        "5501",
        "--born",
        "2000-02-29",
        "--kind",
        "gym",
    ]
    reached = ["--email", "zoe@example.org", "--phone", "020 7946 0000", "--marketing", "at the desk"]
    given = [*words, *reached, "--hours", "sat 08:00-12:00"]
    assert run(*given, "--centre", "C", "--group", "Hill School", "--data", data).exit_code == 0
    shown = json.loads(run("members", "show", "7", "--json", "--data", data).stdout)
    wanted = {
        "born": "2000-02-29",
        "email": "zoe@example.org",
        "phone": "+442079460000",
        "hours": "sat 08:00-12:00",
        "admits_to": ["C"],
        "marketing": True,
        "marketing_how": "at the desk",
        "group": "Hill School",
        "face": False,
    }
    assert {name: shown[name] for name in wanted} == wanted
    assert "Hill School" in run("members", "show", "7", "--data", data).stdout
    assert "There is no member" in run("members", "show", "8", "--data", data).stderr


def test_who_is_inside_is_set_and_an_exit_is_told(data: Path) -> None:
    done = run("lanes", "change", "main", "--anti-passback", "--capacity", "200", "--data", data)
    assert done.exit_code == 0, done.output
    [lane] = json.loads(run("lanes", "list", "--json", "--data", data).stdout)["lanes"]
    assert lane["anti_passback"] is True
    assert run("lanes", "left", "main", "--card", "5501", "--data", data).exit_code == 0
