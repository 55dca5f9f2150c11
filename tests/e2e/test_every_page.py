"""No page is left out: each address that answers a browser is walked here, or stands in the table of those whose states
another test walks. A page that is added tomorrow fails this until it is in one of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from stile.domain.roles import Permission
from stile.entrypoints.web.app import addresses
from tests.e2e.conftest import NAME, Faked
from tests.e2e.test_accessibility import PHONE, TABLET, Look

pytestmark = pytest.mark.browser

ACCESSIBILITY, STAFF, CONSENT, KEEPING, OWN = (
    f"test_{name}.py"
    for name in (
        "accessibility",
        "staff_pages_look",
        "accessibility_of_consent",
        "accessibility_of_keeping",
        "own_page",
    )
)
ELSEWHERE = {
    "/account": STAFF,
    "/account/again": STAFF,
    "/account/app": STAFF,
    "/account/set-up": STAFF,
    "/console/devices": ACCESSIBILITY,
    "/console/enrolments": CONSENT,
    "/console/evaluation": ACCESSIBILITY,
    "/console/figures": "test_figures_page.py",
    **dict.fromkeys(
        (
            "/console/foi",
            "/console/foi/new",
            "/console/foi/{id}",
            "/console/foi/{id}/answer",
            "/console/foi/{id}/answer/{n}/refuse",
            "/console/foi/{id}/fee",
            "/console/foi/{id}/letter",
            "/console/foi/{id}/review",
            "/console/foi/{id}/tell/{about}",
            "/console/foi/{id}/versions",
            "/transparency/ask",
        ),
        "test_foi.py",
    ),
    **dict.fromkeys(
        (
            "/console/foi/statistics",
            "/console/foi/{id}/papers",
            "/console/foi/{id}/publish",
            "/transparency/disclosure-log",
            "/transparency/disclosure-log/{ref}",
        ),
        "test_foi_papers.py",
    ),
    **dict.fromkeys(
        (
            "/console/register",
            "/console/register/deployment",
            "/console/register/document",
            "/console/register/dpia",
            "/console/register/dpia/changes",
            "/console/register/dpia/print",
            "/console/register/dpia/sign-off",
            "/console/register/dpia/steps/{step}",
            "/console/register/enter/{slug}",
            "/console/register/entries/{id}",
            "/console/register/history",
            "/console/register/none",
            "/console/register/processing",
        ),
        "test_register_pages.py",
    ),
    "/console/register/operators": "test_authority_pages.py",
    "/console/retention": KEEPING,
    "/console/rights": OWN,
    "/console/rights/{id}": OWN,
    "/console/rights/{id}/letters/{about}": OWN,
    "/console/settings": ACCESSIBILITY,
    "/console/settings/lanes/{slug}": ACCESSIBILITY,
    "/console/staff": STAFF,
    "/console/staff/new": STAFF,
    "/console/staff/{id}": STAFF,
    "/console/waits": ACCESSIBILITY,
    "/desk": ACCESSIBILITY,
    "/desk/members": ACCESSIBILITY,
    "/desk/members/new": ACCESSIBILITY,
    "/desk/members/{id}": ACCESSIBILITY,
    "/desk/members/{id}/enrol": CONSENT,
    "/desk/members/{id}/erase": KEEPING,
    "/desk/members/{id}/ways": ACCESSIBILITY,
    "/desk/requests/new": OWN,
    "/desk/screens": ACCESSIBILITY,
    "/enrol/{token}": ACCESSIBILITY,
    "/enrol/{token}/pictures": ACCESSIBILITY,
    "/join/{token}": STAFF,
    "/kiosk/{slug}": ACCESSIBILITY,
    "/kiosk/{slug}/enrol": CONSENT,
    "/me": OWN,
    "/me/ask/{kind}": OWN,
    "/me/enter/{token}": OWN,
    "/me/receipts/{number}": OWN,
    "/me/sign-in": OWN,
    "/me/ways": OWN,
    "/parent/{token}": CONSENT,
    "/pass": ACCESSIBILITY,
    "/pin/{code}": ACCESSIBILITY,
    "/sign-in": ACCESSIBILITY,
    "/sign-in/code": STAFF,
}
NO_PAGES = {
    *("/", "/kiosk", "/sign-in/provider", "/sign-in/provider/back"),  # lead on, to one of the pages
    *(
        "/console/audit/check",
        "/console/imports/{id}/now",
        "/desk/now",
        "/desk/members/{id}/now",
        "/me/now",
    ),  # parts
    *(
        "/console/evaluation/reports/{name}",
        "/console/foi/{id}/letter/{kind}",
        "/console/foi/{id}/papers/{paper}",
        "/console/foi/statistics/{by}.csv",
        "/transparency/disclosure-log/{ref}/papers/{name}",
        "/console/register/processing.csv",
        "/desk/members/{id}/receipts/{number}",
        "/me/receipts/{number}/text",
    ),
    "/transparency/{name}.{kind}",
    *("/health", "/.well-known/security.txt", "/pass/now", "/pass/worker.js", "/static/{path}"),
}
"""Redirects, parts of a page that is walked, and files."""

CSV = b"number,given name,date of birth\n1001,Ada,1990-02-30\n1002,Grace,1985-05-05\n,Nobody,\n"


@dataclass
class Walk:
    """Looks at a page, and notes which address that was. Each has one heading, and a title of its own."""

    look: Look
    base: str
    walked: set[str] = field(default_factory=set)
    titles: list[str] = field(default_factory=list)

    def to(self, address: str, **ids: object) -> None:
        self.look.page.goto(self.base + address.format(**ids))
        self.at(address)

    def at(self, address: str, name: str = "") -> None:
        self.look.at(name or address)
        self.walked.add(address)
        self.titles.append(self.look.page.title())
        if self.look.page.locator("h1").count() != 1:
            self.look.found.append(f"{address}: not one heading")


def pages() -> Iterator[str]:
    for method, address in addresses():
        if method == "GET":
            yield re.sub(r":\w+}", "}", address)


def test_no_page_is_left_out(served: Faked, browser: Browser) -> None:
    assert {one for one in set(ELSEWHERE.values()) if not (Path(__file__).parent / one).exists()} == set()
    site, member = served.site, served.add(enrolled=False)
    staff = site.accounts.by_name(NAME)
    with browser.new_context(viewport=TABLET) as context:  # type: ignore[arg-type]
        context.set_default_timeout(15_000)
        page = context.new_page()
        walk = Walk(Look(page), served.base)
        served.sign_in(page)
        walk.to("/console/audit")
        walk.to("/desk/members/{id}/change", id=member.id)
        walk.to("/transparency")
        walk.to("/console/tokens")
        page.get_by_label("Which program").fill("The membership system")
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="Make the token").click()
        walk.at("/console/tokens", "a token, made")
        site.tokens.make("An old one", {Permission.SEE_SETTINGS}, 30, staff)
        walk.to("/console/tokens")
        walk.to("/console/imports")
        page.get_by_label("Member file").set_input_files(
            {"name": "members.csv", "mimeType": "text/csv", "buffer": CSV}
        )
        page.get_by_role("button", name="Look at it").click()
        expect(page.get_by_role("heading", name="Wrong lines")).to_be_visible(timeout=30_000)
        walk.at("/console/imports/{id}")
    assert walk.look.found == []
    assert [one for one in walk.titles if not re.fullmatch(r".+ – Stile", one)] == []
    assert walk.walked | set(ELSEWHERE) | NO_PAGES == set(pages())


def test_the_console_s_menu_on_a_phone_by_keyboard(served: Faked, browser: Browser) -> None:
    with browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        page = context.new_page()
        served.sign_in(page)
        page.goto(f"{served.base}/console/audit")
        opens, menu = (
            page.get_by_role("button", name="Console menu"),
            page.get_by_role("navigation", name="Console"),
        )
        expect(menu).to_be_hidden()
        opens.focus()
        page.keyboard.press("Enter")
        expect(menu).to_be_visible()
        look = Look(page)
        look.found += [f"menu: {found}" for found in look.axe({})]
        page.keyboard.press("Tab")
        expect(menu.get_by_role("link").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(menu).to_be_hidden()
        expect(opens).to_be_focused()
        page.keyboard.press("Enter")
        menu.get_by_role("link", name="Retention").click()
        expect(page.get_by_role("heading", name="Retention")).to_be_visible()
        page.set_viewport_size(TABLET)  # type: ignore[arg-type]
        expect(page.get_by_role("navigation", name="Console")).to_be_visible()
        expect(page.get_by_role("button", name="Console menu")).to_be_hidden()
    assert look.found == []
