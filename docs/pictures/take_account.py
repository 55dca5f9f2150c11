"""Takes the README's picture of the public account: `python docs/pictures/take_account.py [FOLDER]`.

The register, the months and what was wrong in them are invented, and say nothing of a recogniser.
"""

import io
import sys
import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import sync_playwright
from uuid_utils.compat import uuid7

from stile.application.membership import NewMember
from stile.application.setup import NewSite
from stile.bootstrap import Site, open_site
from stile.config import Settings
from stile.domain.adjudication import Verdict
from stile.domain.ids import PackId, PassageId
from stile.domain.passage import AdmitReason, Comparison, Method, Outcome, Passage, ReferReason
from stile.domain.register import EventKind, Involved, NoneHappened, OwnUse
from stile.domain.sessions import SecondFactor
from stile.entrypoints.transparency.files import files
from stile.entrypoints.transparency.folder import put
from stile.entrypoints.transparency.page import page as public_page
from stile.entrypoints.web.pages import HERE, Pages
from stile.testing import FakePool, complete_register

DAYS, A_DAY = 200, 4


def months(site: Site) -> None:
    """Passages of half a year, a quarter of them referred, and one in sixty wrong."""
    lane, now = site.setup.lane("main"), site.clock.now()
    member = site.membership.add(lane.centre, NewMember("1001", "Ivy", "Marlowe", ()), "pictures")
    staff = site.sign_in.with_password("reception", "a long enough password").staff
    made = [
        Passage(
            id=PassageId(UUID(str(uuid7()))),
            centre=lane.centre,
            lane=lane.id,
            at=now - timedelta(days=n // A_DAY, minutes=n),
            method=Method.FACE,
            outcome=Outcome.REFER if n % 4 == 3 else Outcome.ADMIT,
            reason=ReferReason.NO_MATCH if n % 4 == 3 else AdmitReason.FACE_MATCHED,
            member=None if n % 4 == 3 else member.id,
            comparison=Comparison(PackId("dlib"), 0.61, 1, None if n % 4 == 3 else 0.8),
            ms=310,
        )
        for n in range(DAYS * A_DAY)
    ]
    with site.store.begin() as work:
        for passage in made:
            work.passages.add(passage)
        work.commit()
    for passage in made[30::60]:
        site.adjudicate.passage(passage.id, Verdict.WRONG_PERSON, staff.id)


def register(site: Site) -> None:
    centre, today = site.setup.lane("main").centre, site.clock.today()
    begun = today - timedelta(days=DAYS)
    complete_register(site.registering, centre, begun, "Riverside Leisure", "Riverside Pool")
    site.registering.add(OwnUse(True), "the managing director", "pictures", begun)
    site.registering.add(Involved(str(centre), police=False), "the centre manager", "pictures", begun)
    for kind in EventKind:
        site.registering.add(NoneHappened(kind, begun, today), "the data protection officer", "pictures")


def main(folder: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        site = open_site(Settings(data=data / "data", second_factor=SecondFactor.OPTIONAL), pool=FakePool())
        site.setup.create(
            NewSite(
                "Riverside Leisure", "Riverside Pool", "Main entrance", "reception", "a long enough password"
            )
        )
        months(site)
        register(site)
        page = public_page(Pages(ZoneInfo(site.settings.time_zone)), str, ".", alone=True)
        made = files(site.publish.account(), "https://riverside.example/transparency", page)
        assets = {one: (HERE / "static" / one).read_bytes() for one in ("stile.css", "logo.svg")}
        put(data / "site", {**{one.name: one.body for one in made.values()}, **assets})
        site.close()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            shown = browser.new_page(viewport={"width": 1024, "height": 1000}, color_scheme="light")
            shown.goto((data / "site" / "index.html").as_uri())
            questions = shown.screenshot()
            shown.evaluate("document.getElementById('wrong').scrollIntoView()")
            wrong = shown.screenshot()
            browser.close()
    _beside(questions, wrong, folder / "account.png")


def _beside(left: bytes, right: bytes, path: Path) -> None:
    one, other = (Image.open(io.BytesIO(taken)) for taken in (left, right))
    both = Image.new("RGB", (one.width * 2 + 24, one.height), "#c9c4b6")
    both.paste(one, (0, 0))
    both.paste(other, (one.width + 24, 0))
    both.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
