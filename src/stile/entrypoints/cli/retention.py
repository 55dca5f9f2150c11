"""`stile retention`: what is kept for how long, what goes next, and applying the rules at once."""

from typing import Annotated

import typer
from rich.table import Table

from stile.domain.retention import AT_AUTHORITY, Subject
from stile.entrypoints.cli.common import Data, Json, console, office, print_json, print_line

retention_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="What is kept for how long, and what goes next."
)

ACTOR = "command line"


@retention_app.command()
def preview(data: Data = None, json: Json = False) -> None:
    """Say what would go now and within 30 days, rule by rule. Changes nothing."""
    with office(data) as here:
        due, last = here.expire.preview(), here.expire.last_run()
        due = [one for one in due if here.has_lanes or one.rule.subject in AT_AUTHORITY]
    if json:
        print_json(
            {
                "last_run": last.isoformat() if last else None,
                "rules": [
                    {
                        "rule": one.rule.subject.value,
                        "days": one.days,
                        "counted_from": one.rule.since,
                        "what": one.rule.what.value,
                        "now": one.now,
                        "within_30_days": one.soon,
                        "reason": one.rule.reason,
                        "ground": one.rule.ground,
                    }
                    for one in due
                ],
            }
        )
        return
    table = Table("Rule", "Days", "Counted from", "Goes now", "Within 30 days", box=None, pad_edge=False)
    for one in due:
        table.add_row(one.rule.subject, str(one.days), one.rule.since, f"{one.now:,}", f"{one.soon:,}")
    console.print(table)
    print_line(
        f"Last applied: {last:%d %B %Y %H:%M} UTC." if last else "The rules have not been applied yet."
    )


@retention_app.command()
def run(data: Data = None, json: Json = False) -> None:
    """Apply the rules at once. `stile serve` does it every night."""
    gone = dict.fromkeys(Subject, 0)
    with office(data) as here:
        for one in here.expire.run():
            gone[one.subject] += one.count
    if json:
        print_json({"gone": {subject.value: count for subject, count in gone.items()}})
        return
    for subject, count in gone.items():
        if count:
            print_line(f"{subject}: {count:,}")
    if not any(gone.values()):
        print_line("Nothing was over.")


@retention_app.command()
def change(
    rule: Annotated[str, typer.Argument(help="Rule, as `stile retention preview` names it.")],
    days: Annotated[int, typer.Argument(help="Days to keep, within the rule's bounds.")],
    data: Data = None,
) -> None:
    """Choose another period for a rule. It is kept with its history, and stands in the audit log."""
    with office(data) as here:
        period = here.expire.change(rule, days, ACTOR)
    print_line(f"{period.subject}: {period.days} days from now on.")
