"""`stile publish`: the account in a folder, and what it writes to the log."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.audit import Event
from stile.domain.errors import CannotRecord
from stile.domain.register import OwnUse
from stile.entrypoints.cli import app
from stile.entrypoints.transparency import folder
from stile.entrypoints.transparency.folder import MARK, put


@pytest.fixture
def data(tmp_path: Path) -> Path:
    site = open_site(Settings(data=tmp_path / "data"), see=False)
    site.setup.create(NewSite("Barnstone Leisure", "Pool", "Main", "admin", "correct horse battery"))
    site.registering.add(OwnUse(True), "the director, director@example.org", "test")
    site.close()
    return tmp_path / "data"


def run(data: Path, *words: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, ["publish", "--data", str(data), *words])
    assert done.exit_code == code, done.output
    return done.output


def events(data: Path) -> list[Event]:
    site = open_site(Settings(data=data), see=False)
    with site.store.read() as work:
        found = [one.event for one in work.audit.entries()]
    site.close()
    return [one for one in found if one in (Event.LEFT_OUT, Event.ACCOUNT_PUBLISHED)]


def test_the_whole_site_lies_in_the_folder(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "public" / "site"
    told = json.loads(run(data, "--to", str(out), "--url", "https://open.example/faces/", "--json"))
    written = {one.name for one in out.iterdir()}
    assert written == {one["name"] for one in told["files"]} | {"stile.css", "logo.svg", MARK}
    page = (out / "index.html").read_text()
    assert "Barnstone Leisure uses facial recognition." in page
    links = set(re.findall(r'(?:href|src)="([^"#]+)"', page)) - {
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
    }
    assert {one.removeprefix("./") for one in links} <= written, (
        "every link of the page leads to a file beside it"
    )
    assert json.loads((out / "account.json").read_text())["url"] == "https://open.example/faces/account.json"
    assert "director@example.org" not in "".join(one.read_text() for one in out.iterdir())


def test_each_thing_left_out_is_logged_once_and_each_publication(data: Path, tmp_path: Path) -> None:
    run(data, "--to", str(tmp_path / "site"))
    assert events(data) == [Event.LEFT_OUT, Event.ACCOUNT_PUBLISHED]
    run(data, "--to", str(tmp_path / "site"))
    assert events(data) == [Event.LEFT_OUT, Event.ACCOUNT_PUBLISHED, Event.ACCOUNT_PUBLISHED]


def test_only_a_folder_of_its_own_is_replaced(data: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    assert "holds something else" in run(data, "--to", str(mine), code=1)
    assert events(data) == [], "what was not published is not logged as published"
    assert (mine / "thesis.txt").read_text() == "years of work"
    out = tmp_path / "site"
    run(data, "--to", str(out))
    (out / "old.html").write_text("from before")
    run(data, "--to", str(out))
    assert not (out / "old.html").exists()
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []


@pytest.mark.parametrize("exchanges", [True, False])
def test_a_folder_that_cannot_be_finished_leaves_the_one_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool
) -> None:
    if not exchanges:
        monkeypatch.setattr(folder, "_exchange", lambda *_: False)
    put(tmp_path / "site", {"a": b"1"})
    with pytest.raises(CannotRecord):
        put(tmp_path / "site", {"a": b"2", "no/such/folder": b"3"})
    assert (tmp_path / "site" / "a").read_bytes() == b"1"
    put(tmp_path / "site", {"b": b"2"})
    assert {one.name for one in (tmp_path / "site").iterdir()} == {"b", MARK}
    assert [one.name for one in tmp_path.iterdir()] == ["site"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real", {"a": b"1"})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    put(tmp_path / "link", {"a": b"2"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_bytes() == b"2"


def test_an_address_is_an_address(data: Path, tmp_path: Path) -> None:
    assert "begins with https" in run(data, "--to", str(tmp_path / "x"), "--url", "open.example", code=1)
    assert not (tmp_path / "x").exists()
