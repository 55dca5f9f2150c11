"""A screen shows a code, the desk approves it, the console ends it; and nobody gets in by guessing."""

import re

import pytest
from starlette.websockets import WebSocketDisconnect

from stile.application.setup import NewLane
from stile.domain.devices import CODE_LASTS, MOST_WAITING_AT_ONE_ADDRESS
from stile.entrypoints.web.security import KIOSK_COOKIE, WAITING_COOKIE
from tests.conftest import Here
from tests.web_client import Browser, code_on, hidden


@pytest.fixture
def desk(here: Here) -> Browser:
    desk = Browser(here)
    desk.sign_in()
    return desk


def submit(desk: Browser, path: str, **fields: str) -> str:
    csrf = hidden(desk.get("/desk/screens").text, "csrf")
    answer = desk.post(path, {"csrf": csrf, **fields})
    return answer.headers.get("location") or f"{answer.status_code} {answer.text}"


def test_a_screen_is_paired_by_the_code_that_it_shows(here: Here, desk: Browser) -> None:
    screen = Browser(here)
    screen.client.app = desk.client.app  # one program serves both
    screen.client.headers["user-agent"] = "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Safari/537.36"
    assert screen.get("/kiosk/main").status_code == 401
    code = code_on(screen.post("/kiosk/code", {"lane": "main"}).text)
    assert code_on(screen.post("/kiosk/code", {"lane": "main"}).text) == code, "it stays while it is good"
    page = submit(desk, "/desk/screens", code=code.lower().replace("-", ""))
    assert code_on(page) == code, "the whole code, to compare"
    assert "Chrome on Android" in page
    assert "testclient" in page, "the address that it called from"
    assert '<option value="main" selected>' in page
    assert "Not approved" in submit(desk, "/desk/screens/approve", code=code, lane="main", name=" ")
    approve = {"code": code, "lane": "main", "name": "Tablet at the door"}
    assert submit(desk, "/desk/screens/approve", **approve) == "/desk/screens?done=approved"
    assert "goes on by itself" in desk.get("/desk/screens?done=approved").text
    there = screen.post("/kiosk/code", headers={"hx-request": "true"})
    assert there.headers["hx-redirect"] == "/kiosk/main"
    assert screen.get("/kiosk/main").status_code == 200
    assert screen.get("/kiosk").headers["location"] == "/kiosk/main"
    console = desk.get("/console/devices").text
    assert "Tablet at the door" in console
    assert "by admin" in console


def test_a_code_renews_itself(here: Here) -> None:
    screen = Browser(here)
    first = code_on(screen.post("/kiosk/code").text)
    here.clock.advance(CODE_LASTS.total_seconds())
    assert code_on(screen.post("/kiosk/code").text) != first


def test_a_refused_screen_shows_another_code(here: Here, desk: Browser) -> None:
    screen = Browser(here)
    code = code_on(screen.post("/kiosk/code").text)
    assert submit(desk, "/desk/screens/refuse", code=code) == "/desk/screens?done=refused"
    assert code_on(screen.post("/kiosk/code").text) != code
    assert screen.get("/kiosk/main").status_code == 401


def test_a_code_alone_is_worth_nothing(here: Here, desk: Browser) -> None:
    """Whoever reads it from the screen cannot collect the token: that takes the screen's own cookie."""
    screen, thief = Browser(here), Browser(here)
    code = code_on(screen.post("/kiosk/code").text)
    submit(desk, "/desk/screens/approve", code=code, lane="main", name="Tablet")
    thief.client.cookies.set(WAITING_COOKIE, code, path="/kiosk")
    assert code_on(thief.post("/kiosk/code").text) != code
    thief.client.cookies.set(KIOSK_COOKIE, code, path="/kiosk")
    assert thief.get("/kiosk/main").status_code == 401
    assert screen.post("/kiosk/code").status_code == 303


def test_the_desk_cannot_guess_codes(here: Here, desk: Browser) -> None:
    code = code_on(Browser(here).post("/kiosk/code").text)
    for _ in range(10):
        assert submit(desk, "/desk/screens", code="BBBB-BBBB").startswith("404 ")
    for path in ("/desk/screens", "/desk/screens/approve", "/desk/screens/refuse"):
        assert submit(desk, path, code=code, lane="main", name="Tablet").startswith("429 "), path


def test_few_screens_wait_at_one_address(here: Here) -> None:
    for _ in range(MOST_WAITING_AT_ONE_ADDRESS):
        assert "pairing-code" in Browser(here).post("/kiosk/code").text
    assert "Many screens wait" in Browser(here).post("/kiosk/code").text


def test_new_codes_are_not_to_be_had_without_end(here: Here) -> None:
    screen = Browser(here)
    for _ in range(12):
        assert "pairing-code" in screen.post("/kiosk/code").text
        here.clock.advance(CODE_LASTS.total_seconds())
    assert "Many screens wait" in screen.post("/kiosk/code").text


def test_a_program_without_a_screen_pairs_the_same_way(here: Here) -> None:
    program = Browser(here)
    program.client.headers["accept"] = "application/json"
    told = program.post("/kiosk/code", {"lane": "main"}).json()
    assert told["state"] == "waiting"
    here.site.kiosks.approve(told["code"], here.lane.id, "Camera at the door", "test")
    assert program.post("/kiosk/code").json() == {"state": "paired", "lane": "main"}
    with program.line() as line:
        assert line.hear("lane")["ask"] == "touch"


def test_an_ended_screen_hears_it_at_once_and_says_so(here: Here, desk: Browser) -> None:
    desk.pair()
    [device] = here.site.kiosks.all()
    with desk.line() as line:
        line.hear("lane")
        assert "Connected" in desk.get("/console/devices").text
        assert submit(desk, f"/console/devices/{device.id}/revoke") == "/console/devices?said=ended"
        with pytest.raises(WebSocketDisconnect) as gone:
            line.hear("looking")
        assert gone.value.code == 4401
    assert "has ended this screen" in desk.get("/kiosk/main").text
    assert "Ended" in desk.get("/console/devices").text


def test_all_screens_of_a_lane_are_ended_and_no_other(here: Here, desk: Browser) -> None:
    side = here.site.setup.add_lane(NewLane("side", "Side door"))
    first, second, other = Browser(here), Browser(here), Browser(here)
    first.pair()
    second.pair()
    other.pair(side)
    assert "End all 2" in desk.get("/console/devices").text
    submit(desk, "/console/devices/lanes/main/revoke")
    assert [one.get("/kiosk/main").status_code for one in (first, second)] == [401, 401]
    assert other.get("/kiosk/side").status_code == 200


def test_a_page_without_screens_says_what_to_do(desk: Browser) -> None:
    assert re.search(r"Open <strong>http://\S+/kiosk/main</strong>", desk.get("/console/devices").text)
