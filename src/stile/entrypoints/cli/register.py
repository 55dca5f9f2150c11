"""`stile register`: what is used where, by whom, why and on what basis, and what came of it."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer

from stile.domain.errors import WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import Entry
from stile.domain.register_json import KINDS, fact_from_json, kind_of, to_json
from stile.entrypoints.cli.common import Data, Json, office, print_json, print_line
from stile.entrypoints.cli.register_missing import missing_

register_app = typer.Typer(no_args_is_help=True, help="The register that every public answer is made of.")

ACTOR = "command line"

EXAMPLE = """\
# An entry of the register: `stile register add FILE`. One file, one entry.
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
        Path, typer.Argument(help="TOML file with the entry; `stile register example` shows one.")
    ],
    data: Data = None,
) -> None:
    """Add an entry. Nothing is ever changed or taken away: an entry that was wrong is replaced by a later one."""
    try:
        given = tomllib.loads(file.read_text())
    except OSError as error:
        raise WrongValue(f"{file} cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongValue(f"{file} is no TOML: {error}.") from None
    kind, source, at = given.get("kind"), given.get("source"), given.get("at")
    if kind not in KINDS or not isinstance(given.get("fact"), dict):
        raise WrongValue(f"An entry has a kind ({', '.join(KINDS)}) and a table [fact].")
    if at is not None and (not isinstance(at, date) or isinstance(at, datetime)):
        raise WrongValue("`at` is a day, like 2026-01-31 without quotation marks.")
    fact = fact_from_json(kind, _dates_as_words(given["fact"]))
    with office(data) as here:
        entry = here.registering.add(fact, str(source or ""), ACTOR, at, _id(given.get("replaces")))
    print_line(f"Added {entry.id}, of {entry.at.isoformat()}.")


@register_app.command()
def example() -> None:
    """Print an entry to begin with."""
    print_line(EXAMPLE)


register_app.command(name="missing")(missing_)


def _dates_as_words(value: Any) -> Any:
    """TOML has days of its own; facts are read from words."""
    if isinstance(value, dict):
        return {name: _dates_as_words(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_dates_as_words(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _id(given: Any) -> EntryId | None:
    if given is None:
        return None
    try:
        return EntryId(UUID(str(given)))
    except ValueError:
        raise WrongValue("`replaces` is the id of an entry; `stile register show` shows them.") from None


def _told(one: Entry) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": kind_of(one.fact),
        "at": one.at.isoformat(),
        "source": one.source,
        "replaces": str(one.replaces) if one.replaces else None,
        "fact": to_json(one.fact),
    }
