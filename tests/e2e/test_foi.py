"""A request for information goes its whole way in the browser: asked by a stranger, drafted from the register,
completed, checked, approved by somebody else, taken away as a letter, and reviewed. Every page on it is looked at."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from stile.application.answer_foi import Incoming
from stile.application.staff.sessions import NOBODY_KNOWN
from stile.domain.foi import State
from stile.domain.foi_desk.request import Channel, Requester
from stile.domain.roles import Role
from tests.e2e.conftest import Faked
from tests.e2e.test_accessibility import TABLET, Look

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
QUESTIONS = """1. Do you use facial recognition technology?
2. Please provide the date of use, location and purpose.
3. What colour are the doors?"""


def come_in(served: Faked, context: BrowserContext, name: str, role: Role) -> Look:
    """A member of staff, signed in."""
    invited = served.site.accounts.add(None, name, frozenset((role,)))
    page = context.new_page()
    served.site.joining.with_password(invited.token, PASSWORD, NOBODY_KNOWN)
    page.goto(f"{served.base}/sign-in")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return Look(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_request_goes_its_whole_way(served: Faked, browser: Browser, tmp_path: Path) -> None:
    stranger_s, officer_s, manager_s = (browser.new_context(viewport=TABLET) for _ in range(3))  # type: ignore[arg-type]
    for one in (stranger_s, officer_s, manager_s):
        one.set_default_timeout(15_000)
    ref = asks(served, Look(stranger_s.new_page()), stranger_s)
    officer = come_in(served, officer_s, "Olive", Role.INFORMATION)
    manager = come_in(served, manager_s, "Max", Role.MANAGER)
    drafts(served, officer, ref)
    completes(officer)
    approves(manager, ref, served)
    takes_away(officer, tmp_path)
    is_reviewed(officer, manager)
    assert [look.found for look in (officer, manager)] == [[], []]
    request = served.site.answer_foi.get(ref)
    assert request.state is State.CLOSED
    for one in (stranger_s, officer_s, manager_s):
        one.close()


def asks(served: Faked, look: Look, context: BrowserContext) -> str:
    """By the public form, first without a name; what was typed stays."""
    page = look.page
    page.goto(f"{served.base}/transparency/ask")
    look.at("the public form")
    page.get_by_label("What would you like to know?").fill(QUESTIONS)
    page.get_by_label("Where should the answer go?").fill("1 High Street, Townford")
    page.get_by_label("Your name").fill(" ")
    press(page, "Send the request")
    expect(page.get_by_text("Please give your name")).to_be_visible()
    look.at("the public form without a name")
    expect(page.get_by_label("What would you like to know?")).to_have_value(QUESTIONS)
    page.get_by_label("Your name").fill("Ada Lovelace")
    press(page, "Send the request")
    expect(page.get_by_role("heading", name="We have your request")).to_be_visible()
    look.at("the reference")
    assert context.cookies() == [], "nobody who asks is followed"
    assert look.found == []
    [asked] = served.site.answer_foi.all()
    expect(page.get_by_text(asked.ref).first).to_be_visible()
    return asked.ref


def drafts(served: Faked, look: Look, ref: str) -> None:
    page = look.page
    page.goto(f"{served.base}/console/foi")
    look.at("the list")
    page.set_viewport_size({"width": 820, "height": 900})
    hidden = "one => one.scrollWidth - one.clientWidth"
    assert page.locator(".foi-list").evaluate(hidden) == 0, "how late one is stands last, and is not cut off"
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    page.get_by_role("link", name=ref).click()
    look.at("a request that came in")
    page.get_by_role("link", name="Acknowledge it").click()
    look.at("an acknowledgement")
    press(page, "It went another way: note it")
    expect(page.get_by_text("Noted.")).to_be_visible()
    press(page, "Accept it")
    page.get_by_role("link", name="Send a fees notice").click()
    page.get_by_label("Copies or printing").fill("6.20")
    press(page, "Work it out")
    look.at("what it costs")
    page.get_by_role("link", name="Ask for nothing").click()
    press(page, "Begin the search")
    press(page, "Draft from the register")
    expect(page.get_by_text("Drafted from the register.")).to_be_visible()
    cited = page.get_by_label("What the answer to question 2 rests on").get_by_role("link").first
    cited.click()
    page.wait_for_url("**/console/register/entries/*")
    page.go_back()


def completes(look: Look) -> None:
    """The officer's own answer, a refusal, and what the check finds."""
    page = look.page
    page.get_by_role("link", name="Change the answer").click()
    look.at("the answer's words")
    third = page.get_by_role("group", name="Question 3")
    third.locator("textarea").fill("They are blue. Ask j.smith@council.example for a picture.")
    third.get_by_label("Is it held?").select_option("held")
    press(page, "Save as a new version")
    expect(page.get_by_text("Saved as a new version.")).to_be_visible()
    page.get_by_role("link", name="Refuse question 1").click()
    page.get_by_label("Exemption").select_option("s. 43(2)")
    press(page, "Go on")
    page.get_by_label("Why it applies").fill("It would show what was paid.")
    page.get_by_label("The public interest").fill("Competition at the next tender weighs more.")
    look.at("a refusal")
    press(page, "Put it into the answer")
    expect(page.get_by_text("Refused: s. 43(2)")).to_be_visible()
    page.get_by_role("link", name="What was changed, version by version").click()
    look.at("the versions")
    page.go_back()
    page.get_by_role("link", name="Change the refusal of question 1").click()
    press(page, "Take the refusal back")
    expect(page.get_by_text("Refused: s. 43(2)")).to_have_count(0)
    press(page, "Check it")
    press(page, "Nothing is left: to approval")
    expect(page.get_by_role("alert").get_by_text("e-mail address")).to_be_visible()
    for details in page.locator("details").all():
        details.evaluate("(one) => { one.open = true; }")
    look.at("a request that is held, everything open")
    page.get_by_label("What has to come out").fill("An address in question 3.")
    press(page, "Something must come out")
    page.get_by_role("link", name="Change the answer").click()
    page.get_by_role("group", name="Question 3").locator("textarea").fill("They are blue.")
    press(page, "Save as a new version")
    press(page, "Check it")
    press(page, "Nothing is left: to approval")
    expect(page.get_by_text("It waits for somebody who may approve")).to_be_visible()
    expect(page.get_by_role("button", name="Approve: it goes")).to_have_count(0)
    look.at("waiting for approval")


