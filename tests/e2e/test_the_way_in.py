"""The whole way in: headless Chromium with a fake camera enrols a real face through the page, then the kiosk lets
that person in and refers another to the card, and the simulated door was really told to open.

The lanes run with liveness OFF, because the films show photographs: a lane that checked it would be right to refer
everybody here. Liveness is tested where the pack's own samples are.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from stile.adapters.vision.catalogue import find
from stile.adapters.vision.fetch import add
from stile.application.membership import NewMember
from stile.bootstrap import Site
from stile.domain.liveness import LivenessMode
from stile.domain.member import Member
from stile.domain.passage import Method, Outcome, ReferReason
from tests.e2e.conftest import WATCH_CAMERA, Served, new_site
from tests.e2e.film import film, photographs

pytestmark = pytest.mark.browser

Launch = Callable[[Path], Browser]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    opened: list[Site] = []

    def make(**settings: Any) -> Served:
        opened.append(new_site(tmp_path / "data", LivenessMode.OFF, **settings))
        return Served(opened[-1])

    yield make
    for one in opened:
        one.close()


def new_page(launch: Launch, seen: Path) -> Page:
    context = launch(seen).new_context(viewport={"width": 1024, "height": 768})
    context.add_init_script(WATCH_CAMERA)
    return context.new_page()


def enrol(page: Page, served: Served, member: Member, all_five: bool) -> None:
    """As a member does it, from the link to the thanks."""
    page.goto(f"{served.base}/enrol/{served.site.enrol.invite(member.id, 'test')}")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="I agree, take my pictures").click()
    assert page.evaluate("window.cameras.length") == 0, "no camera before it is switched on"
    page.get_by_role("button", name="Switch the camera on").click()
    if not all_five:
        page.get_by_role("button", name="That is enough, finish").click(timeout=25_000)
    expect(page.get_by_role("heading", name="You are enrolled")).to_be_visible(timeout=25_000)
    assert camera_is_off(page)


def camera_is_off(page: Page) -> bool:
    states: list[str] = page.evaluate("window.cameras.map((track) => track.readyState)")
    return bool(states) and set(states) == {"ended"}


def come(page: Page, served: Served, says: str) -> None:
    """Pairs the screen, asks by face, and waits for what the kiosk says."""
    served.pair(page)
    scan = page.get_by_role("button", name="Scan my face")
    expect(scan).to_be_visible()
    assert page.evaluate("window.cameras.length") == 0, "the kiosk asks before it looks"
    scan.click()
    expect(page.get_by_role("heading", name=says)).to_be_visible(timeout=20_000)
    assert camera_is_off(page)


@pytest.mark.shared
def test_a_real_face_enrols_and_comes_in_and_another_is_referred(
    shared: Path, tmp_path: Path, launch: Launch, site: Callable[..., Served]
) -> None:
    models = tmp_path / "models"
    models.mkdir()
    add(find("mobilefacenet"), models, shared / "models")
    member_photos, other_photos = two_people(shared / "faces" / "lfw-dev")
    at_enrolment = film(tmp_path / "enrolment.mjpeg", member_photos[:5])
    at_the_lane = film(tmp_path / "lane.mjpeg", member_photos[5:9], seconds_each=0.3, seed=2)
    somebody_else = film(tmp_path / "other.mjpeg", other_photos[:5], seconds_each=0.3, seed=3)

    with site(models=models, pack="mobilefacenet").running() as served:
        member = served.site.membership.add(
            served.lane.centre, NewMember("1001", "Ada", cards=("5500001",)), "test"
        )
        enrol(new_page(launch, at_enrolment), served, member, all_five=True)
        come(new_page(launch, at_the_lane), served, "Welcome, Ada")
        come(new_page(launch, somebody_else), served, "Please use your card")
        the_door_opened_once_for(served, member)


def two_people(folder: Path) -> tuple[list[Image.Image], list[Image.Image]]:
    """The two people of whom there are most photographs: one to enrol, one who is nobody here."""
    most = sorted(folder.iterdir(), key=lambda one: (-len(list(one.glob("*.jpg"))), one.name))
    return photographs(most[0]), photographs(most[1])


def test_eileen_collins_comes_in_and_grace_hopper_is_referred(
    tmp_path: Path, launch: Launch, site: Callable[..., Served]
) -> None:
    """The same with what every installation carries: the dlib pack, and two photographs in the public domain."""
    data = pytest.importorskip("skimage.data", reason="needs the `vision` extra", exc_type=ImportError)
    cbook = pytest.importorskip("matplotlib.cbook", reason="needs the `vision` extra", exc_type=ImportError)
    eileen = Image.fromarray(data.astronaut()).crop((60, 0, 400, 300))
    with cbook.get_sample_data("grace_hopper.jpg") as opened:
        grace = Image.open(opened).convert("RGB").crop((90, 30, 430, 330))
    at_enrolment = film(tmp_path / "enrolment.mjpeg", [eileen], seconds_each=3)
    at_the_lane = film(tmp_path / "lane.mjpeg", [eileen], seconds_each=3, seed=2)
    somebody_else = film(tmp_path / "other.mjpeg", [grace], seconds_each=3, seed=3)

    with site(models=tmp_path / "no-models", pack="dlib").running() as served:
        member = served.site.membership.add(
            served.lane.centre, NewMember("1001", "Eileen", "Collins", ("5500001",)), "test"
        )
        enrol(new_page(launch, at_enrolment), served, member, all_five=False)
        come(new_page(launch, at_the_lane), served, "Welcome, Eileen")
        come(new_page(launch, somebody_else), served, "Please use your card")
        the_door_opened_once_for(served, member)


def the_door_opened_once_for(served: Served, member: Member) -> None:
    assert served.site.doors.of(served.lane).status().openings == 1
    with served.site.store.read() as work:
        referred, admitted = work.passages.latest(10)
    assert (admitted.method, admitted.outcome, admitted.member) == (Method.FACE, Outcome.ADMIT, member.id)
    assert (referred.method, referred.outcome, referred.member) == (Method.FACE, Outcome.REFER, None)
    assert referred.reason == ReferReason.NO_MATCH
    assert referred.comparison is not None
    assert referred.comparison.score is None
