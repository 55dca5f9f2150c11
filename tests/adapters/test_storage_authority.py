"""An authority's database refuses templates and whoever could have one, also from a foreign tool."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, insert, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore, tables
from stile.adapters.storage.migrations.rules_0016 import NOTHING_HERE, REFUSED
from stile.adapters.storage.tables import metadata
from stile.config import Settings
from stile.domain.errors import NotAllowed, NotConfigured
from stile.domain.ids import OperatorId
from stile.domain.places import Operator
from stile.domain.register import OrganisationKind
from stile.office import open_office
from tests.adapters.builders import NOW, Town, settle
from tests.adapters.conftest import Place
from tests.council import URL, open_council

COUNCIL = Operator(OperatorId(uuid7()), "Barnstone Council", OrganisationKind.AUTHORITY)


@pytest.fixture
def council(store: SqlStore) -> SqlStore:
    with store.begin() as work:
        work.operators.add(COUNCIL)
        work.commit()
    return store


@pytest.fixture
def tool(place: Place) -> Iterator[Connection]:
    with place.stranger() as connection:
        yield connection


def row_of(table: Table) -> dict[str, object]:
    """A value for every column: what is wrong with it otherwise must not be what refuses it."""
    made: dict[str, object] = {}
    for column in table.columns:
        kinds = {"Id": uuid7(), "Utc": NOW, "Integer": 1, "Double": 0.5, "Boolean": False, "Date": NOW.date()}
        made[column.name] = kinds.get(type(column.type).__name__, b"x" * 61)
        if type(column.type).__name__ in ("Words", "Text", "String"):
            made[column.name] = "x"
    return made


def test_the_kind_is_kept(council: SqlStore) -> None:
    with council.read() as work:
        assert work.operators.only() == COUNCIL


@pytest.mark.parametrize("table", REFUSED)
def test_no_row_of_a_member_a_lane_or_a_template(council: SqlStore, tool: Connection, table: str) -> None:
    with pytest.raises(DBAPIError, match=NOTHING_HERE.format(table=table)):
        tool.execute(insert(metadata.tables[table]), row_of(metadata.tables[table]))


def test_the_program_is_told_in_one_line(council: SqlStore) -> None:
    town = Town()
    with pytest.raises(NotAllowed, match="an authority holds no template"), council.begin() as work:
        work.members.add(town.member())


@pytest.mark.parametrize("kind", OrganisationKind)
def test_what_it_is_never_changes(store: SqlStore, tool: Connection, kind: OrganisationKind) -> None:
    [other] = set(OrganisationKind) - {kind}
    with store.begin() as work:
        work.operators.add(Operator(OperatorId(uuid7()), "Barnstone", kind))
        work.commit()
    with pytest.raises(DBAPIError, match="stays"):
        tool.execute(update(tables.operator).values(kind=other.value))
    with pytest.raises(DBAPIError, match="stays"):
        tool.execute(insert(tables.operator), {"id": uuid7(), "name": "Another", "kind": other.value})
    tool.execute(update(tables.operator).values(name="Barnstone and District"))
    with store.read() as work:
        found = work.operators.only()
    assert found is not None
    assert (found.name, found.kind) == ("Barnstone and District", kind)


def test_an_authority_is_not_taken_out_to_make_room(council: SqlStore, tool: Connection) -> None:
    with pytest.raises(DBAPIError, match="stays"):
        tool.exec_driver_sql("DELETE FROM operator")


def test_a_site_with_lanes_cannot_become_one(store: SqlStore, place: Place, tool: Connection) -> None:
    settle(store)
    at_once = place.kind == "postgresql"
    tool.exec_driver_sql("SET session_replication_role = replica" if at_once else "PRAGMA foreign_keys = OFF")
    tool.exec_driver_sql("DELETE FROM operator")
    if at_once:
        tool.exec_driver_sql("SET session_replication_role = origin")
    council = {"id": uuid7(), "name": "Council", "kind": "authority"}
    with pytest.raises(DBAPIError, match="stays"):
        tool.execute(insert(tables.operator), council)
    tool.execute(insert(tables.operator), council | {"kind": "operator"})


def test_a_council_is_set_up_on_either_database_and_opened_as_what_it_is(
    bare_place: Place, tmp_path: Path
) -> None:
    council = open_council(tmp_path, database=bare_place.where)
    council.office.subscribing.subscribe(URL, "an officer")
    assert len(council.office.registering.as_of().entries) == 1
    council.office.close()
    again = open_council(tmp_path, database=bare_place.where)
    assert [one.url for one in again.office.subscribing.all()] == [URL]
    again.office.close()
    with pytest.raises(NotConfigured, match="was set up as an authority"):
        open_office(Settings(data=tmp_path, database=bare_place.where))
