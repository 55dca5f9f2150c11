"""A killed process loses no recorded passage, and starts again by itself.

The real command, its real keeper, a real file. Cards are presented through the kiosk's WebSocket as fast as it
answers; the serving process is killed (SIGKILL) at moments nobody chose; every passage that was answered is there
afterwards, and the kiosk is answered again without anybody's help.
"""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from stile.application.membership import NewMember
from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.entrypoints.web.security import KIOSK_COOKIE
from stile.testing.register import complete_register
from tests.pairing import paired

KILLS = 4
SECONDS_TO_COME_BACK = 30


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def kiosk(data: Path) -> str:
    """A site with one member, and the token of a paired kiosk."""
    site = open_site(Settings(data=data), see=False)
    lane = site.setup.create(NewSite("Operator", "Centre", "Main entrance", "admin", "correct horse battery"))
    ada = NewMember("1001", "Ada", cards=("55001001",), born_on=date(1990, 5, 1))
    site.membership.add(lane.centre, ada, "test")
    token = paired(site, lane)
    site.close()
    return token


@contextmanager
def serving(
    data: Path, level: str = "error", errors: int | None = None
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """`stile serve` on this folder: its keeper and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"STILE_DATA": str(data), "STILE_PORT": str(port), "STILE_LOG_LEVEL": level}
    keeper = subprocess.Popen(
        [sys.executable, "-m", "stile", "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
    )
    try:
        yield keeper, f"127.0.0.1:{port}"
    finally:
        keeper.terminate()
        keeper.wait(15)


def wait_until_it_answers(address: str) -> None:
    end = time.monotonic() + SECONDS_TO_COME_BACK
    while time.monotonic() < end:
        try:
            if httpx.get(f"http://{address}/health", timeout=2).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"nobody answered within {SECONDS_TO_COME_BACK} s")


def serving_process(keeper: int) -> int:
    """The keeper's child that serves; the other one is Python's own, and only counts resources."""
    children = Path(f"/proc/{keeper}/task/{keeper}/children").read_text().split()
    for child in map(int, children):
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
            return child
    raise AssertionError("the keeper has no serving process")


def present_cards_until_it_dies(address: str, cookie: str, keeper: int, chance: random.Random) -> int:
    """Kills the server after some answers, in the middle of the next; how many cards were answered."""
    answered, kill_after = 0, chance.randint(3, 25)
    headers = {"Cookie": cookie, "Origin": f"http://{address}"}
    try:
        with connect(f"ws://{address}/kiosk/main/ws", additional_headers=headers) as line:
            while True:
                line.send(json.dumps({"ask": "card", "number": "55001001"}))
                if answered == kill_after:
                    time.sleep(chance.uniform(0, 0.02))
                    os.kill(serving_process(keeper), signal.SIGKILL)
                while "concluded" not in (told := json.loads(line.recv(timeout=10))):
                    pass
                assert told["concluded"]["outcome"] == "admit", told
                answered += 1
    except (WebSocketException, OSError):
        return answered


def admissions(data: Path) -> int:
    with sqlite3.connect(data / "stile.db") as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        (count,) = database.execute("select count(*) from passage where outcome = 'admit'").fetchone()
    database.close()
    return int(count)


@pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="needs Linux's /proc to find the serving process"
)
def test_killed_at_any_moment(data: Path, kiosk: str) -> None:
    chance, answered = random.Random(20261123), 0
    with serving(data) as (keeper, address):
        wait_until_it_answers(address)
        cookie = f"{KIOSK_COOKIE}={kiosk}"
        for _ in range(KILLS):
            # A pace that refuses the sixtieth card a minute would end the test early: it stays below it.
            answered += present_cards_until_it_dies(address, cookie, keeper.pid, chance)
            wait_until_it_answers(address)
            assert answered <= admissions(data) <= answered + KILLS, "what was answered is recorded"
    assert answered > KILLS


def test_the_token_of_an_enrolment_reaches_no_log(data: Path, kiosk: str) -> None:
    """The real server, at the level that operators run it with: its libraries log addresses of their own."""
    site = open_site(Settings(data=data), see=False)
    ada = site.membership.by_number("1001")
    complete_register(site.registering, ada.centre, site.clock.today())  # nobody is invited before (law 5)
    token = site.enrol.invite(ada.id, "test")
    site.close()
    with serving(data, level="info", errors=subprocess.PIPE) as (keeper, address):
        wait_until_it_answers(address)
        origin = {"Origin": f"http://{address}"}
        assert httpx.get(f"http://{address}/enrol/{token}").status_code == 200
        with connect(f"ws://{address}/enrol/{token}/ws", additional_headers=origin) as line:
            line.recv(timeout=10)
        os.kill(keeper.pid, signal.SIGTERM)
        _, errors = keeper.communicate(timeout=20)
    assert token not in errors.decode()
    assert kiosk not in errors.decode()
