"""What an authority's register takes over from an operator's, and what it leaves there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import (
    Deployment,
    Entry,
    EventKind,
    Fact,
    Happened,
    Involved,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Phase,
    Register,
    Relationship,
    SignOff,
)
from stile.domain.register_feed import Feed, FeedEntry
from stile.domain.subscription import AGAIN, EVERY, MOST, Subscription, source_of, taken_over

URL = "https://barnstone.example/transparency/register.json"
DAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 3, tzinfo=UTC)
POOL = Deployment(
    "pool", "Barnstone Pool", "Barnstone Leisure", Phase.IN_USE, Relationship.OWN, purpose="to let members in"
)

POOL_TWO = Deployment("two", "Elsewhere", "Barnstone Leisure", Phase.IN_USE, Relationship.OWN)


def feed(*facts: Fact, kind: OrganisationKind = OrganisationKind.OPERATOR) -> Feed:
    entries = tuple(FeedEntry(uuid4(), date(2026, 1, 31), "the manager", fact) for fact in facts)
    return Feed("Barnstone Leisure", kind, DAY, URL, entries)


def entry(fact: Fact, source: str, n: int = 1) -> Entry:
    return Entry(EntryId(UUID(int=n)), DAY, source, NOW, "system", fact)


def found(published: Feed, *entries: Entry) -> tuple[Fact, ...]:
    return taken_over(published, URL, entries, Register.as_of(entries, DAY)).facts


def test_the_operators_own_use_is_here_the_operators_alone() -> None:
    [fact] = found(feed(POOL))
    assert isinstance(fact, Deployment)
    assert fact.relationship is Relationship.OPERATORS_ALONE
    assert fact.purpose == "to let members in"


def test_whether_the_authority_asked_for_it_only_the_authority_knows() -> None:
    told = Deployment("pool", "Pool", "B", Phase.IN_USE, Relationship.OWN, asked_for=True)
    [fact] = found(feed(told))
    assert isinstance(fact, Deployment)
    assert fact.asked_for is None


@pytest.mark.parametrize(
    "fact",
    [
        OwnUse(True),
        Happened(EventKind.ICO_SELF_REFERRAL, DAY, "The operator referred itself.", "pool"),
        NoneHappened(EventKind.ARREST, DAY, DAY, "pool"),
        SignOff("pool", "A manager", "A director", "Followed.", date(2027, 1, 1)),
        Deployment("other", "Elsewhere", "Another", Phase.IN_USE, Relationship.OPERATORS_ALONE),
        Involved("unknown", False),
    ],
    ids=["own use", "event", "none", "sign-off", "another's use", "police elsewhere"],
)
def test_what_would_read_as_the_authoritys_own_stays_where_it_is(fact: Fact) -> None:
    taken = found(feed(POOL, fact))
    assert [one.key for one in taken if isinstance(one, Deployment)] == ["pool"]
    assert len(taken) == 1


def test_police_involvement_comes_along() -> None:
    assert found(feed(POOL, Involved("pool", False)))[1] == Involved("pool", False)


def test_read_again_only_what_changed() -> None:
    first = found(feed(POOL, Involved("pool", False)))
    known = [entry(fact, source_of(URL, feed()), n) for n, fact in enumerate(first, 1)]
    assert found(feed(POOL, Involved("pool", False)), *known) == ()
    ended = Deployment(
        "pool",
        "Barnstone Pool",
        "Barnstone Leisure",
        Phase.ENDED,
        Relationship.OWN,
        purpose="to let members in",
        until=DAY,
    )
    [changed] = found(feed(ended, Involved("pool", False)), *known)
    assert isinstance(changed, Deployment)
    assert changed.phase is Phase.ENDED


def test_what_the_authority_said_of_it_stays() -> None:
    [first] = found(feed(POOL))
    by_hand = Deployment(
        "pool",
        "Barnstone Pool",
        "Barnstone Leisure",
        Phase.IN_USE,
        Relationship.ON_BEHALF,
        purpose="to let members in",
        asked_for=False,
    )
    known = [entry(first, source_of(URL, feed()), 1), entry(by_hand, "the contract", 2)]
    assert found(feed(POOL), *known) == ()
    moved = Deployment(
        "pool",
        "Barnstone Pool",
        "Barnstone Leisure",
        Phase.PILOT,
        Relationship.OWN,
        purpose="to let members in",
    )
    [changed] = found(feed(moved), *known)
    assert isinstance(changed, Deployment)
    assert (changed.relationship, changed.asked_for) == (Relationship.ON_BEHALF, False)


def test_a_correction_that_stands_for_an_earlier_day_does_not_end_the_reading() -> None:
    [first] = found(feed(POOL))
    read = entry(first, source_of(URL, feed()), 1)
    corrected = replace(entry(first, "the contract", 2), at=date(2026, 1, 1), recorded_at=NOW + EVERY)
    ended = replace(POOL, phase=Phase.ENDED, until=DAY)
    [changed] = found(feed(ended), corrected, read)
    assert isinstance(changed, Deployment)
    assert changed.phase is Phase.ENDED


def test_what_another_source_entered_is_not_touched() -> None:
    known = [entry(POOL, "an officer")]
    taken = taken_over(feed(POOL, Involved("pool", True, "A force")), URL, known, Register.as_of(known, DAY))
    assert taken.facts == ()
    assert taken.left == ("Barnstone Pool: this register has an entry about it from another source",)


def test_what_the_authority_recorded_of_the_police_stays() -> None:
    [first] = found(feed(POOL))
    known = [
        entry(first, source_of(URL, feed()), 1),
        entry(Involved("pool", True, "Barnstone Police"), "minutes of a meeting", 2),
    ]
    assert found(feed(POOL, Involved("pool", False)), *known) == ()


def test_another_address_that_begins_the_same_is_another_source() -> None:
    known = [entry(found(feed(POOL))[0], f"{URL}.evil, published by X as of 2026-01-01")]
    assert found(feed(POOL), *known) == ()


def test_the_register_of_an_authority_is_hearsay() -> None:
    with pytest.raises(WrongValue, match="subscribe to an operator's"):
        found(feed(POOL, kind=OrganisationKind.AUTHORITY))


def test_more_deployments_than_any_operator_has() -> None:
    many = [Deployment(f"c{n}", "Pool", "B", Phase.IN_USE, Relationship.OWN) for n in range(MOST + 1)]
    with pytest.raises(WrongValue, match="more than"):
        found(feed(*many))


@pytest.mark.parametrize(
    ("problem", "after", "due"),
    [
        ("", EVERY, True),
        ("", EVERY - timedelta(seconds=1), False),
        ("gone", AGAIN, True),
        ("gone", AGAIN / 2, False),
    ],
)
def test_when_it_is_read_again(problem: str, after: timedelta, due: bool) -> None:
    assert Subscription(URL, "B", NOW, NOW, NOW, problem).is_due(NOW + after) is due


def test_a_deployment_that_is_listed_twice_is_taken_over_once() -> None:
    published = feed(POOL, replace(POOL, place="Barnstone Baths"))
    first = taken_over(published, URL, (), Register(()))
    assert [one.place for one in first.facts if isinstance(one, Deployment)] == ["Barnstone Pool"]
    assert "more than once" in first.left[0]
    assert found(published, entry(first.facts[0], source_of(URL, published))) == ()


def test_an_entry_without_end_is_left_out() -> None:
    endless = Deployment("pool", "Pool", "B", Phase.IN_USE, Relationship.OWN, purpose="x" * 60_000)
    taken = taken_over(feed(endless, POOL_TWO), URL, (), Register(()))
    assert [one.place for one in taken.facts if isinstance(one, Deployment)] == ["Elsewhere"]
    assert taken.left == ("Pool: its entry is longer than any that is meant to be read",)


def test_an_address_with_a_key_is_not_kept() -> None:
    with pytest.raises(WrongValue, match="needs no key"):
        Subscription(f"{URL}?key=secret", "B", NOW, NOW, NOW)


@pytest.mark.parametrize("url", ["register.json", "file:///etc/passwd", "https://" + "x" * 2000])
def test_an_address_that_cannot_be_one(url: str) -> None:
    with pytest.raises(WrongValue, match="address"):
        Subscription(url, "B", NOW, NOW, NOW)
