"""Requests and complaints in the console: received however they come, walked along their table, answered in time."""

import io
import re
import zipfile
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from stile.domain.audit import Event
from stile.domain.ids import RequestId
from stile.domain.rights_request import CameBy, Kind, RightsRequest, State
from stile.ports.audit import Wanted
from tests.conftest import Here
from tests.web_client import Browser, hidden


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def submit(browser: Browser, path: str, **fields: str) -> httpx2.Response:
    csrf = hidden(browser.get("/desk/requests/new").text, "csrf")
    return browser.post(path, {"csrf": csrf, **fields})


def receive(browser: Browser, **fields: str) -> str:
    """The address of its page."""
    given = {"kind": "access", "came_by": "letter", "number": "1001", **fields}
    answer = submit(browser, "/desk/requests/new", **given)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"].split("?")[0])


def of(browser: Browser, page: str) -> RightsRequest:
    return browser.here.site.rights.get(RequestId(UUID(page.rsplit("/", 1)[1])))


def test_an_empty_list_says_what_to_do(browser: Browser) -> None:
    page = browser.get("/console/rights").text
    assert "Nothing is open." in page
    assert "Enter what comes by word, letter or e-mail" in page


def test_a_letter_is_entered_with_the_day_on_which_it_came(browser: Browser) -> None:
    browser.here.add(1)
    page = receive(browser, received="2026-10-20", words="All of it, please.")
    asked = of(browser, page)
    assert (asked.kind, asked.came_by, asked.words) == (Kind.ACCESS, CameBy.LETTER, "All of it, please.")
    shown = browser.get(page).text
    assert "18 days left" in shown
    assert "Answer by 20 November 2026" in shown
    listed = browser.get("/console/rights").text
    assert "Ada Example" in listed
    assert "18 days left" in listed


def test_what_cannot_be_entered_is_said_and_nothing_typed_is_lost(browser: Browser) -> None:
    wrong = {
        "number": {"number": "9999", "kind": "access", "came_by": "desk"},
        "choose what": {"number": "", "kind": "", "came_by": "desk"},
        "a day to come": {"kind": "access", "came_by": "desk", "who": "Ada", "received": "2026-12-01"},
        "who asks": {"kind": "access", "came_by": "desk"},
        "what is wrong": {"kind": "complaint", "came_by": "desk", "who": "Ada"},
    }
    for said, fields in wrong.items():
        answer = submit(browser, "/desk/requests/new", **fields, contact="4 Mill Lane")
        assert answer.status_code == 422
        assert said in answer.text
        assert "4 Mill Lane" in answer.text
    assert "Nothing is open." in browser.get("/console/rights").text


def test_overdue_is_marked_and_what_stops_the_clock_is_said(browser: Browser) -> None:
    browser.here.add(1)
    page = receive(browser)
    browser.here.clock.advance(timedelta(days=40).total_seconds())
    browser.sign_in()
    assert "mark-warn" in browser.get("/console/rights").text
    assert "10 days overdue" in browser.get(page).text
    other = receive(browser)
    submit(browser, f"{other}/step", step="ask for identity")
    shown = browser.get(other).text
    assert "Stopped: waiting for proof of identity" in shown
    assert "The month begins anew" in shown


def test_a_request_walks_along_its_table_and_no_other_way(browser: Browser) -> None:
    browser.here.add(1)
    page = receive(browser)
    assert submit(browser, f"{page}/step", step="clarified").status_code == 403
    no_ground = submit(browser, f"{page}/step", step="refuse", note="Because.")
    assert no_ground.status_code == 422
    assert "one of these grounds" in no_ground.text
    assert submit(browser, f"{page}/step", step="begin the search").status_code == 303
    submit(browser, f"{page}/step", step="extend", ground="complex", note="Ten years of paper.")
    shown = browser.get(page).text
    assert "Ten years of paper." in shown
    assert "2 February 2027" in shown
    assert "Extend by two months</button>" not in shown
    submit(browser, f"{page}/step", step="answer", note="Sent.")
    submit(browser, f"{page}/step", step="close")
    assert of(browser, page).state is State.CLOSED
    assert "Nothing more: it is closed." in browser.get(page).text


def test_the_audit_log_names_each_step_and_none_of_the_words(browser: Browser) -> None:
    ada = browser.here.add(1)
    page = receive(browser, words="My cousin's secret.")
    submit(browser, f"{page}/step", step="refuse", ground="excessive", note="The fourth this week.")
    with browser.here.site.store.read() as work:
        found = work.audit.find(Wanted(subjects=(str(ada.id),)))
    assert [one.event for one in found if one.event is not Event.MEMBER_SEEN][:2] == [
        Event.RIGHTS_STEP_TAKEN,
        Event.RIGHTS_REQUESTED,
    ]
    assert not [one for one in found if "secret" in one.facts or "fourth" in one.facts]


