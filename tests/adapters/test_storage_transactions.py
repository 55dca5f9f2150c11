"""Transactions: durable or an error, one writer at a time, readers that never wait."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.sqlite import Sqlite
from stile.domain.audit import Event
from stile.domain.audit_check import check
from stile.domain.errors import CannotRecord, Conflict, StileError
from stile.domain.ids import MemberId
from tests.adapters.builders import NOW, Town, enrol, settle
from tests.adapters.conftest import Place


def sqlite_writer(store: SqlStore, *pragmas: str) -> None:
    """Sets pragmas on the one connection that writes."""
    database = store._database
    assert isinstance(database, Sqlite)
    raw = database.writer.raw_connection()
    try:
        for pragma in pragmas:
            raw.cursor().execute(f"PRAGMA {pragma}").fetchall()
    finally:
        raw.close()


# --- commit and rollback ---


def test_what_is_not_committed_is_gone(store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work:
        work.members.add(town.member("1001"))
    with suppress(ZeroDivisionError), store.begin() as work:
        work.members.add(town.member("1002"))
        print(1 / 0)
    with store.read() as work:
        assert work.members.count() == 0


def test_what_is_committed_is_there_for_another_process(place: Place, store: SqlStore) -> None:
    settle(store)
    other = place.open()
    with other.read() as work:
        assert work.lanes.by_slug("main") is not None
    other.close()


def test_a_transaction_goes_on_after_a_conflict(store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work:
        work.members.add(town.member("1001"))
        with pytest.raises(Conflict):
            work.members.add(town.member("1001"))
        work.members.add(town.member("1002"))
        work.commit()
    with store.read() as work:
        assert [one.number for one in work.members.page()] == ["1001", "1002"]


def test_a_unit_of_work_ends(store: SqlStore) -> None:
    with store.begin() as work:
        work.commit()
        with pytest.raises(RuntimeError, match="over"):
            work.members.count()
        with pytest.raises(RuntimeError, match="over"):
            work.commit()
    with store.read() as work:
        pass
    with pytest.raises(RuntimeError, match="over"):
        work.members.count()


# --- reading ---


def test_a_snapshot_stays_and_waits_for_nobody(store: SqlStore) -> None:
    town = settle(store)
    began = time.monotonic()
    with store.read() as before, store.begin() as work:
        work.members.add(town.member())
        with store.read() as during:
            assert during.members.count() == 0
        work.commit()
        with store.read() as after:
            assert after.members.count() == 1
        assert before.members.count() == 0  # its first query, and still the moment at which it began
    assert time.monotonic() - began < 2


def test_a_reader_cannot_write(store: SqlStore) -> None:
    town = settle(store)
    with store.read() as work:
        with pytest.raises(StileError):
            work.members.add(town.member())
        with pytest.raises(RuntimeError, match="never committed"):
            work.commit()
    with store.read() as work:
        assert work.members.count() == 0


# --- several writers ---


def test_writers_come_one_after_the_other(place: Place, store: SqlStore) -> None:
    """Four threads on two stores, as two processes would be: no position is lost, doubled or left out."""
    other = place.open()
    start = Barrier(4)

    def write(which: int) -> None:
        start.wait()
        for number in range(15):
            with (store, other)[which % 2].begin() as work:
                work.audit.append(NOW, Event.MEMBER_ADDED, f"writer {which}", str(number))
                work.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with store.read() as work:
        entries = list(work.audit.entries())
    other.close()
    assert [entry.position for entry in entries] == list(range(1, 61))
    assert check(entries) == []
    for which in range(4):
        assert [entry.subject for entry in entries if entry.actor == f"writer {which}"] == [
            str(number) for number in range(15)
        ]


def test_a_member_saved_by_two_at_once_is_saved_by_one(store: SqlStore) -> None:
    town = settle(store)
    member = town.member()
    with store.begin() as work:
        work.members.add(member)
        work.commit()
    start = Barrier(4)

    def save(_: int) -> bool:
        start.wait()
        with store.begin() as work:
            try:
                work.members.save(member)
            except Conflict:
                return False
            work.commit()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(save, range(4))) == 1


# --- what fails, fails in time and in one line ---


def test_a_lock_held_too_long_is_cannot_record(place: Place, store: SqlStore) -> None:
    """By another process, and by another thread of this one."""
    town = settle(store)
    impatient = place.open(wait_s=0.2)
    with store.begin() as holder:
        began = time.monotonic()
        with pytest.raises(CannotRecord, match="not do it: somebody else held") as refused:
            impatient.begin().__enter__()
        assert 0.1 < time.monotonic() - began < 3
        assert "\n" not in str(refused.value)
        holder.members.add(town.member())
        holder.commit()
    began = time.monotonic()
    with impatient.begin() as work:
        with ThreadPoolExecutor(1) as pool, pytest.raises(CannotRecord, match="somebody else"):
            pool.submit(lambda: impatient.begin().__enter__()).result()
        assert work.members.count() == 1
    assert time.monotonic() - began < 3
    impatient.close()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_full_disk_is_cannot_record(store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work:
        work.passages.add(town.passage())
        work.commit()
    sqlite_writer(store, "max_page_count=1")  # SQLite takes the present size instead: not one page more
    with pytest.raises(CannotRecord, match=r"^the store did not do it: the disk is full$"):
        _record_until_it_fails(store, town)
    with store.read() as work:
        recorded = work.passages.count()
    sqlite_writer(store, "max_page_count=1000000")
    with store.begin() as work:
        work.passages.add(town.passage())
        work.commit()
    with store.read() as work:
        assert work.passages.count() == recorded + 1


def _record_until_it_fails(store: SqlStore, town: Town) -> None:
    for _ in range(200):
        with store.begin() as work:
            work.passages.add(town.passage())
            work.commit()


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_an_error_that_is_swallowed_is_not_committed(store: SqlStore) -> None:
    """SQLite may have rolled everything back by itself; the commit after it must not look like success."""
    town = settle(store)
    sqlite_writer(store, "max_page_count=1")
    with store.begin() as work:
        work.passages.add(town.passage())
        with pytest.raises(CannotRecord):
            work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", "x" * 100_000)
        with pytest.raises(CannotRecord, match="an earlier step failed"):
            work.passages.add(town.passage())
        with pytest.raises(CannotRecord, match="an earlier step failed"):
            work.commit()
    with store.read() as work:
        assert work.passages.count() == 0


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_read_only_file_is_cannot_record(store: SqlStore) -> None:
    settle(store)
    sqlite_writer(store, "query_only=ON")
    with pytest.raises(CannotRecord, match=r"^the store did not do it: the store is read-only$"):
        store.begin().__enter__()


@pytest.mark.parametrize("bare_place", ["postgresql"], indirect=True)
def test_a_read_only_server_is_cannot_record(bare_place: Place) -> None:
    store = bare_place.open()
    town = settle(store)
    store.close()
    with bare_place.stranger() as tool:
        name = tool.exec_driver_sql("SELECT current_database()").scalar_one()
        tool.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    again = bare_place.open()
    with again.begin() as work, pytest.raises(CannotRecord, match="read-only"):
        work.passages.add(town.passage())
    again.close()


def _hang_up(place: Place) -> None:
    with place.stranger() as tool:
        tool.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_a_server_that_goes_away_is_cannot_record_and_comes_back(place: Place, store: SqlStore) -> None:
    town = settle(store)
    with store.begin() as work:
        work.passages.add(town.passage())
        _hang_up(place)
        with pytest.raises(CannotRecord) as refused:
            work.commit()
        assert "\n" not in str(refused.value)
    with store.begin() as work:
        _hang_up(place)
        for _ in range(2):
            with pytest.raises(CannotRecord):
                work.passages.add(town.passage())
        with pytest.raises(CannotRecord):
            work.commit()
    with store.read() as work:
        assert work.passages.count() == 0
    # The connection is back in the pool, and idle, when the server hangs up.
    _hang_up(place)
    with store.begin() as work:
        work.passages.add(town.passage())
        work.commit()
    with store.read() as work:
        assert work.passages.count() == 1


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_an_error_that_is_swallowed_is_not_committed_on_postgresql(store: SqlStore) -> None:
    """After an error PostgreSQL answers COMMIT with a silent ROLLBACK."""
    town = settle(store)
    consent = enrol(store, town)
    with store.begin() as work:
        work.passages.add(town.passage())
        with pytest.raises(StileError):
            work.invitations.use(uuid7(), NOW.replace(year=1).replace(tzinfo=None))  # type: ignore[arg-type]
        with pytest.raises(StileError):
            work.members.page(most=2**70)
        with pytest.raises(CannotRecord, match="an earlier step failed"):
            work.commit()
    with store.read() as work:
        assert work.passages.count() == 0
        assert work.templates.keys_of(MemberId(consent.member))
