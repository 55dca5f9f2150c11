"""`stile doctor --security`: every weak setting, with its mend."""

from dataclasses import asdict

import typer
from rich.markup import escape
from rich.table import Table

from stile.entrypoints.cli.common import Data, console, office, print_json, print_line
from stile.entrypoints.hardening import Severity, weaknesses

MARKS = {Severity.SEVERE: "[red]✗[/]", Severity.WEAK: "[yellow]![/]", Severity.NOTE: "[dim]·[/]"}


def look(data: Data, json: bool) -> None:
    """Exit code 1 when something is severe."""
    with office(data) as here:
        found = weaknesses(here)
    severe = any(one.severity is Severity.SEVERE for one in found)
    if json:
        print_json({"ok": not severe, "weaknesses": [asdict(one) for one in found]})
    elif not found:
        print_line("Nothing is weak.")
    else:
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column()
        table.add_column(overflow="fold")
        for one in found:
            about = f" [dim]({escape(one.about)})[/]" if one.about else ""
            mend = escape(one.mend.replace("`", ""))
            table.add_row(
                MARKS[one.severity],
                f"{escape(one.is_so)}{about}\n[dim]{one.id} →[/] [bold]{mend}[/]",
            )
        console.print(table)
    if severe:
        raise typer.Exit(1)
