"""The pages and the line of the ways in without a face."""

import json
import re
import time

import pytest

from stile.domain.audit import Event
from stile.domain.member import Member
from stile.domain.passage import Method, Outcome
from stile.domain.passes import SetsUp, Use
from stile.domain.waits import LONGEST, Wait
from stile.testing import FakePhone
from tests.conftest import Here
from tests.web_client import Browser, Line, hidden

PIN = "830516"


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.pair()
    return browser


def with_pin(here: Here) -> Member:
    member = here.add(1)
    here.site.alternative.set_pin(member.id, PIN, "test")
    return member


def register(browser: Browser, member: Member) -> FakePhone:
    phone = FakePhone()
    code = browser.here.site.alternative.link(member.id, SetsUp.PHONE, "test")
    answer = browser.post("/pass/register", {"code": code, "key": phone.public_key})
    assert answer.status_code == 200
    phone.handle = answer.json()["handle"]
    return phone


# --- at the lane ---


def ask_pin(line: Line, number: str, pin: str) -> dict[str, object]:
    line.socket.send_json({"ask": "pin", "number": number, "pin": pin})
    return line.hear("concluded")


def test_a_pin_and_a_code_open_at_the_lane(here: Here, browser: Browser) -> None:
    member = with_pin(here)
    phone = register(browser, member)
    with browser.line() as line:
        assert ask_pin(line, "1001", PIN)["headline"] == "Welcome, Ada"
        code = phone.code(here.clock.now())
        line.socket.send_json({"ask": "pass", "code": code})
        told = line.hear("concluded")
        assert (told["method"], told["headline"]) == ("pass", "Welcome, Ada")
        line.socket.send_json({"ask": "pass", "code": code})
        told = line.hear("concluded")
    assert (told["outcome"], told["headline"]) == ("refuse", "This code was used already")
    assert told["offers"] == ["pass", "card", "pin"]


def test_a_wrong_pin_and_a_number_of_nobody_read_alike(here: Here, browser: Browser) -> None:
    with_pin(here)
    with browser.line() as line:
        wrong, nobody = ask_pin(line, "1001", "111222"), ask_pin(line, "9999", PIN)
    assert wrong == nobody
    assert wrong["offers"] == ["pin", "card", "pass"]


@pytest.mark.parametrize(
    "asked", [{"ask": "pin", "number": "1"}, {"ask": "pin", "number": 1, "pin": "1"}, {"ask": "pass"}]
)
def test_what_is_not_understood_ends_the_line(browser: Browser, asked: dict[str, object]) -> None:
    with browser.line() as line:
        line.socket.send_json(asked)
        message = line.socket.receive()
        while message["type"] == "websocket.send":
            message = line.socket.receive()
    assert message["code"] == 4400


# --- how long they waited ---


@pytest.mark.parametrize(
    ("waited", "at_least"),
    [(1500, 1500.0), (2.5, 2.5), (None, 0.0), ("x", 0.0), (True, 0.0), (-1, 0.0), (LONGEST + 1, 0.0)],
)
def test_a_wait_runs_from_the_touch_that_the_page_tells_of(
    here: Here, browser: Browser, waited: object, at_least: float
) -> None:
    here.add(1)
    with browser.line() as line:
        line.socket.send_text(json.dumps({"ask": "card", "number": "5500001", "waited": waited}))
        line.hear("concluded")
        line.ask("card", number="5500001")  # answered after the first one's wait was kept
        line.hear("concluded")
    with here.site.store.read() as work:
        first = work.waits.since()[0]
    assert (first.method, first.outcome) == (Method.CARD, Outcome.ADMIT)
    assert at_least <= first.to_decision < at_least + 5_000
    assert first.to_door is not None
    assert first.to_door >= first.to_decision


def test_a_stranger_by_face_leaves_a_time_and_nothing_else(here: Here, browser: Browser) -> None:
    here.enrol(1)
    with browser.line() as line:
        line.socket.send_json({"ask": "face", "waited": 700})
        line.hear("looking")
        for n in range(3):
            line.show(500, variation=n)
            line.hear("looking" if n < 2 else "concluded")
        wait = kept_wait(here)
    assert (wait.method, wait.outcome, wait.to_door) == (Method.FACE, Outcome.REFER, None)
    assert wait.to_decision >= 700


def kept_wait(here: Here) -> Wait:
    """It is kept after the person was told."""
    for _ in range(200):
        with here.site.store.read() as work:
            if found := work.waits.since():
                return found[0]
        time.sleep(0.02)
    raise AssertionError("no wait was kept")


def test_the_page_of_waits(here: Here, browser: Browser) -> None:
    browser.sign_in()
    page = browser.get("/console/waits").text
    assert "Nobody came in this time" in page
    with_pin(here)
    with browser.line() as line:
        for _ in range(8):
            ask_pin(line, "1001", PIN)
        ask_pin(line, "1001", "111222")
        line.ask("card", number="5500001")
        line.hear("concluded")
    page = browser.get("/console/waits?lane=main").text
    assert "<svg" in page
    assert "style=" not in page
    assert "11.1%" in page, "one of nine PINs was turned away"
    assert "Not measured" in page, "nobody came in by face or by phone"
    assert "Nobody came in this time" in browser.get("/console/waits?since=2027-01-01").text
    assert browser.get("/console/waits?since=soon").status_code == 422


# --- setting up ---


