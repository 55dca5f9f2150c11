"""The second migration: on a store that somebody has used, and the laws that its tables keep by themselves."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import (
    adjudication,
    calibration,
    centre,
    consent,
    lane,
    look_alike,
    operator,
    template,
)
from stile.domain.places import Ask
from stile.domain.zone import Zone
from tests.adapters.builders import LATER, NOW, PACK, Town, enrol, settle
from tests.adapters.conftest import Place


def used_before(place: Place, town: Town) -> None:
    """A store of the first version with one lane in it, as that version wrote it."""
    engine = create_engine(place.url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "stile.adapters.storage:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(insert(operator).values(id=town.operator.id, name="Barnstone Leisure"))
        connection.execute(
            insert(centre).values(id=town.centre_id, operator=town.operator.id, name="Pool", version=1)
        )
        row = {"id": town.lane_id, "centre": town.centre_id, "slug": "main", "name": "Main entrance"}
        promises = {"door": "sim:", "face_mode": True, "liveness": "passive", "fpir": 0.003, "frames": 3}
        connection.execute(insert(lane).values(**row, **promises, seconds=10.0, version=4))
    engine.dispose()


def test_a_lane_of_the_first_version_gets_the_values_of_a_new_one(bare_place: Place) -> None:
    town = Town()
    if bare_place.kind == "sqlite":
        Path(bare_place.where).parent.mkdir()
    used_before(bare_place, town)
    bare_place.open().close()
    with bare_place.stranger() as tool:
        [row] = tool.execute(select(lane)).mappings()
    assert {name: row[name] for name in ("ask", "zone", "least_face", "attempts", "fmr", "patience")} == {
        "ask": "touch",
        "zone": None,
        "least_face": 0.12,
        "attempts": 2,
        "fmr": 1e-5,
        "patience": 10.0,
    }
    assert (row["seconds"], row["fpir"], row["version"]) == (1.5, 0.003, 5)


def test_a_lane_comes_back_as_it_was_saved(store: SqlStore) -> None:
    town = settle(store)
    zone = Zone(((0.1, 0.2), (0.9, 0.2), (0.75, 1.0)))
    changed = replace(
        town.lane, ask=Ask.ZONE, zone=zone, least_face=0.3, attempts=3, fmr=1e-6, patience=20.0, seconds=2.5
    )
    for one in (changed, town.lane):
        with store.begin() as work:
            work.lanes.save(one)
            work.commit()
        with store.read() as work:
            assert work.lanes.by_slug("main") == one


# --- law 2: what two members have in common goes with either ---


@pytest.fixture
def pair(place: Place, store: SqlStore) -> Any:
    """Two enrolled members, a row that says they look alike, and a foreign tool's connection."""
    town = settle(store)
    first, second = sorted(
        (enrol(store, town, "1001"), enrol(store, town, "1002")), key=lambda one: one.member
    )
    row = {
        "id": uuid7(),
        "member": first.member,
        "other": second.member,
        "pack": PACK,
        "centre": town.centre_id,
        "found_at": NOW,
        "found_by": "calibration",
        "version": 1,
    }
    with place.stranger() as tool:
        tool.execute(insert(look_alike).values(row))
        yield tool, town, row, (first, second)


def pairs(tool: Connection) -> int:
    return int(tool.scalar(select(func.count()).select_from(look_alike)) or 0)


@pytest.mark.parametrize("whose", [0, 1], ids=["the first's", "the second's"])
@pytest.mark.parametrize(
    "how",
    [
        lambda one: delete(template).where(template.c.member == one.member),
        lambda one: update(consent).where(consent.c.id == one.id).values(withdrawn_at=LATER),
        lambda one: delete(consent).where(consent.c.id == one.id),
    ],
    ids=["template deleted", "consent withdrawn", "consent deleted"],
)
def test_a_pair_goes_with_either_template(pair: Any, whose: int, how: Any) -> None:
    tool, _, _, both = pair
    assert pairs(tool) == 1
    tool.execute(how(both[whose]))
    assert pairs(tool) == 0


def test_a_pair_of_another_pack_stays(pair: Any, store: SqlStore) -> None:
    tool, town, _, (first, _) = pair
    with store.begin() as work:
        work.templates.put(town.template(first, pack="sface"), b"key")
        work.commit()
    tool.execute(delete(template).where(template.c.pack == "sface"))
    assert pairs(tool) == 1


@pytest.mark.parametrize("whose", ["member", "other"])
def test_no_pair_without_both_templates(pair: Any, whose: str) -> None:
    tool, _, row, (first, second) = pair
    gone = first if whose == "member" else second
    tool.execute(delete(template).where(template.c.member == gone.member))
    with pytest.raises(DBAPIError, match=r"law 2|foreign key"):
        tool.execute(insert(look_alike).values(row | {"id": uuid7()}))


def test_a_pair_stands_once_in_order_and_does_not_change(pair: Any) -> None:
    tool, _, row, _ = pair
    again = row | {"id": uuid7()}
    with pytest.raises(DBAPIError, match=r"(?i)unique"):
        tool.execute(insert(look_alike).values(again))
    with pytest.raises(DBAPIError, match="order"):
        tool.execute(insert(look_alike).values(again | {"member": row["other"], "other": row["member"]}))
    with pytest.raises(DBAPIError, match="law 2"):
        tool.execute(update(look_alike).values(found_by="enrolment"))


def test_scrubbing_keeps_the_pairs_that_stand(pair: Any, store: SqlStore) -> None:
    tool, _, row, _ = pair
    store.scrub()
    assert tool.execute(select(look_alike.c.id)).scalars().all() == [row["id"]]


# --- laws 6 and 7: history ---


@pytest.fixture
def history(place: Place, store: SqlStore) -> Any:
    """One calibration and one adjudication, and a foreign tool's connection."""
    town = settle(store)
    passed = town.passage()
    with store.begin() as work:
        work.passages.add(passed)
        work.commit()
    common = {"id": uuid7(), "centre": town.centre_id, "at": NOW, "version": 1}
    with place.stranger() as tool:
        counts = {"gallery_size": 30, "members": 30, "comparisons": 435, "left_out": 0}
        tool.execute(insert(calibration).values(**common, **counts, pack=PACK, points="[]"))
        said = {"passage": passed.id, "verdict": "right", "staff": town.staff_id}
        tool.execute(insert(adjudication).values(**common, **said))
        yield tool


@pytest.mark.parametrize(("name", "law"), [("calibration", "law 7"), ("adjudication", "law 6")])
def test_history_is_only_added_to(place: Place, history: Connection, name: str, law: str) -> None:
    table = {"calibration": calibration, "adjudication": adjudication}[name]
    statements: list[Any] = [update(table).values(version=2), delete(table)]
    if place.kind == "postgresql":
        statements.append(text(f"TRUNCATE {name}"))
    for statement in statements:
        with pytest.raises(DBAPIError, match=f"{law}: {name} is only added to"):
            history.execute(statement)
    if place.kind == "sqlite":
        with pytest.raises(DBAPIError, match="never replaced"):
            history.execute(text(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"))
    assert history.scalar(select(func.count()).select_from(table)) == 1
