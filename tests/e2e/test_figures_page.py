"""The figures in a real browser: nothing serious by axe-core in light and dark, with and without figures; and the spot
check at the desk, from the admission to the answer."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from stile.domain.figures import Measure, Period
from stile.domain.liveness import LivenessMode
from stile.testing import FakePool
from tests.e2e.conftest import EyesOfAnything, Faked, new_site
from tests.e2e.test_accessibility import Look

pytestmark = pytest.mark.browser


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Faked]:
    """Every admission is drawn for a spot check, and members may state a group."""
    pool, eyes = FakePool(), EyesOfAnything()
    pool.eyes = eyes
    groups = ("18 to 39", "40 to 64", "65 and over")
    site = new_site(tmp_path / "data", LivenessMode.PASSIVE, pool, spot_check_every=1, figure_groups=groups)
    faked = Faked(site, eyes)
    with faked.running():
        yield faked
    site.close()


def test_a_spot_check_from_the_lane_to_the_figures(asking: Faked, context: BrowserContext) -> None:
    page, look = context.new_page(), Look(context.new_page())
    asking.sign_in(look.page)
    look.page.goto(f"{asking.base}/console/figures")
    expect(look.page.get_by_text("Nobody came in this time.")).to_be_visible()
    look.at("no figures")
    asking.add()
    asking.pair(page)
    page.get_by_role("button", name="Scan my face").click()
    expect(page.get_by_role("heading", name="Welcome, Ada")).to_be_visible()
    look.page.goto(f"{asking.base}/desk")
    expect(look.page.get_by_text("Was this Ada Example?")).to_be_visible()
    look.at("the desk asks")
    look.page.get_by_role("button", name="No, somebody else").click()
    expect(look.page.get_by_text("Was this Ada Example?")).to_be_hidden()
    expect(look.page.locator("tr[id^=passage-] .mark").last).to_have_text("Wrong person")
    look.page.goto(f"{asking.base}/console/figures")
    expect(look.page.get_by_text("1 drawn in this time, 1 answered.")).to_be_visible()
    look.at("figures")
    look.page.goto(f"{asking.base}/console/figures?first=soon")
    look.at("a day that is none")
    assert look.found == []
    found = asking.site.measure_period.of(Period.month(asking.site.clock.today()))
    assert found.of(Measure.FALSE_ADMISSIONS).count == 1


def test_a_member_says_which_group_and_takes_it_back(asking: Faked, context: BrowserContext) -> None:
    page = context.new_page()
    look, member = Look(page), asking.add(enrolled=False)
    page.goto(asking.site.own_page.link(member.id, "test", sent=True))
    page.get_by_role("button", name="Open my page").click()
    page.get_by_label("Which describes you?").select_option("40 to 64")
    page.get_by_role("button", name="I agree that this is kept for it").click()
    expect(page.get_by_text("You said: 40 to 64")).to_be_visible()
    look.at("a group stated")
    page.get_by_role("button", name="Delete this").click()
    expect(page.get_by_text("Your group is deleted.")).to_be_visible()
    assert asking.site.own_group.of(member.id) is None
    assert look.found == []
