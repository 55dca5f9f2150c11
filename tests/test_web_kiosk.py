"""The kiosk's line: asks before it looks, answers every frame, and never leaves anybody without an answer."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import anyio.to_thread
import pytest
from starlette.websockets import WebSocketDisconnect

from stile.domain.faces import DetectedFace, Frame
from stile.domain.liveness import LivenessMode
from stile.domain.member import MembershipStatus
from stile.domain.passage import Outcome, ReferReason
from stile.domain.places import Ask
from stile.domain.zone import DWELL, Zone
from stile.entrypoints.web import words
from stile.entrypoints.web.context import ATTEMPTS_A_MINUTE, FRAMES_A_SECOND
from stile.entrypoints.web.sockets import LARGEST_MESSAGE
from stile.entrypoints.web.views.kiosk_socket import PATIENCE
from stile.ports import PictureReader
from stile.testing import picture_of
from tests.conftest import Here
from tests.web_client import Browser, png


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.pair()
    return browser


def test_a_member_comes_in_by_face(here: Here, browser: Browser) -> None:
    here.enrol(1)
    with browser.line() as line:
        assert line.socket.receive_json() == {"lane": {"face": True, "ask": "touch"}}
        line.ask("face")
        assert line.hear("looking") == {"good": 0, "needed": 3, "advice": None, "turn": None}
        line.show(1, variation=50)
        assert line.hear("looking")["good"] == 1
        line.show(dark=True)
        assert line.hear("looking") == {"good": 1, "needed": 3, "advice": "Look at the camera", "turn": None}
        line.show(1, variation=51)
        assert line.hear("looking")["good"] == 2
        line.show(1, variation=52)
        assert line.hear("concluded") == {
            "method": "face",
            "outcome": "admit",
            "headline": "Welcome, Ada",
            "detail": "Please come in.",
            "offers": [],
        }
    assert len(here.door.opened_for) == 1


def come_by_face(here: Here, browser: Browser, who: int, **more: Any) -> dict[str, Any]:
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        for n in range(2):
            line.show(who, variation=50 + n, **more)
            line.hear("looking")
        line.show(who, variation=52, **more)
        return line.hear("concluded")


def test_a_stranger_and_a_suspected_picture_read_the_same(here: Here, browser: Browser) -> None:
    here.enrol(1)
    stranger = come_by_face(here, browser, 500)
    picture = come_by_face(here, browser, 1, bona_fide=0.0)
    assert stranger == picture
    assert stranger["headline"] == "Please use your card"
    assert here.door.opened_for == []


def test_a_member_comes_in_by_card(here: Here, browser: Browser) -> None:
    here.add(1)
    with browser.line() as line:
        line.ask("card", number="55000 01")
        told = line.hear("concluded")
    assert (told["method"], told["outcome"], told["headline"]) == ("card", "admit", "Welcome, Ada")
    assert len(here.door.opened_for) == 1


def test_a_screen_whose_pairing_was_ended_lets_nobody_in_on_its_open_line(
    here: Here, browser: Browser
) -> None:
    here.add(1)
    with browser.line() as line:
        line.hear("lane")
        here.site.kiosks.revoke_lane(here.lane.id, "test")
        line.ask("card", number="5500001")
        with pytest.raises(WebSocketDisconnect):
            line.hear("concluded")
    assert here.door.opened_for == []


def test_a_lapsed_member_is_told_why(here: Here, browser: Browser) -> None:
    member = here.add(1)
    here.site.membership.set_status(member.id, MembershipStatus.LAPSED, "test")
    with browser.line() as line:
        line.ask("card", number="5500001")
        told = line.hear("concluded")
    assert (told["outcome"], told["headline"]) == ("refuse", "Your membership has run out")
    assert told["detail"] == "Please see reception."


def test_a_door_that_does_not_open_sends_to_reception(here: Here, browser: Browser) -> None:
    here.add(1)
    here.door.breaks = True
    with browser.line() as line:
        line.ask("card", number="5500001")
        assert line.hear("concluded")["headline"] == words.SEE_RECEPTION.headline


def test_only_the_card_is_offered_where_nobody_is_enrolled(here: Here, browser: Browser) -> None:
    with browser.line() as line:
        assert line.socket.receive_json() == {"lane": {"face": False, "ask": "touch"}}
        line.ask("face")
        assert line.hear("concluded")["headline"] == "Please use your card"
    assert 'data-face="no"' in browser.get("/kiosk/main").text


class CountingReader:
    """Counts what is decoded, and decodes it."""

    def __init__(self, real: PictureReader) -> None:
        self.real, self.read_so_far = real, 0

    def read(self, data: bytes) -> Frame:
        self.read_so_far += 1
        return self.real.read(data)


def test_a_frame_outside_an_attempt_is_never_decoded(here: Here) -> None:
    here.enrol(1)
    reader = CountingReader(here.site.pictures)
    here.site = replace(here.site, pictures=reader)
    browser = Browser(here)
    browser.pair()
    detected = here.pool.eyes.calls["detect"]
    with browser.line() as line:
        line.show(1)
        line.ask("face")
        line.hear("looking")
        line.ask("stop")
        line.hear("concluded")
        line.show(1)
        line.ask("card", number="5500001")
        line.hear("concluded")
    assert reader.read_so_far == 0
    assert here.pool.eyes.calls["detect"] == detected


@pytest.mark.parametrize(
    "data", [b"", b"not a picture", b"\xff\xd8\xff\xe0 cut off"], ids=["0 bytes", "text", "cut off"]
)
def test_a_broken_picture_is_answered_and_ends_nothing(here: Here, browser: Browser, data: bytes) -> None:
    here.enrol(1)
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.socket.send_bytes(data)
        assert line.hear("looking") == {"good": 0, "needed": 3, "advice": words.UNREADABLE, "turn": None}
        line.show(1, variation=50)
        assert line.hear("looking")["good"] == 1


def test_turning_to_the_card_ends_the_attempt(here: Here, browser: Browser) -> None:
    here.enrol(1)
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.ask("card", number="5500001")
        assert line.hear("concluded")["method"] == "card"
        assert not browser.web.lanes.looking(here.lane.id)


def test_a_page_that_goes_ends_its_attempt(here: Here, browser: Browser) -> None:
    here.enrol(1)
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.show(1, variation=50)
        line.hear("looking")
    with here.site.store.read() as work:
        last = work.passages.latest(1)[0]
    assert (last.outcome, last.reason, last.member) == (Outcome.REFER, ReferReason.NO_GOOD_FRAME, None)
    lanes = browser.web.lanes
    assert (lanes.looking(here.lane.id), lanes.screens(here.lane.id)) == (False, 0)


def test_an_attempt_without_frames_is_given_up_by_the_server(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.site.setup.change_lane(here.lane.id, {"seconds": 0.1, "patience": 0.2})
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        assert line.hear("concluded")["headline"] == "Please use your card"


def test_frames_that_come_too_fast_are_not_looked_at(here: Here, browser: Browser) -> None:
    here.enrol(1)
    looked = here.pool.eyes.calls["detect"]
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        for _ in range(FRAMES_A_SECOND + 5):
            line.socket.send_bytes(png(picture_of()))  # the clock stands still
            line.hear("looking")
    assert here.pool.eyes.calls["detect"] == looked + FRAMES_A_SECOND


def test_cards_cannot_be_guessed_at_speed(here: Here, browser: Browser) -> None:
    with browser.line() as line:
        for n in range(ATTEMPTS_A_MINUTE):
            line.ask("card", number=f"{n:06}")
            assert line.hear("concluded")["headline"] == "We do not know this card"
        line.ask("card", number="000000")
        assert line.hear("concluded")["headline"] == "Please see reception"
        here.clock.advance(61)
        line.ask("card", number="000000")
        assert line.hear("concluded")["headline"] == "We do not know this card"


@pytest.mark.parametrize(
    ("message", "code"),
    [("{", 4400), ("[]", 4400), ('{"ask": 1}', 4400), ('{"ask": "card"}', 4400), ("x" * 2000, 1009)],
)
def test_what_is_not_understood_ends_the_line(browser: Browser, message: str, code: int) -> None:
    with browser.line() as line:
        line.socket.send_text(message)
        assert ended(line.hear) == code


def test_a_frame_that_is_too_large_ends_the_line(here: Here, browser: Browser) -> None:
    here.enrol(1)
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.socket.send_bytes(bytes(LARGEST_MESSAGE + 1))
        assert ended(line.hear) == 1009


def ended(hear: Callable[[str], Any]) -> int:
    with pytest.raises(WebSocketDisconnect) as gone:
        hear("nothing")
    return gone.value.code


def test_a_recogniser_that_hangs_keeps_no_card_waiting(here: Here, browser: Browser) -> None:
    """Law 4: the card works while the vision stack does not answer."""
    here.enrol(1)
    hangs, real_detect = threading.Event(), here.pool.eyes.detect

    def detect(frame: Frame) -> Sequence[DetectedFace]:
        hangs.wait(20)
        return real_detect(frame)

    here.pool.eyes.detect = detect  # type: ignore[method-assign]
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.show(1)
        began = time.monotonic()
        line.ask("card", number="5500001")
        assert line.hear("concluded")["outcome"] == "admit"
        assert time.monotonic() - began < PATIENCE + 2
        line.ask("card", number="5500001")
        assert line.hear("concluded")["outcome"] == "admit"
        hangs.set()
    assert len(here.door.opened_for) == 2, "what was seen before the card does not open the door a third time"


def test_pages_that_hang_keep_no_card_waiting(here: Here, browser: Browser) -> None:
    """Law 4: whoever holds all threads of the pages, by whatever is slow, holds none of the lanes'."""
    here.add(1)
    hangs, asked = threading.Event(), threading.Event()

    def resume(_: object) -> None:
        asked.set()
        hangs.wait(20)

    async def only_one_thread() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 1

    with browser.client as client, browser.line() as line:
        line.hear("lane")
        assert client.portal is not None
        here.site.own_page.resume = resume  # type: ignore[method-assign, assignment]
        client.portal.call(only_one_thread)
        slow = threading.Thread(target=browser.get, args=("/me/sign-in",))
        slow.start()
        assert asked.wait(10)
        try:
            began = time.monotonic()
            line.ask("card", number="5500001")
            assert line.hear("concluded")["outcome"] == "admit"
            assert time.monotonic() - began < 10
        finally:
            hangs.set()
            slow.join()


