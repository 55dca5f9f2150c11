"""How `stile serve` listens: whom it believes where a visitor calls from, and whom it does not wait for."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
import uvicorn
from websockets.sync.client import connect

from stile.config import Settings
from stile.entrypoints import slow_clients
from stile.entrypoints.cli.serve import server_config
from stile.entrypoints.slow_clients import ImpatientProtocol
from stile.entrypoints.web.app import create_app
from stile.entrypoints.web.security import KIOSK_COOKIE
from tests.conftest import Here
from tests.pairing import paired


@contextmanager
def serving(here: Here, **given: object) -> Iterator[int]:
    """On a port of its own, with what `stile serve` listens with. Gives the port."""
    settings = Settings(data=here.site.settings.data, **given)  # type: ignore[arg-type]
    asked = server_config(settings)
    config = uvicorn.Config(
        create_app(replace(here.site, settings=settings)),
        port=0,
        log_config=None,
        http=asked.http,
        proxy_headers=asked.proxy_headers,
        forwarded_allow_ips=asked.forwarded_allow_ips,
    )
    config.timeout_graceful_shutdown = 1
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()


SPOOFED = {"x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https"}


@pytest.mark.parametrize(
    ("trusted", "address"),
    [((), "127.0.0.1"), (("10.0.0.1",), "127.0.0.1"), (("127.0.0.1",), "203.0.113.9")],
    ids=["nobody", "another", "the proxy"],
)
def test_only_a_trusted_proxy_is_believed(here: Here, trusted: tuple[str, ...], address: str) -> None:
    with serving(here, trusted_proxies=trusted) as port:
        assert httpx.post(f"http://127.0.0.1:{port}/kiosk/code", headers=SPOOFED).status_code == 200
    with here.site.store.read() as work:
        assert [one.address for one in work.waiting_screens.all()] == [address]


def test_a_chain_of_proxies_is_read_from_its_trusted_end(here: Here) -> None:
    """What the visitor wrote into the header stands left of what the proxy added."""
    spoofed = {"x-forwarded-for": "198.51.100.1, 203.0.113.9"}
    with serving(here, trusted_proxies=("127.0.0.1",)) as port:
        httpx.post(f"http://127.0.0.1:{port}/kiosk/code", headers=spoofed)
    with here.site.store.read() as work:
        assert [one.address for one in work.waiting_screens.all()] == ["203.0.113.9"]


def test_what_serves_says_nothing_of_itself_and_keeps_no_list_of_visitors(here: Here) -> None:
    config = server_config(here.site.settings)
    assert config.http is ImpatientProtocol
    assert (config.server_header, config.access_log, config.proxy_headers) == (False, False, False)
    assert config.ws_max_size == 2 * 1024 * 1024


def ended_after(port: int, *pieces: bytes) -> float:
    """Seconds until the server closes a connection that sends these and then nothing."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        for piece in pieces:
            line.sendall(piece)
            if piece.endswith(b"\r\n\r\n"):  # a whole one: answered first
                assert line.recv(65536).startswith(b"HTTP/1.1 200")
            time.sleep(0.02)
        while line.recv(65536):
            pass
    return time.monotonic() - began


def test_who_sends_no_headers_is_not_waited_for(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_clients, "HEADERS_WITHIN", 0.3)
    with serving(here) as port:
        assert ended_after(port) < 2, "nothing at all"
        assert ended_after(port, b"GET /health HTTP/1.1\r\n", b"Host: 127.0.0.1\r\n", b"A: b\r\n") < 2, "half"
        whole = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        assert ended_after(port, whole, b"GET /health HTTP/1.1\r\n") < 2, "half of a second one"


def test_who_does_is_served_and_a_kiosks_line_stays(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_clients, "HEADERS_WITHIN", 0.3)
    token = paired(here.site, here.lane)
    with serving(here) as port:
        headers = {"Cookie": f"{KIOSK_COOKIE}={token}", "Origin": f"http://127.0.0.1:{port}"}
        with connect(f"ws://127.0.0.1:{port}/kiosk/main/ws", additional_headers=headers) as line:
            assert "lane" in str(line.recv(timeout=5))
            with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
                for _ in range(3):
                    assert client.get("/health").status_code == 200
                    time.sleep(0.15)
            line.send('{"ask": "card", "number": "9999"}')
            assert "concluded" in str(line.recv(timeout=5))
