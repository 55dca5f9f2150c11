"""The desk: what each lane does now, the last passages, letting in by hand, and members."""

import re
import time

import pytest

from stile.application.setup import NewLane
from stile.domain.audit import Event
from stile.domain.look_alike import FoundBy, LookAlike
from stile.domain.member import MembershipStatus
from stile.domain.passage import Method, Outcome
from stile.ports import News, Topic, Wanted
from tests.conftest import Here
from tests.web_client import Browser


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def text(page: str) -> str:
    """What a person reads of it."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_an_empty_desk_says_what_to_do_next(browser: Browser) -> None:
    page = text(browser.get("/desk").text)
    for said in (
        "Nobody has come by yet.",
        "Add the first member",
        "Nobody enrolled yet",
        "Pair a screen to begin.",
    ):
        assert said in page


def test_the_lane_says_what_it_is_doing(here: Here, browser: Browser) -> None:
    here.enrol(1)
    browser.pair()
    assert "Paired, not connected" in text(browser.get("/desk/now").text)
    with browser.line() as line:
        line.hear("lane")
        page = text(browser.get("/desk/now").text)
        assert "Waiting for the next person" in page
        assert "By face Ready" in page
        assert "Liveness check is off" not in page
        line.ask("face")
        line.hear("looking")
        assert "Somebody asked to come in by face" in text(browser.get("/desk/now").text)
    assert "No screen is connected" in text(browser.get("/desk/now").text)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"face_mode": False}, "This lane takes cards only."),
        ({"liveness": "off"}, "Liveness check is off: keep this lane in sight."),
    ],
    ids=["face mode off", "liveness off"],
)
def test_the_lane_says_how_it_is_set(
    here: Here, browser: Browser, change: dict[str, object], said: str
) -> None:
    here.enrol(1)
    here.site.setup.change_lane(here.lane.id, change)
    assert said in text(browser.get("/desk/now").text)


def test_a_pack_without_liveness_is_told_where_the_lane_asks_for_it(here: Here, browser: Browser) -> None:
    here.enrol(1)
    assert "By face Ready" in text(browser.get("/desk/now").text)
    here.pool.detects_liveness = False
    assert "Ready Everybody is asked to turn their head." in text(browser.get("/desk/now").text)


def test_passages_are_told_in_plain_words_and_strangers_have_no_name(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.come(1)
    here.come(500)
    rows = re.findall(r"<tr [^>]*id=.*?</tr>", browser.get("/desk/now").text, re.DOTALL)
    assert [text(row).split(" ", 2)[2].strip() for row in rows] == [
        "Asked for the card Nobody named Face Matched no member"
        " Should have opened Attack Other Rightly asked for the card",
        "Let in Ada Example Face Face recognised Wrong person Attack Other Right",
    ]


# --- what was seen of a passage ---


def test_one_tap_says_that_it_was_the_wrong_person(here: Here, browser: Browser) -> None:
    here.enrol(1)
    passage = here.come(1).passage
    assert passage is not None
    answer = browser.submit(f"/desk/passages/{passage.id}/verdict", verdict="wrong person")
    assert answer.headers["location"] == "/desk?said=noted"
    page = text(browser.get("/desk?said=noted").text)
    assert "Noted. It counts in the figures of the lane" in page
    assert "Face recognised Wrong person Change Attack Right" in page
    browser.submit(f"/desk/passages/{passage.id}/verdict", verdict="right")
    assert "Face recognised Right Change Wrong person Attack" in text(browser.get("/desk/now").text)


def test_with_script_the_answer_is_the_part_that_changed(here: Here, browser: Browser) -> None:
    here.enrol(1)
    passage = here.come(2).passage
    assert passage is not None
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/desk").text)
    assert csrf is not None
    answer = browser.post(
        f"/desk/passages/{passage.id}/verdict",
        {"csrf": csrf.group(1), "verdict": "should have opened"},
        headers={"hx-request": "true"},
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Matched no member Should have opened Change" in text(answer.text)


@pytest.mark.parametrize("verdict", ["", "right", "because"])
def test_a_verdict_that_does_not_fit_notes_nothing(here: Here, browser: Browser, verdict: str) -> None:
    here.enrol(1)
    passage = here.come(2).passage
    assert passage is not None
    assert browser.submit(f"/desk/passages/{passage.id}/verdict", verdict=verdict).status_code == 422
    with here.site.store.read() as work:
        assert not work.adjudications.latest_of([passage.id])


def test_of_a_card_there_is_nothing_to_say(here: Here, browser: Browser) -> None:
    here.add(1)
    here.site.admit_by_card.present(here.lane, "5500001")
    assert "Wrong person" not in browser.get("/desk/now").text


def test_reception_may_say_that_a_member_has_a_twin(here: Here, browser: Browser) -> None:
    first, second = here.enrol(1), here.add(2, "Bea")
    assert "Has a twin" in text(browser.get(f"/desk/members/{second.id}/enrol").text)
    page = browser.submit(f"/desk/members/{second.id}/invite", look_alike="true").text
    link = re.search(r'value="http[^"]+/enrol/([^"]+)"', page)
    assert link is not None
    assert here.site.enrol.invited(link.group(1))[0].look_alike_allowed
    page = browser.submit(f"/desk/members/{second.id}/invite").text
    link = re.search(r'value="http[^"]+/enrol/([^"]+)"', page)
    assert link is not None
    assert not here.site.enrol.invited(link.group(1))[0].look_alike_allowed
    assert (
        "asks both for the card."
        not in text(browser.get(f"/desk/members/{first.id}").text).split("Has a twin")[0]
    )


def test_a_look_alike_is_told_to_the_staff_and_the_other_is_not_named(here: Here, browser: Browser) -> None:
    first, second = here.enrol(1), here.enrol(2, "Bea")
    with here.site.store.begin() as work:
        pair = (first.id, second.id, here.pool.pack, here.lane.centre, here.clock.now(), FoundBy.ENROLMENT)
        work.look_alikes.add(LookAlike.of(*pair))
        work.commit()
    page = text(browser.get(f"/desk/members/{first.id}").text)
    assert "Looks very much like another member: the lane asks both for the card." in page
    assert "Bea" not in page


def test_letting_in_by_hand_takes_a_reason_and_opens_once(here: Here, browser: Browser) -> None:
    answer = browser.submit("/desk/lanes/main/let-in", reason="forgot card")
    assert answer.headers["location"] == "/desk?said=opened"
    assert "The door is open." in browser.get("/desk?said=opened").text
    with here.site.store.read() as work:
        passage = work.passages.latest(1)[0]
        staff = work.staff.by_name("admin")
    assert staff is not None
    assert (passage.method, passage.outcome, passage.reason) == (Method.STAFF, Outcome.ADMIT, "forgot card")
    assert passage.staff == staff.id
    assert here.door.opened_for == [passage.id]


@pytest.mark.parametrize("reason", ["", "face matched", "because"])
def test_a_reason_that_is_not_reception_s_opens_nothing(here: Here, browser: Browser, reason: str) -> None:
    assert browser.submit("/desk/lanes/main/let-in", reason=reason).status_code == 422
    assert here.door.opened_for == []


def test_a_gate_that_does_not_open_is_told_and_alerted_until_seen_to(here: Here, browser: Browser) -> None:
    here.door.breaks = True
    assert browser.submit("/desk/lanes/main/let-in", reason="guest").headers["location"] == "/desk?said=fault"
    page = browser.get("/desk/now").text
    assert "Somebody was admitted but the door did not open." in text(page)
    number = re.search(r"/desk/alerts/(\d+)/dismiss", page)
    assert number
    assert browser.submit(number.group(0)).status_code == 303
    assert "did not open" not in browser.get("/desk/now").text


def test_an_alert_that_repeats_is_one_line(here: Here, browser: Browser) -> None:
    for _ in range(3):
        here.site.board.post(News(Topic.STAFF_NEEDED, here.lane.id, "The reader fell off.", here.clock.now()))
    page = text(browser.get("/desk/now").text)
    assert page.count("The reader fell off.") == 1
    assert "3 times" in page


def test_what_a_link_says_about_the_gate_is_never_its_own_words(browser: Browser) -> None:
    assert "hello there" not in browser.get("/desk?said=hello+there").text


def test_polling_is_cheap(here: Here, browser: Browser) -> None:
    """Ten open desks ask five times a second in all; a fiftieth of a second each is a tenth of one core."""
    here.enrol(1)
    here.site.setup.add_lane(NewLane("pool", "Pool"))
    for _ in range(25):
        here.site.admit_by_card.present(here.lane, "5500001")
    browser.get("/desk/now")
    took = []
    for _ in range(10):
        began = time.perf_counter()
        assert browser.get("/desk/now").status_code == 200
        took.append(time.perf_counter() - began)
    assert min(took) < 0.05


# --- members ---------------------------------------------------------------------------------------------


def test_a_member_is_added_found_and_changed(here: Here, browser: Browser) -> None:
    assert "There are no members yet." in browser.get("/desk/members").text
    answer = browser.submit(
        "/desk/members/new",
        number="1001",
        given_name="Ada",
        family_name="Example",
        cards="55-0001\n55 0002",
        expires_on="2030-12-31",
    )
    assert answer.status_code == 303
    where = answer.headers["location"]
    page = text(browser.get(where).text)
    for said in (
        "Ada Example",
        "1001",
        "550001, 550002",
        "31 December 2030",
        "Ada comes in by card, PIN or phone.",
    ):
        assert said in page
    for wanted in ("1001", "55 0002", "ada", "exam AD"):
        assert "Ada Example" in browser.get("/desk/members", params={"q": wanted}).text
    assert "No member fits" in browser.get("/desk/members", params={"q": "grace"}).text
    browser.submit(f"{where}/status", status="suspended")
    with here.site.store.read() as work:
        member = work.members.by_number("1001")
    assert member is not None
    assert member.status is MembershipStatus.SUSPENDED


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": "1001", "given_name": "Grace"}, "Not added: that membership number"),
        ({"number": "1002", "given_name": ""}, "Please give a first name."),
        ({"number": "1002", "given_name": "Grace", "cards": "1"}, "4 to 32 letters and digits"),
        ({"number": "1002", "given_name": "Grace", "expires_on": "soon"}, "2026-12-31"),
    ],
    ids=["number taken", "no name", "no card number", "no date"],
)
def test_a_member_that_cannot_be_keeps_what_was_typed(
    here: Here, browser: Browser, fields: dict[str, str], said: str
) -> None:
    here.add(1)
    answer = browser.submit("/desk/members/new", **fields)
    assert answer.status_code == 422
    assert said in text(answer.text)
    assert f'value="{fields["number"]}"' in answer.text


def test_a_member_is_invited_by_a_link_shown_once(here: Here, browser: Browser) -> None:
    member = here.add(1)
    page = browser.submit(f"/desk/members/{member.id}/invite").text
    link = re.search(r'value="http[^"]+(/enrol/[^"]+)"', page)
    assert link
    assert Browser(here).get(link.group(1)).status_code == 200


def test_withdrawing_destroys_the_template_and_gives_a_receipt(here: Here, browser: Browser) -> None:
    member = here.enrol(1)
    assert here.come(1).door_opened
    page = text(browser.submit(f"/desk/members/{member.id}/withdraw").text)
    assert "The template is deleted and its key destroyed." in page
    assert "Removed 1 template and its key" in page
    with here.site.store.read() as work:
        assert not work.templates.has(member.id, here.pool.pack)
    assert not here.come(1).door_opened
    assert "Nothing biometric is held." in browser.get(f"/desk/members/{member.id}").text


def test_who_is_not_there_is_said_so(browser: Browser) -> None:
    answer = browser.get("/desk/members/0190163d-8694-739b-aea5-966c26f8ad91")
    assert answer.status_code == 404
    assert "There is no such member." in answer.text
    assert browser.get("/desk/members/x").status_code == 422


def test_an_old_session_is_over(here: Here, browser: Browser) -> None:
    here.clock.advance(13 * 3600)
    assert browser.get("/desk").status_code == 303


def test_who_opens_the_desk_and_sees_names_is_recorded_once(here: Here, browser: Browser) -> None:
    here.add(1)
    browser.get("/desk")
    here.site.admit_by_card.present(here.lane, "5500001")
    browser.get("/desk")
    browser.get("/desk/now")
    with here.site.store.read() as work:
        [entry] = work.audit.find(Wanted(events=(Event.MEMBERS_LISTED,)))
    assert entry.detail == {"what": "desk", "members": 1}
