"""The public account in a browser: for everybody, on a phone, on paper, in the dark; without a cookie, a script or a
call to anybody else."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from uuid_utils.compat import uuid7

from stile.domain.adjudication import Verdict
from stile.domain.ids import PackId, PassageId
from stile.domain.passage import AdmitReason, Comparison, Method, Outcome, Passage
from stile.domain.register import EventKind, Happened, Involved, NoneHappened, OwnUse
from stile.entrypoints.transparency.files import files
from stile.entrypoints.transparency.folder import put
from stile.entrypoints.transparency.page import page as public_page
from stile.entrypoints.web.pages import HERE, Pages
from tests.e2e.conftest import NAME, Faked
from tests.e2e.test_accessibility import PHONE, TABLET, Look

pytestmark = pytest.mark.browser


def some_months(served: Faked) -> None:
    """Passages of three months, some of them wrong, and a register that says what there is to say."""
    site, lane, member = served.site, served.lane, served.add(enrolled=False)
    staff, now = site.accounts.by_name(NAME), site.clock.now()
    wrong: list[PassageId] = []
    with site.store.begin() as work:
        for n in range(60):
            passage = Passage(
                id=PassageId(UUID(str(uuid7()))),
                centre=lane.centre,
                lane=lane.id,
                at=now - timedelta(days=n),
                method=Method.FACE,
                outcome=Outcome.ADMIT,
                reason=AdmitReason.FACE_MATCHED,
                member=member.id,
                comparison=Comparison(PackId("dlib"), 0.61, 1, 0.8),
                ms=300,
            )
            work.passages.add(passage)
            if n % 20 == 0:
                wrong.append(passage.id)
        work.commit()
    for id in wrong:
        site.adjudicate.passage(id, Verdict.WRONG_PERSON, staff.id)
    day, key = site.clock.today(), str(lane.centre)
    add = site.registering.add
    add(OwnUse(True), "the managing director", "test")
    add(Involved(key, police=False), "the centre manager", "test")
    for kind in (EventKind.ICO_SELF_REFERRAL, EventKind.ICO_THIRD_PARTY, EventKind.ARREST):
        add(NoneHappened(kind, day - timedelta(days=90), day), "the data protection officer", "test")
    add(Happened(EventKind.COMPLAINT, day, "A member asked what the camera sees", key), "the desk", "test")
    site.checkpoints.make()


def test_anybody_reads_it_on_any_screen(served: Faked, browser: Browser) -> None:
    some_months(served)
    with browser.new_context(viewport=TABLET) as context:  # type: ignore[arg-type]
        page = context.new_page()
        called: list[str] = []
        page.on("request", lambda one: called.append(one.url))
        page.goto(f"{served.base}/transparency")
        assert {urlsplit(one).netloc for one in called} == {urlsplit(served.base).netloc}
        assert context.cookies() == []
        expect(page.get_by_role("heading", level=1)).to_have_text("How facial recognition is used here")
        expect(page.get_by_role("img", name="False alerts, month by month")).to_be_visible()
        page.get_by_role("link", name="entry of").first.click()
        expect(page.locator(":target")).to_be_in_viewport()
        look = Look(page)
        look.at("the account")
        assert look.found == []
        assert page.evaluate("document.scripts.length") == 0
        _labels_stand_beside_what_they_say(page)
        _prints(page)


def _labels_stand_beside_what_they_say(page: Page) -> None:
    """On a phone a cell says what it is: a label of two lines neither runs into the value nor out of its cell."""
    page.set_viewport_size({"width": 360, "height": 800})
    cell = page.locator("td[data-label='False alerts, of matches']").first
    value = cell.evaluate(
        "one => { const all = document.createRange(); all.selectNodeContents(one);"
        " return all.getClientRects()[0].left - one.getBoundingClientRect().left; }"
    )
    label = cell.evaluate("one => parseFloat(getComputedStyle(one, '::before').width)")
    assert label <= value
    assert cell.evaluate("one => one.scrollHeight <= one.clientHeight + 1")


def _prints(page: Page) -> None:
    """On paper: no buttons or ways, nothing folded, and every word of it within the page."""
    notice = page.locator(".own-words p").first
    assert not notice.is_visible(), "few read it: it is folded on a screen"
    page.emulate_media(media="print")
    assert notice.is_visible()
    page.set_viewport_size({"width": 700, "height": 1000})
    assert page.locator(".no-print").evaluate_all("all => all.some((one) => one.checkVisibility())") is False
    assert page.evaluate("document.documentElement.scrollWidth") <= 700
    assert page.evaluate("getComputedStyle(document.querySelector('.scroll')).overflowX") == "visible"


def test_the_folder_is_the_same_page_and_needs_no_server(
    served: Faked, browser: Browser, tmp_path: Path
) -> None:
    some_months(served)
    site = served.site
    pages = Pages(ZoneInfo(site.settings.time_zone))
    made = files(site.publish.account(), "https://open.example", public_page(pages, str, ".", alone=True))
    assets = {name: (HERE / "static" / name).read_bytes() for name in ("stile.css", "logo.svg")}
    put(tmp_path / "site", {**{name: one.body for name, one in made.items()}, **assets})
    with browser.new_context(viewport=PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda one: said.append(one.text))
        page.goto((tmp_path / "site" / "index.html").as_uri())
        expect(page.get_by_role("heading", name="Five questions that are always asked")).to_be_visible()
        assert page.evaluate("getComputedStyle(document.querySelector('.panel')).display") == "grid"
        assert said == [], "its own policy lets through what it needs"
        assert page.get_by_role("link", name="Ask for information").count() == 0
