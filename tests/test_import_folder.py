"""The watched folder: complete files are imported by a process of their own, and put away with a report."""

import json
import os
import stat
import time
from pathlib import Path

import pytest

from stile.domain.errors import NotFound
from stile.entrypoints import import_uploads
from stile.entrypoints.import_folder import WatchedFolder
from stile.entrypoints.import_jobs import ImportJobs
from tests.conftest import Here

GOOD = "Number,First name,Card\n1,Ada,5501\n2,Bob,x\n"


@pytest.fixture
def folder(here: Here, tmp_path: Path) -> WatchedFolder:
    watched = tmp_path / "exports"
    watched.mkdir()
    settings = here.site.settings.model_copy(update={"import_folder": watched})
    return WatchedFolder(settings, ImportJobs(settings), here.site.chance.new_id)


def put(folder: WatchedFolder, text: str, name: str = "members.csv") -> Path:
    assert folder.settings.import_folder is not None
    path = folder.settings.import_folder / name
    path.write_text(text)
    return path


def test_a_complete_file_is_imported_and_put_away_with_its_report(here: Here, folder: WatchedFolder) -> None:
    path = put(folder, GOOD)
    assert folder.look() == [], "it may still be being written"
    path.write_text(GOOD + "3,Cy,5503\n")
    assert folder.look() == [], "it was"
    [away] = folder.look()
    assert here.site.membership.by_number("3").cards == ("5503",)
    assert not path.exists()
    assert away.parent.name == "done"
    report = json.loads(away.with_suffix(".json").read_text())
    assert (report["file"], report["added"], report["wrong"], report["imported"]) == (
        "members.csv",
        2,
        1,
        True,
    )
    assert report["errors"][0]["line"] == 3
    assert "Bob" not in away.with_suffix(".json").read_text()
    for file in (away, away.with_suffix(".json")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with here.site.store.read() as work:
        [record] = work.imports.latest()
    assert (record.source, record.actor) == ("watched folder", "watched folder")
    assert folder.look() == []
    assert folder.failures() == []


def test_a_file_that_cannot_be_imported_is_put_away_with_the_reason(
    here: Here, folder: WatchedFolder
) -> None:
    put(folder, "nothing,of,members\n1,2,3\n")
    folder.look()
    [away] = folder.look()
    assert away.parent.name == "failed"
    [failure] = folder.failures()
    assert failure["file"] == "members.csv"
    assert "no column" in str(failure["why"])
    with pytest.raises(NotFound):
        here.site.membership.by_number("1")


def test_what_is_no_file_of_members_is_left_alone(folder: WatchedFolder, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.csv"
    elsewhere.write_text(GOOD)
    assert folder.settings.import_folder is not None
    (folder.settings.import_folder / "link.csv").symlink_to(elsewhere)
    put(folder, GOOD, "members.csv.part")
    put(folder, GOOD, ".hidden.csv")
    assert folder.look() == folder.look() == []


def test_files_that_were_put_away_go_after_some_days(folder: WatchedFolder) -> None:
    assert folder.settings.import_folder is not None
    done = folder.settings.import_folder / "done"
    done.mkdir()
    kept, old = done / "a-20261101T000000Z-aaaaaa.csv", done / "b-20261101T000000Z-bbbbbb.json"
    for file in (kept, old):
        file.write_text("x")
    os.utime(old, (0, time.time() - 15 * 86_400))
    folder.look()
    assert kept.exists()
    assert not old.exists()


def test_no_folder_is_no_trouble(here: Here) -> None:
    plain = here.site.settings
    for settings in (plain, plain.model_copy(update={"import_folder": plain.data / "not-there"})):
        assert WatchedFolder(settings, ImportJobs(settings), here.site.chance.new_id).look() == []


def test_an_uploaded_file_that_nobody_imports_goes_after_half_an_hour(folder: WatchedFolder) -> None:
    data = folder.settings.data
    old, new = (import_uploads.keep(data, content, ()) for content in (b"old", b"new"))
    os.utime(old, (0, time.time() - import_uploads.WAITS - 1))
    folder.look()
    assert not old.exists()
    assert new.exists()
