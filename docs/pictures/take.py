"""Takes the README's pictures of the pages, from a real running site: `python docs/pictures/take.py [FOLDER]`.

Nobody's photograph is in them: the figure in front of the camera is drawn here, and the eyes that take it for a
member are made for this purpose, for no recogniser would. Everything else is the program as it is. All names are
invented. What the evaluation page counts are attempts of made-up people, and says nothing of a recogniser.
"""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import uvicorn
from PIL import Image, ImageDraw
from playwright.sync_api import Page, sync_playwright

from stile.application.attempt import Attempt
from stile.application.gate import Concluded
from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.adjudication import Verdict
from stile.domain.consent import Channel
from stile.domain.faces import AlignedFace, DetectedFace, Frame
from stile.domain.ids import PassageId
from stile.domain.passage import AdmitReason
from stile.domain.places import Lane
from stile.domain.sessions import SecondFactor
from stile.entrypoints.web.app import create_app
from stile.testing import FakeEyes, FakePool, complete_register, picture_of

PORT = 8471
WIDTH, HEIGHT = 640, 480
STRANGER = 500
NAME, PASSWORD = "reception", "a long enough password"
ARGUMENTS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--force-color-profile=srgb",
    "--lang=en-GB",
)


def figure(at: float) -> Image.Image:
    """A drawn person in front of a wall, swaying a little; `at` in seconds."""
    big = Image.new("RGB", (WIDTH * 2, HEIGHT * 2), "#cfd8d4")
    draw = ImageDraw.Draw(big)
    draw.rectangle((0, 700, WIDTH * 2, HEIGHT * 2), fill="#b9c6c1")
    x, y = WIDTH + 14 * np.sin(at * 2), HEIGHT - 10 + 6 * np.sin(at * 3)

    def oval(dx: float, dy: float, rx: float, ry: float, fill: str) -> None:
        draw.ellipse((x + dx - rx, y + dy - ry, x + dx + rx, y + dy + ry), fill=fill)

    oval(0, 560, 390, 300, "#2f5d8c")
    draw.rounded_rectangle((x - 80, y + 150, x + 80, y + 330), 60, fill="#b9805c")
    oval(0, -70, 226, 262, "#3a2a22")
    oval(0, 10, 196, 246, "#d39a72")
    draw.pieslice((x - 214, y - 262, x + 214, y + 130), 180, 360, fill="#3a2a22")
    oval(-84, -6, 20, 25, "#fffdf8")
    oval(84, -6, 20, 25, "#fffdf8")
    oval(-80, -2, 13, 15, "#2b2320")
    oval(88, -2, 13, 15, "#2b2320")
    for side in (-1, 1):
        draw.arc((x + side * 84 - 46, y - 74, x + side * 84 + 46, y - 20), 200, 340, fill="#3a2a22", width=10)
    draw.arc((x - 30, y + 20, x + 30, y + 82), 30, 150, fill="#b07a55", width=9)
    draw.arc((x - 86, y + 60, x + 86, y + 168), 25, 155, fill="#8e3f3a", width=13)
    return big.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def film(path: Path) -> Path:
    """Motion JPEG, as Chromium's fake camera reads it."""
    with path.open("wb") as out:
        for n in range(240):  # longer than an attempt: a picture that comes again is taken for an attack
            figure(n / 30).save(out, "JPEG", quality=88)
    return path


class DrawnEyes(FakeEyes):
    """Takes whatever it sees, the drawn figure first of all, for the person `who`. `seconds`: for one look, slow enough
    to be caught by the screenshot."""

    who, seconds = 1, 0.5

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        time.sleep(self.seconds)
        return super().detect(self._person(frame))

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        return super().align(self._person(frame), face)

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        return super().bona_fide(self._person(frame), face)

    def _person(self, frame: Frame) -> Frame:
        return picture_of(self.who, variation=int(frame.pixels[::7, ::7].sum()) % 200)


def enrol(site: Site, new: NewMember) -> None:
    """With the face of whomever the eyes see now."""
    member = site.membership.add(site.setup.lane("main").centre, new, "pictures")
    site.enrol.consent(member.id, notice("Riverside Leisure", None), Channel.PAPER, "a form")
    enrolment = site.enrol.begin(member.id)
    for variation in range(3):
        site.enrol.shot(enrolment, picture_of(1, variation=variation))
    site.enrol.finish(enrolment)


