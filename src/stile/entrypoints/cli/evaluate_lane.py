"""`stile evaluate lane`: the error rates of a lane in service, by what the desk said of its passages."""

from dataclasses import asdict
from datetime import datetime
from json import dumps
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stile.application.evaluation.lane import LaneEvidence, Measure, evaluate_lane
from stile.entrypoints import dates
from stile.entrypoints.cli.common import Data, print_json, print_line, site
from stile.entrypoints.cli.options import JsonFile, json_file
from stile.entrypoints.web.words import VERDICTS, reason_at_the_desk

console = Console()


def lane(
    slug: Annotated[str, typer.Argument(metavar="LANE", help="Short name of the lane.")],
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only passages from this day on, such as 2026-12-31.")
    ] = None,
    json: JsonFile = None,
    data: Data = None,
) -> None:
    """Measure a lane by its own passages, as far as reception said at the desk whether they were right."""
    target = json_file(json)
    with site(data) as here:
        zone = ZoneInfo(here.settings.time_zone)
        begins = dates.begins(since, here.settings.time_zone)
        found = evaluate_lane(here.store, slug, begins)
    if json == "-":
        print_json(document_of(found))
        return
    if target is not None:
        target.write_text(dumps(document_of(found), indent=2, ensure_ascii=False) + "\n")
    _show(found, zone)


def document_of(found: LaneEvidence) -> dict[str, Any]:
    return {
        "lane": found.lane.slug,
        "since": found.since and found.since.isoformat(),
        "first": found.first and found.first.isoformat(),
        "last": found.last and found.last.isoformat(),
        "attempts": found.attempts,
        "admissions": found.admissions,
        "refusals": found.refusals,
        "referrals": found.referrals,
        "not_looked_at": found.not_looked_at,
        "adjudicated": found.adjudicated,
        "reasons": [
            {"outcome": outcome.value, "reason": str(reason), "count": count}
            for outcome, reason, count in found.by_reason
        ],
        "verdicts": {verdict.value: count for verdict, count in found.verdicts},
        "measures": [
            {
                "name": one.name,
                "of": one.of,
                "errors": one.errors if one.is_measured else None,
                "trials": one.trials,
                "adjudicated": one.adjudicated,
                "rate": one.rate,
                "ci": list(asdict(one.interval).values()) if one.interval else None,
            }
            for one in found.measures
        ],
        "limits": list(found.limits),
    }


def _show(found: LaneEvidence, zone: ZoneInfo) -> None:
    days = "no day yet"
    if found.first is not None and found.last is not None:
        days = f"{_dated(found.first, zone)} to {_dated(found.last, zone)}"
    print_line(
        f"{found.lane.name} ({found.lane.slug}), {days}: {found.attempts:,} attempts by face, "
        f"{found.admissions:,} let in, {found.refusals:,} not let in, {found.referrals:,} asked for the card; "
        f"{found.not_looked_at:,} more without a look at a face."
    )
    if found.by_reason:
        table = Table("Why", "How often", box=None, pad_edge=False)
        for _, reason, count in found.by_reason:
            table.add_row(reason_at_the_desk(reason), f"{count:,}")
        console.print(table)
    said = ", ".join(f"{VERDICTS[verdict].lower()} {count:,}" for verdict, count in found.verdicts if count)
    print_line(f"Said at the desk: {said or 'nothing yet'}.")
    for one in found.measures:
        print_line(in_words(one))
    for sentence in found.limits:
        console.print(Text(f"• {sentence}"))


def in_words(one: Measure) -> str:
    """One sentence; it says when it was not measured, and why."""
    if one.rate is None or one.interval is None:
        why = "there was none" if not one.trials else "nobody adjudicated a passage that could be one"
        return f"{one.name}: not measured, {why} (of {one.trials:,} {one.of})."
    low, high = one.interval.lower, one.interval.upper
    return (
        f"{one.name}: {one.rate:.2%} (95 % interval {low:.2%} to {high:.2%}), "
        f"{one.errors:,} of {one.trials:,} {one.of}."
    )


def _dated(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"