def test_reception_hands_out_links_and_never_sees_a_pin(here: Here, browser: Browser) -> None:
    member = here.add(1)
    browser.sign_in()
    path = f"/desk/members/{member.id}/ways"
    assert "None" in browser.get(path).text
    page = browser.submit(f"{path}/pin").text
    assert "/pin/" in page
    assert "#" in browser.submit(f"{path}/phone").text
    here.site.alternative.set_pin(member.id, PIN, "test")
    shown = browser.get(path).text
    assert "Set on" in shown
    assert PIN not in shown
    assert browser.submit(f"{path}/pin/end").status_code == 303
    assert here.site.alternative.of(member.id).pin_set_at is None
    assert browser.submit(f"{path}/shoe").status_code == 404
    with here.site.store.read() as work:
        seen = [one for one in work.audit.entries() if one.event is Event.MEMBER_SEEN]
    assert {(one.subject, one.detail["what"]) for one in seen} >= {(str(member.id), "ways in")}


def test_a_pin_is_chosen_once_and_said_why_not(here: Here, browser: Browser) -> None:
    member = here.add(1)
    code = here.site.alternative.link(member.id, SetsUp.PIN, "test")
    assert "Choose a PIN" in browser.get(f"/pin/{code}").text
    for pin, again, said in (("4321", "4321", "anybody would try"), (PIN, "830517", "not the same")):
        answer = browser.post(f"/pin/{code}", {"pin": pin, "again": again})
        assert answer.status_code == 422
        assert said in answer.text
        assert pin not in answer.text
    assert "Your PIN is set" in browser.post(f"/pin/{code}", {"pin": PIN, "again": PIN}).text
    assert browser.get(f"/pin/{code}").status_code == 404
    assert browser.post(f"/pin/{code}", {"pin": PIN, "again": PIN}).status_code == 404


def test_a_phone_asks_whether_its_code_was_used(here: Here, browser: Browser) -> None:
    phone = register(browser, here.add(1))
    ask = {"code": phone.code(here.clock.now(), Use.LOOK)}
    assert browser.post("/pass/used", ask).json() == {}
    here.site.admit_by_pass.present(here.lane, phone.code(here.clock.now()))
    told = browser.post("/pass/used", ask).json()
    assert (told["lane"], told["step"]) == ("Main entrance", int(phone.code(here.clock.now())[21:30]))
    assert browser.post("/pass/used", {"code": phone.code(here.clock.now())}).status_code == 404
    assert browser.post("/pass/register", {"code": "nothing", "key": phone.public_key}).status_code == 404


def test_the_page_on_the_phone_may_keep_itself_and_open_no_camera(browser: Browser) -> None:
    page = browser.get("/pass")
    assert "worker-src 'self'" in page.headers["content-security-policy"]
    assert "camera=()" in page.headers["permissions-policy"]
    worker = browser.get("/pass/worker.js")
    assert worker.headers["service-worker-allowed"] == "/pass"
    assert "javascript" in worker.headers["content-type"]
    assert (
        browser.get("/static/pass.webmanifest")
        .headers["content-type"]
        .startswith("application/manifest+json")
    )
    assert abs(browser.get("/pass/now").json()["now"] / 1000 - browser.here.clock.now().timestamp()) < 1


# --- the member's own page ---


def enter(browser: Browser, member: Member) -> str:
    """Opens the member's own page by its link; the token of its forms."""
    here = browser.here
    path = here.site.own_page.link(member.id, "test", sent=True).removeprefix(here.site.settings.base_url)
    assert browser.post(path).headers["location"] == "/me"
    return hidden(browser.get("/me/ways").text, "csrf")


def test_a_member_sets_up_pin_and_phone_on_their_own_page(here: Here, browser: Browser) -> None:
    member = here.add(1)
    csrf = enter(browser, member)
    assert "/me/ways" in browser.get("/me").text
    refused = browser.post("/me/ways/pin", {"csrf": csrf, "pin": "1111", "again": "1111"})
    assert (refused.status_code, "anybody would try" in refused.text) == (422, True)
    set_now = browser.post("/me/ways/pin", {"csrf": csrf, "pin": PIN, "again": PIN})
    assert set_now.headers["location"] == "/me/ways?said=pin"
    assert "Your PIN is set" in browser.get("/me/ways?said=pin").text
    assert here.site.admit_by_pin.present(here.lane, "1001", PIN).door_opened
    page = browser.post("/me/ways/phone", {"csrf": csrf}).text
    code = re.findall(r"/pass#([0-9A-Z-]{14})", page)[0]
    here.site.alternative.register_phone(code, FakePhone().public_key)
    assert "Not used yet" in browser.get("/me/ways").text
    for way in ("pin", "phone"):
        assert browser.post(f"/me/ways/{way}/end", {"csrf": csrf}).status_code == 303
    found = here.site.alternative.of(member.id)
    assert (found.pin_set_at, found.phone_since) == (None, None)


@pytest.mark.parametrize("path", ["/me/ways/pin", "/me/ways/phone", "/me/ways/pin/end"])
def test_nobody_sets_anything_up_for_another(here: Here, browser: Browser, path: str) -> None:
    member = with_pin(here)
    fields = {"pin": "740263", "again": "740263"}
    assert browser.post(path, fields).headers["location"] == "/me/sign-in"
    enter(browser, member)
    assert browser.post(path, {"csrf": "of somebody else", **fields}).status_code == 403
    assert here.site.admit_by_pin.present(here.lane, "1001", PIN).door_opened
