"""Law 5 in a real browser: what is missing stays open to read while the desk goes on looking, leads to its page, and is
the same at the kiosk, by axe-core, in light and dark, on a phone and at a desk."""

from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, expect

from stile.domain.register import Deployment
from stile.testing import complete_facts
from tests.e2e.conftest import Faked
from tests.e2e.test_accessibility import Look

pytestmark = pytest.mark.browser


def test_a_lane_that_is_closed_says_why_at_the_desk_and_opens_at_the_kiosk_when_it_is_mended(
    served: Faked, context: BrowserContext
) -> None:
    served.add()
    deployment, _ = complete_facts(served.lane.centre, served.site.clock.today())
    assert isinstance(deployment, Deployment)
    served.site.registering.add(replace(deployment, purpose="", documents=()), "a test", "test")
    kiosk = context.new_page()
    served.pair(kiosk)
    face = kiosk.get_by_role("button", name="Scan my face")
    expect(kiosk.get_by_role("button", name="Use my card")).to_be_visible()
    expect(face).to_be_hidden()
    kiosk_look = Look(kiosk)
    kiosk_look.at("kiosk, closed to faces")
    desk = context.new_page()
    look = Look(desk)
    served.sign_in(desk)
    desk.get_by_text("What is missing: 4").click()
    purpose = desk.get_by_role("link", name="The purpose is not recorded")
    expect(purpose).to_be_visible()
    with desk.expect_response("**/desk/now"):
        pass
    desk.wait_for_timeout(200)
    expect(purpose).to_be_visible()
    look.at("desk, closed to faces")
    purpose.click()
    expect(desk.get_by_label("Purpose")).to_be_visible()
    served.site.registering.add(deployment, "a test", "test")
    expect(face).to_be_visible()
    desk.goto(f"{served.base}/desk")
    expect(desk.get_by_text("What is missing")).to_have_count(0)
    assert look.found == kiosk_look.found == []
