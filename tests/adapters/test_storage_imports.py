"""An import on both databases: all kinds of change, with cards that change hands and somebody who changes meanwhile."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import CentreId
from stile.domain.member import Member
from stile.domain.member_import import COMPARED, Change
from stile.ports import ImportRecord
from tests.adapters.builders import NOW, Town, settle
from tests.adapters.test_storage_members import full


def record(town: Town, **given: Any) -> ImportRecord:
    plain = ImportRecord(uuid7(), town.centre_id, NOW, "test", "command", "ab" * 32, 3, 1, 1, 0, 1, 0)
    return replace(plain, **given)


def change(old: Member, **to: Any) -> Change:
    return Change(replace(old, **to), old.version, tuple(to))


def added(new: Member) -> Change:
    return Change(new, 0, ("cards",) if new.cards else ())


def put(store: SqlStore, *members: Member) -> None:
    with store.begin() as work:
        for one in members:
            work.members.add(one)
        work.commit()


def run(store: SqlStore, decided: ImportRecord, *changes: Change) -> int:
    with store.begin() as work:
        work.imports.lay_down(decided.id, 0, changes)
        work.imports.decide(decided)
        left = work.imports.carry_out(decided.id, 0, changes)
        work.imports.finish(decided.id, NOW)
        work.commit()
    return left


def test_all_that_a_file_brings_is_kept(store: SqlStore) -> None:
    town = settle(store)
    new, old = full(town), town.member("2002", ("77AA",))
    put(store, old)
    wanted = replace(new, id=old.id, number=old.number, cards=("77BB", "77AA"), from_file=True)
    decided = record(town)
    assert run(store, decided, added(new), Change(wanted, 1, COMPARED)) == 0
    with store.read() as work:
        assert work.members.get(new.id) == new
        assert work.members.get(old.id) == work.members.by_card("77BB") == replace(wanted, version=2)
        assert work.imports.latest() == [replace(decided, finished_at=NOW)] == [work.imports.get(decided.id)]
        assert list(work.imports.unfinished()) == []
        assert list(work.imports.left(decided.id, 10)) == []


def test_cards_change_hands(store: SqlStore) -> None:
    town = settle(store)
    a, b = town.member("1", ("AAAA",)), town.member("2", ("BBBB",))
    put(store, a, b)
    assert run(store, record(town), change(a, cards=("BBBB",)), change(b, cards=("AAAA",))) == 0
    with store.read() as work:
        assert [work.members.by_card(card) for card in ("AAAA", "BBBB")] == [
            replace(b, cards=("AAAA",), version=2),
            replace(a, cards=("BBBB",), version=2),
        ]


def test_who_does_not_fit_any_more_stays_and_the_others_are_written(store: SqlStore) -> None:
    town = settle(store)
    a, b, c = town.member("1"), town.member("2", ("BBBB",)), town.member("3")
    put(store, a, b)
    with store.begin() as work:
        work.members.save(replace(a, given_name="Meanwhile"))
        work.commit()
    left = run(
        store,
        record(town),
        change(a, given_name="File"),
        added(town.member("4", ("BBBB",))),
        added(town.member("2")),
        added(replace(town.member("5"), centre=CentreId(uuid7()))),
        added(c),
    )
    assert left == 4
    with store.read() as work:
        assert [one.number for one in work.members.page()] == ["1", "2", "3"]
        assert work.members.get(a.id) == replace(a, given_name="Meanwhile", version=2)


def test_what_is_laid_down_comes_back_as_it_was(store: SqlStore) -> None:
    town = settle(store)
    changes = [Change(full(town, str(n)), n, ("kind", "cards")) for n in range(5)] + [added(town.member("9"))]
    id = uuid7()
    with store.begin() as work:
        work.imports.lay_down(id, 0, changes[:2])
        work.imports.lay_down(id, 2, changes[2:])
        work.commit()
    with store.read() as work:
        assert [change for _, change in work.imports.left(id, 100)] == changes
        assert [place for place, _ in work.imports.left(id, 100)] == list(range(6))
        assert [place for place, _ in work.imports.left(id, 2)] == [0, 1]


def test_only_what_was_never_decided_is_swept(store: SqlStore) -> None:
    town = settle(store)
    decided, forgotten, now = record(town), uuid7(), datetime.now(UTC)
    with store.begin() as work:
        for id in (decided.id, forgotten):
            work.imports.lay_down(id, 0, [added(town.member("1"))])
        work.imports.decide(decided)
        work.commit()
    with store.begin() as work:
        assert work.imports.sweep(now - timedelta(hours=1)) == 0
        assert work.imports.sweep(now + timedelta(hours=1)) == 1
        assert work.imports.sweep(now + timedelta(hours=1)) == 0
        assert len(work.imports.left(decided.id, 10)) == 1
        assert [one.id for one in work.imports.unfinished()] == [decided.id]


def test_an_import_is_decided_once_and_for_a_centre_that_is(store: SqlStore) -> None:
    town = settle(store)
    decided = record(town)
    with store.begin() as work:
        work.imports.decide(decided)
        with pytest.raises(Conflict):
            work.imports.decide(decided)
        with pytest.raises(NotFound):
            work.imports.decide(record(town, id=uuid7(), centre=CentreId(uuid7())))
