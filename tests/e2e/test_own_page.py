"""A member's own page in a real browser: enrolled by link on a phone, withdrawn on /me, referred at the kiosk; and
every state of the page and of the requests' console as anybody may see it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from stile.domain.passage import Outcome, ReferReason
from stile.domain.rights_request import Kind
from tests.e2e.conftest import WATCH_CAMERA, Faked
from tests.e2e.test_accessibility import PHONE, Look
from tests.e2e.test_the_way_in import enrol

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True) as made:  # type: ignore[arg-type]
        made.set_default_timeout(15_000)
        made.add_init_script(WATCH_CAMERA)
        yield made


@pytest.fixture
def look(context: BrowserContext) -> Look:
    return Look(context.new_page())


def own_page(page: Page, served: Faked, number: str) -> None:
    page.goto(served.site.own_page.link(served.site.membership.by_number(number).id, "test", sent=True))
    page.get_by_role("button", name="Open my page").click()
    page.wait_for_url("**/me")


def scan(page: Page, says: str) -> None:
    page.get_by_role("button", name="Scan my face").click()
    expect(page.get_by_role("heading", name=says)).to_be_visible(timeout=20_000)
    expect(page.get_by_role("button", name="Scan my face")).to_be_visible(timeout=20_000)


def test_enrolled_by_link_withdrawn_on_me_and_referred_at_the_kiosk(
    served: Faked, phone: BrowserContext, context: BrowserContext
) -> None:
    served.eyes.who = 2
    served.add(who=2)  # so that the lane goes on looking at faces
    served.eyes.who = 1
    member = served.add(who=1, enrolled=False)
    page, kiosk = phone.new_page(), context.new_page()
    enrol(page, served, member, all_five=False)
    served.pair(kiosk)
    scan(kiosk, "Welcome, Ada")

    own_page(page, served, member.number)
    expect(page.get_by_role("heading", name="You come in by face, or by card")).to_be_visible()
    another = phone.new_page()
    another.goto(f"{served.base}/me")
    page.get_by_role("button", name="Withdraw my consent").click()
    expect(page.get_by_role("heading", name="Your consent is withdrawn")).to_be_visible()
    expect(page.get_by_text("1 template and its key")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save it as a file").click()
    assert "RECEIPT: CONSENT WITHDRAWN" in saved.value.path().read_text()
    # The other page that was open is over by itself.
    expect(another.get_by_role("heading", name="You come in by card")).to_be_visible(timeout=5_000)

    scan(kiosk, "Please use your card")
    with served.site.store.read() as work:
        referred, admitted = work.passages.latest(2)
    assert (referred.outcome, referred.reason, referred.member) == (Outcome.REFER, ReferReason.NO_MATCH, None)
    assert (admitted.outcome, admitted.member) == (Outcome.ADMIT, member.id)


def test_the_own_page_for_everybody(served: Faked, look: Look) -> None:
    page = look.page
    page.goto(f"{served.base}/me")
    look.at("sign in, without mail")
    member = served.add()
    served.site.admit_by_card.present(served.lane, "5500001")
    served.site.looked.at(member.id, "system", "member page")
    page.goto(served.site.own_page.link(member.id, "test"))
    look.at("open the link")
    page.get_by_role("button", name="Open my page").click()
    page.get_by_role("heading", name="You came by a link that reception showed").wait_for()
    look.at("by a link that was shown")
    own_page(page, served, member.number)
    page.get_by_text("What you agreed to").click()
    page.get_by_text("Everything that was done").click()
    look.at("enrolled")
    page.get_by_label("Telephone").fill("12")
    page.get_by_role("button", name="Save").click()
    look.at("contact, wrong")
    page.goto(f"{served.base}/me/ask/complaint")
    look.at("complain")
    page.get_by_label("What went wrong?").fill("The queue.")
    page.get_by_role("button", name="Send it to us").click()
    look.at("asked")
    page.get_by_role("button", name="Set it aside").click()
    look.at("set aside")
    page.get_by_role("button", name="Withdraw my consent").click()
    page.wait_for_url("**/receipts/*")
    look.at("receipt")
    page.get_by_role("link", name="Back to your data").click()
    look.at("card only")
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{served.base}/me/enter/unknown")
    look.at("a link that does not work")
    assert look.found == []
    assert len(look.seen) == 11


def test_the_requests_for_everybody(served: Faked, look: Look) -> None:
    page = look.page
    served.sign_in(page)
    page.goto(f"{served.base}/console/rights")
    look.at("empty")
    member = served.add()
    page.goto(f"{served.base}/desk/requests/new")
    look.at("enter one")
    page.get_by_label("Membership number").fill("unknown")
    page.get_by_label("What is asked for").select_option("access")
    page.get_by_role("button", name="Enter it").click()
    look.at("enter one, wrong")
    page.get_by_label("Membership number").fill(member.number)
    page.get_by_role("button", name="Enter it").click()
    page.wait_for_url("**/console/rights/*")
    for summary in page.locator("summary").all():
        summary.click()
    look.at("one request")
    page.get_by_role("link", name="Acknowledge").click()
    look.at("letter")
    served.site.rights.ask_oneself(member.id, Kind.COMPLAINT, "The queue.")
    page.goto(f"{served.base}/console/rights")
    look.at("list")
    page.goto(f"{served.base}/desk/members/{member.id}")
    page.get_by_role("button", name="Show the way to their page").click()
    look.at("the way to their page")
    assert look.found == []
    assert len(look.seen) == 7
