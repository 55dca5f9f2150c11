"""Law 6: a passage whose commit returned is there after `kill -9` at any moment, and after a disk that failed.

A recorder writes passages one after the other and prints each id after its commit returned. It is killed at moments
drawn from a fixed seed: while it makes the tables, writes, commits, empties the log. To kill it often in little time
this file, run as a program, imports everything once and forks a recorder for each path it is given.

What a power cut does beyond that (the disk forgets what it has not been told to keep) no test here shows: for that
stands `synchronous=FULL`, which another test looks at.
"""

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO
from uuid import UUID

import pytest

from stile.adapters.storage import SqlStore, open_store
from stile.domain.audit import Event
from stile.domain.errors import CannotRecord
from stile.domain.ids import CentreId, LaneId, OperatorId
from tests.adapters.builders import NOW, Town


class Recorders:
    """Starts recorders, one at a time, and kills them."""

    def __init__(self, program: "subprocess.Popen[str]") -> None:
        assert program.stdin is not None
        assert program.stdout is not None
        self._orders: IO[str] = program.stdin
        self._answers: IO[str] = program.stdout

    def start(self, path: Path, wal_limit: int = 0) -> int:
        """The recorder's process id. `wal_limit`: no file may grow beyond so many bytes; 0: as it likes."""
        self._orders.write(f"{path}\t{wal_limit}\n")
        self._orders.flush()
        return int(self.line())

    def line(self) -> str:
        return self._answers.readline().strip()

    def kill(self, process: int) -> list[str]:
        """Everything it had printed in whole lines."""
        os.kill(process, signal.SIGKILL)
        return self.rest(-signal.SIGKILL)

    def rest(self, ends_with: int) -> list[str]:
        lines = []
        while not (line := self.line()).startswith("ended"):
            lines.append(line)
        assert line == f"ended {ends_with}"
        return lines


@pytest.fixture(scope="module")
def recorders() -> Iterator[Recorders]:
    program = subprocess.Popen(
        [sys.executable, "-m", __name__],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
    with program:
        yield Recorders(program)
        assert program.stdin is not None
        program.stdin.close()
        assert program.wait(10) == 0


def test_no_recorded_passage_is_lost_when_the_process_is_killed(recorders: Recorders, tmp_path: Path) -> None:
    dice = random.Random(20261102)
    path, recorded = tmp_path / "data" / "stile.db", set[str]()
    for _ in range(15):
        process = recorders.start(path)
        recorded.update(recorders.line() for _ in range(dice.randint(1, 60)))
        time.sleep(dice.uniform(0.0, 0.005))
        recorded.update(recorders.kill(process))
        _every_one_is_there(path, recorded)


def test_a_store_that_was_killed_while_it_was_made_opens_again(recorders: Recorders, tmp_path: Path) -> None:
    dice = random.Random(3)
    for number in range(6):
        path = tmp_path / str(number) / "stile.db"
        process = recorders.start(path)
        time.sleep(dice.uniform(0.0, 0.15))
        _every_one_is_there(path, set(recorders.kill(process)))


def test_a_disk_that_fails_in_the_commit_is_told_and_loses_nothing(
    recorders: Recorders, tmp_path: Path
) -> None:
    """No file may grow beyond a limit: SQLite meets the error while it writes the commit."""
    path = tmp_path / "data" / "stile.db"
    recorders.start(path, wal_limit=2_000_000)
    *recorded, last = recorders.rest(0)
    assert last == "CannotRecord: the store did not do it: the disk failed"
    assert len(recorded) > 5
    assert _every_one_is_there(path, set(recorded)) == len(recorded)


def _every_one_is_there(path: Path, recorded: set[str]) -> int:
    store = open_store(path)  # starts again by itself
    with store.read() as work:
        there = {str(one.id) for one in work.passages.latest(most=1_000_000)}
        chain = [entry.position for entry in work.audit.entries()]
    store.close()
    assert recorded - there == set()
    assert chain == list(range(1, len(there) + 1))  # passage and audit entry go together or not at all
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()
    return len(there)


# --- the program ---


def main() -> None:
    for order in sys.stdin:
        path, wal_limit = order.rstrip("\n").split("\t")
        process = os.fork()
        if not process:
            _say(str(os.getpid()))
            _record_for_ever(Path(path), int(wal_limit))
            os._exit(0)
        _, status = os.waitpid(process, 0)
        _say(f"ended {os.waitstatus_to_exitcode(status)}")


def _say(line: str) -> None:
    """In one piece: a killed recorder leaves no half line behind."""
    os.write(1, f"{line}\n".encode())


def _record_for_ever(path: Path, wal_limit: int) -> None:
    operator, centre, lane = (UUID(int=number) for number in (1, 2, 3))
    town = Town(centre_id=CentreId(centre), lane_id=LaneId(lane))
    store = open_store(path)
    _settle_once(store, replace(town, operator=replace(town.operator, id=OperatorId(operator))))
    if wal_limit:
        # Past it a write fails with EFBIG; Python ignores the signal that goes with it.
        resource.setrlimit(resource.RLIMIT_FSIZE, (wal_limit, wal_limit))
    try:
        while True:
            passage = town.passage()
            with store.begin() as work:
                work.passages.add(passage)
                work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", str(passage.id))
                work.commit()
            _say(str(passage.id))
    except CannotRecord as error:
        _say(f"{type(error).__name__}: {error}")


def _settle_once(store: SqlStore, town: Town) -> None:
    with store.begin() as work:
        if work.lanes.get(town.lane_id) is None:
            work.operators.add(town.operator)
            work.centres.add(town.centre)
            work.lanes.add(town.lane)
            work.commit()


if __name__ == "__main__":
    main()
