"""What goes when its time is over, and what the database refuses to let go, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Date, LargeBinary, Table, delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.erasures import GO, LEFT
from stile.adapters.storage.keeping import SWEEPS, Sweep
from stile.adapters.storage.tables import (
    adjudication,
    consent,
    erasure,
    face_restriction,
    foi_request,
    foi_version,
    member,
    member_import,
    member_staged,
    metadata,
    outbox,
    passage,
    passage_count,
    retention_permit,
    rights_entry,
    rights_request,
    template,
)
from stile.adapters.storage.types import Id, Utc, Words
from stile.domain.adjudication import Adjudication, Tally, Verdict
from stile.domain.errors import NotAllowed, NotFound
from stile.domain.ids import AdjudicationId, PassageId
from stile.domain.passage import Outcome
from stile.domain.retention import RULES, STAYS, Period, Subject
from stile.ports.keeping import Erasure
from tests.adapters.builders import NOW, Town, enrol, settle
from tests.adapters.conftest import Place

REAL_NOW = datetime.now(UTC)
OLD = datetime(2024, 5, 6, 23, 30, tzinfo=UTC)
CUT_OFF = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def town(store: SqlStore) -> Town:
    return settle(store)


def pass_through(store: SqlStore, town: Town, at: datetime, verdict: Verdict | None = None) -> PassageId:
    """A passage by face that was referred, adjudicated where a verdict is given."""
    one = town.passage(at=at)
    with store.begin() as work:
        work.passages.add(one)
        if verdict is not None:
            for n, given in enumerate((Verdict.RIGHTLY_REFERRED, verdict)):  # the latest one counts
                id = AdjudicationId(uuid7())
                seen = at + timedelta(minutes=n)
                work.adjudications.add(Adjudication(id, one.id, one.centre, given, town.staff_id, seen))
        work.commit()
    return one.id


def sweep(store: SqlStore, subject: Subject, cut_off: datetime = CUT_OFF, most: int = 100) -> int:
    with store.begin() as work:
        swept = work.retention.sweep(subject, cut_off, most)
        work.commit()
    return swept.gone


# --- passages ---


def test_old_passages_go_and_their_figures_stay(store: SqlStore, town: Town) -> None:
    pass_through(store, town, OLD, Verdict.SHOULD_HAVE_OPENED)
    pass_through(store, town, OLD + timedelta(hours=1))  # the next day, in UTC
    new = pass_through(store, town, NOW, Verdict.ATTACK)
    with store.read() as work:
        before = work.adjudications.tally(town.lane_id)
        assert work.retention.due(Subject.PASSAGES, CUT_OFF) == 2
    with store.begin() as work:
        swept = work.retention.sweep(Subject.PASSAGES, CUT_OFF, 100)
        work.commit()
    assert (swept.gone, swept.first, swept.last) == (2, OLD, OLD + timedelta(hours=1))
    with store.read() as work:
        assert [one.id for one in work.passages.latest()] == [new]
        assert work.adjudications.tally(town.lane_id) == before
        assert work.adjudications.tally(town.lane_id, CUT_OFF) == [
            Tally(Outcome.REFER, "no match", Verdict.ATTACK, 1)
        ]
        span = work.passages.span(town.lane_id)
        assert span == (datetime(2024, 5, 6, tzinfo=UTC), NOW)


def test_a_batch_takes_the_oldest_and_adds_to_the_counts(store: SqlStore, town: Town, place: Place) -> None:
    for minute in range(5):
        pass_through(store, town, OLD - timedelta(minutes=minute))
    assert [sweep(store, Subject.PASSAGES, most=2) for _ in range(4)] == [2, 2, 1, 0]
    with place.stranger() as tool:
        assert tool.execute(
            select(passage_count.c.passages, passage_count.c.timed, passage_count.c.ms)
        ).one() == (
            5,
            5,
            62.5,
        )
        assert tool.execute(select(func.count()).select_from(retention_permit)).scalar_one() == 0


def test_a_foreign_tool_cannot_delete_a_passage(store: SqlStore, town: Town, place: Place) -> None:
    old = pass_through(store, town, OLD, Verdict.ATTACK)
    with place.stranger() as tool:
        for table, condition in (
            (passage, passage.c.id == old),
            (adjudication, adjudication.c.passage == old),
        ):
            with pytest.raises(DBAPIError, match="law 6"):
                tool.execute(delete(table).where(condition))


def test_a_recent_passage_cannot_be_deleted_whatever_is_permitted(
    store: SqlStore, town: Town, place: Place
) -> None:
    recent = pass_through(store, town, REAL_NOW - timedelta(days=20))
    with place.stranger() as tool:
        with pytest.raises(DBAPIError, match="younger than 30 days"):
            tool.execute(insert(retention_permit).values(id=1, cut_off=REAL_NOW - timedelta(days=10)))
        tool.execute(insert(retention_permit).values(id=1, cut_off=REAL_NOW - timedelta(days=31)))
        with pytest.raises(DBAPIError, match="younger than 30 days"):
            tool.execute(update(retention_permit).values(cut_off=REAL_NOW))
        with pytest.raises(DBAPIError, match="law 6"):
            tool.execute(delete(passage).where(passage.c.id == recent))
        with pytest.raises(DBAPIError, match="law 6"):
            tool.execute(update(passage).values(at=OLD))


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_what_an_open_request_is_about_does_not_go(store: SqlStore, town: Town, place: Place) -> None:
    given = enrol(store, town)
    with store.begin() as work:
        held = work.members.get(given.member)
        assert held is not None
        work.members.save(replace(held, expires_on=OLD.date()))
        work.passages.add(town.passage(given.member, 0.9, at=OLD))
        work.commit()
    asked = row_of(rights_request, OLD) | {"member": given.member, "state": "searching"}
    subjects = (Subject.PASSAGES, Subject.LAPSED_MEMBERS, Subject.LAPSED_TEMPLATES)

    def due() -> list[int]:
        with store.read() as work:
            return [work.retention.due(subject, CUT_OFF) for subject in subjects]

    assert due() == [1, 1, 1]
    with place.stranger() as tool:
        tool.execute(insert(rights_request).values(asked))
    assert due() == [0, 0, 0]
    assert sweep(store, Subject.PASSAGES) == 0
    with place.stranger() as tool:
        tool.execute(update(rights_request).values(state="closed"))
        tool.execute(insert(face_restriction).values(member=given.member, since=OLD))
    assert due() == [1, 0, 0]


def test_only_adjudications_hang_on_passages() -> None:
    holding = {
        (table.name, key.ondelete)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is passage
    }
    # Adjudications go along; a spot check stays, and forgets which passage it was about.
    assert holding == {("adjudication", None), ("spot_check", "SET NULL")}


def test_a_period_that_is_too_short_is_refused_by_the_store(store: SqlStore, town: Town) -> None:
    pass_through(store, town, REAL_NOW - timedelta(days=20))
    with store.begin() as work, pytest.raises(NotAllowed, match="younger than 30 days"):
        work.retention.sweep(Subject.PASSAGES, REAL_NOW - timedelta(days=10), 100)


def test_counts_are_never_taken_away(store: SqlStore, town: Town, place: Place) -> None:
    pass_through(store, town, OLD)
    sweep(store, Subject.PASSAGES)
    with place.stranger() as tool:
        for statement in (delete(passage_count), update(passage_count).values(passages=0)):
            with pytest.raises(DBAPIError, match="only added to"):
                tool.execute(statement)


# --- the rest of the table ---


def test_notes_to_other_programs_go(store: SqlStore, town: Town, place: Place) -> None:
    enrol(store, town)
    with place.stranger() as tool:
        tool.execute(update(outbox).values(at=OLD))
    with store.read() as work:
        assert work.retention.due(Subject.OUTBOX, CUT_OFF) > 0
    assert sweep(store, Subject.OUTBOX) > 0
    assert sweep(store, Subject.OUTBOX) == 0


def test_ended_consents_go_and_live_ones_stay(store: SqlStore, town: Town) -> None:
    given = enrol(store, town)
    assert sweep(store, Subject.ENDED_CONSENTS, REAL_NOW + timedelta(days=4000)) == 0
    with store.begin() as work:
        work.consents.withdraw(given.member, NOW)
        work.commit()
    assert sweep(store, Subject.ENDED_CONSENTS, NOW + timedelta(seconds=1)) == 1


def test_every_rule_sweeps_an_empty_store(store: SqlStore, town: Town) -> None:
    for subject in RULES:
        with store.begin() as work:
            assert work.retention.due(subject, CUT_OFF) == 0
            if subject in SWEEPS or subject is Subject.PASSAGES:
                assert work.retention.sweep(subject, CUT_OFF, 10).gone == 0
            else:
                assert work.retention.lapsed(subject, CUT_OFF, 10) == []


def row_of(table: Table, at: datetime) -> dict[str, Any]:
    """Something in every column, and this time in each that holds one."""
    by_type = {Utc: at, Id: uuid7(), Date: at.date(), Boolean: False, LargeBinary: b"x"}
    return {
        column.name: next((value for kind, value in by_type.items() if isinstance(column.type, kind)), None)
        or ("closed" if column.name == "state" else str(uuid7()) if isinstance(column.type, Words) else 1)
        for column in table.columns
    }


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("subject", "one"),
    [(subject, one) for subject, sweeps in SWEEPS.items() for one in sweeps if not one.holders],
)
def test_what_is_over_goes_from_each_table_and_what_is_not_stays(
    place: Place, store: SqlStore, subject: Subject, one: Sweep
) -> None:
    with place.stranger() as tool:  # without foreign keys
        for at in (OLD, REAL_NOW):
            tool.execute(insert(one.table).values(row_of(one.table, at)))
    assert sweep(store, subject) == 1
    assert sweep(store, subject) == 0
    with place.stranger() as tool:
        # A row that is only emptied stays, without what was over.
        there = [one.table.c[name].is_not(None) for name in one.only]
        assert tool.execute(select(func.count()).select_from(one.table).where(*there)).scalar_one() == 1


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_request_goes_with_its_steps_when_the_last_of_them_is_long_past(
    place: Place, store: SqlStore
) -> None:
    with place.stranger() as tool:
        for number, last, state in ((1, OLD, "closed"), (2, REAL_NOW, "closed"), (3, OLD, "searching")):
            row = row_of(rights_request, OLD) | {"number": number, "state": state}
            tool.execute(insert(rights_request).values(row))
            for step in (OLD, last):
                entry = row_of(rights_entry, step) | {"request": row["id"], "place": int(step.timestamp())}
                tool.execute(insert(rights_entry).prefix_with("OR IGNORE").values(entry))
    assert sweep(store, Subject.REQUESTS) == 1
    with place.stranger() as tool:
        assert tool.execute(select(rights_request.c.number)).scalars().all() == [2, 3]
        assert tool.execute(select(func.count()).select_from(rights_entry)).scalar_one() == 3


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_an_import_goes_with_what_it_brought(place: Place, store: SqlStore) -> None:
    with place.stranger() as tool:
        for at in (OLD, REAL_NOW):
            row = row_of(member_import, at)
            tool.execute(insert(member_import).values(row))
            tool.execute(insert(member_staged).values(row_of(member_staged, at) | {"import_id": row["id"]}))
    assert sweep(store, Subject.IMPORTS) == 1
    with place.stranger() as tool:
        assert tool.execute(select(func.count()).select_from(member_staged)).scalar_one() == 1


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_request_for_information_goes_with_its_answers_once_it_is_closed(
    place: Place, store: SqlStore
) -> None:
    with place.stranger() as tool:
        for at, state in ((OLD, "closed"), (REAL_NOW, "closed"), (OLD, "drafting")):
            row = row_of(foi_request, at) | {"state": state}
            tool.execute(insert(foi_request).values(row))
            tool.execute(insert(foi_version).values(row_of(foi_version, at) | {"request": row["id"]}))
    assert sweep(store, Subject.FOI) == 1
    with place.stranger() as tool:
        assert tool.execute(select(func.count()).select_from(foi_version)).scalar_one() == 2


def test_every_table_has_a_rule_or_a_reason_to_stay() -> None:
    ruled = {one.table.name for sweeps in SWEEPS.values() for one in sweeps if not one.only}
    ruled |= {holder.table.name for sweeps in SWEEPS.values() for one in sweeps for holder in one.holders}
    ruled |= {"passage", "member", "template"}
    assert set(metadata.tables) - ruled - set(STAYS) == set()
    assert set(STAYS) - set(metadata.tables) == set()
    assert ruled & set(STAYS) == set()


def test_periods_are_kept_as_history(store: SqlStore, town: Town) -> None:
    chosen = [Period(Subject.PASSAGES, days, "x", NOW + timedelta(days=days)) for days in (40, 60)]
    for one in chosen:
        with store.begin() as work:
            work.retention.choose(one)
            work.commit()
    with store.read() as work:
        assert work.retention.chosen() == chosen


# --- erasure ---


def test_an_erased_member_leaves_an_id_and_no_more(store: SqlStore, town: Town, place: Place) -> None:
    given = enrol(store, town)
    with store.begin() as work:
        held = work.members.get(given.member)
        assert held is not None
        work.members.save(replace(held, cards=("5500001",), email="ada@example.org", marketing=False))
        work.passages.add(town.passage(given.member, 0.9))
        assert work.erasures.member(given.member, NOW) == 1
        work.commit()
    with store.read() as work:
        assert work.members.get(given.member) is None
        assert work.members.page() == []
        assert work.members.count() == 0
        assert work.members.by_card("5500001") is None
        assert given.member in work.templates.changed_since(NOW)
        assert [one.member for one in work.passages.latest()] == [given.member]
        assert [(one.n, one.what, one.member) for one in work.erasures.after(0)] == [
            (1, "consent", given.member),
            (2, "member", given.member),
        ]
    with place.stranger() as tool:
        row = tool.execute(select(member)).one()._asdict()
        left = {name for name, value in row.items() if value not in (None, "", False, 0)}
        assert left == {"id", "centre", "number", "status", "version", "erased_at"}
        assert row["number"] == f"erased {given.member}"
        for table in (consent, template):
            assert tool.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_an_erased_member_stays_erased(store: SqlStore, town: Town, place: Place) -> None:
    given = enrol(store, town)
    with store.begin() as work:
        work.erasures.member(given.member, NOW)
        work.commit()
    with store.begin() as work, pytest.raises(NotFound):
        work.erasures.member(given.member, NOW)
    with place.stranger() as tool:
        for statement in (
            update(member).values(given_name="Ada"),
            update(member).values(erased_at=None),
            delete(erasure),
            update(erasure).values(what="x"),
        ):
            with pytest.raises(DBAPIError, match=r"stays erased|only added to"):
                tool.execute(statement)


def test_every_table_that_names_a_member_is_treated_by_an_erasure() -> None:
    naming = {
        table.name
        for table in metadata.tables.values()
        if any(key.column.table is member for key in table.foreign_keys)
        or any(column.name in ("member", "other") for column in table.columns)
    }
    assert naming - set(GO) - set(LEFT) == {"erasure"}  # which is what remembers it
    assert len(set(GO)) == len(GO)


def test_a_withdrawal_past_the_program_is_remembered(store: SqlStore, town: Town, place: Place) -> None:
    given = enrol(store, town)
    with place.stranger() as tool:
        tool.execute(update(consent).values(withdrawn_at=NOW))
        tool.execute(update(consent).values(version=5))
    with store.read() as work:
        (found,) = work.erasures.after(0)
    assert (found.what, found.subject, found.at) == ("consent", given.id, NOW)


def test_what_an_older_copy_does_not_know_is_erased_again(store: SqlStore, town: Town) -> None:
    given = enrol(store, town)
    with store.begin() as work:
        work.erasures.member(given.member, NOW)
        work.commit()
    with store.read() as work:
        written = work.erasures.after(0)
    other = enrol(store, town, "1002")
    with store.begin() as work:
        assert not any(work.erasures.again(one) for one in written)
        again = [
            Erasure(9, "consent", other.id, other.member, NOW),
            Erasure(10, "member", uuid7(), other.member, NOW),
        ]
        assert work.erasures.again(again[0])
        assert work.erasures.again(again[1])
        work.commit()
    with store.read() as work:
        assert work.templates.count(town.template(other).pack) == 0
        assert work.members.get(other.member) is None
