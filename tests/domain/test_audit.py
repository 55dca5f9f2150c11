"""The audit chain: what was changed, removed, re-ordered or inserted shows."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stile.domain.audit import GENESIS, AuditEntry, Event, first_broken
from stile.domain.errors import WrongValue
from tests.domain.builders import NAIVE, NOW, quick

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.floats(allow_nan=False), words)
details = st.dictionaries(words, values, max_size=3)


def chain_of(facts: list[tuple[Event, str, dict[str, Any]]]) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    previous = GENESIS
    for position, (event, subject, detail) in enumerate(facts, 1):
        at = NOW + timedelta(seconds=position)
        entries.append(AuditEntry.make(position, at, event, "system", subject, detail, previous))
        previous = entries[-1].digest
    return entries


chains = st.lists(st.tuples(st.sampled_from(Event), words, details), min_size=2, max_size=6).map(chain_of)
CHAIN = chain_of([(event, f"id-{n}", {"n": n}) for n, event in enumerate(Event, 1)])
positions = pytest.mark.parametrize("position", range(1, len(CHAIN) + 1))
all_but_the_last = pytest.mark.parametrize("position", range(1, len(CHAIN)))


@quick
@given(chains)
def test_an_untouched_chain_holds(entries: list[AuditEntry]) -> None:
    assert first_broken(entries) is None
    assert all(entry.holds for entry in entries)


def test_no_entries_hold() -> None:
    assert first_broken([]) is None


# --- changed ---------------------------------------------------------------------------------------------

CHANGES: dict[str, Any] = {
    "position": 99,
    "at": NOW - timedelta(microseconds=1),
    "event": "rights:somebody:spied-on",
    "actor": "nobody",
    "subject": "somebody else",
    "detail": {"n": "other"},
    "previous": "1" * 64,
    "digest": "2" * 64,
}


def test_every_field_is_tried_below() -> None:
    assert set(CHANGES) == {field.name for field in fields(AuditEntry)}


@positions
@pytest.mark.parametrize("field", CHANGES)
def test_a_change_of_any_field_shows_at_its_place(position: int, field: str) -> None:
    entries = list(CHAIN)
    entries[position - 1] = replace(entries[position - 1], **{field: CHANGES[field]})
    assert first_broken(entries) == position


@quick
@given(chains, st.data())
def test_a_change_of_the_facts_shows_whatever_they_were(
    entries: list[AuditEntry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    event, subject, detail = data.draw(st.tuples(st.sampled_from(Event), words, details))
    old = entries[place]
    assume((event, subject) != (old.event, old.subject) or repr(detail) != repr(old.detail))
    assume((event, subject) != (old.event, old.subject) or detail != old.detail)
    entries[place] = replace(old, event=event, subject=subject, detail=detail)
    assert first_broken(entries) == place + 1


@all_but_the_last
def test_a_change_with_a_new_digest_shows_at_the_next_entry(position: int) -> None:
    entries = list(CHAIN)
    entries[position - 1] = again(entries[position - 1], subject="somebody else")
    assert entries[position - 1].holds
    assert first_broken(entries) == position + 1


def again(entry: AuditEntry, **changes: Any) -> AuditEntry:
    """As a forger would make it: another entry, with the digest that fits it."""
    facts = {field.name: getattr(entry, field.name) for field in fields(entry) if field.name != "digest"}
    return AuditEntry.make(**(facts | changes))


# --- removed, re-ordered, inserted -----------------------------------------------------------------------


@all_but_the_last
def test_a_removal_shows_at_its_place(position: int) -> None:
    entries = [entry for entry in CHAIN if entry.position != position]
    assert first_broken(entries) == position


@all_but_the_last
def test_a_removal_with_new_positions_shows_too(position: int) -> None:
    kept = [entry for entry in CHAIN if entry.position != position]
    entries = [again(entry, position=place) for place, entry in enumerate(kept, 1)]
    assert first_broken(entries) == position


@quick
@given(chains, st.data())
def test_two_that_changed_places_show_at_the_first_of_them(
    entries: list[AuditEntry], data: st.DataObject
) -> None:
    one, other = sorted(
        data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=2, max_size=2, unique=True))
    )
    entries[one], entries[other] = entries[other], entries[one]
    assert first_broken(entries) == one + 1


@positions
def test_an_insertion_shows(position: int) -> None:
    entries = list(CHAIN)
    before = entries[position - 2].digest if position > 1 else GENESIS
    forged = AuditEntry.make(position, NOW, Event.CONSENT_GIVEN, "system", "forged", {}, before)
    entries.insert(position - 1, forged)
    assert first_broken(entries) == position + 1, "the entry that stood there does not follow the forged one"


@positions
def test_an_entry_twice_shows(position: int) -> None:
    entries = [*CHAIN[:position], *CHAIN[position - 1 :]]
    assert first_broken(entries) == position + 1


@positions
def test_a_chain_that_does_not_begin_at_the_beginning_shows(position: int) -> None:
    assert first_broken(CHAIN[position:]) == (1 if position < len(CHAIN) else None)


@all_but_the_last
def test_an_end_cut_off_shows_only_against_a_digest_kept_elsewhere(position: int) -> None:
    kept_elsewhere = CHAIN[-1].digest
    cut = CHAIN[:position]
    assert first_broken(cut) is None
    assert kept_elsewhere not in {entry.digest for entry in cut}


# --- the digest ------------------------------------------------------------------------------------------


def test_the_digest_of_one_entry_stays_what_it_is() -> None:
    # Stored chains must hold in every later version: a change of the digest's form breaks all of them.
    entry = AuditEntry.make(
        1,
        datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        Event.MEMBER_ADDED,
        "système",
        "id",
        {"a": 1},
        GENESIS,
    )
    assert entry.digest == "0c06bc744614e51359fb4ee09a770660a91fdc6e714ceefd7ad7b5fb87edfd5c"


@quick
@given(st.integers(0, 10**10), st.integers(-12, 14))
def test_the_same_moment_in_another_zone_has_the_same_digest(seconds: int, hours: int) -> None:
    at = datetime(1970, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=seconds % 10**6)
    there = at.astimezone(timezone(timedelta(hours=hours)))
    one = AuditEntry.make(1, at, Event.MEMBER_ADDED, "system", "id", {}, GENESIS)
    assert replace(one, at=there).holds


def test_the_order_in_which_the_facts_were_written_does_not_matter() -> None:
    one = AuditEntry.make(1, NOW, Event.MEMBER_ADDED, "system", "id", {"a": 1, "b": 2}, GENESIS)
    assert replace(one, detail={"b": 2, "a": 1}).holds


def test_words_cannot_be_moved_from_one_field_to_the_next() -> None:
    one = AuditEntry.make(1, NOW, Event.MEMBER_ADDED, "ab", "c", {}, GENESIS)
    other = AuditEntry.make(1, NOW, Event.MEMBER_ADDED, "a", "bc", {}, GENESIS)
    assert one.digest != other.digest


def test_an_entry_does_not_change_with_the_facts_it_was_made_from() -> None:
    facts: dict[str, str | int | float | bool | None] = {"n": 1}
    entry = AuditEntry.make(1, NOW, Event.MEMBER_ADDED, "system", "id", facts, GENESIS)
    facts["n"] = 2
    assert entry.holds
    assert entry.detail == {"n": 1}


def test_a_time_without_its_zone_is_refused_when_made_and_when_read_back() -> None:
    with pytest.raises(WrongValue, match="zone"):
        AuditEntry.make(1, NAIVE, Event.MEMBER_ADDED, "system", "id", {}, GENESIS)
    with pytest.raises(WrongValue, match="zone"):
        replace(CHAIN[0], at=NAIVE)


# --- tags ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", Event, ids=str)
def test_a_tag_reads_source_subject_action(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+:[a-z]+(-[a-z]+)*", event.value)


def test_no_two_events_share_a_tag() -> None:
    assert len({event.value for event in Event.__members__.values()}) == len(Event.__members__)
