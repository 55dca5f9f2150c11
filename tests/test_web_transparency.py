"""The public account over HTTP: for everybody, without a cookie, and not made anew for each who asks."""

import json
import re

import pytest

from stile.application.publish import Publish
from stile.domain.account import Account
from stile.domain.errors import CannotRecord
from stile.domain.register import EventKind, Happened, OwnUse
from tests.conftest import Here
from tests.web_client import Browser


@pytest.fixture
def browser(here: Here) -> Browser:
    return Browser(here)


def test_anybody_reads_the_page_and_gets_no_cookie(browser: Browser) -> None:
    answer = browser.get("/transparency")
    assert answer.status_code == 200
    assert "Five questions that are always asked" in answer.text
    assert "set-cookie" not in answer.headers
    assert not re.search(
        r"<script|<iframe|https?://(?!www\.nationalarchives)[^\"<]*\.(?:js|css|png)", answer.text
    )


def test_whoever_hears_the_page_knows_which_entry_a_link_leads_to(browser: Browser) -> None:
    """A list of links would otherwise read “entry of 1 May” ten times."""
    page = browser.get("/transparency").text
    cited = re.findall(r'<a href="#entry-[^"]+">entry of [^<]+<span class="visually-hidden">: ([^<]+)<', page)
    assert "Use at a place: Test Centre" in cited
    assert len(cited) == page.count('<a href="#entry-')


def test_each_file_that_the_page_names_is_there(browser: Browser) -> None:
    page = browser.get("/transparency").text
    named = set(re.findall(r'href="(/transparency/[^"]+\.[^"]+)"', page))
    assert {"/transparency/account.json", "/transparency/register.json"} <= named
    for one in named:
        answer = browser.get(one)
        assert answer.status_code == 200, one
        assert answer.headers["access-control-allow-origin"] == "*"
    assert browser.get("/transparency/members.csv").status_code == 404
    assert browser.get("/transparency/index.html").status_code == 404


def test_what_has_not_changed_is_not_sent_again(browser: Browser) -> None:
    for path in ("/transparency", "/transparency/account.json"):
        first = browser.get(path)
        assert first.headers["cache-control"] == "public, max-age=300"
        again = browser.get(path, headers={"if-none-match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == "public, max-age=300"
        assert browser.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_harvester_asks_for_the_head_first(browser: Browser) -> None:
    whole = browser.get("/transparency/catalogue.ttl")
    assert whole.headers["content-type"] == "text/turtle; charset=utf-8"
    head = browser.client.head("/transparency/catalogue.ttl")
    assert (head.status_code, head.headers["etag"]) == (200, whole.headers["etag"])


def test_what_is_no_part_of_the_account_is_not_kept_by_caches(browser: Browser) -> None:
    assert browser.get("/transparency/nothing.json").headers["cache-control"] == "no-store"
    assert browser.get("/sign-in").headers["cache-control"] == "no-store"


def test_a_change_of_the_register_shows_within_a_minute(here: Here, browser: Browser) -> None:
    before = browser.get("/transparency").headers["etag"]
    here.site.registering.add(OwnUse(True), "the director", "test")
    assert browser.get("/transparency").headers["etag"] == before, "it is made once a minute, whoever asks"
    here.clock.advance(60)
    answer = browser.get("/transparency")
    assert answer.headers["etag"] != before
    assert "Test Operator uses facial recognition." in answer.text


def test_what_cannot_be_made_anew_is_served_as_it_was(
    here: Here, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = browser.get("/transparency").headers["etag"]

    def busy(_self: Publish, _account: Account, _actor: str = "system") -> int:
        raise CannotRecord("the store is busy")

    monkeypatch.setattr(Publish, "note", busy)
    here.clock.advance(60)
    here.site.registering.add(OwnUse(True), "the director", "test")
    assert browser.get("/transparency").headers["etag"] == before, "nothing is left out that is not logged"


def test_each_citation_leads_to_its_entry(here: Here, browser: Browser) -> None:
    here.site.registering.add(OwnUse(True), "the director", "test")
    page = browser.get("/transparency").text
    cited = set(re.findall(r'href="#(entry-[^"]+)"', page))
    assert cited
    assert cited <= set(re.findall(r'id="(entry-[^"]+)"', page))


def test_what_people_wrote_is_text_and_their_addresses_stay_inside(here: Here, browser: Browser) -> None:
    what = "<script>alert(1)</script> wrote from ada@example.org"
    here.site.registering.add(
        Happened(EventKind.COMPLAINT, here.clock.today(), what), "post of Mr X, mr.x@example.org", "test"
    )
    page, data = browser.get("/transparency").text, browser.get("/transparency/account.json").text
    for text in (page, data, browser.get("/transparency/register.json").text):
        assert "@example.org" not in text
    assert "<script>" not in page
    assert {one["because"] for one in json.loads(data)["left_out"]} >= {"an e-mail address"}
