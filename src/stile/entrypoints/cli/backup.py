"""`stile backup`: an encrypted backup of this site, the list of them, and the keys for it."""

import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn

from stile.adapters.sealed_file import new_identity
from stile.config import Settings
from stile.domain.errors import CannotRecord, NotConfigured
from stile.entrypoints.cli.common import Data, Json, complaints, office, print_json, print_line

backup_app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    help="Make an encrypted backup while everything goes on, list them, or make the keys for it.",
)

ACTOR = "command line"
LEAST_PASSPHRASE = 12


@backup_app.callback()
def backup(
    context: typer.Context,
    to: Annotated[
        Path | None, typer.Option(help="File to write; by default a new one in the backup folder.")
    ] = None,
    recipient: Annotated[
        list[str] | None,
        typer.Option(
            help="Public key (age1…) to encrypt to; may be repeated. By default those of the settings."
        ),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Make an encrypted backup while everything goes on."""
    if context.invoked_subcommand is not None:
        return
    if to is not None and to.exists():
        raise NotConfigured(f"{to} is there already: name a new file.")
    with office(data) as here, _told(json) as told:
        task = told.add_task("", total=None)
        made = here.make_backup.make(
            ACTOR, to, tuple(recipient or ()), lambda rows: told.update(task, description=f"{rows:,} rows")
        )
    if json:
        print_json(
            {
                "file": made.backup.path,
                "made_at": made.backup.at.isoformat(),
                "bytes": made.backup.size,
                "rows": made.rows,
                "sha256": made.sha256,
            }
        )
        return
    print_line(f"{made.backup.path}: {made.rows:,} rows, {_size(made.backup.size)}, read back and compared.")
    print_line(
        "Without templates and keys: see docs/how-to/back-up-and-restore.md. Keep the site key elsewhere."
    )


@backup_app.command(name="list")
def list_backups(data: Data = None, json: Json = False) -> None:
    """List the backups in the backup folder, newest first."""
    with office(data) as here:
        found = here.make_backup.all()
        folder = here.settings.backup_folder
    if json:
        print_json(
            {
                "folder": str(folder) if folder else None,
                "backups": [
                    {"file": one.path, "made_at": one.at.isoformat(), "bytes": one.size} for one in found
                ],
            }
        )
    elif not found:
        print_line(
            f"No backup in {folder} yet. Make one: `stile backup`."
            if folder
            else "There is no backup folder. Set backup_folder and backup_recipients, or run `stile backup --to FILE`."
        )
    for one in () if json else found:
        print_line(f"{one.at:%Y-%m-%d %H:%M} UTC  {_size(one.size):>9}  {one.path}")


@backup_app.command(name="new-key")
def new_key(
    file: Annotated[Path, typer.Argument(help="Where to write the private key. Take it off this machine.")],
    no_passphrase: Annotated[
        bool, typer.Option("--no-passphrase", help="Write the private key in the clear.")
    ] = False,
) -> None:
    """Make a key pair for backups. The private key opens them: it belongs in a safe, not on this machine.

    The passphrase is asked for, or read from STILE_BACKUP_PASSPHRASE.
    """
    content, public = new_identity(None if no_passphrase else _new_passphrase())
    _write_private(file, content)
    print_line(f"Private key in {file}: take it off this machine, and keep it where the backups are not.")
    print_line("In stile.toml:")
    print_line(f'backup_recipients = ["{public}"]')


@backup_app.command(name="site-key")
def site_key(
    file: Annotated[Path, typer.Argument(help="Where to write the encrypted keys.")],
    recipient: Annotated[
        list[str] | None,
        typer.Option(
            help="Public key (age1…) to encrypt to; may be repeated. By default those of the settings."
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Write the keys that no backup holds, encrypted, into a file of its own: the site key and the audit log's.

    Decrypted, it is a tar archive: `age --decrypt -i KEY FILE | tar -x -C DATA_FOLDER` puts both in their place.
    """
    with office(data) as here:
        keys = _keys(here.settings)
        here.make_backup.seal_alone(file, _archive(keys), tuple(recipient or ()))
    print_line(f"In {file}, encrypted: {' and '.join(keys)}. Keep it where no backup is.")


def _keys(settings: Settings) -> dict[str, bytes]:
    """Those that lie in the data folder. The audit log's is made with the first checkpoint."""
    files = {"site.key": settings.site_key, "audit.key": settings.audit_key}
    paths = [settings.data / name for name, given in files.items() if given is None]
    if not any(path.exists() for path in paths):
        raise NotConfigured("The keys are settings here: keep a copy of them where those settings come from.")
    try:
        return {path.name: path.read_bytes() for path in paths if path.exists()}
    except OSError as error:
        raise CannotRecord(f"{error.filename} cannot be read: {error.strerror}") from None


def _archive(files: Mapping[str, bytes]) -> bytes:
    """A tar archive in memory: the keys lie nowhere in the clear but where they are."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def passphrase_of(prompt: str, twice: bool = False) -> str | None:
    """From STILE_BACKUP_PASSPHRASE, or asked for; None when there is nobody to ask."""
    if given := os.environ.get("STILE_BACKUP_PASSPHRASE"):
        return given
    if not os.isatty(0):
        return None
    return str(typer.prompt(prompt, hide_input=True, confirmation_prompt=twice))


def _new_passphrase() -> str:
    given = passphrase_of("Passphrase for the private key (12 characters or more)", twice=True)
    if given is None:
        raise NotConfigured("Set STILE_BACKUP_PASSPHRASE, or say --no-passphrase.")
    if len(given) < LEAST_PASSPHRASE:
        raise NotConfigured(f"A passphrase has at least {LEAST_PASSPHRASE} characters.")
    return given


def _write_private(file: Path, content: bytes) -> None:
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
    except FileExistsError:
        raise NotConfigured(f"{file} is there already: name a new file.") from None
    except OSError as error:
        raise CannotRecord(f"{file} cannot be written: {error.strerror}") from None


def _told(quiet: bool) -> Progress:
    return Progress(
        TextColumn("Backing up: {task.description}"),
        console=complaints,
        transient=True,
        disable=quiet or not complaints.is_terminal,
    )


def _size(size: float) -> str:
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
