"""The figures in the console, and the spot check at the desk: real use cases, fakes only for eyes and door."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stile.bootstrap import open_site
from stile.config import Settings
from stile.domain.adjudication import Verdict
from stile.domain.figures import Measure, Period
from stile.domain.ids import CentreId
from stile.domain.places import Centre
from stile.domain.spot_checks import ASKED_FOR
from tests.conftest import Here, open_here
from tests.test_web_desk import text
from tests.test_web_me import act, enter
from tests.web_client import Browser

PATH = "/console/figures"


@pytest.fixture
def asking(tmp_path: Path, here: Here) -> Iterator[Here]:
    """Every admission is drawn for a spot check."""
    here.site.close()
    opened = open_here(tmp_path / "data", spot_check_every=1)
    yield opened
    opened.site.close()


@pytest.fixture
def browser(asking: Here) -> Browser:
    made = Browser(asking)
    made.sign_in()
    return made


def signed_in(here: Here) -> Browser:
    made = Browser(here)
    made.sign_in()
    return made


def test_without_anybody_the_page_says_what_to_do(browser: Browser) -> None:
    page = text(browser.get(PATH).text)
    assert "Nobody came in this time." in page
    assert "3 October" not in page  # the usual days end today
    assert "from 4 October 2026 to 2 November 2026" in page


def test_figures_of_a_day(asking: Here, browser: Browser) -> None:
    asking.enrol(1)
    for n in range(10):
        came = asking.come(1).passage
        assert came is not None
        if n < 4:
            verdict = Verdict.WRONG_PERSON if n == 0 else Verdict.RIGHT
            with asking.site.store.read() as work:
                admin = work.staff.by_name("admin")
            assert admin is not None
            asking.site.adjudicate.passage(came.id, verdict, admin.id)
    page = browser.get(PATH).text
    words = text(page)
    assert re.search(r"False alerts .* 1 10\.0 % of all attempts 95 % interval 0\.25 % to 44\.5 %", words)
    assert "25.0 % of all admissions 95 % interval 0.63 % to 80.6 %" in words
    assert "10 drawn in this time, 4 answered; the rest are missing" in words
    assert page.count("<svg") >= 2
    assert "November 2026" in words


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=yesterday", "A date is written like 2026-12-31"),
        ("first=2026-11-02&last=2026-11-01", "This day is before the first one."),
    ],
)
def test_a_period_that_is_none_is_said_beside_its_field(browser: Browser, query: str, said: str) -> None:
    answer = browser.get(f"{PATH}?{query}")
    assert answer.status_code == 422
    assert said in text(answer.text)
    typed = query.split("&")[0].removeprefix("first=")
    assert f'name="first" value="{typed}"' in answer.text


def test_a_centre_that_is_not_there(browser: Browser) -> None:
    assert browser.get(f"{PATH}?centre=x").status_code == 404
    assert browser.get(f"{PATH}?centre=0190163d-8694-739b-aea5-966c26f8ad91").status_code == 404


def test_with_spot_checks_off_the_page_says_so(make_here: Callable[[], Here]) -> None:
    here = make_here()
    here.enrol(1)
    here.come(1)
    assert "Spot checks are off" in text(signed_in(here).get(PATH).text)


def test_two_centres_stand_beside_each_other_and_each_by_itself(asking: Here, browser: Browser) -> None:
    second = CentreId(asking.site.chance.new_id())
    with asking.site.store.begin() as work:
        [first] = work.centres.all()
        work.centres.add(Centre(second, first.operator, "Another Centre"))
        work.commit()
    asking.enrol(1)
    asking.come(1)
    page = browser.get(PATH).text
    assert "at All centres" in text(page)
    assert "Centre by centre" in text(page)
    day = "first=2026-10-04&amp;last=2026-11-02"
    for centre, attempts in ((first.id, 1), (second, 0)):
        assert f"{PATH}?{day}&amp;centre={centre}" in page
        alone = browser.get(f"{PATH}?first=2026-11-02&last=2026-11-02&centre={centre}").text
        assert ("Nobody came in this time." in text(alone)) == (attempts == 0)
        assert "Centre by centre" not in text(alone)


# --- the desk ---


def test_the_desk_asks_whether_it_was_the_member_and_one_tap_answers(asking: Here, browser: Browser) -> None:
    asking.enrol(1)
    came = asking.come(1).passage
    assert came is not None
    assert "Was this Ada Example?" in text(browser.get("/desk").text)
    answer = browser.submit(f"/desk/passages/{came.id}/spot-check", answer="right")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk?said=checked")
    assert "Was this Ada Example?" not in text(browser.get("/desk").text)
    found = asking.site.measure_period.of(Period.month(asking.clock.today()))
    assert found.of(Measure.SPOT_CHECKS_ANSWERED).count == 1


def test_a_screen_that_was_left_open_is_told_that_it_is_too_late(asking: Here, browser: Browser) -> None:
    asking.enrol(1)
    came = asking.come(1).passage
    assert came is not None
    asking.clock.advance(ASKED_FOR.total_seconds() + 1)
    assert "Was this" not in text(browser.get("/desk/now").text)
    answer = browser.submit(f"/desk/passages/{came.id}/spot-check", answer="right")
    assert answer.status_code == 422
    assert "too long ago" in text(answer.text)


def test_an_answer_is_one_of_the_four(asking: Here, browser: Browser) -> None:
    asking.enrol(1)
    came = asking.come(1).passage
    assert came is not None
    assert browser.submit(f"/desk/passages/{came.id}/spot-check", answer="maybe").status_code == 422


# --- groups ---


@pytest.fixture
def grouped(here: Here) -> Iterator[Here]:
    """A site that offers two groups to its members."""
    here.site.close()
    settings = Settings(**(here.site.settings.model_dump() | {"figure_groups": ("under 40", "40 and over")}))
    site = open_site(settings, clock=here.clock, pool=here.pool, doors=here.doors, mail=here.mail)
    yield Here(site, here.lane, here.clock, here.pool, here.doors, here.mail)
    site.close()


def test_a_member_states_a_group_on_their_own_page_and_deletes_it(grouped: Here) -> None:
    ada, browser = grouped.add(1), Browser(grouped)
    enter(browser, ada)
    assert "Which describes you?" in text(browser.get("/me").text)
    assert act(browser, "/me/group", group="under 40").headers["location"] == "/me?said=group#group"
    assert "You said: under 40" in text(browser.get("/me").text)
    assert act(browser, "/me/group", group="over 90").status_code == 422
    act(browser, "/me/group/forget")
    assert "You said" not in text(browser.get("/me").text)


def test_nobody_is_asked_where_none_is_collected(here: Here) -> None:
    browser = Browser(here)
    enter(browser, here.add(1))
    assert "Is it fair to everybody?" not in browser.get("/me").text


def test_groups_stand_beside_each_other_as_far_as_they_may(grouped: Here) -> None:
    for who in range(1, 7):
        member = grouped.enrol(who)
        if who < 6:
            grouped.site.own_group.choose(member.id, "under 40")
        for _ in range(5):
            grouped.come(who)
    page = text(signed_in(grouped).get(PATH).text)
    assert "Group by group" in page
    assert "under 40 Not measured: nobody looked into one 0 % of 25 entries of enrolled members" in page
    assert "Not stated, or too few to show" in page
