"""The register in both databases: it comes back as it went in, and only grows."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import register_entry
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import EntryId
from stile.domain.register import (
    Deployment,
    Document,
    DocumentKind,
    Entry,
    EventKind,
    Fact,
    Happened,
    Involved,
    Mode,
    NoneHappened,
    OwnUse,
    Party,
    Phase,
    Relationship,
    SignOff,
)
from tests.adapters.builders import NOW
from tests.adapters.conftest import Place

DAY = date(2026, 11, 25)
FACTS: list[Fact] = [
    OwnUse(False),
    Deployment("pool", "Pool", "Barnstone Leisure", Phase.PLANNED, Relationship.OPERATORS_ALONE),
    Deployment(
        "pool",
        "Pool",
        "Barnstone Leisure",
        Phase.ENDED,
        Relationship.ON_BEHALF,
        since=date(2020, 1, 1),
        until=DAY,
        mode=Mode.BOTH,
        joint_controllers=("A", "B"),
        suppliers=(Party("Maker", "supplies the terminals"),),
        asked_for=False,
        documents=(Document(DocumentKind.DPIA, "Assessment", DAY, "on file"),),
    ),
    Happened(EventKind.DATA_REQUEST, DAY, "Police asked for passages.", "pool", "Police", False, "no ground"),
    NoneHappened(EventKind.ARREST, date(2020, 1, 1), DAY),
    Involved("pool", False),
    SignOff("pool", "Manager", "Board", "Followed.", DAY),
]


def an_entry(fact: Fact, **more: Any) -> Entry:
    return Entry(EntryId(uuid7()), DAY, "the manager", NOW, "system", fact, **more)


def test_every_fact_comes_back_as_it_was(store: SqlStore) -> None:
    entries = [an_entry(fact) for fact in FACTS]
    with store.begin() as work:
        for one in entries:
            work.register.add(one)
        work.commit()
    with store.read() as work:
        assert work.register.all() == entries
        assert work.register.count() == len(entries)
        assert work.register.get(entries[2].id) == entries[2]
        assert work.register.get(EntryId(uuid7())) is None


def test_an_entry_is_replaced_once_and_by_what_exists(store: SqlStore) -> None:
    first = an_entry(FACTS[0])
    with store.begin() as work:
        work.register.add(first)
        work.register.add(an_entry(FACTS[0], replaces=first.id))
        with pytest.raises(Conflict, match="replaced already"):
            work.register.add(an_entry(FACTS[0], replaces=first.id))
        with pytest.raises(NotFound):
            work.register.add(an_entry(FACTS[0], replaces=EntryId(uuid7())))
        work.commit()
    with store.read() as work:
        assert len(work.register.all()) == 2


def test_a_database_tool_cannot_change_or_delete_an_entry(store: SqlStore, place: Place) -> None:
    first = an_entry(FACTS[0])
    with store.begin() as work:
        work.register.add(first)
        work.commit()
    for statement in (update(register_entry).values(source="x"), delete(register_entry)):
        with place.stranger() as tool, pytest.raises(DBAPIError, match="only added to"):
            tool.execute(statement)
    if place.kind == "sqlite":
        with place.stranger() as tool:
            row = dict(tool.execute(select(register_entry)).mappings().one())
            with pytest.raises(DBAPIError, match="never replaced"):
                tool.execute(insert(register_entry).prefix_with("OR REPLACE").values(row | {"source": "x"}))
