"""A backup and settings in, a store out. Nothing of the old store is touched before the new one is whole, checked, and
knows who was erased."""

import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from stile.adapters.clock import SystemClock
from stile.adapters.journal import JOURNAL, FileJournal
from stile.adapters.sealed_file import AgeSealer
from stile.adapters.storage import open_store
from stile.adapters.storage.copies import SqlCopyIn
from stile.adapters.vault import FileVault
from stile.application.restore import FinishRestore, Head, Restored, fill, journals_of
from stile.config import Settings
from stile.domain.errors import CannotRecord, Conflict, NotConfigured, NotFound
from stile.from_settings import CHECKPOINTS
from stile.ports.keeping import Erasure

ACTOR = "command line"
SETTINGS = "settings-from-backup.json"


@dataclass(frozen=True, slots=True)
class Wish:
    """`identity`: the text of the private key's file. `without`: restore although there is no journal of erasures."""

    file: Path
    identity: str
    passphrase: str | None
    journals: Sequence[Path] = ()
    without: bool = False
    replace: bool = False


def restore(settings: Settings, wish: Wish, progress: Callable[[int], None]) -> Restored:
    """Raises a StileError with the one thing that is in the way; then nothing was changed."""
    if not wish.file.is_file():
        raise NotFound(f"There is no backup {wish.file}.")
    try:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NotConfigured(f"The data folder {settings.data} cannot be made: {error.strerror}.") from None
    if settings.database is not None and not settings.database.startswith("sqlite"):
        if wish.replace:
            raise NotConfigured(
                "On PostgreSQL nothing is replaced: make an empty database, and name it in the settings."
            )
        return _fill(settings, wish, settings.database, progress)
    return _in_place_of(settings, wish, _path_of(settings), progress)


def _path_of(settings: Settings) -> Path:
    if settings.database is None:
        return settings.data / "stile.db"
    return Path(settings.database.partition("///")[2])


def _in_place_of(settings: Settings, wish: Wish, path: Path, progress: Callable[[int], None]) -> Restored:
    if path.exists():
        if not wish.replace:
            raise Conflict(
                f"There is a site in {path} already. To put the backup in its place, stop `stile serve` and say "
                "--replace."
            )
        _nobody_uses(path)
    aside = path.with_name(f".restoring-{secrets.token_hex(8)}.db")
    try:
        restored = _fill(settings, wish, aside, progress)
        for tail in ("-wal", "-shm"):
            Path(f"{path}{tail}").unlink(missing_ok=True)
        aside.replace(path)
    except OSError as error:
        raise CannotRecord(f"what was restored cannot be put in its place: {error.strerror}") from None
    finally:
        for tail in ("", "-wal", "-shm", "-journal"):
            Path(f"{aside}{tail}").unlink(missing_ok=True)
    return restored


def _nobody_uses(path: Path) -> None:
    """Raises Conflict while another program has the file open: it would go on writing to a file without a name."""
    with closing(sqlite3.connect(path, timeout=0.2, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
        except sqlite3.DatabaseError as error:
            if "locked" in str(error):
                raise Conflict(
                    "`stile serve` or another program has the store open: stop it first."
                ) from None
            # Damaged, and so a reason to restore.


def _fill(settings: Settings, wish: Wish, where: Path | str, progress: Callable[[int], None]) -> Restored:
    vault = _vault(settings)
    found: list[FileJournal] = []
    written: list[Erasure] = []

    def first(head: Head) -> None:
        found.extend(FileJournal(path, head.site, vault) for path in _journals(settings, wish))
        written.extend(journals_of(found, head, wish.without))

    with SqlCopyIn(where) as into:
        filled = fill(AgeSealer(), wish.file, wish.identity, wish.passphrase, into, first, progress)
    store = open_store(where)
    try:
        sealed = all(one.is_sealed_here for one in found)
        finish = FinishRestore(store, SystemClock(ZoneInfo(settings.time_zone)))
        restored = finish(filled, written, sealed, ACTOR)
    finally:
        store.close()
    if body := filled.files.get("settings.json"):
        _keep(settings.data / SETTINGS, body)
    if (body := filled.files.get(CHECKPOINTS)) and not (settings.data / CHECKPOINTS).exists():
        _keep(settings.data / CHECKPOINTS, body)
    return restored


def _journals(settings: Settings, wish: Wish) -> list[Path]:
    for named in wish.journals:
        if not named.is_file():
            raise NotFound(f"There is no journal {named}.")
    folders = [wish.file.parent, settings.data]
    if settings.backup_folder is not None:
        folders.append(settings.backup_folder)
    paths = [*wish.journals, *(folder / JOURNAL for folder in folders)]
    return list({path.resolve(): path for path in paths if path.exists()}.values())


def _vault(settings: Settings) -> FileVault:
    """The site key, to know the journal's seals by. Where there is none a new one is made: a backup holds nothing that
    the old one opens but the secrets of code generators."""
    if settings.site_key is not None:
        return FileVault.from_base64(settings.site_key.get_secret_value())
    return FileVault.load_or_create(settings.data / "site.key")


def _keep(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
        path.chmod(0o600)
    except OSError:
        return  # only to read
