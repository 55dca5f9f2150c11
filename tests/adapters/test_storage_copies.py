"""Copies of a whole store, within each database and from one to the other."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from uuid import uuid4

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from stile.adapters.storage import SqlStore, open_store
from stile.adapters.storage.copies import LEFT_OUT, SqlCopyIn, SqlCopyOut
from stile.adapters.storage.tables import metadata, passage
from stile.domain.audit import Event
from stile.domain.consent import Relation
from stile.domain.errors import CannotRecord, Conflict, NotConfigured, StileError, WrongValue
from stile.domain.guardians import Guardian
from stile.domain.ids import GuardianId
from stile.ports.backup import Record
from tests.adapters.builders import NOW, Town, enrol, settle
from tests.adapters.conftest import Place, PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where nothing is yet."""
    if request.param == "sqlite":
        return str(tmp_path / "copy" / "stile.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.database().where


@pytest.fixture
def town(store: SqlStore) -> Town:
    town = settle(store)
    given = enrol(store, town)
    with store.begin() as work:
        work.passages.add(town.passage(given.member, 0.7))
        work.passages.add(town.passage())
        work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", "x", {"share": 0.1, "none": None})
        work.commit()
    enrol(store, town, "1002")
    return town


def copy(store: SqlStore, target: str) -> None:
    out = SqlCopyOut(store)
    with SqlCopyIn(target) as into:
        into.begin(out.revision())
        with out.records() as records:
            for record in records:
                into.take(record)
        into.finish()


def contents(place: str | Path, leave_out: frozenset[str] = LEFT_OUT) -> dict[str, list[object]]:
    with closing(open_store(place)) as store, store.database.reading() as connection:
        return {
            table.name: [
                tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in metadata.sorted_tables
            if table.name not in leave_out
        }


def test_a_copy_is_the_store_but_for_what_is_left_out(
    store: SqlStore, town: Town, place: Place, target: str
) -> None:
    copy(store, target)
    assert contents(target) == contents(place.where)
    copied = contents(target, frozenset())
    for table in LEFT_OUT:
        assert copied[table] == []
    del town


def test_no_link_of_a_parent_works_in_a_copy(store: SqlStore, town: Town, target: str) -> None:
    """One that was used after the backup would work again when it is restored."""
    with store.begin() as work:
        [someone] = work.members.page("", 1)
        digest, until = hashlib.sha256(b"token").hexdigest(), NOW + timedelta(days=21)
        named = Guardian(GuardianId(uuid4()), someone.id, "Annabella", Relation.PARENT, None, digest, until)
        work.guardians.add(named)
        work.commit()
    copy(store, target)
    with closing(open_store(target)) as copied, copied.read() as work:
        assert work.guardians.get(named.id) == replace(named, digest=None, link_expires_at=None)
        assert work.guardians.by_digest(digest) is None
    del town


def test_the_rules_hold_in_a_copy(store: SqlStore, town: Town, target: str) -> None:
    copy(store, target)
    with closing(open_store(target)) as copied:
        with copied.begin() as work:
            work.passages.add(town.passage())
            work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", "y")
            work.commit()
        for statement in (delete(passage), update(passage).values(reason="x")):
            with copied.database.writing() as connection, pytest.raises(DBAPIError, match="law 6"):
                connection.execute(statement)


def records_of(store: SqlStore) -> Iterator[Record]:
    with SqlCopyOut(store).records() as records:
        yield from records


def test_what_is_half_done_is_not_there(store: SqlStore, town: Town, target: str) -> None:
    with SqlCopyIn(target) as into:
        into.begin(SqlCopyOut(store).revision())
        for record in records_of(store):
            into.take(record)
    with closing(open_store(target)) as copied, copied.read() as work:
        assert work.operators.only() is None
    del town


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_an_erasure_during_a_copy_is_scrubbed_afterwards_and_makes_nobody_wait(
    store: SqlStore, town: Town, place: Place
) -> None:
    with SqlCopyOut(store).records() as records:
        next(records)
        for one in (store, place.open()):  # another process, too
            began = perf_counter()
            with pytest.raises(CannotRecord, match="a copy of the store is being read"):
                one.scrub()
            assert perf_counter() - began < 1
            with one.begin() as work:
                work.commit()
    store.scrub()
    assert not Path(f"{place.where}-copying").exists()
    del town


def test_a_store_is_not_filled_twice(store: SqlStore, town: Town, target: str) -> None:
    copy(store, target)
    with pytest.raises(Conflict, match="There is a store already"):
        copy(store, target)
    del town


@pytest.mark.parametrize(
    ("revision", "records", "why"),
    [
        ("9999", [], NotConfigured),
        ("0011", [["a row", "of no table"]], WrongValue),
        ("0011", [{"table": "operator"}], WrongValue),
        ("0011", [{"table": "operator", "columns": [["id", "secret"]]}], WrongValue),
        (
            "0011",
            [{"table": "operator", "columns": [["id", "id"], ["name", "words"]]}, ["x", "y"]],
            WrongValue,
        ),
        ("0011", [{"table": "operator", "columns": [["id", "id"]]}, ["0" * 32, "y"]], WrongValue),
        ("0011", [{"table": "nothing", "columns": [["id", "id"]]}, ["0" * 32]], CannotRecord),
    ],
    ids=["later version", "no table", "no columns", "unknown kind", "no id", "too long", "unknown table"],
)
def test_what_is_no_copy_is_refused(
    target: str, revision: str, records: list[Record], why: type[StileError]
) -> None:
    with SqlCopyIn(target) as into, pytest.raises(why):
        _take(into, revision, records)


def _take(into: SqlCopyIn, revision: str, records: list[Record]) -> None:
    into.begin(revision)
    for record in records:
        into.take(record)
    into.finish()
