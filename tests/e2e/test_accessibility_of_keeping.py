"""The pages of retention and of an erasure, as `test_accessibility` looks at every page."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.conftest import Faked
from tests.e2e.test_accessibility import TABLET, Look

pytestmark = pytest.mark.browser


def test_the_pages_of_retention_and_of_an_erasure(served: Faked, browser: Browser) -> None:
    member = served.add(enrolled=False)
    with browser.new_context(viewport=TABLET) as context:  # type: ignore[arg-type]
        look = Look(context.new_page())
        page = look.page
        served.sign_in(page)
        page.goto(f"{served.base}/console/retention")
        for details in page.locator("details").all():
            details.evaluate("(one) => { one.open = true; }")
        look.at("the rules, open to change")
        passages = page.get_by_role("region", name="Passages", exact=True)
        passages.get_by_label("Days").fill("60")
        passages.get_by_role("button", name="Keep for so long").click()
        page.get_by_text("the new period counts from the next run on").wait_for()
        look.at("a period was changed")
        page.goto(f"{served.base}/desk/members/{member.id}")
        page.get_by_role("link", name="Erase everything").click()
        look.at("before an erasure")
        page.get_by_label("Write the membership number").fill("9")
        page.get_by_role("button", name="Erase everything").click()
        look.at("the wrong number")
        page.get_by_label("Write the membership number").fill(member.number)
        page.get_by_role("button", name="Erase everything").click()
        page.get_by_role("heading", name="The member is erased").wait_for()
        look.at("the receipt")
    assert look.found == []
    assert len(look.seen) == 5
