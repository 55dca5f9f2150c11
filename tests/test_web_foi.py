"""The pages of requests for information: from what came in to what goes out."""

import re

import pytest

from stile.domain.foi import State, Step
from stile.domain.foi_request import Channel
from stile.domain.roles import Role
from stile.testing import FakeMail
from tests.conftest import Here
from tests.web_client import Browser, hidden

TEXT = "1. Do you use facial recognition?\n2. Where and when?\n3. What colour are the doors?"


@pytest.fixture
def browser(here: Here) -> Browser:
    made = Browser(here)
    made.sign_in()
    return made


def logged(browser: Browser, **more: str) -> str:
    """The path of a request that came by letter."""
    given = {"text": TEXT, "name": "Ada Lovelace", "address": "ada@example.org"} | more
    answer = browser.submit("/console/foi/new", **given)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).partition("?")[0]


def test_it_is_logged_and_found(browser: Browser) -> None:
    at = logged(browser)
    page = browser.get(at).text
    assert "Do you use facial recognition?" in page
    assert "20 working days" in page
    assert "Ada Lovelace" in page
    listed = browser.get("/console/foi").text
    assert "FOI-2" in listed
    assert "Ada" not in listed, "who asks is not on the list: everybody is answered alike"
    for q, there in (("colour doors", True), ("trees", False)):
        assert (at in browser.get("/console/foi", params={"q": q}).text) is there