def test_the_kiosk_outlives_a_model_that_fails(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.pool.eyes.breaks = True
    with browser.line() as line:
        line.ask("face")
        line.hear("looking")
        line.show(1)
        assert line.hear("concluded")["headline"] == "Please use your card"
        line.ask("card", number="5500001")
        assert line.hear("concluded")["outcome"] == "admit"


# --- other ways to ask ---

LEFT_HALF = Zone(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))


@pytest.fixture
def zone(here: Here) -> Here:
    here.enrol(1)
    here.site.setup.change_lane(here.lane.id, {"ask": Ask.ZONE, "zone": LEFT_HALF, "least_face": 0.2})
    return here


def test_who_stands_in_the_zone_asks_without_a_touch(zone: Here, browser: Browser) -> None:
    with browser.line() as line:
        assert line.hear("lane") == {"face": True, "ask": "zone"}
        line.show(1, 600)
        assert line.hear("watched") == {"standing": True}
        time.sleep(DWELL)
        line.show(1, 600, variation=1)
        assert line.hear("looking")["good"] == 0
        for n in range(3):
            line.show(1, 600, variation=50 + n)
            told = line.hear("looking" if n < 2 else "concluded")
        assert told["headline"] == "Welcome, Ada"
        line.show(1, 600, variation=9)
        assert line.hear("watched") == {"standing": True}
        time.sleep(DWELL)
        line.show(1, 600, variation=10)
        assert line.hear("watched") == {"standing": True}, "one stay is one attempt"


