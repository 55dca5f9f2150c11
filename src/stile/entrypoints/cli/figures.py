"""`stile figures`: what a period says of a centre: counts, both denominators, intervals, and what was not measured."""

from datetime import timedelta
from json import dumps
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from stile.domain.disclosure import NotMeasured, Shown
from stile.domain.errors import NotFound
from stile.domain.figure_words import LABELS, OF, number, percent, said
from stile.domain.figures import Estimate, Figures, Period, Rate
from stile.domain.ids import CentreId
from stile.domain.member_groups import SHARES, GroupFigures, GroupMeasure
from stile.entrypoints import dates
from stile.entrypoints.cli.common import Data, print_json, print_line, site
from stile.office import Office

console = Console()
DAYS = 30


def figures(
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day; by default 30 days with today.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day; by default today.")
    ] = None,
    centre: Annotated[
        str | None, typer.Option(help="Name of one centre; by default all together.", metavar="NAME")
    ] = None,
    months: Annotated[
        int | None,
        typer.Option(min=1, max=120, metavar="N", help="The last N calendar months instead, one by one."),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write one JSON document; - prints it and nothing else."),
    ] = None,
    data: Data = None,
) -> None:
    """Show how many came by face and how often it was wrong, with intervals."""
    target = Path(json) if json not in (None, "-") else None
    if target is not None and not target.absolute().parent.is_dir():
        raise NotFound(f"{target.absolute().parent} is not a folder to write {target.name} into.")
    with site(data) as here:
        chosen = _centre(here, centre)
        if months is not None:
            found = list(here.measure_period.by_month(months, chosen))
        else:
            found = [here.measure_period.of(_period(here, first, last), chosen)]
        groups = [here.measure_period.groups(one.period) if one.centre is None else None for one in found]
    if json is not None:
        document = {
            "periods": [document_of(one, of) for one, of in zip(found, groups, strict=True)],
        }
        if target is None:
            print_json(document)
            return
        target.write_text(dumps(document, indent=2, ensure_ascii=False) + "\n")
    for one in found:
        _show(one)


def _period(here: Office, first: str | None, last: str | None) -> Period:
    until = dates.day(last) or here.clock.today()
    return Period(dates.day(first) or until - timedelta(days=DAYS - 1), until)


def _centre(here: Office, name: str | None) -> CentreId | None:
    if name is None:
        return None
    with here.store.read() as work:
        for one in work.centres.all():
            if one.name.casefold() == name.strip().casefold():
                return one.id
    raise NotFound(f"There is no centre “{name}”.")


def document_of(found: Figures, groups: GroupFigures | None = None) -> dict[str, Any]:
    """Counts are numbers, "not measured" or "suppressed"; rates are objects with an interval, or one of the two.
    `groups`: of all centres together only, and only where the operator collects any."""
    return {
        "centre": str(found.centre) if found.centre else None,
        "place": found.place,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "figures": [
            {
                "measure": one.measure.value,
                "basis": one.basis.value,
                "count": _count(one.count),
                "shares": [
                    {"of": part.of.value, "trials": _count(part.trials), "rate": _rate(part.rate)}
                    for part in one.shares
                ],
            }
            for one in found
        ],
        "waits": [
            {
                "way": row.method.value,
                "timed": row.waits,
                "median_ms": row.median.value if row.median else None,
                "p90_ms": row.ninth.value if row.ninth else None,
            }
            for row in found.waits
        ],
        "groups": None
        if groups is None
        else [
            {
                "group": name,
                "counts": {one.value: _count(groups.count(one, name)) for one in GroupMeasure},
                "shares": [
                    {"measure": one.value, "of": of.value, "rate": _rate(groups.rate(one, of, name))}
                    for one, of in SHARES
                ],
            }
            for name in groups.groups
        ],
        "limits": list(found.limits),
    }


def _count(count: Shown) -> int | str:
    if isinstance(count, int):
        return count
    return "not measured" if isinstance(count, NotMeasured) else "suppressed"


def _rate(rate: Rate) -> dict[str, Any] | str:
    if isinstance(rate, Estimate):
        interval = [rate.interval.lower, rate.interval.upper]
        return {"value": rate.value, "interval": interval, "by": rate.by.value}
    return "not measured" if isinstance(rate, NotMeasured) else "suppressed"


def _show(found: Figures) -> None:
    print_line(f"{found.place}, {found.period.first} to {found.period.last}")
    table = Table("Figure", "Number", "Share", "95 % interval", box=None, pad_edge=False)
    for one in found:
        shares = one.shares or (None,)
        for place, part in enumerate(shares):
            label = (LABELS[one.measure], number(one.count)) if place == 0 else ("", "")
            if part is None:
                table.add_row(*label)
            elif isinstance(part.rate, Estimate):
                between = f"{percent(part.rate.interval.lower)} to {percent(part.rate.interval.upper)}"
                table.add_row(*label, f"{percent(part.rate.value)} of {OF[part.of]}", between)
            else:
                table.add_row(*label, f"of {OF[part.of]}: {said(part.rate)}")
    console.print(table)
    for line in found.limits:
        console.print(line, style="dim")
