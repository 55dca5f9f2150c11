"""An authority reads what an operator publishes. Nothing is written twice, or while the network is waited for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from stile.application.register.subscribing import Subscribing
from stile.domain.audit import Event
from stile.domain.errors import CannotRead, Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.register import Deployment, Phase, Relationship
from tests.conftest import Here
from tests.council import URL, Council, Published, open_council, pool
from tests.web_client import Browser


@pytest.fixture
def council(tmp_path: Path) -> Iterator[Council]:
    opened = open_council(tmp_path / "council")
    yield opened
    opened.office.close()


@pytest.fixture
def published(council: Council) -> Published:
    return council.published


@pytest.fixture
def subscribing(council: Council) -> Subscribing:
    return council.office.subscribing


def test_what_is_read_becomes_entries_with_the_address_as_source(
    council: Council, subscribing: Subscribing
) -> None:
    reading = subscribing.subscribe(f" {URL} ", "an officer")
    [entry] = council.office.registering.as_of().entries
    assert reading.entries == (entry,)
    assert entry.at == council.clock.today()
    assert entry.source == f"{URL}, published by Barnstone Leisure as of {council.clock.today()}"
    assert entry.recorded_by == "an officer"
    assert isinstance(entry.fact, Deployment)
    assert entry.fact.relationship is Relationship.OPERATORS_ALONE
    assert [one.url for one in subscribing.all()] == [URL]


def test_it_stands_in_the_audit_log(council: Council, subscribing: Subscribing) -> None:
    [entry] = subscribing.subscribe(URL, "an officer").entries
    subscribing.end(URL, "an officer")
    with council.office.store.read() as work:
        said = [(one.event, one.actor, one.subject) for one in work.audit.entries()][2:]
    assert said == [
        (Event.REGISTER_SUBSCRIBED, "an officer", URL),
        (Event.REGISTER_ENTERED, "an officer", str(entry.id)),
        (Event.REGISTER_UNSUBSCRIBED, "an officer", URL),
    ]


def test_read_again_only_changes_are_entered(
    council: Council, subscribing: Subscribing, published: Published
) -> None:
    subscribing.subscribe(URL, "x")
    assert subscribing.refresh(URL).entries == ()
    published.facts = [pool(Phase.PLANNED)]
    assert len(subscribing.refresh(URL).entries) == 1
    [standing] = council.office.registering.as_of().deployments()
    assert isinstance(standing.fact, Deployment)
    assert standing.fact.phase is Phase.PLANNED
    assert len(council.office.registering.history()) == 2


def test_it_is_read_daily_and_an_hour_after_it_failed(
    council: Council, subscribing: Subscribing, published: Published
) -> None:
    subscribing.subscribe(URL, "x")
    published.facts = [pool(Phase.PLANNED)]
    council.clock.advance(timedelta(hours=23).total_seconds())
    assert subscribing.refresh_due() == 0
    published.broken = "barnstone.example answered 500."
    council.clock.advance(timedelta(hours=1).total_seconds())
    assert subscribing.refresh_due() == 0
    [known] = subscribing.all()
    assert known.problem == "barnstone.example answered 500."
    assert known.read_at < known.tried_at == council.clock.now()
    published.broken = ""
    assert subscribing.refresh_due() == 0, "not before an hour has gone"
    council.clock.advance(timedelta(hours=1).total_seconds())
    assert subscribing.refresh_due() == 1
    [known] = subscribing.all()
    assert (known.problem, known.read_at) == ("", council.clock.now())


def test_one_that_cannot_be_read_is_not_subscribed_to(
    council: Council, subscribing: Subscribing, published: Published
) -> None:
    published.broken = "barnstone.example is not known."
    with pytest.raises(CannotRead):
        subscribing.subscribe(URL, "x")
    assert subscribing.all() == []
    assert council.office.registering.history() == []


def test_what_is_no_register_changes_nothing(
    council: Council, subscribing: Subscribing, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribing.subscribe(URL, "x")
    monkeypatch.setattr(published, "read", lambda _: {"format": "another"})
    with pytest.raises(WrongValue, match="no register"):
        subscribing.refresh(URL)
    [known] = subscribing.all()
    assert "no register" in known.problem
    assert len(council.office.registering.history()) == 1


def test_twice_is_once(subscribing: Subscribing) -> None:
    subscribing.subscribe(URL, "x")
    with pytest.raises(Conflict, match="already"):
        subscribing.subscribe(URL, "x")


def test_what_is_not_subscribed_to(subscribing: Subscribing) -> None:
    for what in (lambda: subscribing.refresh(URL), lambda: subscribing.end(URL, "x")):
        with pytest.raises(NotFound):
            what()


def test_an_operator_subscribes_to_nobody(here: Here) -> None:
    """Otherwise another's publication could complete the register of a centre of its own (law 5)."""
    with pytest.raises(NotAllowed, match="records its own use"):
        here.site.subscribing.subscribe(URL, "x")


def test_what_an_operator_really_publishes_is_read(
    here: Here, council: Council, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both ends as they are: one's public page, the other's register."""
    document = Browser(here).get("/transparency/register.json")
    assert document.status_code == 200
    monkeypatch.setattr(published, "read", lambda _: document.json())
    reading = council.office.subscribing.subscribe(URL, "x")
    [known] = council.office.registering.as_of().deployments()
    assert reading.left == ()
    assert reading.subscription.organisation == "Test Operator"
    assert isinstance(known.fact, Deployment)
    assert known.fact.relationship is Relationship.OPERATORS_ALONE
    assert known.fact.key == str(here.lane.centre)


def test_an_address_that_cannot_be_one_is_not_read(subscribing: Subscribing) -> None:
    with pytest.raises(WrongValue, match="needs no key"):
        subscribing.subscribe(f"{URL}?key=secret", "x")
