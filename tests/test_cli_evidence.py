"""`stile evaluate lane` and `stile lanes calibrate`: one line when something is wrong, one document with --json."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stile.config import settings
from stile.domain.adjudication import Verdict
from stile.entrypoints.cli import app, lanes_calibrate
from tests.application.alike import enrolled, like, strangers_to_each_other
from tests.conftest import Here


@pytest.fixture(autouse=True)
def read_anew() -> None:
    settings.cache_clear()


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def passed(here: Here) -> Here:
    """Two were let in and one was not; the desk said of one admission that it was the wrong person."""
    here.enrol(1)
    with here.site.store.read() as work:
        staff = work.staff.by_name("admin")
    first = here.come(1).passage
    assert first is not None
    assert staff is not None
    here.site.adjudicate.passage(first.id, Verdict.WRONG_PERSON, staff.id)
    here.clock.advance(timedelta(days=2).total_seconds())
    here.come(1)
    here.come(2)
    return here


def test_a_lane_is_measured_by_its_own_passages(passed: Here) -> None:
    done = run("evaluate", "lane", "main", "--data", passed.site.settings.data)
    assert done.exit_code == 0, done.output
    said = " ".join(done.stdout.split())
    assert "3 attempts by face, 2 let in, 0 not let in, 1 asked for the card; 0 more without" in said
    assert "Said at the desk: wrong person 1." in said
    assert "2 November 2026 to 4 November 2026" in said
    assert "Wrong person: 33.33% (95 % interval 0.84% to 90.57%), 1 of 3 attempts in which a face" in said
    assert "Wrong person: 50.00% (95 % interval 1.26% to 98.74%), 1 of 2 attempts in which a member" in said
    assert "Should have opened: not measured, nobody adjudicated a passage that could be one" in said
    assert "Attacks let in: not measured, there was none" in said
    assert "each rate is a lower bound" in said


def test_as_one_document(passed: Here, tmp_path: Path) -> None:
    data = passed.site.settings.data
    printed = json.loads(run("evaluate", "lane", "main", "--json", "-", "--data", data).stdout)
    assert printed["attempts"] == 3
    assert printed["measures"][0] == {
        "name": "Wrong person",
        "of": "attempts in which a face was looked at",
        "errors": 1,
        "trials": 3,
        "adjudicated": 1,
        "rate": pytest.approx(1 / 3),
        "ci": pytest.approx([0.0084, 0.9057], abs=1e-4),
    }
    assert (printed["measures"][2]["rate"], printed["measures"][2]["errors"]) == (None, None)
    day = (passed.clock.now() - timedelta(days=1)).date().isoformat()
    target = tmp_path / "lane.json"
    done = run("evaluate", "lane", "main", "--since", day, "--json", target, "--data", data)
    assert done.exit_code == 0, done.output
    written = json.loads(target.read_text())
    assert (written["attempts"], written["adjudicated"]) == (2, 0)
    assert "no error rate was measured" in written["limits"][0]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["side"], "There is no lane “side”."),
        (["main", "--since", "yesterday"], "A date is written like 2026-12-31, not “yesterday”."),
        (["main", "--json", "/nowhere/lane.json"], "/nowhere is not a folder to write lane.json into."),
    ],
    ids=["no lane", "no date", "no folder"],
)
def test_what_is_wrong_is_one_line(here: Here, more: list[str], said: str) -> None:
    done = run("evaluate", "lane", *more, "--data", here.site.settings.data)
    assert done.exit_code == 1
    assert done.stderr == f"stile: {said}\n"
    assert done.stdout == ""


# --- stile lanes calibrate ---


@pytest.fixture
def seeing(here: Here, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command on the site of the test, with its fake eyes: a real pack would know nobody of these."""

    class Opened:
        def __enter__(self) -> object:
            return here.site

        def __exit__(self, *_: object) -> None:
            return None

    monkeypatch.setattr(lanes_calibrate, "site", lambda *_, **__: Opened())
    return run


def test_calibrating_says_what_came_out(here: Here, seeing: Callable[..., Result]) -> None:
    vectors = strangers_to_each_other(60)
    vectors[17] = like(vectors[4], 0.8)
    enrolled(here, vectors)
    done = seeing("lanes", "calibrate")
    assert done.exit_code == 0, done.output
    assert "60 members of this site, each with every other one" in done.stdout
    assert "1,769 pairs, which show rates down to 1 in 590." in done.stdout
    assert "Look-alikes, who are asked for the card as well: 1 pairs, 1 of them new." in done.stdout
    assert "Lane main: threshold 0.5" in done.stdout
    found = json.loads(seeing("lanes", "calibrate", "--json").stdout)
    assert (found["calibrated"], found["members"], found["left_out"]) == (True, 60, 1)
    assert (found["look_alikes"], found["look_alikes_new"]) == (1, 0)
    assert found["points"][0]["fmr"] > found["points"][-1]["fmr"]
    assert found["lanes"][0]["lane"] == "main"


def test_too_few_members_are_said_so(here: Here, seeing: Callable[..., Result]) -> None:
    enrolled(here, strangers_to_each_other(3))
    done = seeing("lanes", "calibrate")
    assert done.exit_code == 0
    assert "3 members are enrolled, and 50 are needed. The pack's calibration stands alone." in done.stdout
    found = json.loads(seeing("lanes", "calibrate", "--json").stdout)
    assert (found["calibrated"], found["points"], found["members"]) == (False, [], 3)


def test_without_a_pack_it_says_what_is_missing(here: Here, tmp_path: Path) -> None:
    done = run("lanes", "calibrate", "--data", tmp_path / "nothing")
    assert done.exit_code == 1
    assert "run `stile init` first" in done.stderr
