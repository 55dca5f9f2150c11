"""A browser's part in tests of the pages: one client with cookies, on a site with fake eyes and a fake door."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
from fastapi.testclient import TestClient
from PIL import Image
from starlette.testclient import WebSocketTestSession

from stile.domain.faces import Frame
from stile.domain.places import Lane
from stile.entrypoints.web.app import create_app
from stile.entrypoints.web.context import Web
from stile.testing import FakeClock, picture_of
from tests.conftest import A_FRAME, Here

ORIGIN = "http://testserver"
NAME, PASSWORD = "admin", "correct horse battery"


def png(frame: Frame) -> bytes:
    """The frame as a picture that keeps every pixel: the fake eyes read a code from them."""
    out = io.BytesIO()
    Image.fromarray(frame.pixels[:, :, ::-1]).save(out, "PNG")
    return out.getvalue()


class Browser:
    """`raises`: whether an error that nobody thought of fails the test, or is answered as in service."""

    def __init__(self, here: Here, raises: bool = True) -> None:
        self.here, app = here, create_app(here.site)
        self.web: Web = app.state.web
        self.client = TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=raises)

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.client.get(path, **more)

    def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> httpx2.Response:
        return self.client.post(path, data=data or {}, **more)

    # --- staff ---

    def try_to_sign_in(self, name: str, password: str, **more: str) -> httpx2.Response:
        form = hidden(self.get("/sign-in").text, "form")
        return self.post("/sign-in", {"name": name, "password": password, "form": form, **more})

    def sign_in(self) -> None:
        assert self.try_to_sign_in(NAME, PASSWORD).status_code == 303

    def submit(self, path: str, **fields: str) -> httpx2.Response:
        """A form of the desk, with the session's own token."""
        csrf = hidden(self.get("/desk/members/new").text, "csrf")
        return self.post(path, {"csrf": csrf, **fields})

    # --- kiosk ---

    def pair(self, lane: Lane | None = None) -> None:
        lane = lane or self.here.lane
        shown = self.post("/kiosk/code", {"lane": lane.slug}).text
        self.here.site.kiosks.approve(code_on(shown), lane.id, "Test screen", "test")
        assert self.post("/kiosk/code").status_code == 303

    @contextmanager
    def line(self, path: str = "/kiosk/main/ws", origin: str | None = ORIGIN) -> Iterator["Line"]:
        headers = {"origin": origin} if origin else {}
        with self.client.websocket_connect(path, headers=headers) as socket:
            yield Line(socket, self.here.clock)


class Line:
    """What a page does with its socket."""

    def __init__(self, socket: WebSocketTestSession, clock: FakeClock) -> None:
        self.socket, self._clock = socket, clock

    def ask(self, what: str, **more: str) -> None:
        self.socket.send_json({"ask": what, **more})

    def show(self, *people: int, variation: int = 0, **more: Any) -> None:
        self._clock.advance(A_FRAME)
        self.socket.send_bytes(png(picture_of(*people, variation=variation, **more)))

    def hear_any(self) -> dict[str, Any]:
        """The next message but for signs of life."""
        while "lane" in (told := self.socket.receive_json()):
            pass
        assert isinstance(told, dict)
        return told

    def hear(self, kind: str) -> dict[str, Any]:
        """The next message of this kind; signs of life are passed over."""
        while True:
            told: dict[str, Any] = self.socket.receive_json()
            if kind in told:
                found: dict[str, Any] = told[kind]
                return found
            assert "lane" in told, f"waited for “{kind}” and heard {told}"


def code_on(page: str) -> str:
    """The code that an unpaired screen shows."""
    found = re.search(r'class="pairing-code"[^>]*>([^<]+)<', page)
    assert found, "the page shows no code"
    return found.group(1)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no field “{name}”"
    return found.group(1)
