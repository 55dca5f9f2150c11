"""An import that is killed: before it is decided nothing has changed, afterwards everything will. With a real process
and a real SIGKILL."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stile.application.import_members import ALTOGETHER
from tests.conftest import Here

COUNT = 4 * ALTOGETHER


def kill_while(here: Here, file: Path, stage: str) -> None:
    told = {
        "settings": {"data": str(here.site.settings.data)},
        "file": str(file),
        "mapping": None,
        "centre": str(here.lane.centre),
        "dry_run": False,
        "strict": False,
        "lapse_many": False,
        "source": "test",
        "actor": "test",
    }
    command = [sys.executable, "-m", "stile.entrypoints.import_child"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(json.dumps(told).encode())
        child.stdin.close()
        for line in child.stdout:
            if json.loads(line).get("stage") == stage:
                child.kill()
                return
    raise AssertionError(f"it never came to {stage}")


@pytest.mark.parametrize(("stage", "decided"), [("Laying down", False), ("Writing", True)])
def test_a_killed_import_is_all_or_nothing(here: Here, tmp_path: Path, stage: str, decided: bool) -> None:
    file = tmp_path / "members.csv"
    lines = "".join(f"{n},Ada,{5_000_000 + n}\n" for n in range(COUNT))
    file.write_text("Number,First name,Card\n" + lines)
    kill_while(here, file, stage)
    with here.site.store.read() as work:
        members = work.members.count()
        unfinished = list(work.imports.unfinished())
    assert bool(unfinished) is decided
    assert (0 < members < COUNT) is decided
    here.site.import_members.finish_what_is_left()
    with here.site.store.read() as work:
        assert work.members.count() == (COUNT if decided else 0)
        assert not work.imports.unfinished()
