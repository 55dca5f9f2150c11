"""Headers on every kind of answer, and what is refused before any page is asked: foreign names, large and slow bodies,
floods."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import anyio
import httpx2
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from stile.config import Settings
from stile.entrypoints.web.bodies import LARGEST_BODY, MIB, BodyLimits, largest_body
from stile.entrypoints.web.headers import ALWAYS, DENIED, HSTS, KINDS, kind_of
from stile.entrypoints.web.hosts import is_own_host
from stile.entrypoints.web.open_pace import PACES
from tests.conftest import Here
from tests.test_web_security import OPEN
from tests.web_client import ORIGIN, Browser


@pytest.fixture
def browser(here: Here) -> Browser:
    return Browser(here, raises=False)


def broken(here: Here, browser: Browser) -> httpx2.Response:
    class BrokenSetup:
        def lane(self, _: str) -> None:
            raise RuntimeError("a secret of the store")

    here.site = replace(here.site, setup=BrokenSetup())  # type: ignore[arg-type]
    return Browser(here, raises=False).get("/kiosk/main")


def too_many(here: Here, browser: Browser) -> httpx2.Response:
    for _ in range(60):
        browser.get("/join/x")
    return browser.get("/join/x")


ANSWERS: dict[str, tuple[int, Callable[[Here, Browser], httpx2.Response]]] = {
    "a page": (200, lambda here, browser: browser.get("/sign-in")),
    "a screen that waits": (401, lambda here, browser: browser.get("/kiosk/main")),
    "a way on": (303, lambda here, browser: browser.get("/desk")),
    "health": (200, lambda here, browser: browser.get("/health")),
    "a style sheet": (200, lambda here, browser: browser.get("/static/stile.css")),
    "no such file": (404, lambda here, browser: browser.get("/static/nothing.js")),
    "a way out of the folder": (404, lambda here, browser: browser.get("/static/%2e%2e/pages.py")),
    "no such page": (404, lambda here, browser: browser.get("/nowhere")),
    "no such lane": (404, lambda here, browser: browser.get("/kiosk/nowhere")),
    "no such link": (404, lambda here, browser: browser.get("/enrol/unknown")),
    "another method": (405, lambda here, browser: browser.client.request("DELETE", "/sign-in")),
    "a form of nobody": (403, lambda here, browser: browser.post("/sign-in", {"name": "a", "password": "b"})),
    "a foreign form": (
        403,
        lambda here, browser: browser.post("/sign-in", headers={"origin": "https://elsewhere.example"}),
    ),
    "a foreign name": (421, lambda here, browser: browser.get("/sign-in", headers={"host": "a.example"})),
    "too large": (
        413,
        lambda here, browser: browser.client.post("/sign-in", content=bytes(LARGEST_BODY + 1)),
    ),
    "too many": (429, too_many),
    "a failure": (500, broken),
    "a call without a token": (401, lambda here, browser: browser.get("/api/v1/members")),
    "no such call": (404, lambda here, browser: browser.get("/api/v1/nothing")),
    "nobody to report to": (404, lambda here, browser: browser.get("/.well-known/security.txt")),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_the_headers(here: Here, browser: Browser, kind: str) -> None:
    status, ask = ANSWERS[kind]
    answer = ask(here, browser)
    assert answer.status_code == status
    for name, value in ALWAYS.items():
        assert answer.headers[name] == value, name
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(("default-src 'self'; ", "default-src 'none'; "))
    assert "frame-ancestors 'none'" in policy
    assert "base-uri 'none'" in policy
    assert not any(word in policy for word in ("unsafe", "data:", "blob:", "http", "*", "nonce")), policy
    permissions = answer.headers["permissions-policy"]
    assert all(f"{one}=()" in permissions for one in DENIED)
    path = answer.request.url.path
    assert answer.headers["cache-control"] == ("no-cache" if path.startswith("/static/") else "no-store")
    assert "strict-transport-security" not in answer.headers, "without TLS it would mean nothing"
    assert "server" not in answer.headers
    assert "Traceback" not in answer.text


def test_with_tls_browsers_are_told_to_stay_with_it(here: Here, tmp_path: Path) -> None:
    here.site = replace(here.site, settings=Settings(data=tmp_path / "data", public_url="https://testserver"))
    browser = Browser(here)
    for path in ("/sign-in", "/nowhere", "/static/stile.css", "/api/v1/nothing", "/kiosk"):
        headers = browser.get(path).headers
        assert headers["strict-transport-security"] == HSTS, path
        assert headers["content-security-policy"].endswith("upgrade-insecure-requests"), path


@pytest.mark.parametrize(
    ("path", "camera", "passkeys"),
    [
        ("/kiosk/main", True, False),
        ("/enrol/token", True, False),
        ("/desk/members", True, False),
        ("/sign-in", False, True),
        ("/account", False, True),
        ("/join/token", False, True),
        ("/console/devices", False, False),
        ("/pass", False, False),
        ("/me", False, False),
        ("/", False, False),
        ("/static/stile.css", False, False),
        ("/kiosks", False, False),
    ],
)
def test_a_page_may_ask_for_what_it_needs_and_nothing_else(path: str, camera: bool, passkeys: bool) -> None:
    kind = kind_of(path)
    assert (kind.camera, kind.passkeys) == (camera, passkeys)
    assert ("camera=(self)" in kind.permissions) is camera
    assert ("publickey-credentials-get=(self)" in kind.permissions) is passkeys


def test_what_is_no_page_may_load_nothing() -> None:
    for path in ("/api/v1/members", "/static/logo.svg", "/health"):
        assert kind_of(path).policy[0] == "default-src 'none'"
    assert KINDS[-1].has("/anything"), "there is a policy for every address"


def test_only_the_pass_has_a_worker() -> None:
    workers = {
        path: policy for path in ("/pass", "/pass/now", "/desk", "/me") for policy in [kind_of(path).policy]
    }
    assert [path for path, policy in workers.items() if "worker-src 'self'" in policy] == [
        "/pass",
        "/pass/now",
    ]


# --- names ---


@pytest.mark.parametrize(
    ("host", "public", "own"),
    [
        ("127.0.0.1:8000", None, True),
        ("[::1]:8000", None, True),
        ("localhost", None, True),
        ("LOCALHOST:8000", None, True),
        ("stile-box:8000", None, True),
        ("stile.example", None, False),
        ("127.0.0.1.nip.example", None, False),
        ("", None, False),
        ("a@stile-box", None, False),
        ("[::1", None, False),
        ("stile.example", "https://stile.example", True),
        ("stile.example:444", "https://stile.example", True),
        ("STILE.example.", "https://stile.example", True),
        ("also.example", "https://stile.example", True),
        ("evil.stile.example", "https://stile.example", False),
        ("stile-box", "https://stile.example", False),
        ("10.0.0.7", "https://stile.example", True),
    ],
)
def test_which_names_are_ours(tmp_path: Path, host: str, public: str | None, own: bool) -> None:
    settings = Settings(data=tmp_path, public_url=public, allowed_hosts=("Also.example",))
    assert is_own_host(host, settings) is own


def test_a_foreign_name_gets_no_page_no_form_and_no_call(browser: Browser) -> None:
    headers = {"host": "rebound.example", "origin": "http://rebound.example"}
    assert (
        browser.get("/api/v1/members", headers=headers).headers["content-type"] == "application/problem+json"
    )
    assert browser.post("/kiosk/code", headers=headers).status_code == 421
    assert "set-cookie" not in browser.post("/kiosk/code", headers=headers).headers


# --- bodies ---


def test_a_file_of_members_may_be_larger_than_a_form() -> None:
    assert largest_body("/console/imports") == 64 * MIB
    assert largest_body("/api/v1/imports") == 64 * MIB
    assert largest_body("/console/imports/1/import") == LARGEST_BODY
    assert largest_body("/console/foi/1/answer") == 4 * MIB
    assert largest_body("/console/foi/1/answer/1/refuse") == LARGEST_BODY
    assert largest_body("/sign-in") == LARGEST_BODY
    assert largest_body("/console/importsx") == LARGEST_BODY


def test_a_body_without_a_length_is_counted(browser: Browser) -> None:
    def drops() -> object:
        for _ in range(LARGEST_BODY // 65536 + 1):
            yield b"a=" + bytes(65536)

    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = browser.client.post("/sign-in", content=drops(), headers=kind)  # type: ignore[arg-type]
    assert answer.status_code == 413


def test_a_body_that_trickles_in_is_given_up() -> None:
    heard: list[int] = []

    async def reads_all(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while (await receive()).get("more_body"):
                pass
        except HTTPException as error:
            heard.append(error.status_code)

    async def trickle() -> Message:
        await anyio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(_: Message) -> None: ...

    scope = {"type": "http", "path": "/sign-in", "headers": [(b"content-length", b"1000")], "method": "POST"}
    asyncio.run(BodyLimits(reads_all, patience=0.1)(scope, trickle, send))
    assert heard == [408]


# --- floods ---


def test_a_flood_is_told_to_wait_and_others_are_not(here: Here, browser: Browser) -> None:
    prefix, pace = next(one for one in PACES if one[0] == "/join")
    for _ in range(pace.amount):
        assert browser.get(f"{prefix}/x").status_code == 404
    answer = browser.get(f"{prefix}/x")
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 61
    assert browser.get("/sign-in").status_code == 200
    browser.pair()
    assert browser.get("/kiosk/main").status_code == 200, "a lane never waits for a flood at another page"


NO_PACE = {"/", "/health", "/static/{path}", "/kiosk", "/kiosk/{slug}", "/kiosk/{slug}/enrol"}
"""Cheap, or the lanes' own, which must answer whatever floods come."""


def test_whatever_is_open_to_all_has_a_pace() -> None:
    prefixes = tuple(prefix for prefix, _ in PACES)
    without = {path for path in OPEN if not path.startswith(tuple(f"{one}/" for one in prefixes))}
    assert without - set(prefixes) == NO_PACE


# --- whom to tell ---


def test_whoever_finds_a_weakness_learns_whom_to_tell(here: Here, tmp_path: Path) -> None:
    here.site = replace(
        here.site,
        settings=Settings(data=tmp_path / "data", security_contact="mailto:security@stile.example"),
    )
    answer = Browser(here).get("/.well-known/security.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Contact: mailto:security@stile.example\n" in answer.text
    assert "\nExpires: 20" in answer.text
    assert "/.well-known/security.txt" in answer.text
    assert ORIGIN not in answer.text, "the address is that of the settings, never what a visitor says it is"
