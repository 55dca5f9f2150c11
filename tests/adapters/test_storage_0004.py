"""The fourth migration on a log that somebody has used, and what the tree's tables hold by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Text, create_engine, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import column, table

from stile.adapters.audit_key import AuditKey
from stile.adapters.checkpoint_file import CheckpointFile
from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import audit_checkpoint, audit_entry, audit_stamp
from stile.adapters.storage.types import Utc
from stile.adapters.time_stamps import Rfc3161
from stile.application.audit.verify_audit import VerifyAudit
from stile.domain import merkle
from stile.domain.audit import Event
from stile.domain.audit_check import check
from stile.domain.audit_findings import Wrong
from stile.domain.checkpoint import Checkpoint, Head, Stamp
from tests.adapters.builders import NOW
from tests.adapters.conftest import Place
from tests.adapters.legacy_chain import rows_of_the_first_version

OLD = table(
    "audit_entry",
    column("position"),
    column("at", Utc()),
    *(column(name, Text()) for name in ("event", "actor", "subject", "detail", "previous", "digest")),
)


def used_before(place: Place, rows: list[dict[str, object]]) -> None:
    if place.kind == "sqlite":
        Path(place.where).parent.mkdir()
    engine = create_engine(place.url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "stile.adapters.storage:migrations")
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(insert(OLD), rows)
    engine.dispose()


def verifier(store: SqlStore, folder: Path) -> VerifyAudit:
    return VerifyAudit(
        store, AuditKey(folder / "audit.key"), CheckpointFile(folder / "checkpoints.txt"), Rfc3161("", None)
    )


@pytest.mark.parametrize("count", [1, 7, 1_001])
def test_a_chain_becomes_a_tree_and_goes_on_growing(bare_place: Place, tmp_path: Path, count: int) -> None:
    old = rows_of_the_first_version(count)
    used_before(bare_place, old)
    store = bare_place.open()
    with store.begin() as work:
        for n in range(6):
            work.audit.append(NOW, Event.MEMBER_CHANGED, "system", str(n))
        work.commit()
    with store.read() as work:
        entries = list(work.audit.entries())
        size, root = work.audit.root()
    assert [entry.chained for entry in entries[:count]] == [row["digest"] for row in old]
    assert check(entries) == []
    assert (size, root) == (count + 6, naive_root([entry.leaf for entry in entries]))
    assert verifier(store, tmp_path).run().holds
    store.close()
    with bare_place.stranger() as tool, pytest.raises(DBAPIError, match="law 6"):
        tool.execute(update(audit_entry).values(actor="nobody"))


def naive_root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return merkle.node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def test_a_hole_that_was_in_the_chain_stays_one(bare_place: Place, tmp_path: Path) -> None:
    rows = rows_of_the_first_version(9)
    used_before(bare_place, rows[:3] + rows[5:])
    store = bare_place.open()
    with store.begin() as work:
        work.audit.append(NOW, Event.MEMBER_CHANGED, "system", "x")
        work.commit()
    findings = verifier(store, tmp_path).run().findings
    assert [(one.wrong, one.first, one.last) for one in findings] == [(Wrong.REMOVED, 4, 5)]
    store.close()


# --- growing ---


def test_one_by_one_and_all_at_once_make_the_same_tree(store: SqlStore) -> None:
    with store.begin() as work:
        for n in range(13):
            work.audit.append(NOW, Event.MEMBER_ADDED, "system", str(n), {"n": n})
        one_by_one = work.audit.root()
    with store.begin() as work:
        assert (
            work.audit.append_all(NOW, Event.MEMBER_ADDED, "system", ((str(n), {"n": n}) for n in range(5)))
            == 5
        )
        work.audit.append(NOW, Event.MEMBER_ADDED, "system", "5", {"n": 5})
        work.audit.append_all(NOW, Event.MEMBER_ADDED, "system", ((str(n), {"n": n}) for n in range(6, 13)))
        assert work.audit.root() == one_by_one
        assert check(work.audit.entries()) == []


def test_proofs_can_be_made_from_what_is_stored(store: SqlStore) -> None:
    with store.begin() as work:
        made = [work.audit.append(NOW, Event.MEMBER_ADDED, "system", str(n)) for n in range(5)]
        old_size, old_root = work.audit.root()
        made += [work.audit.append(NOW, Event.MEMBER_ADDED, "system", str(n)) for n in range(6)]
        size, root = work.audit.root()
        for place, entry in enumerate(made):
            path = merkle.inclusion(place, size, work.audit.node)
            assert merkle.includes(place, entry.leaf, size, path, root)
        proof = merkle.consistency(old_size, size, work.audit.node)
        assert merkle.continues(old_size, old_root, size, root, proof)


def test_a_damaged_stored_hash_does_not_stop_the_lanes(place: Place, store: SqlStore, tmp_path: Path) -> None:
    with store.begin() as work:
        work.audit.append_all(NOW, Event.MEMBER_ADDED, "system", ((str(n), {}) for n in range(3)))
        work.commit()
    with place.stranger() as tool, lifted(tool, place):
        tool.execute(update(audit_entry).values(leaf=b"short", nodes=None))
    with store.begin() as work:
        work.audit.append_all(NOW, Event.PASSAGE_RECORDED, "system", ((str(n), {}) for n in range(2)))
        work.audit.append(NOW, Event.PASSAGE_RECORDED, "system", "x")
        work.commit()
    found = verifier(store, tmp_path).run().findings
    assert {1, 2, 3} <= {one.first for one in found}


@contextmanager
def lifted(tool: Any, place: Place) -> Iterator[None]:
    """Without the triggers. PostgreSQL gets them back: its database serves the tests that follow."""
    if place.kind == "sqlite":
        tool.exec_driver_sql("DROP TRIGGER audit_entry_update")
        yield
        return
    tool.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    try:
        yield
    finally:
        tool.exec_driver_sql("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def test_verify_names_what_was_changed_on_either_database(
    place: Place, store: SqlStore, tmp_path: Path
) -> None:
    with store.begin() as work:
        work.audit.append_all(NOW, Event.MEMBER_ADDED, "system", ((f"é{n}", {"n": n / 3}) for n in range(40)))
        work.commit()
    assert verifier(store, tmp_path).run().holds
    with place.stranger() as tool, lifted(tool, place):
        tool.execute(update(audit_entry).where(audit_entry.c.position == 17).values(subject="other"))
    told = verifier(store, tmp_path).run().findings
    assert [(one.wrong, one.first) for one in told] == [(Wrong.CHANGED, 17)]


# --- checkpoints and stamps are only added to ---


def test_checkpoints_and_stamps_are_only_added_to(place: Place, store: SqlStore) -> None:
    made = Checkpoint(Head("stile/x", 1, bytes(32), NOW.replace(microsecond=0)), b"key!", bytes(64))
    stamp = Stamp(1, "https://tsa.example", NOW, b"response")
    with store.begin() as work:
        work.checkpoints.add(made)
        work.checkpoints.add_stamp(stamp)
        work.commit()
    with place.stranger() as tool:
        for kept in (audit_checkpoint, audit_stamp):
            statements: list[Any] = [update(kept).values(size=2), delete(kept)]
            if place.kind == "postgresql":
                statements.append(text(f"TRUNCATE {kept.name}"))
            for statement in statements:
                with pytest.raises(DBAPIError, match=f"law 6: {kept.name} is only added to"):
                    tool.execute(statement)
            if place.kind == "sqlite":
                with pytest.raises(DBAPIError, match="never replaced"):
                    tool.execute(text(f"INSERT OR REPLACE INTO {kept.name} SELECT * FROM {kept.name}"))
        assert len(tool.execute(select(audit_checkpoint)).all()) == 1
    with store.read() as work:
        assert work.checkpoints.latest() == made
        assert list(work.checkpoints.all()) == [made]
        assert list(work.checkpoints.stamps()) == [stamp]
