"""`stile devices`: screens are seen, approved and ended from the machine, and a program without a screen is paired."""

import json
import stat
import threading
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from stile.adapters.clock import SystemClock
from stile.application.staff.kiosks import Kiosks
from stile.entrypoints.cli import app, devices
from tests.conftest import Here
from tests.pairing import paired
from tests.test_serving import serving


def run(*command: object) -> Any:
    return CliRunner().invoke(app, ["devices", *map(str, command)])


def test_screens_are_listed_approved_and_ended(here: Here) -> None:
    data = here.site.settings.data
    assert "No screen is paired" in run("list", "--data", data).stdout
    kiosks = Kiosks(here.site.store, SystemClock(ZoneInfo("UTC")), here.site.chance)
    asked = kiosks.ask("10.0.0.5", "Chrome on Android")  # by the clock that the command has
    assert run("approve", "BBBB-BBBB", "main", "--data", data).exit_code == 1
    assert run("approve", asked.waiting.shown, "nowhere", "--data", data).exit_code == 1
    done = run("approve", asked.waiting.shown, "main", "--name", "Tablet", "--data", data)
    assert "for the lane main" in done.stdout
    collected = kiosks.collect(asked.secret)
    assert collected is not None
    [row] = json.loads(run("list", "--json", "--data", data).stdout)["devices"]
    assert (row["name"], row["lane"], row["state"]) == ("Tablet", "main", "paired")
    assert run("revoke", row["id"], "--data", data).stdout == "Ended. It is known no more.\n"
    assert here.site.kiosks.recognise(here.lane, collected.token) is None
    [row] = json.loads(run("list", "--json", "--data", data).stdout)["devices"]
    assert row["state"] == "ended"
    assert collected.token not in run("list", "--data", data).stdout


def test_all_of_a_lane_are_ended(here: Here) -> None:
    tokens = [paired(here.site, here.lane) for _ in range(2)]
    assert run("revoke", "main", "--data", here.site.settings.data).stdout == "Ended 2 of the lane main.\n"
    assert [here.site.kiosks.recognise(here.lane, token) for token in tokens] == [None, None]


def test_a_program_is_paired_and_its_token_is_its_own(
    here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "ASK_EVERY", 0.1)
    to = tmp_path / "token"

    def approves() -> None:
        while not (waiting := _waiting(here)):
            pass
        here.site.kiosks.approve(waiting, here.lane.id, "Camera", "test")

    with serving(here) as port:
        desk = threading.Thread(target=approves)
        desk.start()
        told = run("pair", f"http://127.0.0.1:{port}", "main", "--to", to)
        desk.join()
    assert told.exit_code == 0, told.output
    assert "At the desk, “Pair a screen”, type " in told.stdout
    token = to.read_text().strip()
    assert token not in told.output
    assert here.site.kiosks.recognise(here.lane, token) is not None
    assert stat.S_IMODE(to.stat().st_mode) == 0o600
    assert run("pair", "http://127.0.0.1:1", "main", "--to", to).exit_code == 1, "never over a file"


def test_a_site_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    told = run("pair", "http://127.0.0.1:1", "main", "--to", tmp_path / "token")
    assert told.exit_code == 1
    assert "could not be reached" in told.output
    assert not (tmp_path / "token").exists()


def _waiting(here: Here) -> str | None:
    with here.site.store.read() as work:
        return next((one.code for one in work.waiting_screens.all()), None)
