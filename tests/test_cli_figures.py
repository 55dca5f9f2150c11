"""`stile figures`: the same figures as the console's, for programs and for people."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.domain.adjudication import Verdict
from stile.entrypoints.cli import app
from tests.conftest import Here

runner = CliRunner()


@pytest.fixture
def data(make_here: Callable[[], Here]) -> Path:
    """A site at which five came by face, one of them wrongly."""
    here = make_here()
    here.enrol(1)
    with here.site.store.read() as work:
        admin = work.staff.by_name("admin")
    assert admin is not None
    for n in range(5):
        came = here.come(1).passage
        assert came is not None
        verdict = Verdict.WRONG_PERSON if n == 0 else Verdict.RIGHT
        here.site.adjudicate.passage(came.id, verdict, admin.id)
    here.site.close()
    return here.site.settings.data


DAY = ("--from", "2026-11-02", "--to", "2026-11-02")


def test_one_json_document(data: Path) -> None:
    done = runner.invoke(app, ["figures", "--data", str(data), *DAY, "--json", "-"])
    assert done.exit_code == 0
    [period] = json.loads(done.stdout)["periods"]
    by_name = {one["measure"]: one for one in period["figures"]}
    assert by_name["attempts"]["count"] == 5
    alerts = by_name["false_alerts"]
    assert (alerts["count"], alerts["basis"]) == (1, "noticed")
    assert [part["of"] for part in alerts["shares"]] == ["attempts", "matches"]
    assert alerts["shares"][0]["rate"]["value"] == 0.2
    assert alerts["shares"][0]["rate"]["by"] == "Clopper-Pearson"
    assert by_name["false_admissions"]["count"] == "not measured"
    assert by_name["false_refusals"]["shares"][0]["rate"] == "not measured"


def test_for_people(data: Path) -> None:
    done = runner.invoke(app, ["figures", "--data", str(data), *DAY, "--centre", "test centre"])
    assert done.exit_code == 0
    assert "Test Centre, 2026-11-02 to 2026-11-02" in done.stdout
    assert "20.0 % of all attempts" in done.stdout
    assert "not measured" in done.stdout
    assert "lower bound" in " ".join(done.stdout.split())


def test_into_a_file(data: Path, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    done = runner.invoke(app, ["figures", "--data", str(data), "--months", "3", "--json", str(target)])
    assert done.exit_code == 0
    assert json.loads(target.read_text())["periods"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--centre", "Nowhere"), "There is no centre “Nowhere”."),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "is before its first"),
        (("--from", "soon"), "A date is written like 2026-12-31"),
        (("--json", "/nowhere/at/all.json"), "is not a folder"),
    ],
)
def test_what_cannot_be_is_one_line(data: Path, options: tuple[str, ...], said: str) -> None:
    done = runner.invoke(app, ["figures", "--data", str(data), *options])
    assert done.exit_code == 1
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
