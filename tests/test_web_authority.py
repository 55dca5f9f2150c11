"""The pages of an authority: what it has of those that both have, and the operators whose registers it reads."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from stile.domain.retention import AT_AUTHORITY, RULES
from stile.domain.roles import Role
from stile.entrypoints.web.authority import create_authority
from tests.council import NAME, PASSWORD, URL, Council, open_council, pool
from tests.web_client import ORIGIN, hidden

AT = "/console/register/operators"


class Officer:
    """Somebody who is signed in."""

    def __init__(self, council: Council) -> None:
        self.council = council
        self.client = TestClient(
            create_authority(council.office),
            base_url=ORIGIN,
            follow_redirects=False,
            raise_server_exceptions=True,
        )
        form = hidden(self.client.get("/sign-in").text, "form")
        answer = self.client.post("/sign-in", data={"name": NAME, "password": PASSWORD, "form": form})
        assert answer.status_code == 303

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return answer.text

    def post(self, path: str, **fields: str) -> httpx2.Response:
        return self.client.post(path, data={"csrf": hidden(self.get("/account"), "csrf"), **fields})


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    opened = open_council(tmp_path / "data")
    yield opened
    opened.office.close()


@pytest.fixture
def officer(council: Council) -> Officer:
    return Officer(council)


def test_signing_in_leads_to_the_register(officer: Officer) -> None:
    assert officer.client.get("/").headers["location"] == "/console/register"
    assert "Barnstone Borough Council" in officer.get("/console/register")


def test_no_page_speaks_of_lanes_or_members(officer: Officer) -> None:
    for path in ("/console/register", "/console/foi", "/console/staff/new", "/account"):
        words = re.sub(r"<[^>]+>", " ", officer.get(path))
        assert not re.search(r"\b(lanes?|kiosks?|members?|enrol\w*|templates?)\b", words, re.IGNORECASE), path


def test_only_roles_that_have_something_to_do_are_given_out(officer: Officer) -> None:
    offered = re.findall(r'name="role" value="([^"]+)"', officer.get("/console/staff/new"))
    assert offered == ["manager", "data protection", "auditor", "information officer"]


def test_only_rules_about_what_it_has_are_shown(officer: Officer) -> None:
    page = officer.get("/console/retention")
    for subject, rule in RULES.items():
        assert (f">{rule.label}<" in page) == (subject in AT_AUTHORITY), subject


def test_health_says_that_nothing_sees(officer: Officer) -> None:
    told = officer.client.get("/health").json()
    assert (told["ok"], told["face"]) == (True, False)


# --- what operators publish ---


def test_a_register_is_read_and_read_again(officer: Officer) -> None:
    assert "No operator’s register is read yet" in officer.get(AT)
    read = officer.post(AT, url=f" {URL} ")
    assert read.status_code == 200
    assert "Barnstone Leisure: 1 entry made." in read.text
    assert "Barnstone Pool" in officer.get("/console/register")
    again = officer.post(f"{AT}/read", url=URL)
    assert "Barnstone Leisure: nothing changed." in again.text
    assert officer.post(f"{AT}/end", url=URL).status_code == 303
    assert URL not in officer.get(AT)
    assert "Barnstone Pool" in officer.get("/console/register")


def test_what_is_in_the_way_stands_beside_the_field_and_nothing_typed_is_lost(officer: Officer) -> None:
    officer.council.published.broken = "barnstone.example is not a public address."
    answer = officer.post(AT, url=URL)
    assert answer.status_code == 422
    assert f'value="{URL}"' in answer.text
    assert re.search(r'id="url-wrong">barnstone.example is not a public address.<', answer.text)
    assert officer.council.office.registering.history() == []


def test_what_is_in_the_way_later_stands_in_the_list(officer: Officer) -> None:
    officer.post(AT, url=URL)
    officer.council.published.broken = "barnstone.example answered 500."
    answer = officer.post(f"{AT}/read", url=URL)
    assert answer.status_code == 422
    assert "Not read: barnstone.example answered 500." in answer.text
    assert "barnstone.example answered 500." in officer.get(AT)


def test_who_may_only_read_is_offered_no_form(officer: Officer) -> None:
    officer.post(AT, url=URL)
    admin = officer.council.office.accounts.by_name(NAME)
    with officer.council.office.store.begin() as work:
        work.staff.save(replace(admin, roles=frozenset((Role.AUDITOR,))))
        work.commit()
    page = officer.get(AT)
    assert URL in page
    assert "<form" not in page.partition("<main")[2]
    assert officer.post(AT, url=URL).status_code == 403


def test_what_the_operator_changed_is_what_is_entered(officer: Officer) -> None:
    officer.post(AT, url=URL)
    officer.council.published.facts = [pool(), pool()]
    assert "nothing changed" in officer.post(f"{AT}/read", url=URL).text
