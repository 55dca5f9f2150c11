"""The entry, the form that is hashed, and the tags."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.audit import GENESIS, AuditEntry, Event, Fact
from stile.domain.errors import WrongValue
from tests.domain.builders import NAIVE, NOW, quick


def made(
    at: datetime = NOW, detail: dict[str, Fact] | None = None, actor: str = "a", subject: str = "b"
) -> AuditEntry:
    return AuditEntry.make(1, at, Event.MEMBER_ADDED, actor, subject, detail or {}, GENESIS)


def test_the_hash_of_one_entry_stays_what_it_is() -> None:
    # Kept logs must hold in every later version: a change of the hashed form breaks all of them.
    entry = AuditEntry.make(
        1,
        datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
        Event.MEMBER_ADDED,
        "système",
        "id",
        {"b": None, "a": 1},
        GENESIS,
    )
    assert entry.facts == '{"a":1,"b":null}'
    assert entry.digest == "2e0015e7caf5f00d5640605899027fe9cac8dd16f6268e90bb397d7c427111f8"


@quick
@given(st.integers(0, 10**10), st.integers(-12, 14))
def test_the_same_moment_in_another_zone_has_the_same_hash(seconds: int, hours: int) -> None:
    at = datetime(1970, 1, 2, tzinfo=UTC) + timedelta(seconds=seconds, microseconds=seconds % 10**6)
    assert made(at) == made(at.astimezone(timezone(timedelta(hours=hours))))


def test_the_order_in_which_the_facts_were_written_does_not_matter() -> None:
    assert made(detail={"a": 1, "b": 2}).leaf == made(detail={"b": 2, "a": 1}).leaf


def test_words_cannot_be_moved_from_one_field_to_the_next() -> None:
    assert made(actor="ab", subject="c").leaf != made(actor="a", subject="bc").leaf


def test_an_entry_does_not_change_with_the_facts_it_was_made_from() -> None:
    facts: dict[str, Fact] = {"n": 1}
    entry = made(detail=facts)
    facts["n"] = 2
    assert entry.detail == {"n": 1}


def test_a_time_without_its_zone_is_refused_when_made_and_when_read_back() -> None:
    with pytest.raises(WrongValue, match="zone"):
        made(NAIVE)
    with pytest.raises(WrongValue, match="zone"):
        replace(made(), at=NAIVE)


# --- tags ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", Event, ids=str)
def test_a_tag_reads_source_subject_action(event: Event) -> None:
    assert re.fullmatch(r"[a-z]+:[a-z]+(-[a-z]+)*:[a-z]+(-[a-z]+)*", event.value)


def test_no_two_events_share_a_tag() -> None:
    assert len({event.value for event in Event.__members__.values()}) == len(Event.__members__)