@contextmanager
def running(data: Path, eyes: DrawnEyes) -> Iterator[Site]:
    """A site with two members, one of them enrolled, served on PORT."""
    pool = FakePool()
    pool.eyes = eyes
    site = open_site(
        Settings(
            data=data,
            port=PORT,
            adults_only=True,
            second_factor=SecondFactor.OPTIONAL,
            spot_check_every=1,  # so that the desk's picture shows one
        ),
        pool=pool,
    )
    lane = site.setup.create(NewSite("Riverside Leisure", "Riverside", "Main entrance", NAME, PASSWORD))
    complete_register(site.registering, lane.centre, site.clock.today(), "Riverside Leisure", "Riverside")
    enrol(site, NewMember("1001", "Ivy", "Marlowe", ("10010001",)))
    site.membership.add(lane.centre, NewMember("1002", "Tom", "Ashgrove", ("10020002",)), "pictures")
    server = uvicorn.Server(uvicorn.Config(create_app(site), port=PORT, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield site
    finally:
        server.should_exit = True
        thread.join()
        site.close()


def take(site: Site, page: Page, folder: Path) -> None:
    """kiosk.png, kiosk-looking.png, desk.png, audit.png, enrol.png and me.png, in light."""
    base, lane = site.settings.base_url, site.setup.lane("main")
    staff = site.sign_in.with_password(NAME, PASSWORD).staff

    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{base}/kiosk/main")
    code = page.text_content(".pairing-code")
    site.kiosks.approve(code or "", lane.id, "The screen in the pictures", "pictures")
    page.wait_for_selector("[data-do=face]:visible")
    page.screenshot(path=folder / "kiosk.png")
    page.click("[data-do=face]")
    page.wait_for_selector(".dot-done")
    page.screenshot(path=folder / "kiosk-looking.png")
    page.wait_for_selector("[data-outcome=admit]")

    for card in ("10020002", "9999", "10010001"):
        site.admit_by_card.present(lane, card)
    site.admit_by_hand.let_in(lane, AdmitReason.GUEST, staff.id)
    desk = page.context.new_page()
    desk.set_viewport_size({"width": 1440, "height": 900})
    desk.goto(f"{base}/sign-in")
    desk.fill("[name=name]", NAME)
    desk.fill("[name=password]", PASSWORD)
    desk.click("main button")
    desk.wait_for_selector(".lane")
    desk.screenshot(path=folder / "desk.png")

    with site.store.read() as work:
        tom = work.members.by_number("1002")
    assert tom is not None
    site.enrol.consent(tom.id, notice("Riverside Leisure", None), Channel.PAPER, "a form")
    page.goto(f"{base}/enrol/{site.enrol.invite(tom.id, 'pictures')}/pictures")
    page.click("[data-do=start]")
    page.wait_for_selector(".dot-done >> nth=1")
    page.wait_for_timeout(900)
    page.screenshot(path=folder / "enrol.png")
    take_own_page(site, page, folder)
    take_audit(site, desk, folder)
    desk.close()


def take_own_page(site: Site, page: Page, folder: Path) -> None:
    """me.png: what a member sees of what is held about them."""
    with site.store.read() as work:
        ivy = work.members.by_number("1001")
    assert ivy is not None
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(site.own_page.link(ivy.id, "pictures", sent=True))
    page.click("main button")
    page.wait_for_selector(".own-face")
    page.screenshot(path=folder / "me.png")


def take_audit(site: Site, page: Page, folder: Path) -> None:
    """audit.png: the log, signed and checked."""
    site.checkpoints.make()
    page.goto(f"{site.settings.base_url}/console/audit")
    page.get_by_role("button", name="Verify now").click()
    page.get_by_text("The log holds:").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / "audit.png")


def take_evaluation(site: Site, eyes: DrawnEyes, page: Page, folder: Path) -> None:
    """evaluation.png: sixty more members, the site's own calibration, attempts, and what reception said of them."""
    lane, staff = site.setup.lane("main"), site.sign_in.with_password(NAME, PASSWORD).staff
    eyes.seconds = 0.0
    for who in range(2, 62):
        eyes.who = who
        enrol(site, NewMember(f"{1001 + who}", "Member", str(who)))
    site.calibrate_site.make("pictures")
    eyes.seconds = 0.12  # frames that are fused are a tenth of a second apart
    for who in (2, 3, STRANGER, 4, 5, 6, 7, STRANGER, 8, 9, 10, 11, 12):
        eyes.who = who
        said = Verdict.RIGHTLY_REFERRED if who == STRANGER else Verdict.RIGHT
        site.adjudicate.passage(_attempt(site, lane), said, staff.id)
    page.set_viewport_size({"width": 1440, "height": 1180})
    page.goto(f"{site.settings.base_url}/console/evaluation")
    page.wait_for_selector(".evaluated")
    page.screenshot(path=folder / "evaluation.png")


def take_figures(site: Site, eyes: DrawnEyes, page: Page, folder: Path) -> None:
    """figures.png: what the attempts of before and forty more come to, with what reception saw of them."""
    lane, staff = site.setup.lane("main"), site.sign_in.with_password(NAME, PASSWORD).staff
    for n, who in enumerate((*range(2, 37), STRANGER, STRANGER, STRANGER + 1, STRANGER + 1)):
        eyes.who = who
        wrong = Verdict.WRONG_PERSON if n == 7 else Verdict.RIGHT
        stranger = Verdict.SHOULD_HAVE_OPENED if who > STRANGER else Verdict.RIGHTLY_REFERRED
        site.adjudicate.passage(_attempt(site, lane), stranger if who >= STRANGER else wrong, staff.id)
        eyes.who = 2
        site.adjudicate.passage(_attempt(site, lane), Verdict.RIGHT, staff.id)  # or the lane rests after two
    page.set_viewport_size({"width": 1280, "height": 1120})
    page.goto(f"{site.settings.base_url}/console/figures")
    page.wait_for_selector(".chart")
    page.screenshot(path=folder / "figures.png")


def _attempt(site: Site, lane: Lane) -> PassageId:
    attempt = site.admit_by_face.begin(lane)
    assert isinstance(attempt, Attempt), attempt
    for variation in range(9):
        found = site.admit_by_face.see(attempt, picture_of(1, variation=variation))
        if isinstance(found, Concluded) and found.passage is not None:
            return found.passage.id
    raise RuntimeError("an attempt came to no end")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        camera = film(Path(made) / "camera.mjpeg")
        eyes = DrawnEyes()
        with running(Path(made) / "data", eyes) as site:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"],
            )
            page = browser.new_context(color_scheme="light", locale="en-GB").new_page()
            take(site, page, folder)
            take_evaluation(site, eyes, page, folder)
            take_figures(site, eyes, page, folder)
            browser.close()


if __name__ == "__main__":
    main()
