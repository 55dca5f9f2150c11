"""The register as of a day, and what law 5 still lacks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import (
    Deployment,
    Document,
    DocumentKind,
    Entry,
    EventKind,
    Fact,
    Happened,
    Missing,
    NoneHappened,
    OwnUse,
    Phase,
    Register,
    Relationship,
    SignOff,
    missing,
    missing_to_enrol,
    too_soon,
)
from stile.domain.register_json import fact_from_json, kind_of, to_json

DAY = date(2026, 11, 25)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
DOCUMENTS = tuple(
    Document(kind, kind.value, DAY, "on file")
    for kind in (DocumentKind.DPIA, DocumentKind.NOTICE, DocumentKind.SIGNAGE)
)
POOL = Deployment(
    "pool",
    "Pool",
    "Barnstone Leisure",
    Phase.IN_USE,
    Relationship.OWN,
    purpose="to let members in",
    controller="Barnstone Leisure",
    lawful_basis="consent",
    condition="explicit consent",
    alternative="a card at the same door",
    retention="until consent is withdrawn",
    documents=DOCUMENTS,
)
SIGNED = SignOff("pool", "Manager", "Board", "Followed.", DAY + timedelta(days=365))


def an_entry(fact: Fact, at: date = DAY, **more: Any) -> Entry:
    return Entry(EntryId(uuid7()), at, "the manager", AT, "system", fact, **more)


def register(*facts: Fact) -> Register:
    return Register.as_of([an_entry(fact) for fact in facts], DAY)


def test_an_entry_of_a_later_day_is_not_known_yet_and_a_replaced_one_no_more() -> None:
    first = an_entry(OwnUse(False), DAY - timedelta(days=10))
    second = an_entry(OwnUse(True), DAY - timedelta(days=1), replaces=first.id)
    entries = [second, first]
    assert Register.as_of(entries, DAY - timedelta(days=11)).own_use() is None
    assert Register.as_of(entries, DAY - timedelta(days=5)).own_use() == first
    assert Register.as_of(entries, DAY).own_use() == second


def test_the_latest_entry_of_a_deployment_counts() -> None:
    ended = replace(POOL, phase=Phase.ENDED, until=DAY)
    found = Register.as_of([an_entry(ended), an_entry(POOL, DAY - timedelta(days=3))], DAY)
    [entry] = found.deployments()
    assert entry.fact == ended


def test_that_there_was_none_holds_only_while_nothing_contradicts_it() -> None:
    none = NoneHappened(EventKind.ARREST, date(2026, 1, 1), DAY)
    assert register(none).none_of(EventKind.ARREST) is not None
    assert register(none).none_of(EventKind.COMPLAINT) is None
    assert register(none, Happened(EventKind.ARREST, DAY, "Somebody.")).none_of(EventKind.ARREST) is None
    before = Happened(EventKind.ARREST, date(2025, 12, 31), "Somebody.")
    assert register(none, before).none_of(EventKind.ARREST) is not None


def test_nothing_is_missing_of_a_complete_one() -> None:
    assert missing(register(POOL, SIGNED), "pool", DAY) == []


LACKS: dict[Missing, list[Fact]] = {
    Missing.IN_USE: [replace(POOL, phase=Phase.PLANNED), SIGNED],
    Missing.PURPOSE: [replace(POOL, purpose=""), SIGNED],
    Missing.CONTROLLER: [replace(POOL, controller=" "), SIGNED],
    Missing.LAWFUL_BASIS: [replace(POOL, condition=""), SIGNED],
    Missing.ALTERNATIVE: [replace(POOL, alternative=""), SIGNED],
    Missing.RETENTION: [replace(POOL, retention=""), SIGNED],
    Missing.DPIA: [replace(POOL, documents=DOCUMENTS[1:]), SIGNED],
    Missing.NOTICE: [replace(POOL, documents=(DOCUMENTS[0], DOCUMENTS[2])), SIGNED],
    Missing.SIGNAGE: [replace(POOL, documents=DOCUMENTS[:2]), SIGNED],
    Missing.SIGN_OFF: [POOL],
    Missing.REVIEW: [POOL, replace(SIGNED, review_on=DAY - timedelta(days=1))],
    Missing.DEPLOYMENT: [SIGNED],
}


@pytest.mark.parametrize("what", Missing)
def test_what_is_missing_is_named(what: Missing) -> None:
    assert list(missing(register(*LACKS[what]), "pool", DAY)) == [what]


@pytest.mark.parametrize("what", Missing, ids=lambda one: one.name)
def test_members_are_enrolled_while_the_use_is_planned_and_before_signs_are_up_and_not_otherwise(
    what: Missing,
) -> None:
    early = {Missing.IN_USE, Missing.SIGNAGE}
    assert list(missing_to_enrol(register(*LACKS[what]), "pool", DAY)) == ([] if what in early else [what])


@pytest.mark.parametrize("phase", [Phase.PILOT, Phase.IN_USE])
@pytest.mark.parametrize(
    ("since", "until", "lanes", "enrolment"),
    [(0, None, True, True), (1, None, False, True), (-9, 0, True, True), (-9, -1, False, False)],
    ids=["first day", "begins tomorrow", "last day", "over since yesterday"],
)
def test_a_use_is_one_from_its_first_day_to_its_last(
    phase: Phase, since: int, until: int | None, lanes: bool, enrolment: bool
) -> None:
    last = None if until is None else DAY + timedelta(days=until)
    found = register(replace(POOL, phase=phase, since=DAY + timedelta(days=since), until=last), SIGNED)
    assert list(missing(found, "pool", DAY)) == ([] if lanes else [Missing.IN_USE])
    assert list(missing_to_enrol(found, "pool", DAY)) == ([] if enrolment else [Missing.IN_USE])


def test_of_a_use_that_ended_nobody_is_enrolled() -> None:
    ended = replace(POOL, phase=Phase.ENDED, until=DAY)
    assert list(missing_to_enrol(register(ended, SIGNED), "pool", DAY)) == [Missing.IN_USE]


def test_the_review_day_itself_is_in_time() -> None:
    assert missing(register(POOL, replace(SIGNED, review_on=DAY)), "pool", DAY) == []


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        ("rumour", {}, "expected a kind of fact"),
        ("own use", {"uses": "no"}, "own use.uses: expected true or false"),
        ("own use", {"uses": False, "by": "x"}, "unknown field"),
        ("own use", {}, "missing uses"),
        ("own use", [], "expected an object"),
        ("deployment", to_json(POOL) | {"phase": "soon"}, "deployment.phase: expected planned"),
        ("deployment", to_json(POOL) | {"since": "soon"}, "expected a date"),
        ("deployment", to_json(POOL) | {"documents": {}}, "expected a list"),
        ("deployment", to_json(POOL) | {"documents": [{"kind": "DPIA"}]}, "missing"),
        ("deployment", to_json(POOL) | {"purpose": 7}, "expected words"),
    ],
)
def test_what_is_no_fact_is_refused_with_its_name(kind: str, given: Any, told: str) -> None:
    with pytest.raises(WrongValue, match=told):
        fact_from_json(kind, given)


@pytest.mark.parametrize("fact", [POOL, SIGNED, OwnUse(True)])
def test_facts_go_out_as_json_and_come_back(fact: Fact) -> None:
    assert fact_from_json(kind_of(fact), to_json(fact)) == fact


def test_nobody_knows_on_a_day_what_happened_after_it() -> None:
    none = NoneHappened(EventKind.ARREST, date(2026, 1, 1), DAY)
    assert not too_soon(none, DAY)
    assert too_soon(none, DAY - timedelta(days=1))
    assert too_soon(Happened(EventKind.ARREST, DAY, "a man was arrested"), DAY - timedelta(days=1))
    assert not too_soon(OwnUse(True), DAY)
