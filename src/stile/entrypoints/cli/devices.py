"""`stile devices`: the screens and programs of the lanes, from the machine itself; and the pairing of a program that
has no screen of its own."""

import os
import time
from pathlib import Path
from typing import Annotated
from uuid import UUID

import httpx
import typer
from rich.table import Table

from stile.domain.errors import NotConfigured, NotFound, WrongValue
from stile.domain.ids import DeviceId
from stile.entrypoints.cli.common import Data, Json, cells, console, print_json, print_line, site

devices_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Devices: the screens and programs of the lanes."
)

ACTOR = "command line"
TOKEN_COOKIE = "stile_kiosk"
ASK_EVERY = 5.0
"""Seconds (RFC 8628 s. 3.2)."""
PATIENCE = 15 * 60


@devices_app.command("list")
def list_devices(data: Data = None, json: Json = False) -> None:
    """Which screens there are, at which lane, and when they were seen last."""
    with site(data) as here:
        with here.store.read() as work:
            lanes = {lane.id: lane.slug for lane in work.lanes.all()}
        rows = [
            {
                "id": str(one.id),
                "name": one.name,
                "lane": lanes.get(one.lane, ""),
                "state": "ended" if one.revoked_at else "paired" if one.paired_at else "approved",
                "last_seen": one.last_seen.date().isoformat() if one.last_seen else None,
            }
            for one in here.kiosks.all()
        ]
        address = f"{here.settings.base_url}/kiosk"
    if json:
        print_json({"devices": rows})
        return
    if not rows:
        print_line(f"No screen is paired. Open {address} on one, and approve its code at the desk.")
        return
    table = Table("Id", "Screen", "Lane", "State", "Last seen", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*cells(*(said or "never" for said in row.values())))
    console.print(table)


@devices_app.command()
def approve(
    code: Annotated[str, typer.Argument(help="The code that the screen shows.")],
    lane: Annotated[str, typer.Argument(help="Short name of the lane that it belongs to.")],
    name: Annotated[str, typer.Option(help="What it is called, to know it by later.")] = "Screen",
    data: Data = None,
) -> None:
    """Approve the screen that shows this code, as the desk does."""
    with site(data) as here:
        device = here.kiosks.approve(code, here.setup.lane(lane).id, name, ACTOR)
    print_line(f"Approved {device.id} for the lane {lane}. It goes on by itself within a few seconds.")


@devices_app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The screen's id, or the short name of a lane for all of them.")],
    data: Data = None,
) -> None:
    """End a screen's pairing, or that of all screens of a lane: after a theft, or when one is replaced. At once."""
    with site(data) as here:
        try:
            wanted = DeviceId(UUID(id))
        except ValueError:
            count = len(here.kiosks.revoke_lane(here.setup.lane(id).id, ACTOR))
            print_line(f"Ended {count} of the lane {id}.")
            return
        here.kiosks.revoke(wanted, ACTOR)
    print_line("Ended. It is known no more.")


@devices_app.command()
def pair(
    address: Annotated[str, typer.Argument(help="Address of the site, such as https://stile.example.")],
    lane: Annotated[str, typer.Argument(help="Short name of the lane that the program belongs to.")],
    to: Annotated[Path, typer.Option(help="File to keep the token in, for the program and nobody else.")],
) -> None:
    """Pair a program that has no screen: print its code, wait for the desk, and keep the token. The program sends it as
    the cookie “stile_kiosk” when it opens the lane's WebSocket."""
    if to.exists():
        raise WrongValue(f"{to} exists already")
    try:
        with httpx.Client(base_url=address.rstrip("/"), headers={"accept": "application/json"}) as client:
            token = _wait(client, lane)
    except httpx.HTTPError as error:
        raise NotConfigured(f"{address} could not be reached: {type(error).__name__}.") from None
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(token + "\n")
    print_line(f"Paired with the lane {lane}. The token is in {to}.")


def _wait(client: httpx.Client, lane: str) -> str:
    """Raises NotFound when nobody approved it, or for another lane."""
    shown, until = None, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        answer = client.post("/kiosk/code", data={"lane": lane})
        if answer.status_code not in (200, 429):
            raise NotConfigured(f"The site answered {answer.status_code}.")
        told = answer.json()
        if told["state"] == "paired":
            if told["lane"] != lane:
                raise NotFound(f"The desk approved it for the lane {told['lane']}.")
            return client.cookies[TOKEN_COOKIE]
        if told.get("code") != shown:
            shown = told.get("code")
            print_line(f"At the desk, “Pair a screen”, type {shown}" if shown else told["detail"])
        time.sleep(ASK_EVERY)
    raise NotFound("Nobody approved the code at the desk.")
