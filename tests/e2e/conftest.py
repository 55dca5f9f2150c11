"""A real server, a real browser. Without Chromium these tests are skipped, with one loud line."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.consent import Channel
from stile.domain.faces import AlignedFace, DetectedFace, Frame
from stile.domain.liveness import LivenessMode
from stile.domain.member import Member
from stile.domain.places import Lane
from stile.domain.sessions import SecondFactor
from stile.entrypoints.web.app import create_app
from stile.entrypoints.web.security import KIOSK_COOKIE
from stile.testing import FakeEyes, FakePool, complete_register, picture_of
from tests.pairing import paired

NAME, PASSWORD = "admin", "correct horse battery"

expect.set_options(timeout=20_000)
"""Milliseconds that something may take to appear: two workers share two cores, and a face may have to be seen first."""

QUIET = (
    "--no-sandbox",
    "--headless=new",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
)
WATCH_CAMERA = """
    window.cameras = [];
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        window.cameras.push(...stream.getTracks());
        return stream;
    };
"""
"""Keeps every camera track that a page ever got, so that a test can see when it was opened and stopped."""


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("THE BROWSER TESTS DID NOT RUN: Chromium is missing (`apt-get install chromium`)")
    return Path(found)


@pytest.fixture(scope="module")
def playwright(chromium: Path) -> Iterator[Playwright]:
    """Of the module, not of the session: while it runs, no other test of this process could run an event loop."""
    with sync_playwright() as started:
        yield started


def start(playwright: Playwright, chromium: Path, film: Path | None = None) -> Browser:
    """A browser whose camera shows the film, or Chromium's own moving pattern."""
    seen = (f"--use-file-for-fake-video-capture={film}",) if film else ()
    return playwright.chromium.launch(executable_path=str(chromium), args=[*QUIET, *seen])


@pytest.fixture
def launch(playwright: Playwright, chromium: Path) -> Iterator[Callable[[Path], Browser]]:
    """`launch(film)`: each film needs a browser of its own."""
    with ExitStack() as opened:
        yield lambda film: opened.enter_context(start(playwright, chromium, film))


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    with start(playwright, chromium) as started:
        yield started


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Served:
    """A site on a port of this machine."""

    site: Site

    @property
    def lane(self) -> Lane:
        return self.site.setup.lane("main")

    @property
    def base(self) -> str:
        return self.site.settings.base_url

    @contextmanager
    def running(self) -> Iterator[Self]:
        config = uvicorn.Config(create_app(self.site), port=self.site.settings.port, log_level="error")
        config.timeout_graceful_shutdown = 1
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        try:
            yield self
        finally:
            server.should_exit = True
            thread.join()

    def pair(self, page: Page) -> None:
        """Gives the page's browser a paired screen's cookie, and stays on the kiosk: waiting for the desk would take
        each test its seconds, and `test_pairing.py` does that."""
        token = paired(self.site, self.lane)
        page.context.add_cookies(
            [{"name": KIOSK_COOKIE, "value": token, "domain": "127.0.0.1", "path": "/kiosk"}]
        )
        page.goto(f"{self.base}/kiosk/main")

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.base}/sign-in")
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk")


def new_site(data: Path, liveness: LivenessMode, pool: FakePool | None = None, **settings: Any) -> Site:
    quiet = {"spot_check_every": 0}  # chance decides nothing in a test
    given: dict[str, Any] = {"second_factor": SecondFactor.OPTIONAL, "adults_only": True} | quiet | settings
    site = open_site(Settings(data=data, port=free_port(), **given), pool=pool)
    lane = site.setup.create(
        NewSite("Test Operator", "Test Centre", "Main entrance", NAME, PASSWORD, liveness=liveness)
    )
    complete_register(site.registering, lane.centre, site.clock.today())
    return site


class EyesOfAnything(FakeEyes):
    """Takes whatever the camera shows for the person `who`."""

    who = 1

    def detect(self, frame: Frame) -> Sequence[DetectedFace]:
        return super().detect(self._coded(frame))

    def align(self, frame: Frame, face: DetectedFace) -> AlignedFace:
        return super().align(self._coded(frame), face)

    def bona_fide(self, frame: Frame, face: DetectedFace) -> Sequence[float]:
        return super().bona_fide(self._coded(frame), face)

    def _coded(self, frame: Frame) -> Frame:
        return picture_of(self.who, variation=int(frame.pixels[::9, ::9].sum()) % 200)


@dataclass
class Faked(Served):
    """A real site but for its eyes, so that what the pages do can be tested without a recogniser's time."""

    eyes: EyesOfAnything

    def add(self, who: int = 1, enrolled: bool = True) -> Member:
        """A member with the card 55000NN; the person `who`, where they are enrolled."""
        new = NewMember(f"10{who:02}", "Ada", "Example", (f"55000{who:02}",))
        member = self.site.membership.add(self.lane.centre, new, "test")
        if enrolled:
            self.site.enrol.consent(member.id, notice("Test Operator", None), Channel.PAPER, "a form")
            enrolment = self.site.enrol.begin(member.id)
            for variation in range(3):
                self.site.enrol.shot(enrolment, picture_of(who, variation=variation))
            self.site.enrol.finish(enrolment)
        return member


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Faked]:
    """Not served yet: a test starts and stops it."""
    pool, eyes = FakePool(), EyesOfAnything()
    pool.eyes = eyes
    site = new_site(tmp_path / "data", LivenessMode.PASSIVE, pool)
    yield Faked(site, eyes)
    site.close()


@pytest.fixture
def served(stopped: Faked) -> Iterator[Faked]:
    with stopped.running():
        yield stopped


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 1024, "height": 768}) as made:
        made.set_default_timeout(10_000)
        made.add_init_script(WATCH_CAMERA)
        yield made


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Numerical libraries of a test must not fight the browser for the cores."""
    if "OMP_NUM_THREADS" not in os.environ:
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
