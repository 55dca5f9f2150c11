"""`stile restore`: a backup becomes a site again, and who was erased stays erased."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TextColumn

from stile.config import settings
from stile.domain.errors import NotConfigured
from stile.entrypoints.cli.backup import passphrase_of
from stile.entrypoints.cli.common import Data, Json, complaints, office, print_json, print_line
from stile.entrypoints.restoring import Wish
from stile.entrypoints.restoring import restore as restore_from

LARGEST_KEY = 64 * 1024


def restore(
    file: Annotated[Path, typer.Argument(help="The backup.")],
    key: Annotated[Path, typer.Option(help="File with the private key that the backup was encrypted to.")],
    journal: Annotated[
        list[Path] | None,
        typer.Option(
            help="Journal of erasures; those beside the backup and in the data folder are found by themselves."
        ),
    ] = None,
    without_journal: Annotated[
        bool,
        typer.Option(
            "--without-journal", help="Restore without one: whoever was erased since the backup comes back."
        ),
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Put it in the place of the site that is there, which is deleted."),
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Restore a backup. Whoever withdrew or was erased after it was made is erased again before anything opens.

    Templates are in no backup: members come in by card, PIN or QR at once, and enrol again to come in by face.
    """
    text = _read(key)
    passphrase = None
    if text.startswith("age-encryption.org/"):
        passphrase = passphrase_of("Passphrase of the private key")
        if passphrase is None:
            raise NotConfigured("The private key has a passphrase: set STILE_BACKUP_PASSPHRASE.")
    wish = Wish(file, text, passphrase, tuple(journal or ()), without_journal, replace)
    with Progress(
        TextColumn("Restoring: {task.description}"),
        console=complaints,
        transient=True,
        disable=json or not complaints.is_terminal,
    ) as told:
        task = told.add_task("", total=None)
        done = restore_from(
            settings(data), wish, lambda rows: told.update(task, description=f"{rows:,} rows")
        )
    with office(data) as here:
        verified, has_lanes = here.verify_audit.run(), here.has_lanes
    if json:
        print_json(
            {
                "audit_holds": verified.holds,
                "made_at": done.head.made_at.isoformat(),
                "version": done.head.version,
                "rows": done.rows,
                "erasures_in_journal": done.known,
                "erased_again": done.erased_again,
                "journal_sealed_here": done.sealed_here,
            }
        )
        return
    print_line(
        f"Restored: the site as it was on {done.head.made_at:%d %B %Y at %H:%M} UTC, {done.rows:,} rows."
    )
    print_line(
        f"The journal holds {done.known} erasure(s) and noes; {done.erased_again} of them were done again."
    )
    if not done.sealed_here:
        print_line(
            "The journal was sealed under another site key, so only its hashes could be checked. Code generators have "
            "to be set up again."
        )
    print_line(
        f"The audit log holds: {verified.entries:,} entries."
        if verified.holds
        else "The audit log does not hold: run `stile audit verify` before anything opens."
    )
    if has_lanes:
        print_line("Members come in by card, PIN or QR; by face when they have enrolled again.")
    print_line("Next: `stile doctor`.")


def _read(key: Path) -> str:
    try:
        with key.open("rb") as file:
            return file.read(LARGEST_KEY).decode("latin-1")
    except OSError as error:
        raise NotConfigured(f"The private key {key} cannot be read: {error.strerror}.") from None
