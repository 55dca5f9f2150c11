"""The member's own link: notice, question, pictures. Nothing is recorded that was not agreed to."""

import time
from dataclasses import replace

import pytest
from starlette.websockets import WebSocketDisconnect

from stile.application.notice import notice
from stile.domain.member import Member
from stile.entrypoints.web.views.enrol_socket import BETWEEN_SHOTS
from tests.conftest import Here
from tests.web_client import Browser, Line


@pytest.fixture
def browser(here: Here) -> Browser:
    return Browser(here)


@pytest.fixture
def member(here: Here) -> Member:
    return here.add(1)


@pytest.fixture
def link(here: Here, member: Member) -> str:
    return f"/enrol/{here.site.enrol.invite(member.id, 'test')}"


def agree(browser: Browser, link: str) -> None:
    assert browser.post(f"{link}/consent", {"agree": "yes"}).headers["location"] == f"{link}/pictures"


def take(line: Line, who: int, shots: int) -> None:
    line.hear("shot")
    for n in range(shots):
        time.sleep(BETWEEN_SHOTS if n else 0)
        line.show(who, variation=n)
        assert line.hear("shot")["taken"] == n + 1


def is_enrolled(here: Here, member: Member) -> bool:
    with here.site.store.read() as work:
        return work.templates.has(member.id, here.pool.pack)


def consents(here: Here, member: Member) -> bool:
    with here.site.store.read() as work:
        return work.consents.live_of(member.id) is not None


def test_the_question_comes_with_an_empty_box_and_two_equal_answers(browser: Browser, link: str) -> None:
    page = browser.get(link).text
    assert "checked" not in page
    assert page.index("You can always use your card instead") < page.index("I agree, take my pictures")
    for words, form in (("I agree, take my pictures", "agree"), ("No thank you, I will use my card", "no")):
        assert f'<button class="button button-large button-outline" form="{form}">{words}</button>' in page


def test_without_the_tick_nothing_is_recorded(
    here: Here, browser: Browser, member: Member, link: str
) -> None:
    answer = browser.post(f"{link}/consent")
    assert answer.status_code == 422
    assert "tick the box" in answer.text
    assert not consents(here, member)


def test_no_camera_page_and_no_line_before_the_consent(browser: Browser, link: str) -> None:
    assert browser.get(f"{link}/pictures").headers["location"] == link
    with browser.line(f"{link}/ws") as line:
        assert "has not consented" in line.hear("stopped")["detail"]
        with pytest.raises(WebSocketDisconnect):
            line.hear("shot")


def test_a_member_enrols_and_comes_in(here: Here, browser: Browser, member: Member, link: str) -> None:
    agree(browser, link)
    assert browser.get(f"{link}/pictures").status_code == 200
    with browser.line(f"{link}/ws") as line:
        take(line, 1, 3)
        line.ask("finish")
        assert line.hear("done")["headline"] == "You are enrolled"
    assert is_enrolled(here, member)
    assert here.come(1).door_opened
    with here.site.store.read() as work:
        consent = work.consents.live_of(member.id)
    assert consent is not None
    assert consent.notice_sha256 == notice("Test Operator", None).sha256, "exactly the words that were shown"


def test_five_pictures_are_enough_by_themselves(
    here: Here, browser: Browser, member: Member, link: str
) -> None:
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        take(line, 1, 5)
        line.hear("done")
    assert is_enrolled(here, member)


def test_pictures_of_a_picture_are_not_made_into_a_template(
    here: Here, browser: Browser, member: Member, link: str
) -> None:
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        line.hear("shot")
        for n in range(3):
            time.sleep(BETWEEN_SHOTS if n else 0)
            line.show(1, variation=n, bona_fide=0.1)
            line.hear("shot")
        line.ask("finish")
        assert "for a live face" in line.hear("stopped")["detail"]
    assert not is_enrolled(here, member)


def test_coaching_says_what_to_do_and_counts_nothing(browser: Browser, link: str) -> None:
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        assert line.hear("shot") == {
            "taken": 0,
            "needed": 3,
            "most": 5,
            "prompt": "Look straight at the camera",
            "advice": None,
        }
        line.show()
        assert line.hear("shot")["advice"] == "Look at the camera"
        line.show(1, 2)
        assert line.hear("shot")["advice"] == "One person at a time, please"
        line.socket.send_bytes(b"no picture")
        told = line.hear("shot")
        assert (told["taken"], told["advice"]) == (0, "One moment, the picture did not arrive well")


def test_pictures_in_quick_succession_count_once(here: Here, browser: Browser, link: str) -> None:
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        take(line, 1, 1)
        looked = here.pool.eyes.calls["detect"]
        line.show(1, variation=7)
        assert line.hear("shot")["taken"] == 1
        assert here.pool.eyes.calls["detect"] == looked


def test_a_page_that_goes_takes_its_pictures_with_it(
    here: Here, browser: Browser, member: Member, link: str
) -> None:
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        take(line, 1, 2)
    with browser.line(f"{link}/ws") as line:
        assert line.hear("shot")["taken"] == 0
    assert not is_enrolled(here, member)


def test_finishing_too_early_is_not_understood(browser: Browser, link: str) -> None:
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        line.hear("shot")
        line.ask("finish")
        with pytest.raises(WebSocketDisconnect) as gone:
            line.hear("done")
    assert gone.value.code == 4400


def test_a_face_of_another_member_is_told_kindly(
    here: Here, browser: Browser, member: Member, link: str
) -> None:
    here.enrol(2, "Grace")
    agree(browser, link)
    with browser.line(f"{link}/ws") as line:
        take(line, 2, 3)
        line.ask("finish")
        told = line.hear("stopped")["detail"]
    assert "another membership" in told
    assert "Grace" not in told
    assert not is_enrolled(here, member)


def test_a_model_that_fails_is_told_kindly(here: Here, browser: Browser, link: str) -> None:
    agree(browser, link)
    here.pool.eyes.breaks = True
    with browser.line(f"{link}/ws") as line:
        line.hear("shot")
        line.show(1)
        told = line.hear("stopped")["detail"]
    assert "Your card works" in told
    assert "might hold a face" not in told


def test_no_thank_you_records_nothing(here: Here, browser: Browser, member: Member, link: str) -> None:
    with here.site.store.read() as work:
        before = len(list(work.audit.entries()))
    answer = browser.post(f"{link}/no")
    assert answer.status_code == 200
    assert "That is fine, Ada" in answer.text
    with here.site.store.read() as work:
        assert len(list(work.audit.entries())) == before
    assert browser.get(link).status_code == 200, "the link still works"


def test_changing_ones_mind_withdraws(here: Here, browser: Browser, member: Member, link: str) -> None:
    agree(browser, link)
    assert consents(here, member)
    assert "is withdrawn" in browser.post(f"{link}/no").text
    assert not consents(here, member)


def test_without_a_model_pack_nobody_is_asked(here: Here, member: Member, link: str) -> None:
    here.site = replace(here.site, pool=None)
    answer = Browser(here).get(link)
    assert answer.status_code == 503
    assert "Your card works" in answer.text


def test_a_link_that_does_not_work_says_what_to_do(browser: Browser) -> None:
    answer = browser.get("/enrol/unknown")
    assert answer.status_code == 404
    assert "Please ask reception for a new one" in answer.text
