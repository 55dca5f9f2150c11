"""`stile register`: entries from files, as they stood on a day, and what is missing."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.entrypoints.cli import app
from stile.entrypoints.cli.register import EXAMPLE
from stile.testing import complete_register


@pytest.fixture
def data(tmp_path: Path) -> Path:
    site = open_site(Settings(data=tmp_path / "data"), see=False)
    site.setup.create(NewSite("Barnstone Council", "Town", "Main", "admin", "correct horse battery"))
    site.close()
    return tmp_path / "data"


def run(data: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["register", *words, "--data", str(data)])
    assert done.exit_code == code, done.output
    return done.output


def test_the_example_is_an_entry_and_is_shown_as_of_its_day(data: Path, tmp_path: Path) -> None:
    assert "Nothing is recorded yet" in run(data, "show")
    file = tmp_path / "entry.toml"
    file.write_text(CliRunner().invoke(app, ["register", "example"]).output)
    run(data, "add", str(file))
    [entry] = json.loads(run(data, "show", "--json", "--as-of", "2026-02-01"))["entries"]
    assert (entry["kind"], entry["at"], entry["fact"]["operator"]) == (
        "deployment",
        "2026-01-31",
        "Barnstone Leisure",
    )
    assert json.loads(run(data, "show", "--json", "--as-of", "2026-01-30"))["entries"] == []
    file.write_text(
        EXAMPLE.replace(
            '# replaces = "id of an earlier entry that this one corrects"', f'replaces = "{entry["id"]}"'
        )
    )
    run(data, "add", str(file))
    assert len(json.loads(run(data, "show", "--json"))["entries"]) == 1
    assert "purpose: to let members in" in run(data, "show")


def test_what_is_missing(data: Path, tmp_path: Path) -> None:
    assert "the centre stands in the register" in run(data, "missing", "pool", code=1)
    file = tmp_path / "entry.toml"
    file.write_text(EXAMPLE)
    run(data, "add", str(file))
    told = json.loads(run(data, "missing", "pool", "--json", code=1))
    assert told["complete"] is False
    [pool] = told["deployments"]
    assert (pool["key"], pool["complete"]) == ("pool", False)
    assert "sign_off" in pool["missing"]
    assert "purpose" not in pool["missing"]


def test_without_a_key_this_sites_centres_are_looked_at_since_their_lanes_wait(data: Path) -> None:
    """Law 5."""
    assert "Town" in run(data, "missing", code=1)
    site = open_site(Settings(data=data), see=False)
    complete_register(site.registering, site.setup.lane("main").centre, site.clock.today())
    site.close()
    assert run(data, "missing") == "Town: nothing is missing.\n"
    told = json.loads(run(data, "missing", "--json"))
    assert (told["complete"], told["deployments"][0]["missing"]) == (True, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind = ", "is no TOML"),
        ('kind = "rumour"', "An entry has a kind"),
        ('kind = "own use"', "a table [fact]"),
        ('kind = "own use"\n[fact]\nuses = true', "source is missing"),
        ('kind = "own use"\nat = "soon"\n[fact]\nuses = true', "`at` is a day"),
        ('kind = "own use"\nsource = "x"\nreplaces = "y"\n[fact]\nuses = true', "`replaces` is the id"),
        ('kind = "own use"\nsource = "x"\n[fact]\nuses = "no"', "expected true or false"),
    ],
)
def test_bad_input_gets_one_line(data: Path, tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "entry.toml"
    file.write_text(text)
    output = run(data, "add", str(file), code=1)
    assert told in output
    assert output.count("\n") == 1


def test_a_draft_that_is_filled_in_opens_the_lanes(data: Path, tmp_path: Path) -> None:
    """Law 5: what the program knows stands in it, what only people know is empty, and nothing goes in before it is
    said."""
    text, file = run(data, "draft"), tmp_path / "register.toml"
    assert 'purpose = "to let members' in text
    file.write_text(text)
    assert "place of “Data protection impact assessment” is missing" in run(data, "add", str(file), code=1)
    assert "Nothing is recorded yet" in run(data, "show"), "all of a file goes in, or nothing"
    said = {"source": "the manager", "where": "on file", "measures_by": "Manager", "residual_by": "Board"}
    for name, words in {**said, "advice": "Followed."}.items():
        text = text.replace(f'\n{name} = ""', f'\n{name} = "{words}"')
    file.write_text(text)
    assert run(data, "add", str(file)).count("Added") == 3
    assert run(data, "missing") == "Town: nothing is missing.\n"
    again = run(data, "draft")
    assert again.count("[[entry.fact.documents]]") == 3, "what is on file is on file"
    assert again.count('where = "on file"') == 2


def test_a_file_of_several_corrects_nothing(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "entry.toml"
    file.write_text(f'replaces = "{data}"\n[[entry]]\nkind = "own use"\n[entry.fact]\nuses = true')
    assert "Only a file with one entry corrects another" in run(data, "add", str(file), code=1)
