"""What of the register travels, and what stays inside."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId
from stile.domain.public_register import Why, public
from stile.domain.register import (
    Deployment,
    Document,
    DocumentKind,
    Entry,
    EventKind,
    Fact,
    Happened,
    NoneHappened,
    OrganisationKind,
    OwnUse,
    Phase,
    Register,
    Relationship,
    SignOff,
)
from stile.domain.register_feed import feed_json, read_feed

DAY = date(2026, 11, 25)
POOL = Deployment(
    "pool",
    "Barnstone Pool",
    "Barnstone Leisure",
    Phase.IN_USE,
    Relationship.OWN,
    since=date(2026, 1, 31),
    documents=(
        Document(DocumentKind.NOTICE, "Notice", DAY, "https://barnstone.example/notice"),
        Document(DocumentKind.CONTRACT, "Contract", DAY, "Cabinet 3, second drawer"),
    ),
)
FACTS: tuple[Fact, ...] = (
    OwnUse(True),
    POOL,
    SignOff("pool", "Ann Officer", "Bob Director", "Put up larger signs.", date(2027, 1, 1), version="2"),
    Happened(EventKind.COMPLAINT, DAY, "ring ada@example.org or 020 7946 0018 about it", "pool"),
)


def entry(n: int, fact: Fact) -> Entry:
    at = datetime(2026, 11, 25, tzinfo=UTC)
    return Entry(EntryId(UUID(int=n)), DAY, "the manager, mail to foi@barnstone.example", at, "Ann", fact)


REGISTER = Register([entry(n, fact) for n, fact in enumerate(FACTS, 1)])


def sent() -> Any:
    shown = public(REGISTER, ["foi@barnstone.example"]).register
    made = feed_json(
        "Barnstone Leisure", OrganisationKind.OPERATOR, shown, DAY, "https://b.example/register.json"
    )
    return json.loads(json.dumps(made))


def test_officers_and_peoples_addresses_stay_inside() -> None:
    text = json.dumps(sent())
    for inside in ("Ann", "Bob", "larger signs", "ada@", "7946", "Cabinet 3"):
        assert inside not in text
    assert "foi@barnstone.example" in text, "the organisation's own address is meant to be given"
    assert "https://barnstone.example/notice" in text
    assert "2027-01-01" in text, "when an assessment is looked at again is public"


def test_each_thing_left_out_is_listed_with_its_reason() -> None:
    withheld = public(REGISTER, ["foi@barnstone.example"]).withheld
    assert {(one.field, one.because) for one in withheld} == {
        ("fact.documents[1].where", Why.ON_FILE),
        ("fact.measures_by", Why.OFFICER),
        ("fact.residual_by", Why.OFFICER),
        ("fact.advice", Why.OFFICER),
        ("fact.what", Why.EMAIL),
        ("fact.what", Why.PHONE),
    }


def test_an_id_that_looks_like_a_telephone_number_is_none() -> None:
    key = "01921530-8712-7000-9000-000000000007"
    one = replace(POOL, key=key, uprn="020794600018", documents=())
    shown = public(Register([entry(1, one), entry(2, NoneHappened(EventKind.ARREST, DAY, DAY, key))]), [])
    assert [one.fact for one in shown.register.entries] == [
        one,
        NoneHappened(EventKind.ARREST, DAY, DAY, key),
    ]
    assert {one.field for one in shown.withheld} == {"source"}, "that one names an address"


def test_what_was_sent_is_read_back() -> None:
    found = read_feed(sent())
    assert (found.organisation, found.kind, found.as_of) == (
        "Barnstone Leisure",
        OrganisationKind.OPERATOR,
        DAY,
    )
    assert [one.id for one in found.entries] == [UUID(int=n) for n in (1, 2, 3, 4)]
    fact = found.entries[1].fact
    assert isinstance(fact, Deployment)
    assert replace(fact, documents=()) == replace(POOL, documents=())


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("format",), "rss", "no register"),
        (("organisation",), None, "names its organisation"),
        (("organisation", "kind"), "shop", "operator, authority"),
        (("as_of",), "today", "as_of"),
        (("entries",), {}, "lists up to"),
        (("entries", 0, "id"), 7, r"entries\[0\].id"),
        (("entries", 0, "source"), "", r"entries\[0\].source"),
        (("entries", 0, "kind"), "gossip", r"entries\[0\].*gossip"),
        (("entries", 1, "fact", "face"), "x", r"entries\[1\].*unknown field “face”"),
        (("entries", 1, "fact"), [], r"entries\[1\]: expected an entry with a fact"),
    ],
)
def test_what_is_no_feed_is_refused_with_its_place(path: tuple[Any, ...], value: Any, told: str) -> None:
    made = sent()
    at = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(WrongValue, match=told):
        read_feed(made)
