"""A member's own page: nobody comes to it without the link, everything is on it, and what is done there is done."""

import io
import json
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import httpx2
import pytest
from fastapi.routing import APIRoute
from starlette.background import BackgroundTasks

from stile.application.attempt import Attempt, Looking
from stile.application.gate import Concluded
from stile.application.rights.rights_requests import MOST_OPEN_OF_A_MEMBER
from stile.domain.audit import Event
from stile.domain.errors import WrongValue
from stile.domain.member import Member
from stile.domain.own_page import IDLE, LINK_LASTS, SESSION_LASTS
from stile.domain.passage import Outcome, ReferReason
from stile.domain.rights_request import CameBy, Kind, State
from stile.entrypoints.web import face_now
from stile.entrypoints.web.context import OWN_LINKS_FROM_AN_ADDRESS, OWN_LINKS_OF_A_MEMBER
from stile.entrypoints.web.views import me, me_enter, ways
from stile.ports.audit import Wanted
from stile.testing import picture_of
from tests.conftest import A_FRAME, Here
from tests.web_client import Browser, hidden


@pytest.fixture
def browser(here: Here) -> Browser:
    return Browser(here)


@pytest.fixture
def ada(here: Here) -> Member:
    return here.enrol(1)


def enter(browser: Browser, member: Member, sent: bool = True) -> None:
    link = browser.here.site.own_page.link(member.id, "test", sent)
    path = link.removeprefix(browser.here.site.settings.base_url)
    assert "Open my page" in browser.get(path).text
    assert browser.post(path).headers["location"] == "/me"


