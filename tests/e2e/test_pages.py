"""What the pages do in a real browser: keyboards, card readers, lost lines, live news, and no word against the
content security policy."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from stile.domain.places import Ask
from stile.domain.zone import Zone
from tests.e2e.conftest import Faked

pytestmark = pytest.mark.browser


EXPECTED = ("Failed to load resource", "Failed to fetch", "WebSocket connection to")
"""What a browser says of lost lines and of refusals, which some tests bring about."""


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which anything that the browser complains of fails the test."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(said in message.text for said in EXPECTED):
            complaints.append(message.text)

    page = context.new_page()
    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words)).to_be_visible()


def test_the_kiosk_lets_in_by_face_and_goes_back_to_asking(served: Faked, page: Page) -> None:
    served.add()
    served.pair(page)
    page.get_by_role("button", name="Scan my face").click()
    heading(page, "Welcome, Ada")
    assert page.evaluate("window.cameras.map((track) => track.readyState)") == ["ended"]
    heading(page, "Hello. How would you like to come in?")
    served.eyes.who = 500
    page.get_by_role("button", name="Scan my face").click()
    heading(page, "Please use your card")
    page.get_by_role("button", name="Use my card").click()
    heading(page, "Hold your card to the reader")
    assert served.site.doors.of(served.lane).status().openings == 1


def test_who_stands_on_the_mark_comes_in_without_a_touch(served: Faked, page: Page) -> None:
    served.add()
    everywhere = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
    served.site.setup.change_lane(served.lane.id, {"ask": Ask.ZONE, "zone": everywhere})
    served.pair(page)
    heading(page, "Welcome, Ada")
    heading(page, "Hello. How would you like to come in?")
    assert page.evaluate("window.cameras.map((track) => track.readyState)") == ["live"], (
        "it looks for the next one"
    )
    page.get_by_role("button", name="Use my card").click()
    page.keyboard.type("5500001")
    page.keyboard.press("Enter")
    heading(page, "Welcome, Ada")
    assert served.site.doors.of(served.lane).status().openings == 2


def test_where_a_number_comes_first_the_face_is_compared_with_it(served: Faked, page: Page) -> None:
    served.add()
    served.site.setup.change_lane(served.lane.id, {"ask": Ask.CARD_FIRST})
    served.pair(page)
    page.get_by_role("button", name="Scan my face").click()
    heading(page, "First your number")
    assert page.evaluate("window.cameras.length") == 0, "no camera before the number"
    page.keyboard.type("1001")
    page.keyboard.press("Enter")
    heading(page, "Welcome, Ada")


def test_turning_to_the_card_stops_the_camera_at_once(served: Faked, page: Page) -> None:
    served.add()
    served.pair(page)
    served.eyes.who = 0
    served.site.setup.change_lane(served.lane.id, {"frames": 10})
    page.get_by_role("button", name="Scan my face").click()
    expect(page.locator(".dot")).to_have_count(10)
    page.get_by_role("button", name="Use my card instead").click()
    heading(page, "Hold your card to the reader")
    assert page.evaluate("window.cameras.map((track) => track.readyState)") == ["ended"]
    for key in "5500001":
        page.get_by_role("button", name=key, exact=True).click()
    page.get_by_role("button", name="Enter").click()
    heading(page, "Welcome, Ada")


def test_a_card_reader_that_types_works_from_the_first_screen(served: Faked, page: Page) -> None:
    served.add(enrolled=False)
    served.pair(page)
    heading(page, "Hello. How would you like to come in?")
    expect(page.get_by_role("button", name="Scan my face")).to_be_hidden()
    page.keyboard.type("5500001")
    page.keyboard.press("Enter")
    heading(page, "Welcome, Ada")
    page.keyboard.type("5599999")
    page.keyboard.press("Enter")
    heading(page, "We do not know this card")


def test_the_kiosk_works_by_keyboard_alone(served: Faked, page: Page) -> None:
    served.add()
    served.pair(page)
    expect(page.get_by_role("button", name="Scan my face")).to_be_enabled()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Use my card")).to_be_focused()
    page.keyboard.press("Enter")
    heading(page, "Hold your card to the reader")
    page.keyboard.press("Escape")
    heading(page, "Hello. How would you like to come in?")
    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Scan my face")).to_be_focused()
    page.keyboard.press("Enter")
    heading(page, "Welcome, Ada")


def test_without_a_camera_the_kiosk_asks_for_the_card(served: Faked, page: Page) -> None:
    served.add()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotFoundError'))"
    )
    served.pair(page)
    page.get_by_role("button", name="Scan my face").click()
    heading(page, "Please use your card")


def test_the_kiosk_says_when_the_server_is_gone_and_comes_back_by_itself(stopped: Faked, page: Page) -> None:
    stopped.add(enrolled=False)
    with stopped.running():
        stopped.pair(page)
        heading(page, "Hello. How would you like to come in?")
    heading(page, "One moment, please")
    with stopped.running():
        heading(page, "Hello. How would you like to come in?")
        page.keyboard.type("5500001")
        page.keyboard.press("Enter")
        heading(page, "Welcome, Ada")


def test_the_desk_hears_of_passages_by_itself_and_lets_in_with_two_clicks(served: Faked, page: Page) -> None:
    served.add()
    served.sign_in(page)
    expect(page.get_by_text("Nobody has come by yet.")).to_be_visible()
    size = page.evaluate("document.querySelectorAll('*').length")
    with page.expect_response("**/desk/now"):
        pass
    assert page.evaluate("document.querySelectorAll('*').length") == size, "news replace what stood there"
    page.get_by_role("button", name="Let in by hand").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    served.site.admit_by_card.present(served.lane, "5500001")
    expect(page.get_by_role("cell", name="Card accepted", include_hidden=True)).to_be_attached()
    expect(dialog, "news do not close the dialog").to_be_visible()
    dialog.get_by_role("button", name="Access need").click()
    expect(page.get_by_text("The door is open. The passage is recorded.")).to_be_visible()
    expect(page.get_by_role("cell", name="Access need")).to_be_visible()
    assert served.site.doors.of(served.lane).status().openings == 2


def test_the_desk_says_when_its_line_is_lost(served: Faked, page: Page) -> None:
    served.sign_in(page)
    page.route("**/desk/now", lambda route: route.abort())
    expect(page.get_by_text("This page has lost its line")).to_be_visible()
    page.unroute("**/desk/now")
    expect(page.get_by_text("This page has lost its line")).to_be_hidden()


def test_the_desk_goes_to_sign_in_when_the_session_is_over(served: Faked, page: Page) -> None:
    served.sign_in(page)
    page.context.clear_cookies()
    page.wait_for_url("**/sign-in")


def test_a_member_enrols_and_withdraws(served: Faked, page: Page) -> None:
    member = served.add(enrolled=False)
    page.goto(f"{served.base}/enrol/{served.site.enrol.invite(member.id, 'test')}")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree, take my pictures").click()
    page.get_by_role("button", name="Switch the camera on").click()
    page.get_by_role("button", name="That is enough, finish").click()
    heading(page, "You are enrolled")
    served.sign_in(page)
    page.goto(f"{served.base}/desk/members/{member.id}")
    page.get_by_role("button", name="Withdraw consent").click()
    page.get_by_role("button", name="Withdraw and destroy").click()
    heading(page, "Receipt")
    with served.site.store.read() as work:
        assert work.consents.live_of(member.id) is None


def test_a_camera_that_is_not_allowed_is_explained(served: Faked, page: Page) -> None:
    member = served.add(enrolled=False)
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'))"
    )
    page.goto(f"{served.base}/enrol/{served.site.enrol.invite(member.id, 'test')}")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree, take my pictures").click()
    page.get_by_role("button", name="Switch the camera on").click()
    heading(page, "The camera did not open")
    expect(page.get_by_role("alert")).to_contain_text("Your card works as always.")
    page.get_by_role("button", name="I have changed my mind").click()
    heading(page, "That is fine, Ada")


def test_a_verdict_is_one_tap_and_an_open_choice_outlives_the_refresh(served: Faked, page: Page) -> None:
    """The desk asks for itself again every other second; what somebody is about to press must not go away."""
    served.add()
    served.pair(page)
    for _ in range(3):
        page.get_by_role("button", name="Scan my face").click()
        heading(page, "Welcome, Ada")
        heading(page, "Hello. How would you like to come in?")
    served.sign_in(page)
    rows = page.locator("tr[id^=passage-]")
    for row, said in ((0, "Wrong person"), (2, "Attack")):
        rows.nth(row).get_by_role("button", name=said).click()
        expect(rows.nth(row).locator(".mark").last).to_have_text(said)
    rows.nth(1).locator("summary").click()
    right = rows.nth(1).get_by_role("button", name="Right")
    for _ in range(2):
        with page.expect_response("**/desk/now"):
            pass
    page.wait_for_timeout(100)
    expect(right).to_be_visible()
    right.click()
    expect(rows.nth(1).locator(".mark").last).to_have_text("Right")
    expect(right).to_be_hidden()
    assert page.url == f"{served.base}/desk"
    with served.site.store.read() as work:
        tallied = work.adjudications.tally(served.lane.id)
    assert {one.verdict.value for one in tallied if one.verdict} == {"wrong person", "attack", "right"}