def test_who_passes_by_the_zone_is_found_and_nothing_more(zone: Here, browser: Browser) -> None:
    before = dict(zone.pool.eyes.calls)
    with browser.line() as line:
        for n in range(4):
            line.show(1, variation=n)  # alone in the picture, and not in its left half
            assert line.hear("watched") == {"standing": False}
            time.sleep(DWELL / 2)
    with zone.site.store.read() as work:
        assert work.passages.count() == 0
    after = zone.pool.eyes.calls
    assert (after["embed"], after["liveness"]) == (before["embed"], before["liveness"])


def test_a_broken_picture_shows_nobody(zone: Here, browser: Browser) -> None:
    with browser.line() as line:
        line.socket.send_bytes(b"not a picture")
        assert line.hear("watched") == {"standing": False}


@pytest.fixture
def card_first(here: Here) -> Here:
    here.enrol(1)
    here.enrol(2, "Bea")
    here.site.setup.change_lane(here.lane.id, {"ask": Ask.CARD_FIRST})
    return here


@pytest.mark.parametrize("number", ["1001", "55000 01"], ids=["membership number", "card number"])
def test_a_number_and_the_face_that_fits_it(card_first: Here, browser: Browser, number: str) -> None:
    assert come_with(browser, number, 1)["headline"] == "Welcome, Ada"


@pytest.mark.parametrize(
    ("number", "who"),
    [("1001", 2), ("9999", 1), ("", 1), ("§$%", 1)],
    ids=["another's", "nobody's", "none", "no number"],
)
def test_a_number_and_a_face_that_does_not_fit(
    card_first: Here, browser: Browser, number: str, who: int
) -> None:
    told = come_with(browser, number, who)
    assert (told["outcome"], told["headline"]) == ("refer", "Please use your card")
    assert card_first.door.opened_for == []


def come_with(browser: Browser, number: str, who: int) -> dict[str, Any]:
    with browser.line() as line:
        line.ask("face", number=number)
        line.hear("looking")
        for n in range(3):
            line.show(who, variation=50 + n)
            told = line.hear("looking" if n < 2 else "concluded")
    return told


def test_the_card_alone_opens_a_lane_that_asks_for_a_number_first(card_first: Here, browser: Browser) -> None:
    with browser.line() as line:
        line.ask("card", number="5500001")
        assert line.hear("concluded")["outcome"] == "admit"


def test_head_turns_are_asked_for_in_words_and_with_an_arrow(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.site.setup.change_lane(here.lane.id, {"liveness": LivenessMode.PASSIVE_ACTIVE})
    asked = set()
    with browser.line() as line:
        line.ask("face")
        told = line.hear("looking")
        for n in range(200):
            yaw = {"left": 0.25, "right": -0.25, None: 0.0}[told["turn"]]
            here.clock.advance(0.1)
            line.show(1, variation=n, yaw=yaw)
            answer = line.hear_any()
            if "concluded" in answer:
                break
            told = answer["looking"]
            asked.add((told["turn"], told["advice"]))
    assert answer["concluded"]["headline"] == "Welcome, Ada"
    assert (None, words.HOLD_STILL) in asked
    assert any(turn and advice and turn in advice for turn, advice in asked)
