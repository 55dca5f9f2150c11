"""What was changed, removed, re-ordered, inserted or cut off is found and named, whoever tidies up after it."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain import merkle
from stile.domain.audit import GENESIS, Event
from stile.domain.audit_check import AsRead, Check, Finding, Unreadable, Wrong
from stile.domain.audit_check import check as check_entries
from stile.domain.audit_tree import Tree
from stile.domain.checkpoint import Head
from tests.adapters.legacy_chain import chained
from tests.domain.builders import NOW, quick

LENGTH = 23
"""Complete trees of 16, 4, 2 and 1: an end of every kind."""


def grown(rows: Sequence[AsRead]) -> list[AsRead]:
    """The rows with leaf hashes, links and tree hashes that fit, as a forger with all the time would make them."""
    nodes: dict[tuple[int, int], bytes] = {}
    made: list[AsRead] = []
    previous = GENESIS
    for place, row in enumerate(rows):
        row = replace(row, position=place + 1, previous=previous)
        leaf = row.hashed()
        assert leaf is not None
        nodes[0, place] = leaf
        above = merkle.completes(place, leaf, lambda level, index: nodes[level, index])
        for level, hashed in enumerate(above, 1):
            nodes[level, place >> level] = hashed
        made.append(replace(row, leaf=leaf, nodes=b"".join(above)))
        previous = leaf.hex()
    return made


def plain(n: int, subject: str = "") -> AsRead:
    return AsRead(
        n, 10**15 + n, Event.MEMBER_ADDED.value, "system", subject or f"id-{n}", "{}", "", "", None, None
    )


LOG = grown([plain(n) for n in range(1, LENGTH + 1)])
POSITIONS = range(1, LENGTH + 1)
everywhere = pytest.mark.parametrize("position", POSITIONS)
but_at_the_end = pytest.mark.parametrize("position", POSITIONS[:-1])


def head(size: int, rows: Sequence[AsRead] = LOG) -> Head:
    tree = Tree()
    for row in rows[:size]:
        tree.add(row.kept, row.nodes)
    root = tree.root()
    assert root is not None
    return Head("test", size, root, NOW + timedelta(hours=size))


def found(rows: Sequence[AsRead | Unreadable], *heads: Head, damage: Sequence[str] = ()) -> list[Finding]:
    checking = Check(heads, most=2 * LENGTH)
    for row in rows:
        if isinstance(row, Unreadable):
            checking.unreadable(row)
        else:
            checking.see(row)
    return checking.end(damage)


def named(findings: Sequence[Finding]) -> list[tuple[Wrong, int | None, int | None]]:
    return [(one.wrong, one.first, one.last) for one in findings]


@pytest.mark.parametrize("length", range(LENGTH + 1))
def test_an_untouched_log_of_any_length_holds(length: int) -> None:
    heads = [head(size) for size in range(1, length + 1)]
    checking = Check(heads)
    for row in LOG[:length]:
        checking.see(row)
    assert checking.end() == []
    assert checking.size == length
    assert checking.agreed() == (heads[-1] if heads else None)


# --- one field changed ------------------------------------------------------------------------------------

CHANGES: dict[str, Any] = {
    "position": 40,
    "at": 10**15,
    "event": "rights:somebody:spied-on",
    "actor": "nobody",
    "subject": "somebody else",
    "facts": "{ }",
    "previous": "1" * 64,
    "chained": "1" * 64,
    "leaf": bytes(32),
    "nodes": bytes(32 * 7),
}


def test_every_column_is_tried_below() -> None:
    assert set(CHANGES) == {field.name for field in fields(AsRead)}


@everywhere
@pytest.mark.parametrize("name", CHANGES)
def test_one_column_changed_names_the_entry_and_no_other(position: int, name: str) -> None:
    rows = list(LOG)
    rows[position - 1] = replace(rows[position - 1], **{name: CHANGES[name]})
    told = found(rows)
    assert {(one.first, one.last) for one in told} == {(position, position)}
    assert told[0].wrong is {"leaf": Wrong.HASH_CHANGED, "nodes": Wrong.TREE_CHANGED}.get(
        name, Wrong.CHANGED
    ) or (
        # The last entry has no next one to say whether it or its hash was changed.
        position == LENGTH and name == "leaf"
    )


KINDS = [None, 1, 1.5, b"bytes", "text", "\udcff", True]


@pytest.mark.parametrize("position", [1, 2, 8, LENGTH - 1, LENGTH])
@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("value", KINDS, ids=repr)
def test_a_value_of_another_kind_is_named_and_ends_nothing(position: int, name: str, value: object) -> None:
    rows = list(LOG)
    was = getattr(rows[position - 1], name)
    rows[position - 1] = replace(rows[position - 1], **{name: value})
    told = found(rows)
    if (type(value), value) == (type(was), was):
        assert told == []
    else:
        assert {(one.first, one.last) for one in told} == {(position, position)}


@quick
@given(st.data())
def test_one_stored_tree_hash_changed_is_named_with_its_entry(data: st.DataObject) -> None:
    position = data.draw(st.sampled_from([n for n in POSITIONS if LOG[n - 1].nodes]))
    stored = bytearray(LOG[position - 1].nodes)  # type: ignore[call-overload]
    stored[data.draw(st.integers(0, len(stored) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    rows = list(LOG)
    rows[position - 1] = replace(rows[position - 1], nodes=bytes(stored))
    [told] = found(rows)
    assert (told.wrong, told.last) == (Wrong.TREE_CHANGED, position)
    [told] = found(rows, head(LENGTH))
    assert (told.wrong, told.first, told.last) == (Wrong.TREE_CHANGED, position, position)


# --- an entry changed, and its traces with it ----------------------------------------------------------------


def rehashed(row: AsRead) -> AsRead:
    return replace(row, leaf=row.hashed())


@but_at_the_end
def test_an_entry_rewritten_with_its_hash_is_named(position: int) -> None:
    rows = list(LOG)
    rows[position - 1] = rehashed(replace(rows[position - 1], subject="somebody else"))
    assert named(found(rows)) == [(Wrong.REWRITTEN, position, position)]


def test_the_last_entry_rewritten_with_its_hash_shows_against_the_signed_head() -> None:
    rows = [*LOG[:-1], rehashed(replace(LOG[-1], subject="somebody else"))]
    assert named(found(rows, head(LENGTH - 1), head(LENGTH))) == [(Wrong.NOT_AS_SIGNED, LENGTH, LENGTH)]


@everywhere
def test_all_rewritten_from_an_entry_on_but_for_the_tree_shows_where_it_began(position: int) -> None:
    forged = grown([*LOG[: position - 1], plain(position, "somebody else"), *LOG[position:]])
    rows = [replace(new, nodes=old.nodes) for new, old in zip(forged, LOG, strict=True)]
    told = found(rows)
    if position == LENGTH:
        assert told == [], "no tree hash covers the last one yet, nor a signed head: see the test before"
    else:
        assert told[0].first is not None
        assert told[0].last is not None
        assert told[0].first <= position <= told[0].last <= told[0].first + 1
        assert told[0].wrong in (Wrong.REWRITTEN_SINCE, Wrong.TREE_CHANGED)


@everywhere
def test_all_rewritten_with_the_tree_shows_against_the_signed_head(position: int) -> None:
    forged = grown([*LOG[: position - 1], plain(position, "somebody else"), *LOG[position:]])
    assert found(forged) == [], "without a signed head nothing can tell it"
    heads = [head(size) for size in (5, 12, LENGTH)]
    first, last = next((a, b) for a, b in ((1, 5), (6, 12), (13, LENGTH)) if a <= position <= b)
    assert named(found(forged, *heads)) == [(Wrong.NOT_AS_SIGNED, first, last)]


# --- removed, re-ordered, inserted, cut off --------------------------------------------------------------------


@but_at_the_end
@pytest.mark.parametrize("more", [0, 3])
def test_a_removal_is_named(position: int, more: int) -> None:
    last = min(position + more, LENGTH - 1)
    rows = [*LOG[: position - 1], *LOG[last:]]
    assert named(found(rows, head(LENGTH))) == [(Wrong.REMOVED, position, last)]


def test_a_removal_where_the_database_is_damaged_is_not_laid_to_anybody() -> None:
    rows = [*LOG[:9], *LOG[12:]]
    assert named(found(rows, damage=["page 4"])) == [(Wrong.UNREADABLE, 10, 12)]


@but_at_the_end
def test_a_removal_with_new_numbers_is_named(position: int) -> None:
    kept = [row for row in LOG if row.position != position]
    rows = [rehashed(replace(row, position=place)) for place, row in enumerate(kept, 1)]
    told = found(rows)
    assert told[0].first is not None
    assert told[0].first <= position or position == 1


@quick
@given(st.data())
def test_two_that_changed_places_are_named(data: st.DataObject) -> None:
    one, other = sorted(data.draw(st.lists(st.integers(0, LENGTH - 1), min_size=2, max_size=2, unique=True)))
    rows = list(LOG)
    rows[one], rows[other] = rows[other], rows[one]
    told = named(found(rows, head(LENGTH)))
    assert (Wrong.OUT_OF_PLACE, one + 1, one + 1) in told
    assert {wrong for wrong, _, _ in told} <= {Wrong.OUT_OF_PLACE, Wrong.REMOVED, Wrong.INSERTED}


@quick
@given(st.data())
def test_two_that_changed_numbers_are_both_named(data: st.DataObject) -> None:
    one, other = data.draw(st.lists(st.integers(0, LENGTH - 1), min_size=2, max_size=2, unique=True))
    rows = list(LOG)
    rows[one] = replace(LOG[one], position=LOG[other].position)
    rows[other] = replace(LOG[other], position=LOG[one].position)
    for arranged in (rows, sorted(rows, key=lambda row: row.position)):  # type: ignore[arg-type,return-value]
        told = found(arranged, head(LENGTH))
        assert {one + 1, other + 1} <= {
            place for told_one in told for place in (told_one.first, told_one.last)
        }


@everywhere
def test_an_entry_twice_is_named(position: int) -> None:
    rows = [*LOG[:position], *LOG[position - 1 :]]
    assert named(found(rows, head(LENGTH))) == [(Wrong.INSERTED, position, position)]


@everywhere
def test_an_insertion_that_moves_the_rest_is_named(position: int) -> None:
    link = LOG[position - 2].kept if position > 1 else None
    forged = rehashed(replace(plain(position, "forged"), previous=link.hex() if link else GENESIS))
    rest = [rehashed(replace(row, position=n)) for n, row in enumerate(LOG[position - 1 :], position + 1)]
    told = found([*LOG[: position - 1], forged, *rest])
    assert told[0].first == position


@everywhere
def test_an_end_cut_off_shows_against_the_signed_head(position: int) -> None:
    rows = LOG[:position]
    expected = [] if position == LENGTH else [(Wrong.CUT_OFF, position + 1, LENGTH)]
    assert named(found(rows, head(LENGTH))) == expected


def test_nothing_left_at_all_shows_against_the_signed_head() -> None:
    assert named(found([], head(LENGTH))) == [(Wrong.CUT_OFF, 1, LENGTH)]


# --- what cannot be read ------------------------------------------------------------------------------------


@everywhere
@pytest.mark.parametrize("more", [0, 4])
def test_what_cannot_be_read_is_named_and_the_rest_is_still_held_against_the_head(
    position: int, more: int
) -> None:
    last = min(position + more, LENGTH)
    rows: list[AsRead | Unreadable] = [*LOG[: position - 1], Unreadable("the page is damaged"), *LOG[last:]]
    told = found(rows)
    assert named(told) == [(Wrong.UNREADABLE, position, None if last == LENGTH else last)]
    spoilt: list[AsRead | Unreadable] = [*LOG[: position - 1], Unreadable("the page is damaged"), *LOG[last:]]
    if last < LENGTH - 1:
        spoilt[-2] = replace(LOG[-2], actor="nobody")
        assert (Wrong.CHANGED, LENGTH - 1, LENGTH - 1) in named(found(spoilt))


# --- entries from before the log was a tree -------------------------------------------------------------------


def test_a_log_that_was_a_chain_before_holds_and_its_changes_are_named() -> None:
    rows = chained(9)
    assert found(rows) == []
    assert check_entries([]) == []
    for place, row in enumerate(rows):
        for change in ({"actor": "nobody"}, {"chained": "1" * 64}, {"previous": "2" * 64}):
            changed = [*rows[:place], replace(row, **change), *rows[place + 1 :]]
            assert {(one.first, one.last) for one in found(changed)} == {(place + 1, place + 1)}


def test_a_chain_that_was_broken_before_it_became_a_tree_is_named() -> None:
    rows = chained(9)
    broken = grown_over([*rows[:3], replace(rows[3], actor="nobody"), *rows[4:]])
    assert named(found(broken)) == [(Wrong.CHANGED, 4, 4)]
    left_out = grown_over([*rows[:3], *(replace(row, position=n) for n, row in enumerate(rows[4:], 4))])
    assert found(left_out)[0].first == 4


def grown_over(rows: Sequence[AsRead]) -> list[AsRead]:
    """The tree as the migration makes it: over whatever is there."""
    nodes: dict[tuple[int, int], bytes] = {}
    made = []
    for place, row in enumerate(rows):
        leaf = row.hashed()
        assert leaf is not None
        nodes[0, place] = leaf
        above = merkle.completes(place, leaf, lambda level, index: nodes[level, index])
        for level, hashed in enumerate(above, 1):
            nodes[level, place >> level] = hashed
        made.append(replace(row, leaf=leaf, nodes=b"".join(above)))
    return made
