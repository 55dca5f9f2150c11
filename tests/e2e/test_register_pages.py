"""The register in a real browser: a centre from nothing to lanes that may look at faces, by its pages alone; and each
page and state of it by axe-core, in light and dark, on a phone and at a desk."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.liveness import LivenessMode
from stile.domain.register import EventKind, Happened
from stile.domain.sessions import SecondFactor
from stile.testing import FakePool
from tests.e2e.conftest import NAME, PASSWORD, EyesOfAnything, Faked, free_port
from tests.e2e.test_accessibility import Look

pytestmark = pytest.mark.browser


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Faked]:
    """Set up, with nothing in its register."""
    pool, eyes = FakePool(), EyesOfAnything()
    pool.eyes = eyes
    settings = Settings(data=tmp_path / "data", port=free_port(), second_factor=SecondFactor.OPTIONAL)
    site = open_site(settings, pool=pool)
    site.setup.create(
        NewSite(
            "Test Operator", "Test Centre", "Main entrance", NAME, PASSWORD, liveness=LivenessMode.PASSIVE
        )
    )
    faked = Faked(site, eyes)
    with faked.running():
        yield faked
    site.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def put_on_file(page: Page, title: str) -> None:
    page.get_by_label("Title").fill(title)
    page.get_by_label("Where it is").fill("the blue folder")
    page.get_by_label("Source").fill("the manager")
    press(page, "Put it on file")


def test_from_nothing_to_lanes_that_may_look(empty: Faked, context: BrowserContext) -> None:
    page = context.new_page()
    look, base, centre = Look(page), empty.base, empty.lane.centre
    empty.sign_in(page)
    page.goto(f"{base}/console/register")
    look.at("nothing yet")
    page.get_by_role("link", name="The centre does not stand in the register yet").click()
    expect(page.get_by_text("Filled in from what this program is set to today.")).to_be_visible()
    look.at("a centre, drafted")
    press(page, "Enter it")
    expect(page.get_by_text("Where does it come from?")).to_be_visible()
    look.at("a source is missing")
    page.get_by_label("Phase").select_option("in use")
    page.get_by_label("Source").fill("the managing director")
    press(page, "Enter it")
    expect(page.get_by_text("Entered. It counts from now on.")).to_be_visible()
    for lack, title in (
        ("The privacy notice is not on file", "Notice"),
        ("A photograph of the signs is not on file", "The sign at the door"),
    ):
        page.get_by_role("link", name=lack).click()
        put_on_file(page, title)
    look.at("the assessment is missing")
    page.get_by_role("link", name="The assessment is not signed off").click()
    expect(page.get_by_text("It cannot be signed off yet")).to_be_visible()
    look.at("not to be signed yet")
    page.get_by_role("link", name="Nobody has written the assessment yet").click()
    look.at("an assessment that nobody has written")
    page.get_by_role("link", name="Why it is needed").click()
    for step in range(4):
        for box in page.get_by_role("textbox").all():
            if not box.input_value():
                box.fill("Weighed, and found right.")
        if step == 2:
            look.at(page.title())
        press(page, "Save and go on")
        expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("heading", name="Risks")).to_be_visible()
    for choose in page.get_by_label("How likely").all()[:-1]:
        choose.select_option("remote")
    for choose in page.get_by_label("How severe").all()[:-1]:
        choose.select_option("significant")
    look.at("risks")
    press(page, "Save and go on")
    expect(page.get_by_role("heading", name="Measures", exact=False)).to_be_visible()
    look.at("measures")
    press(page, "Save and go on")
    page.get_by_label("Who looked at the views").fill("The manager.")
    page.get_by_label("Who keeps the assessment").fill("The data protection officer, each year.")
    press(page, "Save")
    look.at("an assessment that is complete")
    page.get_by_role("link", name="Sign off").click()
    page.get_by_label("Measures approved by").fill("The manager")
    press(page, "Sign off version 6")
    expect(page.get_by_text("Who accepts the risk that is left?")).to_be_visible()
    look.at("a signature is missing")
    page.get_by_label("Residual risk accepted by").fill("The board")
    page.get_by_label("Advice of the data protection officer").fill("It may go ahead.")
    page.get_by_label("The advice was").select_option("followed")
    ahead = empty.site.clock.today() + timedelta(days=365)
    page.get_by_label("To be looked at again on").fill(ahead.isoformat())
    press(page, "Sign off version 6")
    expect(page.get_by_text("Complete: its lanes may look at faces")).to_be_visible()
    look.at("complete")
    assert empty.site.go_live.lacks(centre) == ()
    page.goto(f"{base}/console/register/dpia/print?key={centre}&version=6")
    expect(page.get_by_text("Signed off")).to_be_visible()
    look.at("on paper")
    page.goto(f"{base}/console/register/dpia/changes?key={centre}&version=6")
    expect(page.get_by_text("The data protection officer, each year.")).to_be_visible()
    look.at("what changed")
    assert look.found == []


def test_the_other_pages_and_states(served: Faked, context: BrowserContext) -> None:
    page = context.new_page()
    look, base, key = Look(page), served.base, str(served.lane.centre)
    registering, today = served.site.registering, served.site.clock.today()
    asked = Happened(
        EventKind.DATA_REQUEST, today, "Passages of a day.", key, "Barnstone Police", False, "no order"
    )
    entry = registering.add(asked, "a letter", "test")
    served.sign_in(page)
    page.goto(f"{base}/console/register")
    look.at("register")
    for slug in ("event", "police"):  # the others are made of the same parts
        page.goto(f"{base}/console/register/enter/{slug}")
        press(page, "Enter it")
        expect(page.get_by_role("alert")).to_be_visible()
        look.at(slug)
    page.goto(f"{base}/console/register/none")
    press(page, "Enter it")
    expect(page.get_by_text("Please tick what there was none of.")).to_be_visible()
    look.at("nothing happened")
    page.goto(f"{base}/console/register/document?key={key}")
    press(page, "Put it on file")
    expect(page.get_by_role("alert")).to_be_visible()
    look.at("document")
    for path in (
        f"deployment?key={key}",
        f"entries/{entry.id}",
        f"enter/event?replaces={entry.id}",
        "history",
        "processing",
        f"dpia?key={key}",
    ):
        page.goto(f"{base}/console/register/{path}")
        look.at(path)
    assert look.found == []
