"""The record of processing as page, file and command: the same facts in each."""

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.domain.register import Deployment, OrganisationKind, Phase, Relationship
from stile.entrypoints.cli import app
from stile.entrypoints.processing_table import COLUMNS, as_csv
from tests.conftest import Here
from tests.web_client import Browser


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def test_page_and_file_say_the_same(browser: Browser) -> None:
    page = browser.get("/console/register/processing").text
    answer = browser.get("/console/register/processing.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="record-of-processing-' in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [one["Activity"] for one in rows] == [
        "Coming in by face",
        "Members, and coming in by card, PIN or phone",
        "Requests and complaints about personal data",
        "Requests for information",
        "Staff accounts and the audit log",
    ]
    for row in rows:
        assert row["Activity"] in page
        assert row["Organisation"] == "Test Operator"
        assert set(COLUMNS.values()) <= set(row)
    assert "to let members of the leisure centre in" in page
    assert "Not set (privacy_contact)" in page


def test_it_follows_the_register(browser: Browser) -> None:
    hall = Deployment(
        "hall", "The Hall", "Others", Phase.IN_USE, Relationship.OPERATORS_ALONE, controller="Others"
    )
    browser.here.site.registering.add(hall, "a letter", "test")
    page = browser.get("/console/register/processing").text
    assert "Not yours" in page
    assert "Others; controller: Others" in page


def test_a_cell_that_a_spreadsheet_would_run_is_made_plain(here: Here) -> None:
    key = str(here.lane.centre)
    entry = here.site.registering.as_of().deployment(key)
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    here.site.registering.add(replace(entry.fact, purpose='=HYPERLINK("https://x")'), "test", "test")
    rows = list(csv.DictReader(io.StringIO(as_csv(here.site.processing.record()))))
    assert rows[0]["Purposes"] == '\'=HYPERLINK("https://x")'


def test_the_command_line(here: Here, tmp_path: Path) -> None:
    data = str(here.site.settings.data)

    def run(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, ["register", "processing", *words, "--data", data])
        assert done.exit_code == code, done.output
        return done.output

    assert "As controller (Art. 30(1)): Coming in by face" in run()
    told = json.loads(run("--json"))
    assert told["organisation"]["kind"] == OrganisationKind.OPERATOR
    assert len(told["activities"]) == 5
    file = tmp_path / "record.csv"
    assert f"Wrote {file}" in " ".join(run("--csv", str(file)).split()).replace("record. csv", "record.csv")
    assert file.read_text().startswith("Organisation,")
    assert "cannot be written" in run("--csv", str(tmp_path / "no" / "where.csv"), code=1)
