"""`stile evaluate waits`: how long people wait and how often they are turned away, by face and by every other way."""

from json import dumps
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from stile.application.waits import Compared
from stile.domain.waits import Quantile, Rate
from stile.entrypoints import dates
from stile.entrypoints.cli.common import Data, print_json, site
from stile.entrypoints.cli.options import JsonFile, json_file
from stile.entrypoints.web.words import METHODS

console = Console()

NOT = "not\nmeasured"

LIMITS = (
    "A wait runs from the touch that chose a way, or the first key, to the decision, and to the door's confirmation.",
    "Several tries of one person are not told apart from several people's: nothing is kept of a stranger.",
)


def waits(
    slug: Annotated[
        str | None, typer.Argument(metavar="[LANE]", help="Short name of the lane; by default all lanes.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only from this day on, such as 2026-12-31.")
    ] = None,
    json: JsonFile = None,
    data: Data = None,
) -> None:
    """Compare waiting time and refusals by face, card, PIN and phone, with their intervals."""
    target = json_file(json)
    with site(data) as here:
        lane = here.setup.lane(slug) if slug else None
        begins = dates.begins(since, here.settings.time_zone)
        found = here.waiting_times.compare(begins, lane.id if lane else None)
    document = document_of(found, slug)
    if json == "-":
        print_json(document)
        return
    if target is not None:
        target.write_text(dumps(document, indent=2, ensure_ascii=False) + "\n")
    _show(found)


def document_of(found: Compared, lane: str | None) -> dict[str, Any]:
    """Times in milliseconds; null where nothing was measured, or too little for an interval."""
    return {
        "lane": lane,
        "since": found.since and found.since.isoformat(),
        "ways": [
            {
                "way": row.method.value,
                "passages": row.passages,
                "turned_away": _rate(row.turned_away),
                "by_membership": _rate(row.by_membership),
                "timed": row.waits,
                "to_decision": {"median": _quantile(row.median), "p90": _quantile(row.ninth)},
                "opened": row.door_waits,
                "to_door": {"median": _quantile(row.door_median), "p90": _quantile(row.door_ninth)},
            }
            for row in found.rows
        ],
        "limits": list(LIMITS),
    }


def _rate(one: Rate) -> dict[str, Any] | None:
    if one.value is None:
        return None
    interval = one.interval
    return {
        "errors": one.errors,
        "trials": one.trials,
        "rate": one.value,
        "interval": [interval.lower, interval.upper],
    }


def _quantile(one: Quantile | None) -> dict[str, Any] | None:
    if one is None:
        return None
    interval = [one.interval.lower, one.interval.upper] if one.interval else None
    return {"ms": one.value, "interval": interval}


def _show(found: Compared) -> None:
    table = Table(box=None, pad_edge=False, caption="95 % intervals beneath", caption_justify="left")
    for name in ("Way", "Passages", "Turned away", "Half within", "9 of 10", "Door: half", "9 of 10"):
        table.add_column(name, justify="left" if name == "Way" else "right")
    for row in found.rows:
        away = row.turned_away
        table.add_row(
            METHODS[row.method],
            f"{row.passages:,}",
            NOT if away.value is None else _share(away),
            *(_time(one) for one in (row.median, row.ninth, row.door_median, row.door_ninth)),
        )
    console.print(table)
    for line in LIMITS:
        console.print(line, style="dim")


def _share(one: Rate) -> str:
    return f"{one.value or 0:.1%}\n{one.interval.lower:.1%}–{one.interval.upper:.1%}"


def _time(one: Quantile | None) -> str:
    if one is None:
        return NOT
    between = (
        f"{one.interval.lower / 1000:.2f}–{one.interval.upper / 1000:.2f}" if one.interval else "too few"
    )
    return f"{one.value / 1000:.2f} s\n{between}"
