"""`stile notice`: the words of today, and those that somebody agreed to."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.config import settings
from stile.domain.consent import Channel
from stile.domain.notice import VERSION
from stile.entrypoints.cli import app
from tests.conftest import Here


@pytest.fixture
def data(here: Here) -> Path:
    settings.cache_clear()
    member = here.add(1)
    here.site.enrol.consent(member.id, here.site.notices.show(), Channel.PAPER, "form 12")
    return here.site.settings.data


def run(*words: object) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_what_was_agreed_to_is_shown_word_for_word(here: Here, data: Path) -> None:
    notice = here.site.notices.current()
    (row,) = json.loads(run("notice", "list", "--json", "--data", data))["notices"]
    assert (row["version"], row["sha256"], row["audience"]) == (VERSION, notice.sha256, "adult")
    assert notice.words in run("notice", "show", VERSION, "--data", data)
    assert notice.sha256 in run("notice", "show", "--data", data)
    assert "Your child" in run("notice", "show", "--audience", "parent or guardian", "--data", data)
    assert VERSION in run("notice", "list", "--data", data)


def test_a_version_that_nobody_was_shown_is_one_line(data: Path) -> None:
    done = CliRunner().invoke(app, ["notice", "show", "2019-1", "--data", str(data)])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)


def test_nothing_shown_yet_is_said(here: Here) -> None:
    settings.cache_clear()
    assert "No notice was shown yet" in run("notice", "list", "--data", here.site.settings.data)