def approves(look: Look, ref: str, served: Faked) -> None:
    page = look.page
    page.goto(f"{served.base}/console/foi")
    page.get_by_role("link", name=ref).click()
    page.get_by_role("link", name="Read the letter").click()
    expect(page.get_by_role("article").get_by_text("They are blue.")).to_be_visible()
    look.at("the letter")
    page.go_back()
    look.at("to be approved")
    press(page, "Approve: it goes")
    expect(page.get_by_text("Sent", exact=True)).to_be_visible()


def takes_away(look: Look, folder: Path) -> None:
    page = look.page
    page.reload()
    page.get_by_role("link", name="Read the letter").click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="PDF").click()
    kept = folder / "letter.pdf"
    waiting.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF-")
    page.go_back()
    expect(page.get_by_role("link", name="Change the answer")).to_have_count(0)


def is_reviewed(officer: Look, manager: Look) -> None:
    page = officer.page
    page.locator("summary", has_text="They ask for a review").click()
    page.get_by_label("What they wrote").first.fill("Which blue?")
    press(page, "They ask for a review")
    expect(page.get_by_role("heading", name="The review’s clock")).to_be_visible()
    officer.at("under review")
    page = manager.page
    page.reload()
    page.get_by_role("link", name="Answer the review").click()
    words = page.locator("textarea")
    words.fill(words.input_value().replace("[whether", "whether").replace("differently]", "differently"))
    manager.at("the outcome of a review")
    press(page, "It went another way: note it")
    expect(page.get_by_text("Closed", exact=True)).to_be_visible()


def test_an_e_mail_is_logged_and_what_is_over_is_found(served: Faked, look: Look) -> None:
    today = served.site.clock.today()
    served.site.answer_foi.log(
        Incoming("Which colour has the front door?", today, Channel.LETTER, Requester("Grace", "1 Road")),
        "test",
    )
    page = look.page
    served.sign_in(page)
    page.goto(f"{served.base}/console/foi/new")
    look.at("log a request")
    head = "From: Ada <ada@example.org>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n"
    mail = f"{head}\r\nWhich colour has the front door?\r\n"
    page.get_by_label("The e-mail").set_input_files(
        {"name": "request.eml", "mimeType": "message/rfc822", "buffer": mail.encode()}
    )
    press(page, "Read the e-mail")
    expect(page.get_by_label("Where the answer goes")).to_have_value("ada@example.org")
    look.at("an e-mail that was read")
    press(page, "Log it")
    expect(page.get_by_role("heading", name="Others asked much the same")).to_be_visible()
    look.at("a request like another")
    assert look.found == []


@pytest.fixture
def look(context: BrowserContext) -> Look:
    return Look(context.new_page())
