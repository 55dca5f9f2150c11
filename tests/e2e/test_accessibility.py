"""Every page and every state of it, in light and in dark: no serious or critical finding of axe-core, nothing to
press that is smaller than 44 pixels, and nothing cut off on a phone (WCAG 2.2 AA)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from stile.domain.passage import Method, Outcome
from stile.domain.passes import SetsUp
from stile.ports import News, Topic
from stile.testing import FakeClock, FakeDoors, FakePool
from tests.application.alike import enrolled, strangers_to_each_other
from tests.conftest import Here
from tests.e2e.conftest import Faked

pytestmark = pytest.mark.browser

TABLET, PHONE = {"width": 1024, "height": 768}, {"width": 390, "height": 844}
LEAST_TARGET = 44
SMALL_TARGETS = """() => [...document.querySelectorAll('button, input:not([type=hidden]), textarea, nav a, a.button')]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert]'))
    .map((one) => [(one.type === 'checkbox' ? one.closest('label') : one).getBoundingClientRect(), one])
    .filter(([box]) => Math.min(box.width, box.height) < LEAST - 0.5)
    .map(([box, one]) => `${one.outerHTML.slice(0, 80)} is ${Math.round(box.width)} × ${Math.round(box.height)}`)
""".replace("LEAST", str(LEAST_TARGET))
CUT_OFF = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Look:
    """Looks at the page as it is now, and remembers what is wrong with it."""

    page: Page
    seen: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    def at(self, name: str) -> None:
        self.seen.append(name)
        self.page.wait_for_load_state(
            "domcontentloaded"
        )  # after a click the new page may have no content yet
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for finding in self.axe({} if scheme == "light" else {"runOnly": ["color-contrast"]}):
                self.found.append(f"{name}, {scheme}: {finding}")
        self.found += [f"{name}: {small}" for small in self.page.evaluate(SMALL_TARGETS)]
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if (wide := self.page.evaluate(CUT_OFF)) > 0:
            self.found.append(f"{name}: {wide} pixels are cut off on a phone")
        self.page.set_viewport_size(TABLET)  # type: ignore[arg-type]

    def axe(self, options: dict[str, Any]) -> Iterator[str]:
        """Dark differs from light in its colours only."""
        for violation in (
            Axe().run(self.page, options={"resultTypes": ["violations"], **options}).response["violations"]
        ):
            if violation["impact"] in ("serious", "critical"):
                where = [(node["target"], node.get("failureSummary")) for node in violation["nodes"]]
                yield f"{violation['id']}: {violation['help']} {where}"


@pytest.fixture
def look(context: BrowserContext) -> Look:
    return Look(context.new_page())


def test_the_kiosk(served: Faked, look: Look) -> None:
    page = look.page
    page.goto(f"{served.base}/kiosk/main")
    look.at("not paired")
    expect(page.locator(".pairing-code")).to_be_visible()
    look.at("a screen that shows its code")
    served.add()
    served.pair(page)
    expect(page.get_by_role("button", name="Scan my face")).to_be_visible()
    look.at("ask")
    page.get_by_role("button", name="Use my card").click()
    look.at("card")
    page.reload()
    page.get_by_role("button", name="Use my PIN").click()
    page.keyboard.type("1001")
    page.keyboard.press("Enter")
    page.keyboard.type("8305")
    look.at("PIN")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Number and PIN do not go together")).to_be_visible()
    page.get_by_role("button", name="Use my phone").click()
    expect(page.get_by_role("heading", name="Show the code on your phone")).to_be_visible()
    look.at("code")
    for state, outcome in (
        ("result", "admit"),
        ("result", "refer"),
        ("result", "refuse"),
        ("away", ""),
        ("looking", ""),
    ):
        page.evaluate(
            """([state, outcome]) => {
                for (const one of document.querySelectorAll('main section')) one.hidden = one.dataset.state !== state;
                if (outcome) document.querySelector('[data-state=result]').dataset.outcome = outcome;
            }""",
            [state, outcome],
        )
        look.at(f"{state} {outcome}")
    assert look.found == []
    assert len(look.seen) == 11


def test_the_pages_of_pin_and_phone(served: Faked, look: Look) -> None:
    page, member, ways = look.page, served.add(enrolled=False), served.site.alternative
    page.goto(f"{served.base}/pin/{ways.link(member.id, SetsUp.PIN, 'test')}")
    look.at("choose a PIN")
    for field_name, pin in (("pin", "830516"), ("again", "830517")):
        page.locator(f"input[name={field_name}]").fill(pin)
    page.get_by_role("button", name="Set my PIN").click()
    look.at("not the same")
    page.locator("input[name=pin]").fill("830516")
    page.locator("input[name=again]").fill("830516")
    page.get_by_role("button", name="Set my PIN").click()
    look.at("PIN set")
    page.goto(f"{served.base}/pass#{ways.link(member.id, SetsUp.PHONE, 'test')}")
    expect(page.get_by_role("heading", name="Set this phone up")).to_be_visible()
    look.at("set this phone up")
    page.get_by_role("button", name="Use this phone").click()
    expect(page.get_by_role("heading", name="My code")).to_be_visible()
    look.at("code")
    for state in ("ended", "blind", "none"):
        page.evaluate(
            """(state) => {
                for (const one of document.querySelectorAll('#pass section')) one.hidden = one.dataset.state !== state;
            }""",
            state,
        )
        look.at(state)
    served.sign_in(page)
    page.goto(f"{served.base}/desk/members/{member.id}/ways")
    look.at("ways of a member")
    page.get_by_role("button", name="Link for a new phone").click()
    look.at("link")
    page.goto(f"{served.base}/console/waits")
    look.at("nobody came yet")
    served.site.admit_by_pin.present(served.lane, "1001", "830516")
    for ms in range(400, 1400, 100):
        served.site.waiting_times.keep(served.lane.id, Method.PIN, Outcome.ADMIT, float(ms), ms + 90.0)
    page.reload()
    look.at("waits")
    assert look.found == []
    assert len(look.seen) == 12


def test_the_enrolment_page(served: Faked, look: Look) -> None:
    page, member = look.page, served.add(enrolled=False)
    link = f"{served.base}/enrol/{served.site.enrol.invite(member.id, 'test')}"
    page.goto(link)
    look.at("notice")
    page.evaluate("document.querySelector('input[type=checkbox]').required = false")
    page.get_by_role("button", name="I agree").click()
    look.at("notice, not ticked")
    page.get_by_role("button", name="No thank you").click()
    look.at("no thank you")
    page.goto(link)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree").click()
    page.wait_for_url("**/pictures")
    for state in ("ready", "shots", "working", "done", "stopped"):
        page.evaluate(
            """(state) => {
                for (const one of document.querySelectorAll('#enrol section')) one.hidden = one.dataset.state !== state;
            }""",
            state,
        )
        look.at(state)
    page.goto(f"{served.base}/enrol/unknown")
    look.at("a link that does not work")
    assert look.found == []
    assert len(look.seen) == 9


def test_the_staff_pages(served: Faked, look: Look) -> None:
    page = look.page
    page.goto(f"{served.base}/sign-in")
    look.at("sign in")
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    look.at("sign in, wrong")
    served.sign_in(page)
    look.at("desk, empty")
    page.goto(f"{served.base}/desk/members")
    look.at("members, empty")
    page.goto(f"{served.base}/desk/members/new")
    look.at("add a member")

    member = served.add()
    for card in ("5500001", "unknown"):
        served.site.admit_by_card.present(served.lane, card)
    now = served.site.clock.now()
    served.site.board.post(News(Topic.STAFF_NEEDED, served.lane.id, "The door did not open.", now))
    page.goto(f"{served.base}/desk?said=opened")
    look.at("desk")
    page.get_by_role("button", name="Let in by hand").click()
    look.at("desk, letting in")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Pair a screen").click()
    page.wait_for_url("**/desk/screens**")
    look.at("pair a screen")
    page.goto(f"{served.base}/desk/members")
    look.at("members")
    page.get_by_role("link", name="Ada Example").click()
    look.at("member")
    page.get_by_role("link", name="Enrol again").click()
    page.get_by_role("button", name="Show a link and QR code").click()
    look.at("invited")
    page.goto(f"{served.base}/desk/members/{member.id}")
    page.get_by_role("button", name="Withdraw consent").click()
    look.at("member, withdrawing")
    page.get_by_role("button", name="Withdraw and destroy").click()
    look.at("receipt")
    page.goto(f"{served.base}/desk/members/0190163d-8694-739b-aea5-966c26f8ad91")
    look.at("no such member")
    assert look.found == []
    assert len(look.seen) == 14


def test_the_pages_of_devices_and_settings(served: Faked, look: Look) -> None:
    page = look.page
    served.sign_in(page)
    page.goto(f"{served.base}/console/devices")
    look.at("devices, empty")
    code = served.site.kiosks.ask("10.0.0.5", "Chrome on Android").waiting.shown
    page.goto(f"{served.base}/desk/screens")
    page.get_by_label("Code on the screen").fill("BBBB-BBBB")
    page.get_by_role("button", name="Look for the screen").click()
    look.at("a code that nobody shows")
    page.get_by_label("Code on the screen").fill(code)
    page.get_by_role("button", name="Look for the screen").click()
    look.at("a screen to compare")
    page.get_by_label("Its name").fill("Tablet")
    page.get_by_role("button", name="Yes, approve it").click()
    look.at("a screen, approved")
    page.goto(f"{served.base}/console/devices")
    look.at("devices")
    page.goto(f"{served.base}/console/settings")
    closed = page.locator(".setting-group:not([open]) > summary")
    while closed.count():
        closed.first.click()
    look.at("settings")
    page.goto(f"{served.base}/console/settings/lanes/main")
    look.at("a lane's settings")
    page.get_by_label("Attempts of a person").fill("none")
    page.get_by_role("button", name="Save").click()
    look.at("a lane's settings, wrong")
    assert look.found == []
    assert len(look.seen) == 8


def test_the_evaluation_pages(served: Faked, look: Look) -> None:
    page = look.page
    served.sign_in(page)
    page.goto(f"{served.base}/console/evaluation")
    expect(page.get_by_text("No report is on file.")).to_be_visible()
    look.at("evaluation, empty")

    crowd = Here(served.site, served.lane, FakeClock(), FakePool(), FakeDoors())
    enrolled(crowd, strangers_to_each_other(50), first=20)
    served.add()
    served.pair(page)
    page.get_by_role("button", name="Scan my face").click()
    expect(page.get_by_role("heading", name="Welcome, Ada")).to_be_visible()
    folder = served.site.settings.data / "reports"
    folder.mkdir()
    (folder / "recognition.html").write_text("<h1>A report</h1>")
    page.goto(f"{served.base}/console/evaluation")
    look.at("evaluation, nothing measured")
    page.goto(f"{served.base}/desk")
    page.get_by_role("button", name="Wrong person").click()
    expect(page.get_by_text("Change")).to_be_visible()
    page.locator("summary").click()
    look.at("desk, an adjudicated passage, its choice open")
    page.goto(f"{served.base}/console/evaluation")
    page.get_by_role("button", name="Measure now").click()
    expect(page.get_by_text("The members were compared with each other.")).to_be_visible()
    for summary in page.locator("summary").all():
        summary.click()
    look.at("evaluation")
    page.goto(f"{served.base}/console/evaluation?since=yesterday")
    look.at("evaluation, no date")
    assert look.found == []
    assert len(look.seen) == 5
