"""The laws that the database keeps by itself, against whoever comes past the program with a database tool.

Each test first does what is allowed in the same way, so that a refusal is the law's and not a slip of the test.
"""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import audit_entry, consent, member_key, outbox, passage, template
from stile.adapters.storage.transaction import Kind
from stile.domain.audit import Event
from stile.domain.audit_check import check
from stile.domain.consent import Consent
from tests.adapters.builders import LATER, NOW, PACK, Town, consent_of, enrol, settle
from tests.adapters.conftest import Place


@dataclass
class Enrolled:
    """One member with a template, one who consented without one, and a foreign tool's connection."""

    store: SqlStore
    town: Town
    consent: Consent
    free: Consent
    tool: Connection

    def counts(self) -> tuple[int, int]:
        """Templates and keys."""
        return tuple(
            self.tool.scalar(select(func.count()).select_from(one)) for one in (template, member_key)
        )  # type: ignore[return-value]

    def refused(self, statement: Any, why: str) -> None:
        with pytest.raises(DBAPIError, match=why):
            self.tool.execute(statement)

    def row(self, under: Consent, **changed: object) -> dict[str, object]:
        return {
            "id": uuid7(),
            "member": under.member,
            "pack": PACK,
            "centre": self.town.centre_id,
            "consent": under.id,
            "sealed": b"sealed",
            "shots": 3,
            "made_at": NOW,
            "version": 1,
        } | changed


@pytest.fixture
def enrolled(place: Place, store: SqlStore) -> Any:
    town = settle(store)
    first = enrol(store, town)
    member = town.member("1002")
    free = consent_of(member.id)
    with store.begin() as work:
        work.members.add(member)
        work.consents.add(free)
        work.commit()
    with place.stranger() as tool:
        yield Enrolled(store, town, first, free, tool)


# --- law 1 ---


def test_a_passage_of_nobody_carries_no_score(enrolled: Enrolled) -> None:
    row = {
        "centre": enrolled.town.centre_id,
        "lane": enrolled.town.lane_id,
        "at": NOW,
        "method": "face",
        "outcome": "refer",
        "reason": "no match",
        "pack": PACK,
        "threshold": 0.6,
        "gallery_size": 1,
        "version": 1,
    }
    known = {"id": uuid7(), "member": enrolled.consent.member, "score": 0.4}
    enrolled.tool.execute(insert(passage).values(row | known))
    enrolled.refused(insert(passage).values(row | known | {"id": uuid7(), "member": None}), "law_1")
    half = {"id": uuid7(), "pack": None, "threshold": None, "gallery_size": None}
    enrolled.refused(insert(passage).values(row | known | half), "comparison")


# --- law 2 ---


def test_a_template_stands_under_its_members_live_consent(enrolled: Enrolled) -> None:
    theirs = {"consent": enrolled.consent.id}
    enrolled.refused(insert(template).values(enrolled.row(enrolled.free, **theirs)), "law 2: no template")
    unknown = {"consent": uuid7()}
    enrolled.refused(insert(template).values(enrolled.row(enrolled.free, **unknown)), "law 2: no template")
    enrolled.refused(insert(template).values(enrolled.row(enrolled.free, consent=None)), "(?i)null|law 2")
    enrolled.tool.execute(insert(template).values(enrolled.row(enrolled.free)))


def test_no_template_under_a_withdrawn_consent(enrolled: Enrolled) -> None:
    enrolled.tool.execute(update(consent).where(consent.c.id == enrolled.free.id).values(withdrawn_at=LATER))
    enrolled.refused(insert(template).values(enrolled.row(enrolled.free)), "law 2: no template")


@pytest.mark.parametrize("column", ["consent", "member", "pack", "id"])
def test_a_template_does_not_wander(enrolled: Enrolled, column: str) -> None:
    elsewhere = {
        "consent": enrolled.free.id,
        "member": enrolled.free.member,
        "pack": "sface",
        "id": uuid7(),
    }
    enrolled.refused(update(template).values({column: elsewhere[column]}), "law 2")
    enrolled.tool.execute(update(template).values(shots=5))


def test_withdrawing_takes_template_and_key_along(enrolled: Enrolled) -> None:
    assert enrolled.counts() == (1, 1)
    enrolled.tool.execute(
        update(consent).where(consent.c.id == enrolled.consent.id).values(withdrawn_at=LATER)
    )
    assert enrolled.counts() == (0, 0)


def test_deleting_a_consent_takes_template_and_key_along(enrolled: Enrolled) -> None:
    enrolled.tool.execute(delete(consent).where(consent.c.id == enrolled.consent.id))
    assert enrolled.counts() == (0, 0)


def test_deleting_a_template_takes_its_key_along(enrolled: Enrolled) -> None:
    enrolled.tool.execute(delete(template))
    assert enrolled.counts() == (0, 0)


