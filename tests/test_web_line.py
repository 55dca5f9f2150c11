"""The kiosk's line against whoever is not a paired screen, and against a paired one that asks too much: nobody injects
frames, nobody guesses faces."""

import json
from collections.abc import Callable

import pytest
from starlette.websockets import WebSocketDisconnect

from stile.application.setup import NewLane
from stile.domain.ids import DeviceId
from stile.entrypoints.web import words
from stile.entrypoints.web.context import ATTEMPTS_A_MINUTE
from stile.entrypoints.web.security import KIOSK_COOKIE
from stile.entrypoints.web.sockets import LARGEST_MESSAGE, LARGEST_TEXT
from tests.conftest import Here
from tests.pairing import paired
from tests.web_client import Browser, Line

NOBODY, FOREIGN, GARBAGE, TAKEN_OVER, TOO_LARGE = 4401, 4403, 4400, 4409, 1009


@pytest.fixture
def browser(here: Here) -> Browser:
    here.enrol(1)
    browser = Browser(here)
    browser.pair()
    return browser


def hung_up(line: Line) -> int:
    """With which code, after whatever was said before."""
    try:
        while True:
            line.socket.receive_json()
    except WebSocketDisconnect as gone:
        return gone.code


def ended(browser: Browser, cookie: str | None, origin: str | None, path: str = "/kiosk/main/ws") -> int:
    browser.client.cookies.clear()
    if cookie is not None:
        browser.client.cookies.set(KIOSK_COOKIE, cookie)
    with browser.line(path, origin) as line:
        line.ask("face")
        line.show(1)
        return hung_up(line)


OWN = "http://testserver"
WHO: dict[str, tuple[Callable[[Here], str | None], str | None, int]] = {
    "no cookie": (lambda here: None, OWN, NOBODY),
    "an empty cookie": (lambda here: "", OWN, NOBODY),
    "a guessed cookie": (lambda here: "a" * 43, OWN, NOBODY),
    "the cookie of another lane": (
        lambda here: paired(here.site, here.site.setup.add_lane(NewLane("side", "Side"))),
        OWN,
        NOBODY,
    ),
    "a cookie that only waits": (lambda here: here.site.kiosks.ask("10.0.0.1", "").secret, OWN, NOBODY),
    "a revoked cookie": (lambda here: revoked(here), OWN, NOBODY),
    "a page of another site": (
        lambda here: paired(here.site, here.lane),
        "https://elsewhere.example",
        FOREIGN,
    ),
    "another port": (lambda here: paired(here.site, here.lane), "http://testserver:81", FOREIGN),
    "a sandboxed page": (lambda here: paired(here.site, here.lane), "null", FOREIGN),
    "no origin": (lambda here: paired(here.site, here.lane), None, FOREIGN),
}


def revoked(here: Here) -> str:
    token = paired(here.site, here.lane)
    device = here.site.kiosks.known(token)
    assert device is not None
    here.site.kiosks.revoke(device.id, "test")
    return token


@pytest.mark.parametrize("who", WHO)
def test_nobody_but_a_paired_screen_of_this_lane_is_heard(here: Here, browser: Browser, who: str) -> None:
    cookie, origin, code = WHO[who]
    before = here.pool.eyes.calls["detect"]
    assert ended(browser, cookie(here), origin) == code
    assert here.pool.eyes.calls["detect"] == before
    assert here.door.opened_for == []


GARBAGES: dict[str, tuple[str | bytes, int]] = {
    "no JSON": ("hello", GARBAGE),
    "JSON of another shape": ("[1, 2]", GARBAGE),
    "a number": ("1e999", GARBAGE),
    "nothing asked": ("{}", GARBAGE),
    "something else asked": ('{"ask": "who is this"}', GARBAGE),
    "deep": ("[" * 500 + "]" * 500, GARBAGE),
    "a card of another kind": ('{"ask": "card", "number": {"$ne": 1}}', GARBAGE),
    "half a character": (json.dumps({"ask": "\ud800"}), GARBAGE),
    "too much text": ("{" + " " * LARGEST_TEXT + "}", TOO_LARGE),
    "too large a frame": (bytes(LARGEST_MESSAGE + 1), TOO_LARGE),
}


@pytest.mark.parametrize("what", GARBAGES)
def test_garbage_ends_the_line(here: Here, browser: Browser, what: str) -> None:
    sent, code = GARBAGES[what]
    with browser.line() as line:
        if isinstance(sent, bytes):
            line.socket.send_bytes(sent)
        else:
            line.socket.send_text(sent)
        assert hung_up(line) == code
    assert here.door.opened_for == []


def test_frames_outside_an_attempt_are_dropped_unread(here: Here, browser: Browser) -> None:
    before = here.pool.eyes.calls["detect"]
    with browser.line() as line:
        for n in range(5):
            line.show(1, variation=50 + n)
        line.ask("card", number="5500001")
        assert line.hear("concluded")["method"] == "card"
        for n in range(5):
            line.show(1, variation=60 + n)
        line.ask("stop")
        line.ask("card", number="9999")
        line.hear("concluded")
    assert here.pool.eyes.calls["detect"] == before


def test_a_screen_has_so_many_attempts_and_no_more(here: Here, browser: Browser) -> None:
    """Also over several lines: the count is the device's, so that hanging up does not start it anew."""
    for _ in range(2):
        with browser.line() as line:
            for _ in range(ATTEMPTS_A_MINUTE // 2):
                line.ask("face")
                told = line.hear_any()
                if "looking" in told:
                    line.ask("stop")
                    line.hear("concluded")
    with browser.line() as line:
        line.ask("face")
        assert line.hear("concluded")["headline"] == words.USE_CARD.headline
    here.clock.advance(61)
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")


def test_a_screen_whose_pairing_ends_within_an_attempt_gets_no_answer(here: Here, browser: Browser) -> None:
    """By another program, which this one does not hear of: at the next message."""
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.show(1, variation=50)
        line.hear("looking")
        with here.site.store.read() as work:
            [device] = work.devices.all()
        here.site.kiosks.revoke(DeviceId(device.id), "test")
        line.show(1, variation=51)
        assert hung_up(line) == NOBODY
    assert here.door.opened_for == []


def test_a_token_opens_one_line_and_a_second_takes_over_and_is_noticed(here: Here, browser: Browser) -> None:
    with browser.line() as first:
        first.hear("lane")
        with browser.line() as second:
            second.hear("lane")
            assert hung_up(first) == TAKEN_OVER
            second.ask("card", number="9999")
            second.hear("concluded")
    assert ["opened in a second place" in alert.text for alert in browser.web.alerts.open()] == [True]


def test_a_screen_that_comes_back_is_no_second_place(browser: Browser) -> None:
    for _ in range(2):
        with browser.line() as line:
            line.hear("lane")
    assert browser.web.alerts.open() == []


def test_a_name_that_was_made_to_point_here_is_refused_before_anything_else(browser: Browser) -> None:
    headers = {"host": "rebound.example", "origin": "http://rebound.example"}
    with (
        pytest.raises(WebSocketDisconnect),
        browser.client.websocket_connect("/kiosk/main/ws", headers=headers),
    ):
        pass
