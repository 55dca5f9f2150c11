"""No personal data and no secret reaches a log: recognisable ones are sent down every path there is, and all that was
logged is searched for them. Routes are walked, so that a page that is added tomorrow is walked too."""

import io
import json
import logging
import re
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

import httpx
import pytest
import structlog
import uvicorn
from fastapi.routing import APIRoute
from starlette.websockets import WebSocketDisconnect
from typer.testing import CliRunner
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from stile.application.membership import NewMember
from stile.entrypoints.api.app import AT
from stile.entrypoints.api.app import ROUTERS as API_ROUTERS
from stile.entrypoints.cli import app as cli
from stile.entrypoints.logs import configure_logs
from stile.entrypoints.web.app import ROUTERS, create_app
from stile.entrypoints.web.security import KIOSK_COOKIE, session_cookie
from stile.testing import picture_of
from tests.conftest import Here
from tests.pairing import paired
from tests.web_client import PASSWORD, Browser, png

MARKERS = {
    "name": "Quillfeather",
    "number": "QX70031337",
    "card": "9971553120",
    "e-mail": "quilla.feather@mailbox.example",
    "telephone": "+44 7700 900417",
    "born": "1987-03-29",
    "token": "tok3n-" + "Zz9" * 13,
    "password": "hunter2 quagmire zebra",
    "pin": "730915",
    "link": "l1nk_" + "Yy8" * 13,
    "code": "QJXZ-WVKP",
    "words": "my knee is broken",
    "cookie": "c00kie-" + "Xx7" * 13,
}
PICTURE = png(picture_of(1, variation=77))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """All that is logged, by whomever and at whatever level, in the form of the real logs."""
    written, root = io.StringIO(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in list(logging.root.manager.loggerDict)}
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    monkeypatch.setattr(sys, "stderr", written)
    configure_logs("debug")
    monkeypatch.undo()
    root.setLevel(logging.DEBUG)  # worse than the real ones: every package says all that it has to say
    for name in levels:
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield written
    root.handlers[:], sys.excepthook, threading.excepthook, sys.unraisablehook = handlers, *hooks
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def found_in(text: str) -> list[str]:
    """Which markers are in it, also as an address or JSON would write them, and whole or in words."""
    squeezed = re.sub(r"[\s%+\-]|%20|%40", "", text).casefold()
    found = []
    for kind, marker in MARKERS.items():
        forms = {marker, re.sub(r"[\s\-+]", "", marker), json.dumps(marker)[1:-1]}
        if any(form.casefold() in text.casefold() or form.casefold() in squeezed for form in forms):
            found.append(kind)
    if any(piece in text for piece in (repr(PICTURE[40:60])[2:-1], PICTURE[40:60].hex())):
        found.append("picture")
    return found


def check(log: io.StringIO) -> list[dict[str, Any]]:
    """Every line is JSON, and none holds a marker. What was logged."""
    assert found_in(log.getvalue()) == []
    return [json.loads(line) for line in log.getvalue().splitlines()]


def marker_for(name: str) -> str:
    """Something of the kind that a field takes, so that it gets as far as it can."""
    for part, kind in (
        ("mail", "e-mail"),
        ("contact", "e-mail"),
        ("phone", "telephone"),
        ("born", "born"),
        ("birth", "born"),
        ("card", "card"),
        ("number", "number"),
        ("pin", "pin"),
        ("password", "password"),
        ("code", "code"),
        ("token", "token"),
        ("name", "name"),
        ("q", "name"),
    ):
        if part in name:
            return MARKERS[kind]
    return MARKERS["words"]


def routes() -> Iterator[tuple[str, APIRoute]]:
    for routers, at in ((ROUTERS, ""), (API_ROUTERS, AT)):
        for router in routers:
            for route in router.routes:
                if isinstance(route, APIRoute):
                    yield at, route


