"""The pages of papers and redaction, the disclosure log and the statistics."""

import csv
import io
from email import message_from_bytes, policy
from typing import Any

import pytest

from stile.adapters.documents.papers.apart import PaperReaderApart
from stile.adapters.documents.papers.reader import HerePaperReader
from stile.application.answer_foi import Incoming
from stile.domain.foi import State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.request import FoiRequest, Requester
from stile.domain.roles import Role
from tests.adapters.papers.made import workbook
from tests.adapters.papers.test_looking import hidden_sheet
from tests.conftest import Here
from tests.web_client import Browser, hidden

ADA = Requester("Ada Byron", "ada@b.example")
QUESTION = "How many people came in by face?"


@pytest.fixture(autouse=True)
def look_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process: `test_hostile` has the other one."""
    here = HerePaperReader()
    monkeypatch.setattr(PaperReaderApart, "look", lambda _, *given: here.look(*given))
    monkeypatch.setattr(PaperReaderApart, "clean", lambda _, name, content: here.clean(name, content))


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


@pytest.fixture
def asked(here: Here) -> FoiRequest:
    desk = here.site.answer_foi
    one = desk.log(Incoming(f"1. {QUESTION}", here.clock.today(), requester=ADA), "test")
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        desk.take(one.ref, step, "test")
    desk.draft(one.ref, "test")
    desk.edit(one.ref, {1: ("They are in the table.", Held.HELD)}, "test", after=1)
    return desk.get(one.ref)


def send(here: Here, asked: FoiRequest) -> None:
    for step in (Step.CHECK, Step.CLEAR, Step.SEND):
        here.site.answer_foi.take(asked.ref, step, "test")


def give(browser: Browser, asked: FoiRequest, name: str, content: bytes) -> Any:
    csrf = hidden(browser.get(f"/console/foi/{asked.id}/papers").text, "csrf")
    return browser.post(
        f"/console/foi/{asked.id}/papers", {"csrf": csrf}, files={"file": (name, io.BytesIO(content))}
    )


def at(asked: FoiRequest) -> str:
    return f"/console/foi/{asked.id}"


# --- papers and redaction -----------------------------------------------------------------------------------


def test_a_workbook_becomes_csv_and_its_columns_are_decided(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    assert give(browser, asked, "figures.xlsx", workbook(hidden_sheet)).status_code == 303
    page = browser.get(f"{at(asked)}/papers").text
    assert "The answer is held: 2 things" in page
    assert "A hidden sheet" in page
    assert "Let it through" not in page, "what a file hides is never let through"
    assert "It is held: 2 things" in browser.get(at(asked)).text
    [book] = here.site.foi_papers.of(asked.ref)
    browser.submit(f"{at(asked)}/papers/{book.id}/clean")
    book, copy = here.site.foi_papers.of(asked.ref)
    assert book.set_aside
    page = browser.get(f"{at(asked)}/papers").text
    assert "made from figures.xlsx" in page
    for one in here.site.foi_gate.look(asked.ref).open:
        assert "Let it through" in page
        refused = browser.submit(f"{at(asked)}/papers/pass", of=one.of, key=one.finding.key, reason=" ")
        assert refused.status_code == 422
        assert "Please say why it may go out" in refused.text
        browser.submit(
            f"{at(asked)}/papers/pass", of=one.of, key=one.finding.key, reason="They answer in public."
        )
    page = browser.get(f"{at(asked)}/papers").text
    assert "Nothing is open" in page
    assert "They answer in public." in page
    taken = browser.get(f"{at(asked)}/papers/{copy.id}")
    assert taken.headers["content-disposition"] == 'attachment; filename="figures - Attempts.csv"'
    assert "sandbox" in taken.headers["content-security-policy"], "whoever made it, it runs nothing here"
    assert list(csv.reader(io.StringIO(taken.content.decode("utf-8-sig"))))[1] == [
        "Pool",
        "1200",
        "Ada Byron",
    ]


def test_what_is_no_paper_is_told_beside_the_field(browser: Browser, asked: FoiRequest) -> None:
    answer = give(browser, asked, "a.exe", b"MZ")
    assert answer.status_code == 422
    assert "Papers are XLSX, DOCX" in answer.text
    assert 'aria-invalid="true" aria-describedby="problem"' in answer.text
    assert browser.submit(f"{at(asked)}/papers").status_code == 422
    assert give(browser, asked, "a.csv", b"x" * (10 * 1024 * 1024 + 1)).status_code == 422


def test_a_paper_is_set_aside_taken_back_and_removed(here: Here, browser: Browser, asked: FoiRequest) -> None:
    give(browser, asked, "table.csv", b"Centre,Attempts\nPool,1")
    [paper] = here.site.foi_papers.of(asked.ref)
    browser.submit(f"{at(asked)}/papers/{paper.id}/aside")
    assert here.site.foi_papers.of(asked.ref)[0].set_aside
    browser.submit(f"{at(asked)}/papers/{paper.id}/aside", back="yes")
    assert not here.site.foi_papers.of(asked.ref)[0].set_aside
    browser.submit(f"{at(asked)}/papers/{paper.id}/remove")
    assert here.site.foi_papers.of(asked.ref) == []
    assert browser.get(f"{at(asked)}/papers/{paper.id}").status_code == 404


def test_what_was_approved_takes_no_paper_and_goes_by_email(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    give(browser, asked, "table.csv", b"Centre,Attempts\nPool,1")
    early = browser.submit(f"{at(asked)}/email")
    assert early.status_code == 422
    assert "It has not been approved yet" in early.text
    send(here, asked)
    page = browser.get(f"{at(asked)}/papers").text
    assert 'type="file"' not in page
    [paper] = here.site.foi_papers.of(asked.ref)
    assert browser.submit(f"{at(asked)}/papers/{paper.id}/remove").status_code == 422
    answer = browser.submit(f"{at(asked)}/email")
    assert answer.headers["content-type"] == "message/rfc822"
    message = message_from_bytes(answer.content, policy=policy.default)
    assert message["to"] == "Ada Byron <ada@b.example>"
    assert [one.get_filename() for one in message.iter_attachments()] == [
        f"{asked.ref}.pdf",
        "table.csv",
    ]


def test_who_only_sees_changes_nothing(here: Here, asked: FoiRequest) -> None:
    give(signed_in(here), asked, "table.csv", b"Surname\nByron")
    here.site.accounts.change_roles(
        None, here.site.accounts.by_name("admin").id, {Role.AUDITOR, Role.MANAGER}
    )
    browser = signed_in(here)
    page = browser.get(f"{at(asked)}/papers").text
    assert "table.csv" in page
    assert "Let it through" not in page
    assert 'type="file"' not in page


def signed_in(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


# --- the disclosure log ----------------------------------------------------------------------------------------


def wording(**more: str) -> dict[str, str]:
    return {"title": "People who came in by face", "question_1": QUESTION, "papers": "yes"} | more


def test_an_answer_is_published_without_who_asked(here: Here, browser: Browser, asked: FoiRequest) -> None:
    give(browser, asked, "table.csv", b"Centre,Attempts\nPool,1")
    page = browser.get(f"{at(asked)}/publish").text
    assert "it has not been answered yet" in page
    assert browser.submit(f"{at(asked)}/publish", **wording()).status_code == 422
    send(here, asked)
    held = browser.submit(f"{at(asked)}/publish", **wording(question_1="I, Ada Byron, ask: how many?"))
    assert held.status_code == 422
    assert "Not published: the requester&#39;s name or address in question 1" in held.text
    assert "I, Ada Byron, ask: how many?" in held.text, "what was typed is not lost"
    assert browser.submit(f"{at(asked)}/publish", **wording()).status_code == 303
    assert here.site.answer_foi.get(asked.ref).state is State.LOGGED
    everybody = Browser(here)
    listed = everybody.get("/transparency/disclosure-log").text
    assert "People who came in by face" in listed
    entry = everybody.get(f"/transparency/disclosure-log/{asked.ref}").text
    assert "They are in the table." in entry
    assert "Ada" not in listed + entry
    assert "b.example" not in listed + entry
    paper = everybody.get(f"/transparency/disclosure-log/{asked.ref}/papers/table.csv")
    assert (paper.content, paper.headers["content-type"]) == (
        b"Centre,Attempts\nPool,1",
        "text/csv; charset=utf-8",
    )
    assert everybody.get(f"/transparency/disclosure-log/{asked.ref}/papers/other.csv").status_code == 404
    assert everybody.get("/transparency/disclosure-log/none").status_code == 404
    assert not everybody.client.cookies


def test_a_published_answer_is_worded_anew_and_withdrawn(
    here: Here, browser: Browser, asked: FoiRequest
) -> None:
    send(here, asked)
    browser.submit(f"{at(asked)}/publish", **wording())
    browser.submit(f"{at(asked)}/publish", **wording(title="Faces"))
    assert "Faces" in Browser(here).get("/transparency/disclosure-log").text
    browser.submit(f"{at(asked)}/publish/withdraw")
    assert "Faces" in Browser(here).get("/transparency/disclosure-log").text
    browser.submit(f"{at(asked)}/publish/withdraw", sure="yes")
    assert "No answer has been published yet" in Browser(here).get("/transparency/disclosure-log").text


# --- statistics --------------------------------------------------------------------------------------------------


def test_statistics_are_shown_and_taken_away(here: Here, browser: Browser, asked: FoiRequest) -> None:
    send(here, asked)
    page = browser.get("/console/foi/statistics").text
    quarter = f"{asked.received.year} Q{(asked.received.month + 2) // 3}"
    assert quarter in page
    answer = browser.get("/console/foi/statistics/quarters.csv")
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["period"], row["answered_within_20_days"], row["granted_in_full"]) == (quarter, "1", "1")
    assert browser.get("/console/foi/statistics/years.csv").content.count(b"\r\n") == 2
    assert browser.get("/console/foi/statistics?since=1999-01-01").status_code == 422


def test_no_request_is_said(browser: Browser) -> None:
    assert "No request was received in this time" in browser.get("/console/foi/statistics").text
