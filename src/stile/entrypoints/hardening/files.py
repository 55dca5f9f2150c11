"""Keys, folders and the process itself."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from stile.entrypoints.hardening.weakness import Look, Severity, Weakness


def _open_to_others(path: Path) -> bool:
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except OSError:
        return False


def _loose(id: str, severity: Severity, path: Path, what: str, mode: str) -> Iterator[Weakness]:
    if _open_to_others(path):
        yield Weakness(
            id, severity, f"others on this machine can read {what}", f"`chmod {mode} {path}`", str(path)
        )


def _opens(look: Look) -> str:
    return "all templates" if look.office.has_lanes else "all second factors of staff"


def key_is_readable(look: Look) -> Iterator[Weakness]:
    path = look.settings.data / "site.key"
    yield from _loose("key-readable", Severity.SEVERE, path, f"the key of {_opens(look)}", "600")


def tls_key_is_readable(look: Look) -> Iterator[Weakness]:
    if look.settings.tls_key is not None:
        yield from _loose("tls-key-readable", Severity.SEVERE, look.settings.tls_key, "the TLS key", "600")


def data_is_readable(look: Look) -> Iterator[Weakness]:
    yield from _loose("data-readable", Severity.SEVERE, look.settings.data, "the data folder", "700")


def database_is_readable(look: Look) -> Iterator[Weakness]:
    if look.settings.database is None:
        path = look.settings.data / "stile.db"
        yield from _loose("database-readable", Severity.SEVERE, path, "the database", "600")


def settings_are_readable(look: Look) -> Iterator[Weakness]:
    path = Path(os.environ.get("STILE_CONFIG") or look.settings.data / "stile.toml")
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return
    if any(word in text for word in ("site_key", "_key", "password", "secret", "://")):
        yield from _loose(
            "settings-readable", Severity.SEVERE, path, "the settings file, which holds a secret", "600"
        )


def key_lies_beside_the_database(look: Look) -> Iterator[Weakness]:
    """Who takes the disk, or a copy of the folder, has what is sealed and what opens it."""
    settings = look.settings
    if settings.site_key is None and settings.database is None and (settings.data / "site.key").exists():
        yield Weakness(
            "key-beside-database",
            Severity.WEAK,
            f"the site key lies in the folder of the database: one copy of it opens {_opens(look)}",
            "Give the key as `STILE_SITE_KEY` out of the service manager's credentials, keep a copy of it offline, and"
            " delete site.key; or encrypt the disk.",
        )


def backups_lie_in_the_data_folder(look: Look) -> Iterator[Weakness]:
    folder = look.settings.backup_folder
    if folder is not None and folder.resolve().is_relative_to(look.settings.data.resolve()):
        yield Weakness(
            "backup-beside-database",
            Severity.WEAK,
            "backups lie in the data folder, and go with it",
            "Set `backup_folder` to another machine's.",
        )


def runs_as_root(_: Look) -> Iterator[Weakness]:
    if os.geteuid() == 0:
        yield Weakness(
            "process-root",
            Severity.WEAK,
            "this runs as root: whoever breaks in has the whole machine",
            "Run it as a user of its own; see `docs/how-to/run-as-a-service.md`.",
        )


def logs_everything(look: Look) -> Iterator[Weakness]:
    if look.settings.log_level == "debug":
        yield Weakness(
            "log-debug",
            Severity.WEAK,
            "everything is logged, also by other packages: more than anybody needs to know",
            "Set `log_level` to info.",
        )