def act(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    """A form of the page, with the session's own token."""
    return browser.post(path, {"csrf": hidden(browser.get("/me").text, "csrf"), **fields})


# --- the way in ---


def test_nobody_sees_anything_without_the_link(browser: Browser) -> None:
    for path in ("/me", "/me/receipts/1", "/me/ask/access"):
        answer = browser.get(path)
        assert (answer.status_code, answer.headers["location"]) == (303, "/me/sign-in")
    assert browser.get("/me/now").status_code == 401
    for path in (
        "/me/withdraw",
        "/me/pause",
        "/me/contact",
        "/me/download",
        "/me/ask/access",
        "/me/sign-out",
    ):
        assert browser.post(path).headers["location"] == "/me/sign-in"


def test_the_link_works_once_and_looking_at_it_uses_nothing_up(browser: Browser, ada: Member) -> None:
    path = "/me/enter/" + browser.here.site.own_page.link(ada.id, "test").rsplit("/", 1)[1]
    for _ in range(3):
        assert browser.get(path).status_code == 200
    assert browser.post(path).status_code == 303
    assert browser.post(path).status_code == 404
    assert browser.get(path).status_code == 404


@pytest.fixture
def addressed(here: Here, ada: Member) -> Member:
    return here.site.own_choices.correct_contact(ada.id, "Ada@example.test", "")


@pytest.mark.parametrize("wanted", ["1001", "ada@EXAMPLE.test", " 1001 "])
def test_a_link_goes_to_the_members_own_address(browser: Browser, addressed: Member, wanted: str) -> None:
    assert browser.post("/me/sign-in", {"wanted": wanted}).status_code == 200
    (letter,) = browser.here.mail.letters
    assert letter.to == addressed.email
    link = re.search(r"^http.*(/me/enter/\S+)$", letter.text, re.M)
    assert link is not None
    assert browser.post(link[1]).status_code == 303
    assert "Ada Example" in browser.get("/me").text


def test_the_answer_is_the_same_whoever_asks(browser: Browser, addressed: Member) -> None:
    browser.here.add(2, "Grace")  # a member without an address
    answers = [
        browser.post("/me/sign-in", {"wanted": one}).text
        for one in (addressed.number, "1002", "9999", "nobody@example.test", "' OR 1=1 --")
    ]
    assert len(set(answers)) == 1
    assert [one.to for one in browser.here.mail.letters] == [addressed.email]


def test_nobody_is_looked_for_before_the_answer(
    browser: Browser, addressed: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or the time it takes would tell. What is to be done is handed on with the answer, and only begun after it."""
    handed: list[object] = []
    monkeypatch.setattr(BackgroundTasks, "add_task", lambda _, call, *given: handed.append((call, given)))
    browser.post("/me/sign-in", {"wanted": addressed.number})
    assert len(handed) == 1
    assert browser.here.mail.letters == []


def test_a_mailbox_is_not_filled_and_an_address_does_not_ask_for_ever(
    browser: Browser, addressed: Member
) -> None:
    statuses = [browser.post("/me/sign-in", {"wanted": addressed.number}).status_code for _ in range(25)]
    assert len(browser.here.mail.letters) == OWN_LINKS_OF_A_MEMBER
    assert statuses == [200] * OWN_LINKS_FROM_AN_ADDRESS + [429] * (25 - OWN_LINKS_FROM_AN_ADDRESS)


def test_a_mail_server_that_is_away_tells_nobody(browser: Browser, addressed: Member) -> None:
    browser.here.mail.refuses = True
    assert browser.post("/me/sign-in", {"wanted": addressed.number}).status_code == 200


def test_without_a_mail_server_reception_is_pointed_to(browser: Browser) -> None:
    browser.here.mail.is_set_up = False
    assert "ask at reception" in browser.get("/me/sign-in").text
    assert browser.post("/me/sign-in", {"wanted": "1001"}).status_code == 503


def test_a_new_address_ends_the_links_that_lie_in_the_old_mailbox(
    browser: Browser, addressed: Member
) -> None:
    link = "/me/enter/" + browser.here.site.own_page.link(addressed.id, "test").rsplit("/", 1)[1]
    browser.here.site.own_choices.correct_contact(addressed.id, "new@example.test", "")
    assert browser.post(link).status_code == 404


def test_reception_shows_the_way_as_a_code(browser: Browser, ada: Member) -> None:
    browser.sign_in()
    page = browser.submit(f"/desk/members/{ada.id}/own-page").text
    assert "<svg" in page
    link = re.search(r"(/me/enter/[\w-]+)", page)
    assert link is not None
    assert browser.post(link[1]).status_code == 303


def test_a_link_that_is_old_or_followed_by_another_or_made_up_reads_the_same(
    browser: Browser, ada: Member
) -> None:
    def path() -> str:
        return "/me/enter/" + browser.here.site.own_page.link(ada.id, "test").rsplit("/", 1)[1]

    replaced, old = path(), path()
    browser.here.clock.advance(LINK_LASTS.total_seconds())
    answers = [browser.get(one) for one in (replaced, old, "/me/enter/made-up", "/me/enter/%ff")]
    assert {one.status_code for one in answers} == {404}
    assert len({one.text for one in answers}) == 1


@pytest.mark.parametrize("waits", [IDLE, SESSION_LASTS])
def test_a_session_ends_when_it_lies_idle_and_in_any_case(
    browser: Browser, ada: Member, waits: timedelta
) -> None:
    enter(browser, ada)
    if waits is SESSION_LASTS:
        for _ in range(int(SESSION_LASTS / timedelta(minutes=20)) - 1):
            browser.here.clock.advance(20 * 60)
            assert browser.get("/me").status_code == 200
    else:
        browser.here.clock.advance(IDLE.total_seconds() - 61)
        assert browser.get("/me").status_code == 200
        browser.here.clock.advance(60)
        assert browser.get("/me").status_code == 200
    browser.here.clock.advance(IDLE.total_seconds())
    assert browser.get("/me").status_code == 303


def test_the_cookie_is_strict_and_opens_no_page_of_the_staff(browser: Browser, ada: Member) -> None:
    path = "/me/enter/" + browser.here.site.own_page.link(ada.id, "test").rsplit("/", 1)[1]
    cookie = browser.post(path).headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert browser.get("/desk").headers["location"].startswith("/sign-in")
    secret = re.search(r"stile_me=([^;]+)", cookie)
    assert secret is not None
    with browser.here.site.store.read() as work:
        assert work.own_sessions.by_digest(secret[1]) is None, "the store holds a digest only"


def test_the_staff_cookie_opens_no_members_page(browser: Browser) -> None:
    browser.sign_in()
    assert browser.get("/me").status_code == 303


def test_a_form_without_the_sessions_token_does_nothing(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    assert browser.post("/me/withdraw", {"csrf": "made up"}).status_code == 403
    assert browser.post("/me/withdraw").status_code == 403
    assert browser.here.come(1).door_opened


def test_signing_out_ends_it(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    assert act(browser, "/me/sign-out").status_code == 303
    assert browser.get("/me").status_code == 303


# --- what it shows ---


def test_everything_held_is_on_the_page_and_nobody_else(browser: Browser, ada: Member) -> None:
    here = browser.here
    other = here.enrol(2, "Grace")
    here.come(1)
    here.site.admit_by_card.present(here.lane, "5500001")
    here.site.looked.at(ada.id, "system", "member page")
    enter(browser, ada)
    page = browser.get("/me").text
    for shown in (
        "Ada Example",
        "1001",
        "••••001",
        "You agreed on 2 November 2026",
        f"{here.pool.dimensions} numbers",
        "from 3 pictures",
        "Coming in by face",  # the words agreed to
        "Face recognised",
        "Card accepted",
        "Your data were looked at</strong>: member page",
        "by Stile itself",
    ):
        assert shown in page, shown
    for hidden_ in ("Grace", "1002", str(other.id), "5500001"):
        assert hidden_ not in page, hidden_


def test_staff_stand_on_the_page_by_their_role(browser: Browser, ada: Member) -> None:
    with browser.here.site.store.read() as work:
        admin = work.staff.by_name("admin")
    assert admin is not None
    browser.here.site.looked.at(ada.id, str(admin.id), "member page")
    enter(browser, ada)
    page = browser.get("/me").text
    assert "a member of staff with every role" in page
    assert "admin" not in page
    assert str(admin.id) not in page


# --- what it does ---


def test_withdrawing_is_one_act_with_a_receipt(browser: Browser, ada: Member) -> None:
    here = browser.here
    enter(browser, ada)
    answer = act(browser, "/me/withdraw")
    assert answer.status_code == 303
    receipt = browser.get(answer.headers["location"])
    assert "1 template and its key" in receipt.text
    with here.site.store.read() as work:
        assert work.held.templates(ada.id) == []
        assert work.templates.keys_of(ada.id) == []
        entry = work.audit.find(Wanted(events=(Event.TEMPLATE_ERASED,)))[0]
    assert f"Entry {entry.position}" in receipt.text
    assert entry.digest in receipt.text
    assert here.mail.letters == [], "nobody knows an address"
    text = browser.get(answer.headers["location"] + "/text")
    assert entry.digest in text.text
    assert "attachment" in text.headers["content-disposition"]
    assert here.come(1).decision.reason is ReferReason.NOBODY_ENROLLED
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
    page = browser.get("/me").text
    assert "You come in by card" in page
    assert "Receipt of" in page


def test_the_receipt_is_mailed_where_there_is_an_address(browser: Browser, addressed: Member) -> None:
    enter(browser, addressed)
    number = act(browser, "/me/withdraw").headers["location"].rsplit("/", 1)[1]
    letter = browser.here.mail.letters[-1]
    assert letter.to == addressed.email
    assert letter.text == browser.get(f"/me/receipts/{number}/text").text


def test_a_receipt_is_its_owners_alone(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    number = act(browser, "/me/withdraw").headers["location"].rsplit("/", 1)[1]
    enter(browser, browser.here.add(2, "Grace"))
    assert browser.get(f"/me/receipts/{number}").status_code == 404
    assert browser.get(f"/me/receipts/{number}/text").status_code == 404


def test_set_aside_the_template_is_kept_and_not_used_until_it_is_turned_on(
    browser: Browser, ada: Member
) -> None:
    here = browser.here
    here.enrol(2, "Grace")
    enter(browser, ada)
    act(browser, "/me/pause")
    assert "set it aside" in browser.get("/me").text
    assert here.come(1).decision.reason is ReferReason.NO_MATCH
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
    with here.site.store.read() as work:
        assert work.held.templates(ada.id), "kept"
    act(browser, "/me/resume")
    assert here.come(1).door_opened


def test_contact_is_corrected_at_once_and_a_wrong_one_stays_in_the_form(
    browser: Browser, ada: Member
) -> None:
    enter(browser, ada)
    wrong = act(browser, "/me/contact", email="ada at example", phone="")
    assert wrong.status_code == 422
    assert 'value="ada at example"' in wrong.text
    assert "Not saved" in wrong.text
    assert act(browser, "/me/contact", email="ada@example.test", phone="020 7946 0000").status_code == 303
    with browser.here.site.store.read() as work:
        now = work.members.get(ada.id)
        logged = work.audit.find(Wanted(events=(Event.MEMBER_CHANGED,)))[0]
    assert now is not None
    assert (now.email, now.phone) == ("ada@example.test", "+442079460000")
    assert "ada@" not in logged.facts
    assert "7946" not in logged.facts


def test_marketing_is_off_until_a_yes_and_off_again_at_once(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    assert "no offers" in browser.get("/me").text
    for yes in ("yes", ""):
        act(browser, "/me/news", yes=yes)
        with browser.here.site.store.read() as work:
            now = work.members.get(ada.id)
        assert now is not None
        assert now.marketing is (yes == "yes")
        assert now.marketing_how == "own page"


def test_a_request_is_received_with_its_clock(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    empty = act(browser, "/me/ask/complaint", words=" ")
    assert empty.status_code == 422
    assert act(browser, "/me/ask/complaint", words="It was wrong.").status_code == 303
    assert act(browser, "/me/ask/access").status_code == 303
    with browser.here.site.store.read() as work:
        access, complaint = work.rights.of_member(ada.id)
    assert (access.kind, access.came_by, access.state) == (Kind.ACCESS, CameBy.OWN_PAGE, State.RECEIVED)
    assert (complaint.kind, complaint.words) == (Kind.COMPLAINT, "It was wrong.")
    page = browser.get("/me").text
    assert "by 2 December 2026" in page
    assert browser.get("/me/ask/unknown").status_code == 422


def test_not_too_many_requests_at_once(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    for _ in range(10):
        assert act(browser, "/me/ask/objection", words="Stop.").status_code == 303
    assert "speak to us" in act(browser, "/me/ask/objection", words="Stop.").text


def test_the_download_holds_everything_and_nobody_else(browser: Browser, ada: Member) -> None:
    here = browser.here
    other = here.enrol(2, "Grace")
    here.come(1)
    here.come(2)
    enter(browser, ada)
    act(browser, "/me/ask/complaint", words="It was wrong.")
    answer = act(browser, "/me/download")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        files = {name: folder.read(name).decode() for name in folder.namelist()}
    assert set(files) == {"index.html", "data.json", "README.txt"}
    data = json.loads(files["data.json"])
    assert data["member"]["cards"] == ["5500001"]
    assert [one["reason"] for one in data["passages"]] == ["face matched"]
    assert data["face"]["templates"][0]["numbers"] == here.pool.dimensions
    assert data["face"]["consents"][0]["words"].startswith("# Coming in by face")
    assert data["face"]["consents"][0]["offered"] == ["PIN", "QR on the phone", "card"]
    assert data["requests"][0]["words"] == "It was wrong."
    whole = "".join(files.values())
    for hidden_ in ("Grace", str(other.id), "5500002", "1002"):
        assert hidden_ not in whole, hidden_
    with here.site.store.read() as work:
        assert work.audit.find(Wanted(events=(Event.DATA_EXPORTED,), subjects=(str(ada.id),)))


def test_an_open_page_is_told_when_it_is_over(browser: Browser, ada: Member) -> None:
    enter(browser, ada)
    seen = re.search(r'data-seen="(\w+)"', browser.get("/me").text)
    assert seen is not None
    browser.here.site.withdraw.consent_of(ada.id, "test")
    assert browser.get(f"/me/now?seen={seen[1]}").status_code == 205


# --- by a link that reception showed ---

ANYBODY = {
    "/me/withdraw",
    "/me/pause",
    "/me/news",  # a no; a yes is refused
    "/me/group/forget",
    "/me/ask/{kind}",
    "/me/prove",
    "/me/sign-out",
    "/me/ways/{sets_up}/end",
}
"""What takes back or asks. The rest gives, changes or carries away."""
THEMSELVES = {"/me/group", "/me/resume", "/me/contact", "/me/download", "/me/ways/pin", "/me/ways/phone"}


def test_each_act_of_the_page_says_whether_a_shown_link_is_enough() -> None:
    posts = {
        route.path
        for of in (me, me_enter, ways)
        for route in of.router.routes
        if isinstance(route, APIRoute) and route.path.startswith("/me/") and "POST" in (route.methods or ())
    }
    assert posts - {"/me/sign-in", "/me/enter/{token}"} == ANYBODY | THEMSELVES


@pytest.mark.parametrize("path", sorted(THEMSELVES))
def test_who_came_by_a_link_that_reception_showed_does_nothing_in_the_members_name(
    browser: Browser, addressed: Member, path: str
) -> None:
    here = browser.here
    here.site.own_choices.restrict(addressed.id, "test")
    enter(browser, addressed, sent=False)
    refused = act(browser, path, email="thief@example.test", pin="740263", again="740263")
    assert refused.status_code == 403
    assert "your own address" in refused.text
    with here.site.store.read() as work:
        now = work.members.get(addressed.id)
        assert now is not None
        assert now.email == addressed.email
        assert work.restrictions.since(addressed.id) is not None
        assert not work.audit.find(Wanted(events=(Event.DATA_EXPORTED, Event.PIN_SET, Event.WAY_LINK_MADE)))


def test_who_came_by_a_shown_link_sees_all_of_it_withdraws_says_no_and_asks(
    browser: Browser, addressed: Member
) -> None:
    here = browser.here
    here.site.own_choices.choose_marketing(addressed.id, True)
    enter(browser, addressed, sent=False)
    page = browser.get("/me").text
    assert "Send it to Ada@example.test" in page
    for form in ('action="/me/contact"', 'action="/me/download"'):
        assert form not in page
    assert 'action="/me/ways/pin"' not in browser.get("/me/ways").text
    assert act(browser, "/me/news").status_code == 303
    assert act(browser, "/me/news", yes="yes").status_code == 403
    assert act(browser, "/me/ask/complaint", words="It was wrong.").status_code == 303
    assert act(browser, "/me/withdraw").status_code == 303
    with here.site.store.read() as work:
        now = work.members.get(addressed.id)
        assert now is not None
        assert not now.marketing
        [asked] = work.rights.of_member(addressed.id)
        assert asked.came_by is CameBy.DESK, "who it was is not known: data protection asks"
        assert work.held.templates(addressed.id) == []
    assert "by a link shown at reception" in browser.get("/me").text


def test_the_link_to_the_members_own_address_makes_them_themselves(
    browser: Browser, addressed: Member
) -> None:
    enter(browser, addressed, sent=False)
    assert "Look into your mailbox" in act(browser, "/me/prove").text
    link = re.search(r"^http.*(/me/enter/\S+)$", browser.here.mail.letters[-1].text, re.M)
    assert link is not None
    assert browser.post(link[1]).status_code == 303
    assert "that reception showed" not in browser.get("/me").text.split("Everything that was done")[0]
    assert act(browser, "/me/download").status_code == 200


def test_without_an_address_the_page_says_who_helps(browser: Browser, ada: Member) -> None:
    enter(browser, ada, sent=False)
    assert "A manager at your centre" in browser.get("/me").text
    assert "Send it to" not in browser.get("/me").text


# --- everywhere ---


def test_an_enrolment_page_that_is_open_ends_with_the_consent(browser: Browser) -> None:
    here, grace = browser.here, browser.here.add(2, "Grace")
    here.consent(grace)
    token = here.site.enrol.invite(grace.id, "test")
    with browser.line(f"/enrol/{token}/ws") as line:
        line.hear("shot")
        line.show(2)
        assert line.hear("shot")["taken"] == 1
        here.site.withdraw.consent_of(grace.id, "test")
        assert "is withdrawn" in line.hear("stopped")["detail"]


def test_an_attempt_that_is_under_way_knows_the_member_no_more(browser: Browser, ada: Member) -> None:
    here = browser.here
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    here.clock.advance(A_FRAME)
    assert isinstance(here.site.admit_by_face.see(attempt, picture_of(1, variation=50)), Looking)
    enter(browser, ada)
    act(browser, "/me/withdraw")
    seen: object = None
    for n in range(1, 20):
        here.clock.advance(A_FRAME)
        seen = here.site.admit_by_face.see(attempt, picture_of(1, variation=50 + n))
        if isinstance(seen, Concluded):
            break
    assert isinstance(seen, Concluded)
    assert seen.outcome is Outcome.REFER


def test_the_members_page_at_the_desk_is_told(browser: Browser, ada: Member) -> None:
    browser.sign_in()
    assert f'data-watches="/desk/members/{ada.id}/now"' in browser.get(f"/desk/members/{ada.id}").text
    seen = browser.get(f"/desk/members/{ada.id}/now").text
    assert seen == face_now.state(browser.web, ada.id)
    enter(browser, ada)
    act(browser, "/me/withdraw")
    assert browser.get(f"/desk/members/{ada.id}/now?seen={seen}").status_code == 205


def test_a_withdrawal_at_the_desk_gives_the_member_the_same_receipt(
    browser: Browser, addressed: Member
) -> None:
    browser.sign_in()
    page = browser.submit(f"/desk/members/{addressed.id}/withdraw").text
    saved = re.search(r"/desk/members/[\w-]+/receipts/(\d+)", page)
    assert saved is not None
    text = browser.get(saved[0]).text
    assert text.startswith("RECEIPT: CONSENT WITHDRAWN")
    assert browser.here.mail.letters[-1].text == text
    enter(browser, addressed)
    assert browser.get(f"/me/receipts/{saved[1]}/text").text == text


def test_asking_many_times_at_once_opens_no_more_than_one_after_the_other(here: Here) -> None:
    member = here.add(1)
    at_once = MOST_OPEN_OF_A_MEMBER + 4
    together = Barrier(at_once)

    def ask(_: int) -> bool:
        together.wait()
        try:
            here.site.rights.ask_oneself(member.id, Kind.COMPLAINT, "words")
        except WrongValue:
            return False
        return True

    with ThreadPoolExecutor(at_once) as people:
        assert sum(people.map(ask, range(at_once))) == MOST_OPEN_OF_A_MEMBER


def test_the_address_of_before_is_told_that_it_was_changed(browser: Browser, addressed: Member) -> None:
    enter(browser, addressed)
    assert addressed.email is not None
    act(browser, "/me/contact", email=addressed.email, phone="020 7946 0000")
    assert browser.here.mail.letters == [], "the same address is no change"
    act(browser, "/me/contact", email="thief@example.test", phone="")
    (letter,) = browser.here.mail.letters
    assert letter.to == addressed.email
    assert "was changed" in letter.subject
    assert "thief" not in letter.text


@pytest.mark.parametrize("number", [10**30, -1, 0])
def test_a_receipt_that_cannot_be_is_not_there(browser: Browser, ada: Member, number: int) -> None:
    enter(browser, ada)
    assert browser.get(f"/me/receipts/{number}").status_code == 404
