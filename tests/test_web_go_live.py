"""Law 5 on the pages: what the register lacks is listed where somebody would look for it, with the way to mend it."""

import html
from dataclasses import replace
from datetime import timedelta

import pytest

from stile.domain.register import Deployment, DocumentKind, Missing, SignOff
from stile.entrypoints.web.register_links import missing_link
from stile.entrypoints.web.register_words import LACKS
from stile.testing import complete_facts
from tests.conftest import Here
from tests.test_web_desk import text
from tests.web_client import Browser


def facts(here: Here) -> tuple[Deployment, SignOff]:
    deployment, sign_off = complete_facts(here.lane.centre, here.clock.today())
    assert isinstance(deployment, Deployment)
    assert isinstance(sign_off, SignOff)
    return deployment, sign_off


@pytest.fixture
def lacking(here: Here) -> Here:
    """A site whose register has lost its purpose and its signs."""
    here.enrol(1)
    deployment, _ = facts(here)
    left = tuple(one for one in deployment.documents if one.kind is not DocumentKind.SIGNAGE)
    here.site.registering.add(replace(deployment, purpose="", documents=left), "a test", "test")
    return here


def test_the_desk_lists_what_is_missing_with_the_way_to_enter_it(lacking: Here) -> None:
    browser = Browser(lacking)
    browser.sign_in()
    page = browser.get("/desk/now").text
    assert "By face Closed Not before the register is complete." in text(page)
    assert "What is missing: 2" in text(page)
    for one in (Missing.PURPOSE, Missing.SIGNAGE):
        link = html.escape(missing_link(one, str(lacking.lane.centre)))
        assert f'<a href="{link}">{LACKS[one]}</a>' in page
    assert LACKS[Missing.ALTERNATIVE] not in page


def test_the_screen_at_the_lane_offers_the_other_ways_and_no_face(lacking: Here) -> None:
    browser = Browser(lacking)
    browser.pair()
    page = browser.get("/kiosk/main").text
    assert 'data-face="no"' in page
    assert "Each of them opens the same door." in page
    assert "register" not in page.casefold(), "whoever wants to come in is not told of our papers"
    with browser.line() as line:
        assert line.socket.receive_json()["lane"]["face"] is False
        line.ask("face")
        told = line.hear("concluded")
        assert (told["outcome"], told["headline"]) == ("refer", "Please use your card")
        line.ask("card", number="5500001")
        assert line.hear("concluded")["outcome"] == "admit"


def test_an_open_screen_is_told_within_a_beat(here: Here) -> None:
    here.enrol(1)
    browser = Browser(here)
    browser.pair()
    with browser.line() as line:
        assert line.socket.receive_json()["lane"]["face"] is True
        here.site.registering.add(replace(facts(here)[0], purpose=""), "a test", "test")
        while line.socket.receive_json()["lane"]["face"]:
            pass


def test_the_desk_says_beforehand_that_a_review_will_close_the_lane(here: Here) -> None:
    here.enrol(1)
    browser = Browser(here)
    browser.sign_in()
    _, sign_off = facts(here)
    for days, said in ((27, True), (28, False)):
        last = here.clock.today() + timedelta(days=days)
        here.site.registering.add(replace(sign_off, review_on=last), "a test", "test")
        until = f"Ready Until {last.day} {last:%B %Y}, when the assessment must be reviewed."
        assert (until in text(browser.get("/desk/now").text)) is said


def test_reception_is_told_why_nobody_can_enrol_and_a_link_that_is_out_records_nothing(here: Here) -> None:
    member = here.add(2, "Grace")
    token = here.site.enrol.invite(member.id, "test")
    here.site.registering.add(replace(facts(here)[0], alternative=""), "a test", "test")
    browser = Browser(here)
    page = browser.get(f"/enrol/{token}")
    assert page.status_code == 503
    assert "Your card works as always." in text(page.text)
    assert browser.post(f"/enrol/{token}/consent", {"agree": "yes"}).status_code == 503
    with here.site.store.read() as work:
        assert work.consents.live_of(member.id) is None
    browser.sign_in()
    page = browser.get(f"/desk/members/{member.id}/enrol")
    assert "Nobody can enrol before the register is complete for this centre." in text(page.text)
    assert f"/desk/members/{member.id}/invite" not in page.text
    assert browser.submit(f"/desk/members/{member.id}/invite").status_code == 403
