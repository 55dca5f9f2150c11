"""`stile evaluate waits`: the ways in side by side, as a table and as a document."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.domain.passage import Method, Outcome
from stile.entrypoints.cli import app
from tests.conftest import Here


@pytest.fixture
def data(make_here: Callable[[], Here], tmp_path: Path) -> Path:
    """A member came in by card eight times, and once an unknown card was held to the reader."""
    here = make_here()
    here.add(1)
    for n in range(8):
        assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
        here.site.waiting_times.keep(here.lane.id, Method.CARD, Outcome.ADMIT, 400.0 + n, 500.0 + n)
    here.site.admit_by_card.present(here.lane, "9999999")
    here.site.close()
    return tmp_path / "data"


def test_the_document(data: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", "waits", "main", "--json", "-", "--data", str(data)])
    assert done.exit_code == 0, done.output
    ways = {one["way"]: one for one in json.loads(done.stdout)["ways"]}
    assert set(ways) == set(Method)
    card = ways["card"]
    assert (card["passages"], card["timed"], card["opened"]) == (9, 8, 8)
    assert card["turned_away"]["errors"] == 1
    assert card["to_decision"]["median"] == {"ms": 403.0, "interval": [400.0, 407.0]}
    assert card["to_decision"]["p90"] == {"ms": 407.0, "interval": None}, "too few for it"
    assert ways["face"]["turned_away"] is None
    assert ways["face"]["to_door"]["median"] is None


def test_the_table_says_what_was_not_measured(data: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", "waits", "--data", str(data)])
    assert done.exit_code == 0, done.output
    assert done.stdout.count("measured") == 4 * 5, "face, PIN, phone and by hand, five figures each"


@pytest.mark.parametrize("wrong", [["--since", "soon"], ["no-such-lane"], ["--json", "nowhere/at/all.json"]])
def test_what_is_wrong_is_said_in_one_line(data: Path, wrong: list[str]) -> None:
    done = CliRunner().invoke(app, ["evaluate", "waits", *wrong, "--data", str(data)])
    assert done.exit_code != 0
    assert "Traceback" not in done.output
