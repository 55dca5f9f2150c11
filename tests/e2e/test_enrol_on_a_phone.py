"""Enrolling as members do it: on their own phone by a link, with the pages at 390 pixels; and a child with a parent."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from stile.application.membership import NewMember
from stile.domain.children import Children
from stile.domain.consent import Relation
from stile.domain.liveness import LivenessMode
from stile.domain.member import Member
from stile.testing import FAKE_PACK, FakePool
from tests.e2e.conftest import EyesOfAnything, Faked, new_site
from tests.e2e.phone import enrol_by_link, fits, phone
from tests.families import born_before

pytestmark = pytest.mark.browser


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Faked]:
    pool, eyes = FakePool(), EyesOfAnything()
    pool.eyes = eyes
    site = new_site(tmp_path / "data", LivenessMode.PASSIVE, pool, children=Children.ALL, adults_only=False)
    with Faked(site, eyes).running() as running:
        yield running
    site.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with phone(browser) as context:
        yield context.new_page()


def add(served: Faked, age: int) -> Member:
    new = NewMember("1001", "Ada", "Example", ("5500001",), born_on=born_before(served.site, age))
    return served.site.membership.add(served.lane.centre, new, "test")


def test_a_member_enrols_by_link_on_a_phone(served: Faked, page: Page) -> None:
    member = add(served, 40)
    link = f"{served.base}/enrol/{served.site.enrol.invite(member.id, 'test')}"
    page.goto(link)
    assert fits(page)
    page.get_by_role("button", name="I agree, take my pictures").tap()
    assert page.url == link, "nothing goes without the tick"
    enrol_by_link(page, link)
    assert fits(page)
    with served.site.store.read() as work:
        assert work.templates.has(member.id, FAKE_PACK)
    page.goto(link)
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_parent_says_yes_and_the_child_says_no(served: Faked, page: Page) -> None:
    member = add(served, 11)
    families = served.site.families
    mother = families.name(member.id, "Annabella Byron", Relation.PARENT, None, "test")
    page.goto(families.link(mother.id, "test"))
    assert fits(page)
    page.get_by_label("Your name, in the place of a signature").fill("Annabella Byron")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree").tap()
    expect(page.get_by_role("heading", name="Thank you. Your consent is recorded")).to_be_visible()
    page.goto(f"{served.base}/enrol/{served.site.enrol.invite(member.id, 'test')}")
    page.get_by_role("button", name="No thank you").tap()
    expect(page.get_by_role("heading", name="That is fine, Ada")).to_be_visible()
    with served.site.store.read() as work:
        assert work.consents.live_of(member.id) is None


def test_reception_gives_a_code_and_the_kiosk_takes_it_up(served: Faked, browser: Browser) -> None:
    member = add(served, 40)
    with browser.new_context(viewport={"width": 1024, "height": 768}) as context:
        page = context.new_page()
        served.pair(page)
        page.get_by_role("link", name="Set up coming in by face").click()
        code = served.site.invite.for_a_kiosk(member.id, "test").code
        for digit in str(code):
            page.get_by_role("button", name=digit, exact=True).click()
        page.get_by_role("button", name="Enter").click()
        page.get_by_role("checkbox").check()
        page.get_by_role("button", name="I agree, take my pictures").click()
        page.get_by_role("button", name="Switch the camera on").click()
        page.get_by_role("button", name="That is enough, finish").click(timeout=25_000)
        page.get_by_role("link", name="Finish").click()
        page.wait_for_url("**/kiosk/main")
