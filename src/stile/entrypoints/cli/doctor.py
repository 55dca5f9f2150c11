"""`stile doctor`: what is installed, what is missing, what to do."""

import sys
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import asdict
from importlib.util import find_spec
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stile import __version__
from stile.config import settings
from stile.domain.errors import StileError
from stile.domain.register import OrganisationKind
from stile.entrypoints.cli import doctor_authority
from stile.entrypoints.cli.common import Data, Json, console, print_json, print_line
from stile.entrypoints.cli.doctor_finding import Finding
from stile.office import open_office

EXTRAS = {
    "vision": ("cv2", "onnxruntime", "dlib", "faiss", "skimage"),
    "documents": ("matplotlib", "weasyprint", "docxtpl", "openpyxl", "pypdf"),
    "postgres": ("psycopg",),
}


def doctor(
    data: Data = None,
    security: Annotated[
        bool, typer.Option("--security", help="List every weak setting instead, each with its mend.")
    ] = False,
    json: Json = False,
) -> None:
    """Say what is installed, what is missing and what to do about it. Exit code 1 when something is bad."""
    if security:
        from stile.entrypoints.cli.doctor_security import look

        look(data, json)
        return
    findings = list(_look(data))
    bad = any(one.state == "bad" for one in findings)
    if json:
        print_json({"ok": not bad, "findings": [asdict(one) for one in findings]})
    else:
        _show(findings)
    if bad:
        raise typer.Exit(1)


def _look(data: Data) -> Iterator[Finding]:
    python = sys.version.split()[0]
    yield Finding("Stile", "good", f"{__version__} on Python {python}")
    try:
        chosen = settings(data)
    except StileError as error:
        yield Finding("Settings", "bad", str(error))
        return
    is_authority = chosen.organisation is OrganisationKind.AUTHORITY
    yield from _extras(set(EXTRAS) - {"vision"} if is_authority else set(EXTRAS))
    try:
        if chosen.database is None and not (chosen.data / "stile.db").exists():
            yield Finding("Set-up", "bad", f"nothing is set up in {chosen.data}", "stile init")
        elif is_authority:
            with closing(open_office(chosen)) as office:
                yield from doctor_authority.look_at(office)
        else:
            # Imported here: an authority may have nothing installed that sees.
            from stile.bootstrap import open_site
            from stile.entrypoints.cli import doctor_site

            with closing(open_site(chosen)) as site:
                yield from doctor_site.look_at(site)
    except StileError as error:
        yield Finding("Data folder", "bad", str(error))


def _extras(wanted: Collection[str]) -> Iterator[Finding]:
    for extra, modules in EXTRAS.items():
        if extra not in wanted:
            continue
        missing = [name for name in modules if find_spec(name) is None]
        if missing:
            yield Finding(
                f"Extra “{extra}”", "look", f"missing: {', '.join(missing)}", f"pip install 'stile[{extra}]'"
            )
        else:
            yield Finding(f"Extra “{extra}”", "good", "installed")


MARKS = {"good": "[green]✓[/]", "look": "[yellow]![/]", "bad": "[red]✗[/]"}


def _show(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in findings:
        mend = f"\n[dim]→[/] [bold]{escape(one.mend)}[/]" if one.mend else ""
        table.add_row(MARKS[one.state], one.what, escape(one.is_so) + mend)
    console.print(table)
    if all(one.state == "good" for one in findings):
        print_line("Nothing to do.")
