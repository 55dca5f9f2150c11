"""A screen is paired in a real browser: it shows a code, the desk approves it on another, and the screen goes on by
itself. It takes some seconds, because that is how often a screen asks."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Faked

pytestmark = pytest.mark.browser


def test_a_screen_is_paired_by_its_code_and_ended_in_the_console(served: Faked, browser: Browser) -> None:
    screen = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    desk = browser.new_context().new_page()
    screen.goto(f"{served.base}/kiosk")
    code = screen.locator(".pairing-code")
    expect(code).to_be_visible()
    served.sign_in(desk)
    desk.goto(f"{served.base}/desk/screens")
    desk.get_by_label("Code on the screen").fill((code.text_content() or "").lower())
    desk.get_by_role("button", name="Look for the screen").click()
    expect(desk.locator(".pairing-code")).to_have_text(code.text_content() or "")
    desk.get_by_label("Its name").fill("Tablet at the door")
    desk.get_by_role("button", name="Yes, approve it").click()
    expect(desk.get_by_text("Approved.")).to_be_visible()
    expect(screen.get_by_role("button", name="Use my card")).to_be_visible(timeout=10_000)
    assert screen.url == f"{served.base}/kiosk/main"

    second = screen.context.new_page()
    second.goto(f"{served.base}/kiosk/main")
    expect(screen.get_by_role("heading", name="This screen was opened elsewhere")).to_be_visible()
    expect(second.get_by_role("button", name="Use my card")).to_be_visible()

    desk.goto(f"{served.base}/console/devices")
    desk.get_by_role("row").filter(has_text="Tablet at the door").get_by_role("button").click()
    expect(second.get_by_text("The desk has ended this screen’s pairing")).to_be_visible()
