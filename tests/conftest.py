"""What all tests share."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import settings

from stile.application.gate import Concluded
from stile.application.membership import NewMember
from stile.application.notice import notice
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.consent import Channel
from stile.domain.faces import Frame
from stile.domain.member import Member
from stile.domain.places import Lane
from stile.domain.sessions import SecondFactor
from stile.testing import (
    FakeClock,
    FakeDoor,
    FakeDoors,
    FakeMail,
    FakePool,
    complete_register,
    picture_of,
)

ROOT = Path(__file__).parent.parent

settings.register_profile(
    "stile", deadline=None
)  # a shared machine stalls, and a deadline would fail tests for it
settings.load_profile("stile")

A_FRAME = 0.15
"""Seconds between two frames of a camera that is not in a hurry: each may be fused."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development folder with models and photographs; the test is skipped where it is missing."""
    folder = Path(os.environ.get("STILE_SHARED", ROOT.parent / "shared"))
    if not (folder / "models" / "manifest.toml").is_file():
        pytest.skip("needs ../shared (models and photographs to test with), which is not here")
    return folder


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own settings and models must not decide a test."""
    for name in [name for name in os.environ if name.startswith("STILE_") and name != "STILE_SHARED"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing-here"))


@dataclass
class Here:
    """A site with a real store and real use cases, and fakes for what cannot be had in a unit test: a clock that
    is told the time, eyes that read coded pictures, doors that remember what they were told."""

    site: Site
    lane: Lane
    clock: FakeClock
    pool: FakePool
    doors: FakeDoors
    mail: FakeMail = field(default_factory=FakeMail)

    @property
    def door(self) -> FakeDoor:
        return self.doors.of(self.lane)

    def add(self, who: int, name: str = "Ada") -> Member:
        """A member with the number `10NN` and the card `55000NN`."""
        new = NewMember(f"10{who:02}", name, "Example", (f"55000{who:02}",))
        return self.site.membership.add(self.lane.centre, new, "test")

    def consent(self, member: Member) -> None:
        self.site.enrol.consent(member.id, notice("Test Operator", None), Channel.PAPER, "a form")

    def enrol(self, who: int, name: str = "Ada") -> Member:
        """A member who consented and is enrolled by three pictures of the person `who`."""
        member = self.add(who, name)
        self.consent(member)
        enrolment = self.site.enrol.begin(member.id)
        for variation in range(3):
            self.site.enrol.shot(enrolment, picture_of(who, variation=variation))
        self.site.enrol.finish(enrolment)
        return member

    def ask(self, *frames: Frame) -> Concluded:
        """Somebody asks to come in by face, and these are the frames, one after the other."""
        attempt = self.site.admit_by_face.begin(self.lane)
        if isinstance(attempt, Concluded):
            return attempt
        for frame in frames:
            self.clock.advance(A_FRAME)
            seen = self.site.admit_by_face.see(attempt, frame)
            if isinstance(seen, Concluded):
                return seen
        given_up = self.site.admit_by_face.give_up(attempt)
        assert given_up is not None
        return given_up

    def come(self, who: int, bona_fide: float = 1.0) -> Concluded:
        """The person `who` asks, and looks into the camera as they should."""
        return self.ask(
            *(picture_of(who, variation=50 + n, bona_fide=bona_fide) for n in range(self.lane.frames))
        )


def open_here(data: Path, spot_check_every: int = 0) -> Here:
    clock, pool, doors, mail = FakeClock(), FakePool(), FakeDoors(), FakeMail()
    settings = Settings(
        data=data,
        second_factor=SecondFactor.OPTIONAL,
        adults_only=True,
        spot_check_every=spot_check_every,  # 0: chance decides nothing in a test that does not ask for it
    )
    site = open_site(settings, clock=clock, pool=pool, doors=doors, mail=mail)
    if not site.setup.is_done:
        site.setup.create(
            NewSite("Test Operator", "Test Centre", "Main entrance", "admin", "correct horse battery")
        )
        centre = site.setup.lane("main").centre
        complete_register(site.registering, centre, clock.today(), review_on=date(2099, 1, 1))
    return Here(site, site.setup.lane("main"), clock, pool, doors, mail)


@pytest.fixture(scope="session")
def new_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that was set up, and nothing more: made once, since the migrations take a quarter of a
    second."""
    data = tmp_path_factory.mktemp("new") / "data"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("STILE_")]:
            patch.delenv(name)
        open_here(data).site.close()
    return data


@pytest.fixture
def make_here(tmp_path: Path, new_site: Path) -> Iterator[Callable[[], Here]]:
    """Opens the site in one folder; a second call opens it again, as after a restart."""
    opened: list[Site] = []

    def make() -> Here:
        data = tmp_path / "data"
        if not data.exists():
            shutil.copytree(new_site, data)
        here = open_here(data)
        opened.append(here.site)
        return here

    yield make
    for site in opened:
        site.close()


@pytest.fixture
def here(make_here: Callable[[], Here]) -> Here:
    return make_here()
