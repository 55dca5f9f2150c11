"""Takes the README's pictures of the pages, from a real running site: `python docs/pictures/take.py [FOLDER]`.

Nobody's photograph is in them: the figure in front of the camera is drawn here, and the eyes that take it for a
member are made for this purpose, for no recogniser would. Everything else is the program as it is. The members'
names are those of two people whose public-domain photographs the tests use.
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

from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.consent import Channel
from stile.domain.faces import AlignedFace, DetectedFace, Frame
from stile.domain.liveness import LivenessMode
from stile.domain.passage import AdmitReason
from stile.entrypoints.web.app import create_app
from stile.testing import FakeEyes, FakePool, picture_of

PORT = 8471
WIDTH, HEIGHT = 640, 480
NAME, PASSWORD = "reception", "a long enough password"
ARGUMENTS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--force-color-profile=srgb",
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
        for n in range(60):
            figure(n / 30).save(out, "JPEG", quality=88)
    return path


class DrawnEyes(FakeEyes):
    """Takes the drawn figure for the person 1."""

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        time.sleep(0.5)  # slow enough to be caught by the screenshot
        return super().detect(_person_1(frame))

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        return super().align(_person_1(frame), face)


def _person_1(frame: Frame) -> Frame:
    return picture_of(1, variation=int(frame.pixels[::7, ::7].sum()) % 200)


@contextmanager
def running(data: Path) -> Iterator[Site]:
    """A site with two members, one of them enrolled, served on PORT."""
    pool = FakePool()
    pool.eyes = DrawnEyes()
    site = open_site(Settings(data=data, port=PORT), pool=pool)
    lane = site.setup.create(
        NewSite("Riverside Leisure", "Riverside", "Main entrance", NAME, PASSWORD, LivenessMode.OFF)
    )
    new = NewMember("1001", "Eileen", "Collins", ("10010001",))
    eileen = site.membership.add(lane.centre, new, "pictures")
    site.membership.add(lane.centre, NewMember("1002", "Grace", "Hopper", ("10020002",)), "pictures")
    site.enrol.consent(eileen.id, notice("Riverside Leisure", None), Channel.PAPER, "a form")
    enrolment = site.enrol.begin(eileen.id)
    for variation in range(3):
        site.enrol.shot(enrolment, picture_of(1, variation=variation))
    site.enrol.finish(enrolment)
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
    """kiosk.png, kiosk-looking.png, desk.png and enrol.png, in light."""
    base, lane = site.settings.base_url, site.setup.lane("main")
    staff = site.sign_in.with_password(NAME, PASSWORD).staff

    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{base}/kiosk/main/pair?code={site.kiosks.pairing_code(lane.id, 'pictures')}")
    page.click("button")
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
    desk.close()

    with site.store.read() as work:
        grace = work.members.by_number("1002")
    assert grace is not None
    site.enrol.consent(grace.id, notice("Riverside Leisure", None), Channel.PAPER, "a form")
    page.goto(f"{base}/enrol/{site.enrol.invite(grace.id, 'pictures')}/pictures")
    page.click("[data-do=start]")
    page.wait_for_selector(".dot-done >> nth=1")
    page.wait_for_timeout(900)
    page.screenshot(path=folder / "enrol.png")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        camera = film(Path(made) / "camera.mjpeg")
        with running(Path(made) / "data") as site:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium",
                args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={camera}"],
            )
            take(site, browser.new_context(color_scheme="light").new_page(), folder)
            browser.close()


if __name__ == "__main__":
    main()
