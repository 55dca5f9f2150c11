"""What a member does on their own phone, for tests in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.conftest import WATCH_CAMERA

WIDTH, HEIGHT = 390, 844


@contextmanager
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A browser the size of a phone, with a finger."""
    with browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, has_touch=True, is_mobile=True, device_scale_factor=2
    ) as made:
        made.set_default_timeout(15_000)
        made.add_init_script(WATCH_CAMERA)
        yield made


def enrol_by_link(page: Page, link: str) -> None:
    """From the link to the thanks, as somebody who agrees does it."""
    page.goto(link)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree, take my pictures").tap()
    page.get_by_role("button", name="Switch the camera on").tap()
    page.get_by_role("button", name="That is enough, finish").tap(timeout=25_000)
    expect(page.get_by_role("heading", name="You are enrolled")).to_be_visible(timeout=25_000)


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the side."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return wide
