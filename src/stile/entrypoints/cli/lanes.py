"""`stile lanes`: the ways in, and their kiosks."""

from typing import Annotated

import typer
from rich.table import Table

from stile.application.setup import NewLane
from stile.domain.liveness import LivenessMode
from stile.entrypoints.cli.common import Data, Json, console, print_json, print_line, site
from stile.entrypoints.cli.lanes_calibrate import calibrate

lanes_app = typer.Typer(no_args_is_help=True, help="Lanes: the ways in, and their kiosks.")


@lanes_app.command(name="list")
def list_lanes(data: Data = None, json: Json = False) -> None:
    """List the lanes and what each promises."""
    with site(data) as here, here.store.read() as work:
        lanes = work.lanes.all()
    rows = [
        {
            "lane": one.slug,
            "name": one.name,
            "door": one.door_shown,
            "face_mode": one.face_mode,
            "liveness": one.liveness.value,
            "fpir": one.fpir,
            "frames": one.frames,
        }
        for one in lanes
    ]
    if json:
        print_json({"lanes": rows})
        return
    table = Table("Lane", "Name", "Door", "Face", "Liveness", "FPIR", "Frames", box=None, pad_edge=False)
    for one in lanes:
        table.add_row(
            one.slug,
            one.name,
            one.door_shown,
            "on" if one.face_mode else "off",
            one.liveness.value,
            f"1 in {1 / one.fpir:,.0f}",
            str(one.frames),
        )
    console.print(table)


@lanes_app.command()
def add(
    slug: Annotated[str, typer.Argument(help="Short name, for addresses.")],
    name: Annotated[str, typer.Argument(help="Name that people read.")],
    door: Annotated[str, typer.Option(help="“sim:” or the http(s) address of a relay.")] = "sim:",
    liveness: Annotated[LivenessMode, typer.Option(help="What the lane asks for.")] = LivenessMode.PASSIVE,
    data: Data = None,
) -> None:
    """Add a lane."""
    with site(data) as here:
        lane = here.setup.add_lane(NewLane(slug, name, door, liveness))
    print_line(f"Added lane {lane.slug}. Pair its kiosk: `stile lanes pair {lane.slug}`.")


@lanes_app.command()
def change(
    slug: Annotated[str, typer.Argument(help="Short name of the lane.")],
    door: Annotated[str | None, typer.Option(help="“sim:” or the http(s) address of a relay.")] = None,
    face: Annotated[
        bool | None, typer.Option("--face/--no-face", help="Whether the lane looks at faces.")
    ] = None,
    liveness: Annotated[LivenessMode | None, typer.Option(help="What the lane asks for.")] = None,
    fpir: Annotated[
        float | None, typer.Option(help="False-positive identification rate, such as 0.001.")
    ] = None,
    frames: Annotated[int | None, typer.Option(help="Good frames that an attempt fuses.")] = None,
    data: Data = None,
) -> None:
    """Change a lane. A running `stile serve` follows at the next attempt."""
    given = {"door": door, "face_mode": face, "liveness": liveness, "fpir": fpir, "frames": frames}
    with site(data) as here:
        here.setup.change_lane(
            here.setup.lane(slug).id, {key: to for key, to in given.items() if to is not None}
        )
    print_line(f"Changed lane {slug}.")


@lanes_app.command()
def unpair(slug: Annotated[str, typer.Argument(help="Short name of the lane.")], data: Data = None) -> None:
    """Forget every kiosk of the lane: after a theft, or when one is replaced. It works at once."""
    with site(data) as here:
        count = here.kiosks.unpair(here.setup.lane(slug).id, "command line")
    print_line(
        f"{count} kiosk(s) of the lane {slug} are known no more. Pair again: `stile lanes pair {slug}`."
    )


@lanes_app.command()
def pair(slug: Annotated[str, typer.Argument(help="Short name of the lane.")], data: Data = None) -> None:
    """Make a link that pairs one kiosk with the lane, once, within half an hour."""
    with site(data) as here:
        code = here.kiosks.pairing_code(here.setup.lane(slug).id, "command line")
    print_line(f"{here.settings.base_url}/kiosk/{slug}/pair?code={code}")


lanes_app.command()(calibrate)
