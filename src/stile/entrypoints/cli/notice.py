"""`stile notice`: the words that members are shown, today and years ago."""

from typing import Annotated

import typer
from rich.table import Table

from stile.domain.consent import Audience
from stile.entrypoints.cli.common import Data, Json, console, print_json, print_line, site

notice_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="The notices that members are shown before they consent."
)


@notice_app.command("list")
def list_notices(data: Data = None, json: Json = False) -> None:
    """Every notice that was ever shown here."""
    with site(data) as here:
        rows = [
            {
                "version": one.notice.version,
                "audience": str(one.notice.audience),
                "sha256": one.notice.sha256,
                "first_shown": one.first_shown_at.isoformat(timespec="seconds"),
            }
            for one in here.notices.all()
        ]
    if json:
        print_json({"notices": rows})
        return
    if not rows:
        print_line("No notice was shown yet. `stile notice show` prints the one that will be.")
        return
    table = Table("Version", "For", "First shown", "SHA-256", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row["version"], row["audience"], row["first_shown"], row["sha256"][:16])
    console.print(table)


@notice_app.command()
def show(
    version: Annotated[
        str | None, typer.Argument(help="A version that was shown; by default the words of today.")
    ] = None,
    audience: Annotated[Audience | None, typer.Option(help="Only the words for these readers.")] = None,
    data: Data = None,
) -> None:
    """Print a notice word for word. The SHA-256 above it is the one that consents name."""
    with site(data) as here:
        if version is None:
            found = [here.notices.current(audience or Audience.ADULT)]
        else:
            shown = here.notices.of_version(version)
            found = [one.notice for one in shown if audience is None or one.notice.audience is audience]
    for one in found:
        print_line(f"Notice {one.version}, for: {one.audience}. SHA-256 {one.sha256}")
        print_line("")
        print_line(one.words)
