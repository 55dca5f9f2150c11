"""Opening a store: its tables, its files, its address."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.exc import IntegrityError

from stile.adapters.storage import open_store
from stile.adapters.storage.schema import HEAD
from stile.adapters.storage.tables import metadata
from stile.domain.errors import NotConfigured, WrongValue
from tests.adapters.builders import enrol, settle
from tests.adapters.conftest import Place


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- tables ---


def test_the_migrations_make_the_tables_that_the_code_expects(bare_place: Place) -> None:
    bare_place.open().close()
    with bare_place.stranger() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        assert _unnamed_or_different(connection) == []


def _unnamed_or_different(connection: Connection) -> list[str]:
    """Checks and primary keys, which Alembic does not compare."""
    found = inspect(connection)
    different = []
    for table in metadata.sorted_tables:
        wanted = {str(one.name) for one in table.constraints if str(one.name).startswith("ck_")}
        if wanted != {one["name"] for one in found.get_check_constraints(table.name)}:
            different.append(f"{table.name}: checks")
        keys = [column.name for column in table.primary_key]
        if keys != found.get_pk_constraint(table.name)["constrained_columns"]:
            different.append(f"{table.name}: primary key")
    return different


def test_the_newest_revision_is_the_one_that_is_looked_for() -> None:
    config = Config()
    config.set_main_option("script_location", "stile.adapters.storage:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_store_opens_again_and_keeps_what_it_has(bare_place: Place) -> None:
    first = bare_place.open()
    town = settle(first)
    enrol(first, town)
    first.close()
    again = bare_place.open()
    with again.read() as work:
        assert work.lanes.by_slug("main") == town.lane
        assert work.members.count() == 1
    again.close()


def test_several_may_open_a_new_store_at_once(bare_place: Place) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: bare_place.open(), range(4)))
    settle(stores[0])
    for store in stores:
        with store.read() as work:
            assert work.lanes.by_slug("main") is not None
        store.close()


def test_a_store_of_a_later_version_is_left_alone(bare_place: Place) -> None:
    bare_place.open().close()
    with bare_place.stranger() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotConfigured, match="later version"):
        bare_place.open()


# --- files ---


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "stile.db"
    old = os.umask(0)
    try:
        store = open_store(path)
        settle(store)
        assert mode(path.parent) == 0o700
        assert {one.name: mode(one) for one in path.parent.iterdir()} == {
            "stile.db": 0o600,
            "stile.db-wal": 0o600,
            "stile.db-shm": 0o600,
        }
        store.close()
    finally:
        os.umask(old)


def test_a_file_that_others_can_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "stile.db"
    open_store(path).close()
    path.chmod(0o644)
    open_store(path).close()
    assert mode(path) == 0o600


def test_a_folder_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    open_store(folder / "stile.db").close()
    assert mode(folder) == 0o755


def test_sqlite_runs_as_the_laws_need_it(tmp_path: Path) -> None:
    store = open_store(tmp_path / "stile.db")
    names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "temp_store")
    pragmas: dict[str, list[object]] = {name: [] for name in names}
    database = store._database
    for connect in (database.writing, database.reading):
        with connect() as connection:
            for name, values in pragmas.items():
                values.append(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
    store.close()
    full, memory = 2, 2
    assert pragmas == {
        "journal_mode": ["wal"] * 2,
        "synchronous": [full] * 2,
        "foreign_keys": [1] * 2,
        "secure_delete": [1] * 2,
        "temp_store": [memory] * 2,
    }


# --- addresses ---


def test_a_store_is_opened_by_path_or_url(tmp_path: Path) -> None:
    path = tmp_path / "stile.db"
    settle(first := open_store(path))
    first.close()
    for where in (str(path), f"sqlite:///{path}"):
        store = open_store(where)
        with store.read() as work:
            assert len(work.lanes.all()) == 1
        store.close()


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("mysql://root:secret@localhost/stile", "not mysql"),
        ("post gres://secret", "not a URL"),
        (":memory:", "is a file"),
        ("sqlite://", "is a file"),
    ],
    ids=["another database", "no URL", "memory", "no file"],
)
def test_an_address_that_is_none_is_refused_without_its_password(where: str, said: str) -> None:
    with pytest.raises(WrongValue, match=said) as refused:
        open_store(where)
    assert "secret" not in str(refused.value)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(WrongValue, match="is a file"):
        open_store(tmp_path)


@pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at " * 3])
def test_a_file_of_another_kind_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "stile.db"
    path.write_bytes(content)
    with pytest.raises(NotConfigured, match="no database") as refused:
        open_store(path)
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


def test_a_path_that_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotConfigured, match="cannot be opened"):
        open_store(tmp_path / "file" / "stile.db")


def test_a_server_that_is_not_there_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(NotConfigured, match="cannot be opened") as refused:
        open_store(f"postgresql://stile:secret@/stile?host={tmp_path}")
    assert "\n" not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_without_the_driver_postgresql_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(NotConfigured, match="extra “postgres”"):
        open_store("postgresql://localhost/stile")


def test_errors_of_the_driver_show_no_values(tmp_path: Path) -> None:
    """`hide_parameters`: were it off, the first log of an error would hold somebody's name."""
    store = open_store(tmp_path / "stile.db")
    with store._database.writing() as connection, pytest.raises(IntegrityError) as raised:
        connection.exec_driver_sql("INSERT INTO operator (id, name) VALUES (?, ?)", (None, "Augusta"))
    store.close()
    assert "Augusta" not in str(raised.value)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE one (id INTEGER NOT NULL, name TEXT)")
        with pytest.raises(IntegrityError) as raised:
            connection.exec_driver_sql("INSERT INTO one VALUES (?, ?)", (None, "Augusta"))
    engine.dispose()
    assert "Augusta" in str(raised.value)  # what it would be without
