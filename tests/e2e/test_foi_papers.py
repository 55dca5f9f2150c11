"""A workbook with a hidden sheet does not go out: its clean copy does, by e-mail, and is published without who asked.
Every page on the way is looked at."""

import csv
import io
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from stile.application.answer_foi import Incoming
from stile.domain.foi import State, Step
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.request import FoiRequest, Requester
from tests.adapters.papers.made import workbook
from tests.adapters.papers.test_looking import hidden_sheet
from tests.e2e.conftest import Faked
from tests.e2e.test_accessibility import TABLET, Look

pytestmark = pytest.mark.browser


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def asked(served: Faked) -> FoiRequest:
    """Its answer is drafted."""
    desk = served.site.answer_foi
    one = desk.log(
        Incoming(
            "1. How many came in by face? My address is ada@b.example.",
            served.site.clock.today(),
            requester=Requester("Ada Byron", "ada@b.example"),
        ),
        "test",
    )
    for step in (Step.ACCEPT, Step.SEARCH, Step.DRAFT):
        desk.take(one.ref, step, "test")
    desk.draft(one.ref, "test")
    desk.edit(one.ref, {1: ("They are in the table.", Held.HELD)}, "test", after=1)
    return one


def test_from_a_workbook_to_the_disclosure_log(served: Faked, browser: Browser, tmp_path: Path) -> None:
    request, desk = asked(served), served.site.answer_foi
    with browser.new_context(viewport=TABLET) as context:  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        page = context.new_page()
        look = Look(page)
        served.sign_in(page)
        at = f"{served.base}/console/foi/{request.id}"
        page.goto(at)
        page.get_by_role("link", name="Papers and redaction").click()
        look.at("no papers")
        give(page, "figures.xlsx", b"no workbook")
        expect(page.get_by_role("alert")).to_contain_text("damaged")
        look.at("not a paper")
        give(page, "figures.xlsx", workbook(hidden_sheet))
        expect(page.get_by_text("A hidden sheet")).to_be_visible()
        look.at("held")
        page.get_by_role("button", name="Make CSV of what is seen").click()
        expect(page.get_by_text("A copy was made that holds only what a reader sees.")).to_be_visible()
        let_through(page, look)
        look.at("nothing is open")
        for step in (Step.CHECK, Step.CLEAR, Step.SEND):
            desk.take(request.ref, step, "test")
        page.reload()
        with page.expect_download() as taken:
            press(page, "Take the e-mail")
        message = message_from_bytes(taken.value.path().read_bytes(), policy=policy.default)
        [_, paper] = message.iter_attachments()
        assert paper.get_filename() == "figures - Attempts.csv"
        look.at("sent")
        publishes(page, look, at)
        assert desk.get(request.ref).state is State.LOGGED
        page.goto(f"{served.base}/console/foi/statistics")
        expect(page.get_by_role("heading", name="By quarter")).to_be_visible()
        look.at("statistics")
        with page.expect_download() as taken:
            page.get_by_role("link", name="CSV").first.click()
        table = taken.value.path().read_text("utf-8-sig")
        assert [one["granted_in_full"] for one in csv.DictReader(io.StringIO(table))] == ["1"]
    assert look.found == []
    is_read_by_everybody(served, browser, request)


def give(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Give a paper").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    press(page, "Look into it")


def let_through(page: Page, look: Look) -> None:
    """Whatever words were found in the table, each with a reason."""
    while page.locator("summary", has_text="Let it through").count():
        one = page.locator(".papers-found li").first
        one.locator("summary").click()
        if not look.seen or look.seen[-1] != "a reason":
            look.at("a reason")
        one.get_by_label("Why may it go out?").fill("Managers answer for their centres in public.")
        one.get_by_role("button", name="Let it through").click()
        expect(page.get_by_text("It may go out, for the reason that you gave.")).to_be_visible()


def publishes(page: Page, look: Look, at: str) -> None:
    page.goto(at)
    page.get_by_role("link", name="Enter it into the disclosure log").click()
    expect(page.get_by_role("heading", name="Must come out first")).to_be_visible()
    look.at("who asked stands in the question")
    page.get_by_label("Title").fill("People who came in by face")
    press(page, "Publish it")
    expect(page.get_by_role("alert")).to_contain_text("the requester's name or address")
    page.get_by_label("Question 1").fill("How many came in by face?")
    press(page, "Publish it")
    expect(page.get_by_text("It is published")).to_be_visible()
    look.at("published")


def is_read_by_everybody(served: Faked, browser: Browser, request: FoiRequest) -> None:
    with browser.new_context(viewport=TABLET) as context:  # type: ignore[arg-type]
        page = context.new_page()
        look = Look(page)
        page.goto(f"{served.base}/transparency/disclosure-log")
        look.at("the disclosure log")
        page.get_by_role("link", name="People who came in by face").click()
        expect(page.get_by_role("heading", name="People who came in by face")).to_be_visible()
        look.at("an entry")
        with page.expect_download() as taken:
            page.get_by_role("link", name="figures - Attempts.csv").click()
        assert b"Pool,1200" in taken.value.path().read_bytes()
        assert "b.example" not in page.content()
        assert context.cookies() == []
        served.site.disclosing.withdraw(request.ref, "test")
        page.goto(f"{served.base}/transparency/disclosure-log")
        expect(page.get_by_text("No answer has been published yet.")).to_be_visible()
        look.at("an empty log")
        assert look.found == []
