"""The pages of face entry, of parents and of what waits, as `test_accessibility` looks at every page."""

import pytest
from playwright.sync_api import Browser

from stile.application.membership import NewMember
from stile.domain.consent import Channel, Relation
from stile.domain.guardians import Said
from tests.e2e.conftest import Faked
from tests.e2e.test_accessibility import Look
from tests.e2e.test_enrol_on_a_phone import add, served
from tests.families import born_before

__all__ = ["served"]

pytestmark = pytest.mark.browser


def test_the_pages_of_face_entry(served: Faked, browser: Browser) -> None:
    site, member = served.site, add(served, 11)
    new = NewMember("1002", "Bea", "Example", ("5500002",), born_on=born_before(site, 40))
    adult = site.membership.add(served.lane.centre, new, "test")
    mother = site.families.name(member.id, "Annabella Byron", Relation.PARENT, None, "test")
    with browser.new_context(viewport={"width": 1024, "height": 768}) as context:
        look = Look(context.new_page())
        page = look.page
        served.sign_in(page)
        page.goto(f"{served.base}/console/enrolments")
        look.at("nobody waits")
        page.goto(f"{served.base}/desk/members/{member.id}/enrol")
        for details in page.locator("details").all():
            details.evaluate("(one) => { one.open = true; }")
        look.at("a child who waits for a parent")
        site.families.record(mother.id, Said.CONSENTED, Channel.PAPER, "test")
        page.goto(f"{served.base}/desk/members/{adult.id}/enrol")
        look.at("the ways to an adult")
        page.get_by_role("button", name="Print it").click()
        look.at("a link to print")
        page.goto(f"{served.base}/desk/members/{member.id}/enrol")
        page.get_by_role("button", name="Code for a kiosk").click()
        look.at("a code")
        page.goto(f"{served.base}/console/enrolments")
        look.at("who waits")
        page.goto(site.families.link(mother.id, "test"))
        look.at("a parent's page")
        page.get_by_role("button", name="No, they will use a card").click()
        look.at("a parent's no")
        page.goto(f"{served.base}/desk/members/{member.id}/enrol")
        look.at("a parent objects")
        served.pair(page)
        page.goto(f"{served.base}/kiosk/main/enrol")
        look.at("the kiosk's field for a code")
    assert look.found == []
    assert len(look.seen) == 10
