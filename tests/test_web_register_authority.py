"""An authority has the same pages: its register is of what others use, and there is no configuration to fill from."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from stile.application.setup import NewAuthority
from stile.config import Settings
from stile.domain.register import OrganisationKind
from stile.domain.sessions import SecondFactor
from stile.entrypoints.web.authority import create_authority
from stile.office import Office, open_office
from tests.web_client import NAME, ORIGIN, PASSWORD, hidden

USE = {
    "place": "Barnstone Pool",
    "operator": "Barnstone Leisure",
    "technology": "facial recognition",
    "phase": "in use",
    "relationship": "the operator's alone",
    "controller": "Barnstone Leisure",
    "source": "the manager of the leisure contract",
}


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Office]:
    office = open_office(
        Settings(
            data=tmp_path / "data",
            organisation=OrganisationKind.AUTHORITY,
            second_factor=SecondFactor.OPTIONAL,
        )
    )
    office.setup.create_authority(NewAuthority("Barnstone Council", NAME, PASSWORD))
    yield office
    office.close()


@pytest.fixture
def client(council: Office) -> TestClient:
    client = TestClient(create_authority(council), base_url=ORIGIN, follow_redirects=False)
    form = hidden(client.get("/sign-in").text, "form")
    client.post("/sign-in", data={"name": NAME, "password": PASSWORD, "form": form})
    return client


def test_it_records_what_it_knows_of_others(council: Office, client: TestClient) -> None:
    page = client.get("/console/register").text
    assert "Uses in your area" in page
    assert "Enter what you know of leisure operators" in page
    assert "lanes" not in page
    csrf = hidden(client.get("/console/register/enter/deployment").text, "csrf")
    answer = client.post("/console/register/enter/deployment", data={"csrf": csrf, **USE})
    assert answer.status_code == 303
    assert "Before its lanes" not in client.get(answer.headers["location"]).text
    entry = council.registering.as_of().deployment("barnstone-pool")
    assert entry is not None
    assert entry.source == USE["source"]


def test_its_assessment_begins_empty_and_says_why(council: Office, client: TestClient) -> None:
    csrf = hidden(client.get("/console/register/enter/deployment").text, "csrf")
    use = USE | {"relationship": "on the authority's behalf", "controller": "Barnstone Council"}
    client.post("/console/register/enter/deployment", data={"csrf": csrf, **use})
    page = client.get("/console/register/dpia?key=barnstone-pool").text
    assert "Nothing is filled in" in page
    assert council.assessing.look("barnstone-pool").assessment.answers == ()
    step = client.get("/console/register/dpia/steps/need?key=barnstone-pool").text
    saved = client.post(
        "/console/register/dpia/steps/need",
        data={
            "csrf": csrf,
            "key": "barnstone-pool",
            "upon": hidden(step, "upon"),
            "aim": "Entry.",
            "need": "It is.",
        },
    )
    assert saved.status_code == 303
    assert council.assessing.look("barnstone-pool").assessment.text("aim") == "Entry."


def test_its_record_of_processing_names_what_is_not_its_own(client: TestClient) -> None:
    csrf = hidden(client.get("/console/register/enter/deployment").text, "csrf")
    client.post("/console/register/enter/deployment", data={"csrf": csrf, **USE})
    page = client.get("/console/register/processing").text
    assert "Barnstone Council" in page
    assert "Not yours" in page
    assert "Coming in by face" not in page