def test_who_reads_a_request_is_recorded(browser: Browser) -> None:
    ada = browser.here.add(1)
    page = receive(browser)
    browser.get(page)
    with browser.here.site.store.read() as work:
        seen = work.audit.find(Wanted(events=(Event.MEMBER_SEEN,), subjects=(str(ada.id),)))
    assert seen[0].detail["what"] == "request"


def test_the_copy_for_an_access_request_is_the_one_on_the_members_page(browser: Browser) -> None:
    here = browser.here
    here.enrol(1)
    here.enrol(2, "Grace")
    here.come(1)
    page = receive(browser)
    answer = submit(browser, f"{page}/export")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as folder:
        assert set(folder.namelist()) == {"index.html", "data.json", "README.txt"}
        whole = "".join(folder.read(name).decode() for name in folder.namelist())
    assert "5500001" in whole
    assert "Grace" not in whole
    nobody = receive(browser, number="", who="A neighbour")
    assert "nobody whom Stile knows" in submit(browser, f"{nobody}/export").text


def test_a_template_is_set_aside_by_staff_for_who_asked_by_letter(browser: Browser) -> None:
    here = browser.here
    here.enrol(1)
    page = receive(browser, kind="restriction")
    submit(browser, f"{page}/set-aside")
    assert not here.come(1).door_opened
    submit(browser, f"{page}/set-aside", lift="yes")
    assert here.come(1).door_opened


def test_letters_say_what_the_law_wants_said(browser: Browser) -> None:
    browser.here.add(1)
    page = receive(browser)
    said = {
        "acknowledge": ("by 2 December 2026", "Dear Ada Example", "UK GDPR Art. 15"),
        "ask for identity": ("Your month begins on the day",),
        "ask for clarification": ("reasonable and proportionate",),
        "answer": ("ico.org.uk",),
        "refuse": ("a remedy in court", "ico.org.uk"),
    }
    for about, words in said.items():
        text = " ".join(browser.get(f"{page}/letters/{about}").text.split())
        for one in words:
            assert one in text, (about, one)
    assert browser.get(f"{page}/letters/outcome").status_code == 404
    erasure = receive(browser, kind="erasure")
    answer = " ".join(browser.get(f"{erasure}/letters/answer").text.split())
    assert "nothing is brought back from them" in answer, "what becomes of the backups"
    assert "index.html" not in answer
    complaint = receive(browser, kind="complaint", words="It was wrong.")
    assert "without undue delay" in " ".join(browser.get(f"{complaint}/letters/acknowledge").text.split())


def test_a_refusal_letter_holds_the_reason_that_was_given(browser: Browser) -> None:
    browser.here.add(1)
    page = receive(browser)
    submit(browser, f"{page}/step", step="refuse", ground="excessive", note="The fourth this week.")
    text = browser.get(f"{page}/letters/refuse").text
    assert "The fourth this week." in text
    assert "we find the request excessive" in text


# --- by mail ----------------------------------------------------------------------------------------------


def test_a_letter_is_mailed_its_step_taken_and_a_blank_left_in_it_refused(browser: Browser) -> None:
    page = receive(browser, number="", who="Ada", contact="ada@example.test")
    letter = f"{page}/letters/ask for clarification"
    written = re.search(r"<textarea[^>]*>(.*?)</textarea>", browser.get(letter).text, re.S)
    assert written is not None
    unfilled = submit(browser, letter, subject="Your request", text=written[1])
    assert "square brackets" in unfilled.text
    assert browser.here.mail.letters == []
    filled = re.sub(r"\[.*?\]", "your visits in May", written[1], flags=re.S)
    assert submit(browser, letter, subject="Your request", text=filled).status_code == 303
    assert browser.here.mail.letters[0].to == "ada@example.test"
    assert "your visits in May" in browser.here.mail.letters[0].text
    assert of(browser, page).state is State.CLARIFICATION_AWAITED


def test_a_letter_that_the_mail_server_refuses_takes_no_step(browser: Browser) -> None:
    page = receive(browser, number="", who="Ada", contact="ada@example.test")
    browser.here.mail.refuses = True
    answer = submit(browser, f"{page}/letters/ask for identity", subject="Your request", text="Who are you?")
    assert answer.status_code == 422
    assert "Who are you?" in answer.text
    assert of(browser, page).state is State.RECEIVED


def test_without_an_address_the_letter_is_there_to_copy(browser: Browser) -> None:
    browser.here.add(1)
    page = browser.get(f"{receive(browser)}/letters/acknowledge").text
    assert "Copy the words" in page
    assert "Send to" not in page
