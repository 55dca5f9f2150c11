"""Law 6: a passage whose commit returned is there after `kill -9` at any moment, and after a disk that failed.

The child (this file, run as a program) records passages one after the other and prints each id after its commit
returned. The parent kills it at moments drawn from a fixed seed: while it starts, makes the tables, writes,
commits, empties the log.
"""

import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from stile.adapters.storage import open_store
from stile.domain.errors import CannotRecord
from stile.domain.ids import CentreId, LaneId, OperatorId

ROUNDS = 5


def test_no_recorded_passage_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    dice = random.Random(20261102)
    path, recorded, killed_writing = tmp_path / "data" / "stile.db", set[str](), 0
    for number in range(ROUNDS):
        child = _child(path)
        if number % 3 == 0:
            time.sleep(dice.uniform(0.2, 1.0))  # somewhere on its way up
        else:
            assert child.stdout is not None
            recorded.update(child.stdout.readline().decode().split())
            time.sleep(dice.uniform(0.0, 0.35))  # in the midst of it
        child.send_signal(signal.SIGKILL)
        rest, _ = child.communicate(timeout=10)
        assert child.returncode == -signal.SIGKILL
        # The last line may be cut off in the pipe: whatever is whole was printed after its commit.
        recorded.update(line.decode() for line in rest.splitlines(keepends=False) if len(line) == 36)
        killed_writing += bool(rest)
        _every_one_is_there(path, recorded)
    assert killed_writing >= 2
    assert len(recorded) > 50


def test_a_disk_that_fails_in_the_commit_loses_nothing_and_promises_nothing(tmp_path: Path) -> None:
    """No file may grow beyond a limit in the child: SQLite meets the error while it writes the commit."""
    path = tmp_path / "data" / "stile.db"
    done = subprocess.run(
        [sys.executable, __file__, str(path), "fail"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    *recorded, last = done.stdout.splitlines()
    assert last == "CannotRecord: the store did not do it: the disk failed"
    assert len(recorded) > 5
    _every_one_is_there(path, set(recorded))
    with open_store(path).read() as work:
        assert work.passages.count() == len(recorded)


def _child(path: Path) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, __file__, str(path)], stdout=subprocess.PIPE)


def _every_one_is_there(path: Path, recorded: set[str]) -> None:
    store = open_store(path)  # "starts again by itself"
    with store.read() as work:
        missing = recorded - {str(one.id) for one in work.passages.latest(most=1_000_000)}
        chain = [entry.position for entry in work.audit.entries()]
    store.close()
    assert missing == set()
    assert chain == list(range(1, len(chain) + 1))
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def main(arguments: Sequence[str]) -> None:
    from stile.domain.audit import Event
    from tests.adapters.builders import NOW, Town

    fails = "fail" in arguments
    operator, centre, lane = (UUID(int=number) for number in (1, 2, 3))
    store = open_store(arguments[0])
    town = Town(centre_id=CentreId(centre), lane_id=LaneId(lane))
    with store.begin() as work:
        if work.lanes.get(town.lane_id) is None:
            from dataclasses import replace

            work.operators.add(replace(town.operator, id=OperatorId(operator)))
            work.centres.add(replace(town.centre, operator=OperatorId(operator)))
            work.lanes.add(town.lane)
            work.commit()
    if fails:
        # Past this size a write fails with EFBIG; Python ignores the signal that goes with it.
        limit = Path(f"{arguments[0]}-wal").stat().st_size + 200_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        while True:
            passage = town.passage()
            with store.begin() as work:
                work.passages.add(passage)
                work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", str(passage.id))
                work.commit()
            print(passage.id, flush=True)
    except CannotRecord as error:
        print(f"{type(error).__name__}: {error}", flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    main(sys.argv[1:])
