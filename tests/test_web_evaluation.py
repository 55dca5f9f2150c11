"""The evaluation pages: what a threshold rests on, in words; what was measured and what was not; reports on file."""

import os
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from stile.bootstrap import open_site
from stile.domain.adjudication import Verdict
from tests.application.alike import enrolled, like, strangers_to_each_other
from tests.conftest import Here
from tests.test_web_desk import text as shown
from tests.web_client import Browser

PAGE = "/console/evaluation"


def text(page: str) -> str:
    return unescape(shown(page))


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def test_nobody_who_is_not_signed_in_sees_it(here: Here) -> None:
    browser = Browser(here)
    for path in (PAGE, f"{PAGE}/reports/recognition.html"):
        answer = browser.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    assert browser.post(f"{PAGE}/calibrate").status_code in (303, 403)


def test_an_empty_site_says_what_comes_next(here: Here, browser: Browser) -> None:
    page = text(browser.get(PAGE).text)
    for said in (
        "Main entrance",
        "1 in 1,000 at most ends in a match",
        "the site has none of its own yet",
        "No passage by face yet, so nothing was measured.",
        "0 members are enrolled. From 50 on it is made by itself",
        "No report is on file.",
    ):
        assert said in page
    assert "Measure now" not in page
    assert 'style="' not in browser.get(PAGE).text


def test_without_a_pack_the_page_says_so(here: Here) -> None:
    site = open_site(here.site.settings, see=False)
    here.site, blind = site, here
    browser = Browser(blind)
    browser.sign_in()
    page = text(browser.get(PAGE).text)
    site.close()
    assert "No model pack is loaded, so no lane looks at faces." in page
    assert "Threshold in force" not in page


def test_the_threshold_and_what_it_rests_on(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.enrol(2)
    page = text(browser.get(PAGE).text)
    threshold = here.site.admit_by_face.threshold(here.lane)
    assert threshold is not None
    assert f"{threshold.value:.3f} Threshold in force" in page
    assert "Among 2 members that allows one false match in 1,999 comparisons" in page
    assert "It rests on 1,000,000 comparisons, which show rates down to 1 in 333,333." in page
    assert "extrapolated" not in page


def test_a_lane_beyond_what_the_pack_can_say_is_closed_and_says_why(here: Here, browser: Browser) -> None:
    here.enrol(1)
    here.site.setup.change_lane(here.lane.id, {"fpir": 1e-9})
    page = text(browser.get(PAGE).text)
    assert "No threshold: closed to faces" in page
    assert "answers for 1 in 33,333,333 at the rarest" in page


def test_the_sites_own_calibration_is_made_by_a_button_and_kept(here: Here, browser: Browser) -> None:
    vectors = strangers_to_each_other(60)
    vectors[17] = like(vectors[4], 0.8)
    enrolled(here, vectors)
    assert "Measure now" in browser.get(PAGE).text
    answer = browser.submit(f"{PAGE}/calibrate")
    assert answer.headers["location"] == f"{PAGE}?said=measured"
    page = text(browser.get(answer.headers["location"]).text)
    assert "The members were compared with each other." in page
    assert "1 pair of members looks so much alike" in page
    assert "60 1,769 1 down to 1 in 590" in page
    own = here.site.calibrate_site.current()
    threshold, pack = here.site.admit_by_face.threshold(here.lane), here.pool.calibration
    assert own is not None
    assert threshold is not None
    of_pack = pack.threshold_for(here.lane.fpir, 60)
    assert of_pack is not None
    by_site = threshold.value > of_pack.value
    assert ("It comes from the site's own members" in page) == by_site
    assert ("It comes from the pack's calibration; the site's own members ask for" in page) == (not by_site)


def test_too_few_members_are_told(here: Here, browser: Browser) -> None:
    here.enrol(1)
    answer = browser.submit(f"{PAGE}/calibrate")
    assert answer.headers["location"] == f"{PAGE}?said=too-little"
    assert "There is too little yet" in browser.get(answer.headers["location"]).text


def test_adjudicated_passages_are_rates_with_intervals_and_the_rest_is_not_measured(
    here: Here, browser: Browser
) -> None:
    here.enrol(1)
    with here.site.store.read() as work:
        staff = work.staff.by_name("admin")
    passage = here.come(1).passage
    assert staff is not None
    assert passage is not None
    page = text(browser.get(PAGE).text)
    assert "no error rate was measured" in page
    assert page.count("Not measured") == 6
    here.site.adjudicate.passage(passage.id, Verdict.WRONG_PERSON, staff.id)
    here.come(1)
    page = text(browser.get(PAGE).text)
    assert "50.00% 1 of 2; 95 % interval 1.26% to 98.74%" in page
    assert "each rate is a lower bound" in page
    assert page.count("Not measured") == 4
    assert "No passage by face yet" in text(browser.get(f"{PAGE}?since=2030-01-01").text)
    assert browser.get(f"{PAGE}?since=yesterday").status_code == 422


# --- reports ---


@pytest.fixture
def put(here: Here) -> Callable[[str, str], Path]:
    folder = here.site.settings.data / "reports"

    def put(name: str, content: str = "<script>alert(1)</script>") -> Path:
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(content)
        return folder / name

    return put


def test_reports_on_file_are_listed_and_only_ever_downloaded(
    browser: Browser, put: Callable[..., Path]
) -> None:
    os.utime(put("old.html"), (0, 0))
    put("a report, of spring.html")
    put("notes.txt")
    page = browser.get(PAGE).text
    links = re.findall(rf'href="({PAGE}/reports/[^"]+)"', page)
    assert links == [f"{PAGE}/reports/a%20report%2C%20of%20spring.html", f"{PAGE}/reports/old.html"]
    answer = browser.get(links[0])
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text == "<script>alert(1)</script>"


@pytest.mark.parametrize(
    "name", ["notes.txt", "none.html", "..%2Fsite.key", "%2e%2e%2fstile.db", "link.html", "old.html%00"]
)
def test_nothing_else_comes_out_of_the_folder(
    here: Here, browser: Browser, put: Callable[..., Path], name: str
) -> None:
    put("old.html")
    put("notes.txt")
    (here.site.settings.data / "reports" / "link.html").symlink_to(here.site.settings.data / "site.key")
    answer = browser.get(f"{PAGE}/reports/{name}")
    assert answer.status_code in (303, 404, 307)
    assert "content-disposition" not in answer.headers
