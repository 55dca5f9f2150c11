"""`stile audit`: check the log, sign its head, read it, hand it to an auditor."""

import time
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from stile.application.audit.read_audit import Search
from stile.application.audit.verify_audit import Progress as Told
from stile.application.audit.verify_audit import Verified
from stile.domain.audit import AuditEntry, Event
from stile.domain.checkpoint import public_key
from stile.domain.errors import NotConfigured, WrongValue
from stile.entrypoints.audit_words import words
from stile.entrypoints.cli.common import (
    Data,
    Json,
    cells,
    complaints,
    console,
    office,
    print_json,
    print_line,
)
from stile.from_settings import export_verifier

audit_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="The audit log: check, sign, read, export."
)

ACTOR = "command line"
PATIENCE = 1.0
"""Seconds until a progress bar shows."""

MOST_SHOWN = 50

Key = Annotated[
    str | None,
    typer.Option(help="The log's public key as it was noted elsewhere, NAME+HASH+KEY in one line."),
]


@audit_app.command()
def verify(
    file: Annotated[
        Path | None, typer.Option(help="Check an export instead of the database.", show_default=False)
    ] = None,
    key: Key = None,
    checkpoints: Annotated[
        Path | None, typer.Option(help="Checkpoints that were kept elsewhere.", show_default=False)
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Check every entry, its place, the signed checkpoints and the records that entries are about.

    Names what was changed, removed, re-ordered, inserted or cut off, and ends with code 1 then.
    """
    public = public_key(key)[1] if key is not None else None
    with ExitStack() as stack:
        told = None if json else stack.enter_context(_Bar()).told
        if file is not None:
            found = _of_export(file, public)
        else:
            kept = _text(checkpoints) if checkpoints is not None else ""
            found = stack.enter_context(office(data)).verify_audit.run(told, kept, public)
    if json:
        print_json(_document(found))
    else:
        _say(found)
    if not found.holds:
        raise typer.Exit(1)


@audit_app.command()
def checkpoint(data: Data = None, json: Json = False) -> None:
    """Sign the head of the log now, and print it with the public key: keep both where nobody here can change them."""
    with office(data) as open_site:
        made = open_site.checkpoints.make()
        stamp = open_site.checkpoints.stamp()
        public = open_site.checkpoints.public_line
    if json:
        stamped = stamp.at.isoformat() if stamp is not None else None
        print_json({"note": made.note, "size": made.head.size, "public_key": public, "stamped_at": stamped})
        return
    print_line(made.note)
    print_line(f"Public key: {public}")
    if stamp is not None:
        print_line(f"Stamped by {stamp.authority} at {stamp.at:%d %B %Y %H:%M:%S} UTC.")


@audit_app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write; it must not exist yet.")], data: Data = None
) -> None:
    """Write the whole log, its checkpoints and public key as JSON lines, for an auditor."""
    with office(data) as open_site:
        lines = open_site.export_audit.lines(ACTOR)
        first = next(lines)
        count = 0
        try:
            with file.open("x", encoding="utf-8") as out:
                file.chmod(0o600)
                out.write(first)
                for line in lines:
                    out.write(line)
                    count += line.startswith('{"kind": "entry"')
        except FileExistsError:
            raise WrongValue(f"{file} is there already") from None
        except OSError as error:
            raise WrongValue(f"{file} cannot be written: {error.strerror}") from None
    print_line(f"{count} entries in {file}. Check them anywhere: `stile audit verify --file {file}`.")


@audit_app.command()
def show(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], help="From when, UTC.")
    ] = None,
    event: Annotated[str | None, typer.Option(help="A tag, such as desk:member:see.")] = None,
    actor: Annotated[str, typer.Option(help="Who did it: an id, or the name of a member of staff.")] = "",
    subject: Annotated[str, typer.Option(help="To what it was done: an id, or the name of a lane.")] = "",
    most: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest.")] = MOST_SHOWN,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show the newest entries that fit."""
    from_when = since.replace(tzinfo=UTC) if since is not None else None
    search = Search(_event(event), actor, subject, from_when, most=most)
    with office(data) as open_site:
        open_site.read_audit.looked(ACTOR, search)
        found = open_site.read_audit.page(search)
    if json:
        print_json({"entries": [_shown(entry) for entry in found.entries]})
        return
    if not found.entries:
        print_line("No entry fits.")
        return
    table = Table("No.", "Time (UTC)", "What", "By", "On", "Details", box=None, pad_edge=False)
    for entry in found.entries:
        table.add_row(
            *cells(
                str(entry.position),
                f"{entry.at:%Y-%m-%d %H:%M:%S}",
                words(entry.event),
                found.names.get(entry.actor, entry.actor),
                found.names.get(entry.subject, entry.subject),
                ", ".join(f"{name} {value}" for name, value in entry.detail.items() if name != "record"),
            )
        )
    console.print(table)


class _Bar:
    """A progress bar on stderr, once it takes longer than a second."""

    def __enter__(self) -> "_Bar":
        self._began, self._bar = time.monotonic(), Progress(console=complaints, transient=True)
        self._task: Any = None
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    @property
    def told(self) -> Told:
        return self._tell

    def _tell(self, done: int, count: int) -> None:
        if self._task is None:
            if time.monotonic() - self._began < PATIENCE:
                return
            self._task = self._bar.add_task("Checking", total=count)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=count)


def _of_export(file: Path, public: bytes | None) -> Verified:
    try:
        with file.open(encoding="utf-8", errors="surrogateescape") as lines:
            return export_verifier().run(lines, public)
    except OSError as error:
        raise NotConfigured(f"{file} cannot be read: {error.strerror}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace")
    except OSError as error:
        raise NotConfigured(f"{path} cannot be read: {error.strerror}") from None


def _say(found: Verified) -> None:
    for finding in found.findings:
        print_line(f"{finding.line} [{finding.wrong}].")
    for remark in found.remarks:
        print_line(remark)
    if not found.holds:
        print_line(
            f"The audit log does not hold: {len(found.findings)} thing(s) wrong in {found.entries} entries."
        )
        return
    print_line(f"The audit log holds: {found.entries} entries, each what it was and in its place.")
    if found.head is not None:
        print_line(
            f"Signed on {found.head.at:%d %B %Y at %H:%M:%S} UTC with {found.head.size} entries;"
            f" {found.after} came after and are not signed yet."
        )


def _document(found: Verified) -> dict[str, object]:
    return {
        "holds": found.holds,
        "entries": found.entries,
        "findings": [asdict(one) | {"line": one.line} for one in found.findings],
        "remarks": list(found.remarks),
        "signed": None
        if found.head is None
        else {"size": found.head.size, "at": found.head.at.isoformat(), "root": found.head.root.hex()},
        "not_signed_yet": found.after,
    }


def _event(tag: str | None) -> Event | None:
    if tag is None:
        return None
    try:
        return Event(tag)
    except ValueError:
        raise WrongValue(f"“{tag}” is no tag of the audit log: it reads source:subject:action") from None


def _shown(entry: AuditEntry) -> dict[str, object]:
    return {
        "position": entry.position,
        "at": entry.at.isoformat(),
        "event": entry.event,
        "words": words(entry.event),
        "actor": entry.actor,
        "subject": entry.subject,
        "detail": dict(entry.detail),
        "leaf": entry.digest,
    }