def calls(ids: bool) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each route, with what may be put into it."""
    for at, route in routes():
        fields = {one.alias: marker_for(one.alias) for one in route.dependant.body_params}
        query = {one.alias: marker_for(one.alias) for one in route.dependant.query_params}
        for method in sorted(route.methods or ()):
            path = re.sub(r"{(\w+)[^}]*}", lambda found: in_path(found[1], ids), at + route.path)
            text = "&".join(f"{key}={value}" for key, value in {**query, "extra": MARKERS["name"]}.items())
            yield method, f"{path}?{text}", fields


def in_path(name: str, ids: bool) -> str:
    """A marker, as of a stranger who tries; or what lets somebody who is signed in get further."""
    if not ids:
        return MARKERS["link"]
    return "main" if name == "slug" else str(uuid4())


def test_the_search_finds_what_is_there() -> None:
    for kind, marker in MARKERS.items():
        assert kind in found_in(f"… {marker} …")
        assert kind in found_in(json.dumps({"event": marker}))
    assert found_in("GET /desk 200") == []


def test_every_page_and_every_call(here: Here, log: io.StringIO) -> None:
    browser = Browser(here, raises=False)
    cookie, signed = session_cookie(here.site.settings), None
    headers = {"authorization": f"Bearer {MARKERS['token']}", "user-agent": MARKERS["name"]}
    walked = 0
    for signed_in in (False, True):
        for method, address, fields in calls(ids=signed_in):
            browser.client.cookies.clear()
            browser.client.cookies.set(KIOSK_COOKIE, MARKERS["cookie"])
            csrf = MARKERS["token"]
            if signed_in:
                if signed is None or here.site.sign_in.resume(signed.token) is None:
                    signed = here.site.sign_in.with_password("admin", PASSWORD)
                browser.client.cookies.set(cookie, signed.token)
                csrf = signed.session.csrf
            if method in ("GET", "DELETE"):
                browser.client.request(method, address, headers=headers)
            else:
                browser.client.request(method, address, headers=headers, data={**fields, "csrf": csrf})
            if address.startswith(AT) and method != "GET":
                browser.client.request(method, address, headers=headers, json=dict(MARKERS))
            walked += 1
    assert walked > 100
    check(log)


def test_a_failure_on_every_page(here: Here, log: io.StringIO) -> None:
    """The error itself quotes what was asked for, as errors of other packages do."""

    class BrokenStore:
        def read(self) -> None:
            raise RuntimeError(f"cannot bind {MARKERS}")

        begin = read

    here.site = replace(here.site, store=BrokenStore())  # type: ignore[arg-type]
    browser = Browser(here, raises=False)
    for method, address, _ in calls(ids=False):
        if method == "GET":
            browser.client.request(method, address, headers={"authorization": f"Bearer {MARKERS['token']}"})
    told = check(log)
    assert any("RuntimeError" in str(line) for line in told), "it was logged that something failed"


def test_the_sockets(here: Here, log: io.StringIO) -> None:
    browser = Browser(here, raises=False)
    with suppress(WebSocketDisconnect), browser.line(f"/enrol/{MARKERS['link']}/ws") as line:
        for _ in range(3):
            line.socket.receive_json()
    token = paired(here.site, here.lane)
    browser.client.cookies.set(KIOSK_COOKIE, token)
    here.site = replace(here.site)
    for asked in ({"ask": "card", "number": MARKERS["card"]}, {"ask": MARKERS["name"]}):
        with browser.line() as line:
            line.socket.send_json(asked)
            line.socket.send_bytes(PICTURE)
            try:
                line.hear("concluded")
            except WebSocketDisconnect:
                continue
    check(log)
    assert token not in log.getvalue()


def test_members_letters_and_enrolments(here: Here, log: io.StringIO) -> None:
    new = NewMember(MARKERS["number"], MARKERS["name"], MARKERS["name"], (MARKERS["card"],))
    member = here.site.membership.add(here.lane.centre, new, "test")
    here.consent(member)
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    here.site.enrol.finish(enrolment)
    here.mail.refuses = True
    here.site.admit_by_card.present(here.lane, MARKERS["card"])
    here.come(1)
    here.come(500)
    check(log)


COMMANDS = (
    ["members", "add", MARKERS["number"], MARKERS["name"], "--card", MARKERS["card"]],
    ["members", "list"],
    ["members", "import", f"/nowhere/{MARKERS['name']}.csv"],
    ["enrol", MARKERS["number"]],
    ["devices", "approve", MARKERS["code"], "main"],
    ["devices", "revoke", MARKERS["name"]],
    ["tokens", "revoke", MARKERS["token"]],
    ["lanes", "change", MARKERS["name"], "--door", f"http://a:{MARKERS['token']}@10.0.0.1/"],
    ["doctor", "--security"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_the_command_line(here: Here, log: io.StringIO, command: list[str]) -> None:
    told = CliRunner().invoke(cli, [*command, "--data", str(here.site.settings.data)])
    assert "Traceback" not in told.output
    check(log)


def test_an_error_that_nobody_thought_of_is_one_line(
    here: Here, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(MARKERS["name"])

    monkeypatch.setattr("stile.bootstrap.open_site", fails)
    told = CliRunner().invoke(cli, ["lanes", "list", "--data", str(here.site.settings.data)])
    assert told.exit_code == 1
    assert found_in(told.output) == []
    assert told.output.startswith("stile: this should not have happened: RuntimeError at tests.test_logs:")


def test_what_other_packages_say(log: io.StringIO) -> None:
    for kind, marker in MARKERS.items():
        other = logging.getLogger(f"another.{kind.replace('-', '')}")
        other.debug("got %s", marker)
        other.warning(f"got {marker}")
        try:
            raise ValueError(marker)
        except ValueError:
            other.exception("failed with %s", marker)
            logging.getLogger("stile.test").error("failed", exc_info=True)
            structlog.get_logger().error("failed", exc_info=True)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn(marker, UserWarning, stacklevel=1)
    told = check(log)
    assert {"another package has something to say", "failed"} == {line["event"] for line in told}
    assert {line["error"] for line in told if "error" in line} == {"ValueError"}
    assert all(line.get("where") for line in told if line["level"] == "error")


def test_what_looks_like_a_secret_is_struck_out_of_what_we_say_ourselves(log: io.StringIO) -> None:
    """The last net: nothing of this is ever meant to be logged."""
    ours, id = logging.getLogger("stile.test"), uuid4()
    for kind in ("card", "e-mail", "telephone", "token", "pin", "link", "cookie"):
        ours.error("slipped: %s", MARKERS[kind])
        structlog.get_logger().error("slipped", what=MARKERS[kind], bytes=PICTURE)
    ours.error("http://user:%s@10.0.0.9/open", "short")
    ours.error("member %s was changed", id)
    told = check(log)
    assert "short" not in log.getvalue()
    assert told[-1]["event"] == f"member {id} was changed", "an id is what an entry is found by"


def test_errors_that_nobody_catches(log: io.StringIO) -> None:
    def fails() -> None:
        raise RuntimeError(MARKERS["words"])

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    try:
        fails()
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    told = check(log)
    assert [line["error"] for line in told] == ["RuntimeError", "RuntimeError"]
    assert all(line["where"].startswith("tests.test_logs:") for line in told)


def test_a_real_server_with_its_access_log(here: Here, log: io.StringIO) -> None:
    """`stile serve` has none; whoever turns it on sees what was asked for and not by whom."""
    config = uvicorn.Config(
        create_app(here.site), port=0, log_config=None, log_level="debug", access_log=True
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=base) as client:
            for path in (
                f"/enrol/{MARKERS['link']}",
                f"/{MARKERS['name']}",
                f"/kiosk?code={MARKERS['code']}",
            ):
                client.get(path, headers={"cookie": f"{KIOSK_COOKIE}={MARKERS['cookie']}"})
            client.post("/sign-in", data={"name": MARKERS["name"], "password": MARKERS["password"]})
        address = f"ws://127.0.0.1:{port}/enrol/{MARKERS['link']}/ws"
        try:
            with connect(address, additional_headers={"Origin": base}) as line:
                line.send(json.dumps({"ask": MARKERS["name"]}))
                line.send(PICTURE)
                line.recv(timeout=2)
        except (WebSocketException, TimeoutError):
            pass
    finally:
        server.should_exit = True
        thread.join()
    told = check(log)
    asked = {(line.get("path"), line.get("status")) for line in told if line["event"] == "request"}
    assert asked >= {("/enrol", 404), ("/…", 404), ("/kiosk", 401), ("/sign-in", 403)}
    assert "127.0.0.1" not in log.getvalue(), "where somebody calls from is not logged either"
