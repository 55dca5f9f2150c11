"""`stile register`: what is used where, by whom, why and on what basis, and what came of it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from stile.domain.register import Entry
from stile.domain.register_json import kind_of, to_json
from stile.entrypoints.cli.common import Data, Json, office, print_json, print_line
from stile.entrypoints.cli.register_draft import draft
from stile.entrypoints.cli.register_feeds import add_to
from stile.entrypoints.cli.register_file import read
from stile.entrypoints.cli.register_missing import missing_
from stile.entrypoints.cli.register_processing import processing

register_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="The register that every public answer is made of."
)

ACTOR = "command line"

EXAMPLE = """\
# An entry of the register: `stile register add FILE`. Several in one file stand under [[entry]] each, as in
# `stile register draft`.
kind = "deployment"       # own use, deployment, event, none, police or sign-off
at = 2026-01-31           # the day that it stands for
source = "the manager of the leisure contract"
# replaces = "id of an earlier entry that this one corrects"

[fact]
key = "pool"
place = "Barnstone Pool"
operator = "Barnstone Leisure"
phase = "in use"                      # planned, pilot, in use, ended
relationship = "the operator's alone" # own, on the authority's behalf, the operator's alone
purpose = "to let members in"
controller = "Barnstone Leisure"
asked_for = false
"""


@register_app.command()
def show(
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As it stood on that day; today otherwise.")
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Show what stands in the register, entry by entry, with its day and its source."""
    with office(data) as here:
        entries = here.registering.as_of(as_of.date() if as_of else None).entries
    if json:
        print_json({"entries": [_told(one) for one in entries]})
        return
    if not entries:
        print_line("Nothing is recorded yet. `stile register example` shows what an entry looks like.")
        return
    for one in entries:
        print_line(f"{one.at.isoformat()}  {kind_of(one.fact)}  {one.id}\n  source: {one.source}")
        for name, value in to_json(one.fact).items():
            if value not in ("", None, []):
                print_line(f"  {name}: {value}")


@register_app.command()
def add(
    file: Annotated[
        Path,
        typer.Argument(help="TOML file with an entry, or several; see `stile register example` and `draft`."),
    ],
    data: Data = None,
) -> None:
    """Add what a file holds, all of it or nothing. Nothing is ever changed or taken away: an entry that was wrong is
    replaced by a later one."""
    given = read(file)
    with office(data) as here:
        entries = here.registering.add_all(given.facts, given.source, ACTOR, given.at, given.replaces)
    for entry in entries:
        print_line(f"Added {entry.id}, of {entry.at.isoformat()}.")


@register_app.command()
def example() -> None:
    """Print an entry to begin with."""
    print_line(EXAMPLE)


register_app.command()(draft)
register_app.command(name="missing")(missing_)
add_to(register_app)
register_app.command()(processing)


def _told(one: Entry) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": kind_of(one.fact),
        "at": one.at.isoformat(),
        "source": one.source,
        "replaces": str(one.replaces) if one.replaces else None,
        "fact": to_json(one.fact),
    }
