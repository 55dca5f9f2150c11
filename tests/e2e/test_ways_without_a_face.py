"""The ways in without a face, in a real browser: a phone is set up by its link and shows a code, which the screen at
the lane reads by its camera or from a scanner that types; the same code is not taken twice. A number and PIN open too.
"""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from stile.domain.member import Member
from stile.domain.passage import Method, Outcome
from stile.domain.passes import STEP, SetsUp
from tests.e2e.conftest import WATCH_CAMERA, Faked

pytestmark = pytest.mark.browser

Launch = Callable[[Path], Browser]
PHONE: ViewportSize = {"width": 390, "height": 780}
PIN = "830516"


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", name=text, level=1)).to_be_visible()


def set_up(page: Page, served: Faked, member: Member) -> None:
    """As a member does it: the link of reception, and one touch."""
    code = served.site.alternative.link(member.id, SetsUp.PHONE, "test")
    page.goto(f"{served.base}/pass#{code}")
    page.get_by_role("button", name="Use this phone").click()
    heading(page, "My code")


def code_on(page: Page) -> str:
    """What the QR code on the page says. That its pixels say the same, the camera shows below."""
    expect(page.locator("#pass-code")).to_have_attribute("data-code", re.compile("."))
    text = page.locator("#pass-code").get_attribute("data-code")
    assert text
    return text


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def phone(browser: Browser) -> Page:
    page = browser.new_context(viewport=PHONE, is_mobile=True, device_scale_factor=2).new_page()
    page.set_default_timeout(10_000)
    return page


def scan(page: Page, code: str) -> None:
    """As a scanner types: in one go. A browser that is told key by key by a busy machine is slower than any."""
    page.evaluate(
        """code => {
            for (const key of [...code, "Enter"])
                document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        }""",
        code,
    )


def test_a_phone_is_set_up_and_its_code_opens_once(served: Faked, phone: Page, page: Page) -> None:
    member = served.add(enrolled=False)
    set_up(phone, served, member)
    assert urlsplit(phone.url).fragment == "", "the set-up code is gone from the address"
    served.pair(page)
    heading(page, "Hello. How would you like to come in?")
    if (
        left := STEP - time.time() % STEP
    ) < STEP / 2:  # what the phone says of a code goes with its half minute
        page.wait_for_timeout(left * 1000 + 500)
    code = code_on(phone)
    scan(page, code)
    heading(page, "Welcome, Ada")
    expect(phone.get_by_text("Last used at Main entrance")).to_be_visible()
    expect(phone.get_by_text("Used. Come in.")).to_be_visible()
    scan(page, code)
    heading(page, "This code was used already")
    assert served.site.doors.of(served.lane).status().openings == 1


def test_the_key_cannot_be_taken_out_of_the_phone(served: Faked, phone: Page) -> None:
    set_up(phone, served, served.add(enrolled=False))
    refused = phone.evaluate(
        """async () => {
            const { kept } = await import("/static/phone-key.js");
            const { key } = await kept();
            try {
                await crypto.subtle.exportKey("pkcs8", key);
                return "taken";
            } catch (error) {
                return key.extractable + " " + error.name;
            }
        }"""
    )
    assert refused == "false InvalidAccessError"


def test_the_code_is_shown_without_a_line_and_changes(served: Faked, phone: Page) -> None:
    set_up(phone, served, served.add(enrolled=False))
    phone.evaluate("navigator.serviceWorker.ready")
    first = code_on(phone)
    phone.context.set_offline(True)
    phone.reload()
    heading(phone, "My code")
    assert code_on(phone)[:21] == first[:21]
    phone.evaluate(f"() => {{ const real = Date.now; Date.now = () => real() + {STEP * 1000}; }}")
    expect(phone.locator("#pass-code")).not_to_have_attribute("data-code", code_on(phone))
    assert code_on(phone)[21:30] > first[21:30]


def test_a_new_phone_ends_the_old_one(served: Faked, phone: Page, browser: Browser) -> None:
    member = served.add(enrolled=False)
    set_up(phone, served, member)
    other = browser.new_context(viewport=PHONE).new_page()
    set_up(other, served, member)
    heading(phone, "This phone shows no code any more")
    other.context.close()


def test_a_set_up_code_that_does_not_work_is_said(served: Faked, phone: Page) -> None:
    phone.goto(f"{served.base}/pass")
    phone.get_by_label("Set-up code").fill("AAAA-AAAA-AAAA")
    phone.get_by_role("button", name="Use this phone").click()
    expect(phone.get_by_role("alert")).to_contain_text("does not work any more")


