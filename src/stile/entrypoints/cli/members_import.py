"""`stile members import`: members from a file of the leisure-management system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from stile.application.import_members import ImportMembers, Wanted
from stile.application.member_file import EXAMPLE, Mapped
from stile.application.member_file import mapping as read_mapping
from stile.bootstrap import Site
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import CentreId
from stile.entrypoints import import_report
from stile.entrypoints.cli.common import Data, Json, complaints, console, print_json, print_line, site

ACTOR = "command line"
SHOWN = 20
"""Wrong lines on the screen; `--json` has more."""


def import_file(
    file: Annotated[Path | None, typer.Argument(help="The CSV file.", dir_okay=False)] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(help="How the columns are called, TOML; see --example-mapping.", dir_okay=False),
    ] = None,
    centre: Annotated[
        str | None,
        typer.Option(help="Home centre of who is not given one by the file; by default the first."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, and change nothing.")
    ] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Import nothing when one line is wrong.")] = False,
    lapse_many: Annotated[
        bool,
        typer.Option(
            "--lapse-many", help="It is meant that more than a tenth of the members are not in the file."
        ),
    ] = False,
    example_mapping: Annotated[
        bool, typer.Option("--example-mapping", help="Print a mapping to begin with, and stop.")
    ] = False,
    data: Data = None,
    json: Json = False,
) -> None:
    """Import members from a file. Who is not in it any more is lapsed, not deleted; a second run changes nothing."""
    if example_mapping:
        typer.echo(EXAMPLE, nl=False)
        return
    if file is None:
        raise WrongValue("Name the file to import, or ask for --example-mapping.")
    content = _read(file)
    mapped = read_mapping(_read(mapping).decode("utf-8", "replace")) if mapping else Mapped()
    with site(data) as here, _bar() as tick:
        wanted = Wanted(content, centre_named(here, centre), mapped, strict, lapse_many)
        report = _run(here.import_members, wanted, dry_run, tick)
    if json:
        print_json(report)
    else:
        _show(report, dry_run)
    if report["refused"]:
        raise typer.Exit(1)


def _run(
    imports: ImportMembers, wanted: Wanted, dry_run: bool, tick: Callable[[str, int, int], None]
) -> dict[str, Any]:
    if not dry_run:
        imports.finish_what_is_left(tick)
    plan = imports.plan(wanted, tick)
    if dry_run or plan.refused:
        return import_report.of_plan(plan)
    return import_report.of_import(imports.carry_out(plan, ACTOR, tick))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WrongValue(f"{path} cannot be read: {error.strerror}.") from None


def centre_named(here: Site, name: str | None) -> CentreId:
    with here.store.read() as work:
        centres = work.centres.all()
    found = [one for one in centres if name is None or one.name.lower() == name.strip().lower()]
    if not found:
        raise NotFound(
            f"There is no centre called “{name}”. There are: {', '.join(one.name for one in centres)}."
        )
    return found[0].id


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each stage, on stderr, and only where somebody looks at it."""
    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=complaints, disable=not complaints.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def tick(stage: str, done: int, of: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=of)
            bar.update(tasks[stage], completed=done, total=of)

        yield tick


def _show(report: dict[str, Any], dry_run: bool) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, label in (
        ("lines", "Lines"),
        ("added", "Added"),
        ("changed", "Changed"),
        ("unchanged", "Unchanged"),
        ("lapsed", "Lapsed"),
        ("wrong", "Wrong lines"),
    ):
        table.add_row(label, f"{report[name]:>9,}")
    console.print(table)
    for name, count in report["fields"].items():
        print_line(f"  {name.replace('_', ' ')} changed: {count:,}")
    if report["ignored_columns"]:
        print_line(f"Columns that are not used: {', '.join(report['ignored_columns'])}.")
    for error in report["errors"][:SHOWN]:
        column = f"{error['column'].replace('_', ' ')} " if error["column"] else ""
        print_line(f"Line {error['line']}: {column}{error['reason']}.")
    if report["wrong"] > SHOWN:
        print_line(f"… and {report['wrong'] - SHOWN:,} more wrong lines.")
    if report.get("left"):
        print_line(
            f"{report['left']:,} members were changed by somebody else meanwhile: import again to bring them up."
        )
    if report["refused"]:
        complaints.print(f"stile: {report['refused']}", style="red", highlight=False, soft_wrap=True)
        if "would lapse" in report["refused"]:
            complaints.print("It is said with --lapse-many.", highlight=False)
    elif dry_run:
        print_line("Nothing was changed: this was a dry run.")
    elif report.get("import") is None:
        print_line("Nothing to change: the members are as the file has them.")
    else:
        print_line(f"Imported. The audit log has it as {report['import']}.")
