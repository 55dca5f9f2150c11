"""`stile register subscribe`: what operators publish of their registers becomes entries of an authority's own."""

from typing import Annotated, Any

import typer
from rich.table import Table

from stile.application.register.subscribing import Reading
from stile.domain.errors import StileError
from stile.domain.register import Deployment, Entry
from stile.domain.subscription import Subscription
from stile.entrypoints.cli.common import Data, Json, cells, console, office, print_json, print_line

ACTOR = "command line"
Url = Annotated[str, typer.Argument(help="Where it is published: https://…/transparency/register.json.")]


def add_to(register_app: typer.Typer) -> None:
    for command in (subscribe, refresh, subscriptions, unsubscribe):
        register_app.command()(command)


def subscribe(url: Url, data: Data = None, json: Json = False) -> None:
    """Read an operator's published register now, and once a day while `stile serve` runs. Of an authority only.

    Its uses become entries of this register, dated today, with the address as their source."""
    with office(data) as here:
        reading = here.subscribing.subscribe(url, ACTOR)
    _tell(reading, json)


def refresh(
    url: Annotated[str | None, typer.Argument(help="One of them; all where none is given.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Read again what is subscribed to: only what changed is entered. Exit code 1 when one could not be read."""
    readings, failed = [], []
    with office(data) as here:
        for one in [url] if url else [known.url for known in here.subscribing.all()]:
            try:
                readings.append(here.subscribing.refresh(one, ACTOR))
            except StileError as error:
                failed.append({"url": one, "problem": str(error)})
    if json:
        print_json({"read": [_told(one) for one in readings], "failed": failed})
    else:
        for reading in readings:
            _tell(reading, json=False)
        for failure in failed:
            print_line(f"{failure['url']}: {failure['problem']}")
        if not readings and not failed:
            print_line("Nothing is subscribed to. `stile register subscribe URL` begins.")
    if failed:
        raise typer.Exit(1)


def subscriptions(data: Data = None, json: Json = False) -> None:
    """List what is subscribed to, when it was read, and what was in the way."""
    with office(data) as here:
        known = here.subscribing.all()
        zone = here.clock.now().tzinfo
    if json:
        print_json({"subscriptions": [_subscription(one) for one in known]})
    elif not known:
        print_line("Nothing is subscribed to. `stile register subscribe URL` begins.")
    else:
        table = Table("Organisation", "Address", "Read", "In the way", box=None, pad_edge=False)
        for one in known:
            read = f"{one.read_at.astimezone(zone):%Y-%m-%d %H:%M}"
            table.add_row(*cells(one.organisation, one.url, read, one.problem or "nothing"))
        console.print(table)


def unsubscribe(url: Url, data: Data = None) -> None:
    """Read it no more. What was read stays in the register."""
    with office(data) as here:
        here.subscribing.end(url, ACTOR)
    print_line("It is not read any more. What was entered stays.")


def _tell(reading: Reading, json: bool) -> None:
    if json:
        print_json(_told(reading))
        return
    count = len(reading.entries)
    print_line(
        f"{reading.subscription.organisation}: "
        + ("nothing changed." if not count else f"{count} {'entry' if count == 1 else 'entries'} made.")
    )
    for entry in reading.entries:
        print_line(f"  {entry.id}  {_what(entry)}")
    for line in reading.left:
        print_line(f"  left out: {line}")


def _what(entry: Entry) -> str:
    fact = entry.fact
    return f"{fact.place}, {fact.phase}" if isinstance(fact, Deployment) else "whether police were involved"


def _told(reading: Reading) -> dict[str, Any]:
    return {
        **_subscription(reading.subscription),
        "entries": [{"id": str(one.id), "at": one.at.isoformat()} for one in reading.entries],
        "left": list(reading.left),
    }


def _subscription(one: Subscription) -> dict[str, Any]:
    return {
        "url": one.url,
        "organisation": one.organisation,
        "read_at": one.read_at.isoformat(),
        "problem": one.problem or None,
    }