def test_the_screens_camera_reads_the_code(
    served: Faked, phone: Page, launch: Launch, tmp_path: Path
) -> None:
    member = served.add(enrolled=False)
    set_up(phone, served, member)
    picture = Image.open(io.BytesIO(phone.screenshot()))
    camera = launch(_film(tmp_path / "phone.mjpeg", picture)).new_context(
        viewport={"width": 1024, "height": 768}
    )
    camera.add_init_script(WATCH_CAMERA)
    page = camera.new_page()
    served.pair(page)
    ways = page.get_by_role("button", name="Use my phone")
    expect(ways).to_be_visible()
    assert page.evaluate("window.cameras.length") == 0, "no camera before somebody asks"
    ways.click()
    heading(page, "Welcome, Ada")
    assert page.evaluate("window.cameras.map((track) => track.readyState)") == ["ended"]
    with served.site.store.read() as work:
        (passage,) = work.passages.latest(1)
    assert (passage.method, passage.outcome, passage.member) == (Method.PASS, Outcome.ADMIT, member.id)


def _film(path: Path, picture: Image.Image) -> Path:
    """The phone, held before the camera: a little turned, on a wall, as Motion JPEG."""
    held = picture.convert("RGB").resize((picture.width * 460 // picture.height, 460))
    held = held.rotate(4, Image.Resampling.BICUBIC, expand=True, fillcolor=(150, 155, 160))
    wall = Image.new("RGB", (640, 480), (150, 155, 160))
    wall.paste(held, ((640 - held.width) // 2, (480 - held.height) // 2))
    out = io.BytesIO()
    wall.save(out, "JPEG", quality=90)
    path.write_bytes(out.getvalue() * 30)
    return path


def test_a_pin_is_chosen_by_link_and_opens(served: Faked, phone: Page, page: Page) -> None:
    member = served.add(enrolled=False)
    code = served.site.alternative.link(member.id, SetsUp.PIN, "test")
    phone.goto(f"{served.base}/pin/{code}")
    phone.get_by_label("PIN", exact=False).first.fill("1234")
    phone.get_by_label("The same once more").fill("1234")
    phone.get_by_role("button", name="Set my PIN").click()
    expect(phone.get_by_role("alert")).to_contain_text("anybody would try")
    phone.get_by_label("PIN", exact=False).first.fill(PIN)
    phone.get_by_label("The same once more").fill(PIN)
    phone.get_by_role("button", name="Set my PIN").click()
    heading(phone, "Your PIN is set")

    served.pair(page)
    page.get_by_role("button", name="Use my PIN").click()
    heading(page, "Your number and your PIN")
    touch(page, "1001")
    page.get_by_role("button", name="Next").click()
    touch(page, PIN)
    assert page.locator("#pin-digits").inner_text() == "••••••"
    assert PIN not in page.content()
    page.get_by_role("button", name="Enter").click()
    heading(page, "Welcome, Ada")


def touch(page: Page, digits: str) -> None:
    for digit in digits:
        page.locator("section:not([hidden])").get_by_role("button", name=digit, exact=True).click()


def test_a_wrong_pin_and_a_number_of_nobody_read_alike(served: Faked, page: Page) -> None:
    member = served.add(enrolled=False)
    served.site.alternative.set_pin(member.id, PIN, "test")
    served.pair(page)
    said = []
    for number, pin in (("1001", "830517"), ("9999", PIN)):
        page.get_by_role("button", name="Use my PIN").click()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        page.keyboard.type(pin)
        page.keyboard.press("Enter")
        heading(page, "Number and PIN do not go together")
        said.append(page.locator("#kiosk section:not([hidden])").inner_text())
    assert said[0] == said[1]
    page.get_by_role("button", name="Use my card").click()
    page.keyboard.type("5500001")
    page.keyboard.press("Enter")
    heading(page, "Welcome, Ada")


def test_the_four_ways_are_equal_on_the_first_screen(served: Faked, page: Page) -> None:
    served.add()
    served.pair(page)
    expect(page.get_by_role("button", name="Scan my face")).to_be_visible()
    for width, height in ((1024, 768), (768, 1024), (1280, 800), (800, 600)):
        page.set_viewport_size({"width": width, "height": height})
        boxes = [one.bounding_box() for one in page.locator(".choice").all()]
        sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box}
        assert len(boxes) == 4
        assert len(sizes) == 1, (width, height, sizes)
        assert all(box and box["y"] + box["height"] <= height for box in boxes), (
            "all of them without scrolling"
        )
