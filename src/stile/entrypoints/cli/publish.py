"""`stile publish`: the public account as a folder of files, for any web server or data portal."""

from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from stile.domain.errors import WrongValue
from stile.entrypoints.cli.common import Data, Json, office, print_json, print_line
from stile.entrypoints.transparency.files import File, files
from stile.entrypoints.transparency.folder import check, put
from stile.entrypoints.transparency.page import page
from stile.entrypoints.web.pages import HERE, Pages

ACTOR = "command line"
ASSETS = ("stile.css", "logo.svg")


def publish(
    to: Annotated[Path, typer.Option(help="Folder to write; one that was published before is replaced.")],
    url: Annotated[
        str | None,
        typer.Option(help="Address that the folder will have; by default `public_url` and /transparency."),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Write the public account: the page for people, and the same as data. What is left out is logged with its reason
    before anything is written."""
    if url is not None and not url.startswith(("https://", "http://")):
        raise WrongValue("The address begins with https:// or http://.")
    check(to)  # before the log says that it is published
    with office(data) as here:
        base = (url or f"{here.settings.base_url}/transparency").rstrip("/")
        account = here.publish.account()
        made = files(account, base, page(Pages(ZoneInfo(here.settings.time_zone)), str, ".", alone=True))
        here.publish.record(account, ACTOR, len(made))
    put(to, {**{name: one.body for name, one in made.items()}, **_assets()})
    _tell(to, base, list(made.values()), len(account.left_out), json)


def _assets() -> dict[str, bytes]:
    return {name: (HERE / "static" / name).read_bytes() for name in ASSETS}


def _tell(to: Path, base: str, made: list[File], left_out: int, json: bool) -> None:
    if json:
        found = [{"name": one.name, "bytes": len(one.body), "sha256": one.sha256} for one in made]
        print_json({"folder": str(to), "url": base, "files": found, "left_out": left_out})
        return
    print_line(f"Written to {to}: {len(made)} files, {sum(len(one.body) for one in made) / 1024:,.0f} kB.")
    print_line(f"Links lead to {base}.")
    print_line(f"Left out, each with its reason in left-out.csv and in the audit log: {left_out}.")
