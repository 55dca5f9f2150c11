"""The page where other programs' tokens are made."""

import re

import pytest

from stile.domain.roles import Permission, Role
from tests.conftest import Here
from tests.web_client import Browser


@pytest.fixture
def browser(here: Here) -> Browser:
    browser = Browser(here)
    browser.sign_in()
    return browser


def test_the_empty_page_says_what_to_do(browser: Browser) -> None:
    page = browser.get("/console/tokens").text
    assert "No program has a token" in page
    assert "/api/v1/openapi.json" in page


def test_a_token_is_shown_once_and_ends_at_once(browser: Browser, here: Here) -> None:
    fields = {"name": "Leisure manager", "may": Permission.SEE_MEMBERS.value, "days": "90"}
    made = browser.submit("/console/tokens", **fields)
    [secret] = re.findall(r"stile_[\w-]{40,}", made.text)
    listed = browser.get("/console/tokens").text
    assert "Leisure manager" in listed
    assert secret not in listed
    call = {"headers": {"authorization": f"Bearer {secret}"}}
    assert browser.get("/api/v1/about", **call).json()["may"] == ["members:see"]
    [given] = here.site.tokens.all()
    assert browser.submit(f"/console/tokens/{given.token.id}/revoke").status_code == 303
    assert browser.get("/api/v1/about", **call).status_code == 401
    assert "Ended" in browser.get("/console/tokens").text


def test_the_page_says_why_a_token_has_stopped(browser: Browser, here: Here) -> None:
    maker = here.site.accounts.add(None, "Mo Leaver", {Role.MANAGER}).staff
    here.site.tokens.make("Till", {Permission.SEE_MEMBERS}, 90, maker)
    assert "Stopped" not in browser.get("/console/tokens").text
    here.site.accounts.disable(None, maker.id)
    page = browser.get("/console/tokens").text
    for shown in ("Stopped", "Mo Leaver", "Account disabled", "make a new one below"):
        assert shown in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "name"),
        ({"may": ""}, "choose"),
        ({"may": "desk:let-in"}, "does not hold|No program"),
        ({"days": "0"}, "1 to 366"),
        ({"days": "99999999999999999999"}, "1 to 366"),
    ],
)
def test_what_cannot_be_is_told_in_a_line(browser: Browser, wrong: dict[str, str], told: str) -> None:
    fields = {"name": "Leisure manager", "may": Permission.SEE_MEMBERS.value, "days": "90"} | wrong
    answer = browser.submit("/console/tokens", **fields)
    assert answer.status_code in (403, 422)
    assert re.search(told, answer.text)
    assert browser.here.site.tokens.all() == []