@pytest.mark.parametrize(
    "change",
    [
        {"given_by": "somebody else"},
        {"given_at": LATER},
        {"notice_sha256": "0" * 64},
        {"notice_version": "2027-1"},
        {"channel": "enrolment page"},
        {"id": uuid7()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_consent_does_not_change(enrolled: Enrolled, change: dict[str, object]) -> None:
    mine = update(consent).where(consent.c.id == enrolled.free.id)
    enrolled.refused(mine.values(change), "law 2: a consent")
    enrolled.tool.execute(mine.values(version=2))


def test_a_withdrawal_is_not_taken_back(enrolled: Enrolled) -> None:
    mine = update(consent).where(consent.c.id == enrolled.free.id)
    enrolled.refused(mine.values(withdrawn_at=NOW.replace(year=2000)), "order")
    enrolled.tool.execute(mine.values(withdrawn_at=LATER))
    enrolled.refused(mine.values(withdrawn_at=None), "law 2: a consent")
    enrolled.refused(mine.values(withdrawn_at=LATER.replace(year=2030)), "law 2: a consent")


def test_a_key_belongs_to_a_template_of_its_member(place: Place, enrolled: Enrolled) -> None:
    if place.kind == "sqlite":
        enrolled.tool.exec_driver_sql("PRAGMA foreign_keys=ON")
    row = {"member": enrolled.free.member, "pack": PACK, "wrapped": b"key"}
    with pytest.raises(IntegrityError):
        enrolled.tool.execute(insert(member_key).values(row))


@pytest.mark.parametrize("place", ["postgresql"], indirect=True)
def test_an_insertion_and_a_withdrawal_at_once_leave_no_template(place: Place, enrolled: Enrolled) -> None:
    """Two foreign connections, each in its own transaction. The one that comes second waits, and then either is
    refused (the template) or takes the other's work along (the withdrawal)."""
    withdrawal = update(consent).where(consent.c.id == enrolled.free.id).values(withdrawn_at=LATER)
    insertion = insert(template).values(enrolled.row(enrolled.free))
    engine = create_engine(place.url)
    try:
        with engine.connect() as first, engine.connect() as second:
            first.execute(insertion)

            def withdraw() -> None:
                second.execute(withdrawal)
                second.commit()

            waiting = Thread(target=withdraw)
            waiting.start()
            waiting.join(0.2)
            assert waiting.is_alive(), "the withdrawal has to wait for the insertion"
            first.commit()
            waiting.join(5)
            assert enrolled.counts() == (1, 1)  # only the other member's
            enrolled.refused(insertion, "law 2: no template")
    finally:
        engine.dispose()


# --- law 6 ---


@pytest.mark.parametrize("name", ["passage", "audit_entry"])
def test_records_are_only_added_to(enrolled: Enrolled, name: str) -> None:
    town, table = enrolled.town, {"passage": passage, "audit_entry": audit_entry}[name]
    with enrolled.store.begin() as work:
        work.passages.add(town.passage(enrolled.consent.member, 0.7))
        work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", "x")
        work.commit()
    same = {"at": table.c.at}
    enrolled.refused(update(table).values(same), f"law 6: {name} is only added to")
    enrolled.refused(delete(table), f"law 6: {name} is only added to")
    assert enrolled.tool.scalar(select(func.count()).select_from(table)) == 1


@pytest.mark.parametrize("name", ["passage", "audit_entry", "consent", "template"])
def test_replacing_is_no_way_round(place: Place, enrolled: Enrolled, name: str) -> None:
    """SQLite's INSERT OR REPLACE fires no delete trigger; PostgreSQL's TRUNCATE fires no row trigger."""
    with enrolled.store.begin() as work:
        work.passages.add(enrolled.town.passage())
        work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", "x")
        work.commit()
    if place.kind == "sqlite":
        enrolled.refused(text(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"), "never replaced")
    elif name in ("passage", "audit_entry"):
        enrolled.refused(text(f"TRUNCATE {name} CASCADE"), "law 6")
    else:
        enrolled.tool.execute(text(f"TRUNCATE {name} CASCADE"))
        assert enrolled.counts() == (0, 0)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entries: entries[:1] + entries[2:],
        lambda entries: [entries[1], entries[0], *entries[2:]],
        lambda entries: entries[1:],
    ],
    ids=["removed", "re-ordered", "cut off"],
)
def test_a_chain_that_was_tampered_with_shows_it(
    store: SqlStore, tamper: Callable[[list[Any]], list[Any]]
) -> None:
    with store.begin() as work:
        for number in range(4):
            work.audit.append(NOW, Event.MEMBER_ADDED, "system", str(number), {"number": number})
        work.commit()
    with store.read() as work:
        entries = list(work.audit.entries())
    assert check(entries) == []
    assert check(tamper(entries)) != []


# --- the outbox ---


def test_each_change_appends_to_the_outbox(enrolled: Enrolled) -> None:
    store, town, given = enrolled.store, enrolled.town, enrolled.consent
    enrolled.tool.execute(delete(outbox))
    with store.begin() as work:
        member = work.members.get(given.member)
        assert member is not None
        work.members.save(member)
        work.templates.put(town.template(given, b"again"), b"key")
        passed = town.passage(given.member, 0.7)
        work.passages.add(passed)
        work.consents.withdraw(given.member, LATER)
        work.commit()
    rows = enrolled.tool.execute(select(outbox).order_by(outbox.c.id)).all()
    [the_template] = {row.record for row in rows if row.kind == Kind.TEMPLATE}
    assert [(row.kind, row.record, row.version) for row in rows] == [
        (Kind.MEMBER, given.member, 2),
        (Kind.TEMPLATE, the_template, 2),
        (Kind.PASSAGE, passed.id, 1),
        (Kind.TEMPLATE, the_template, 3),
        (Kind.CONSENT, given.id, 2),
    ]
    assert {row.centre for row in rows} == {town.centre_id}
    assert all(row.at.tzinfo is not None for row in rows)


def test_the_outbox_holds_no_personal_data() -> None:
    assert set(outbox.c.keys()) == {"id", "centre", "kind", "record", "version", "at"}


def test_what_is_rolled_back_leaves_nothing_in_the_outbox(enrolled: Enrolled) -> None:
    before = enrolled.tool.scalar(select(func.count()).select_from(outbox))
    with enrolled.store.begin() as work:
        work.members.add(enrolled.town.member("1009"))
    assert enrolled.tool.scalar(select(func.count()).select_from(outbox)) == before
