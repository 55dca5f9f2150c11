"""`stile lanes`: the ways in."""

from typing import Annotated

import typer
from rich.table import Table

from stile.application.setup import FRAMES, NewLane
from stile.config import Settings
from stile.domain.errors import StileError, WrongValue
from stile.domain.liveness import LivenessMode
from stile.domain.places import Ask
from stile.domain.zone import Zone
from stile.entrypoints.cli.common import Data, Json, console, print_json, print_line, site
from stile.entrypoints.cli.lanes_calibrate import calibrate

lanes_app = typer.Typer(add_completion=False, no_args_is_help=True, help="Lanes: the ways in.")


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
            "ask": one.ask.value,
            "zone": [list(corner) for corner in one.zone.corners] if one.zone else None,
            "least_face": one.least_face,
            "liveness": one.liveness.value,
            "fpir": one.fpir,
            "fmr": one.fmr,
            "frames": one.frames,
            "seconds": one.seconds,
            "patience": one.patience,
            "attempts": one.attempts,
            "anti_passback": one.anti_passback,
        }
        for one in lanes
    ]
    if json:
        print_json({"lanes": rows})
        return
    table = Table(
        "Lane", "Name", "Door", "Face", "Liveness", "Rate", "Frames", "Attempts", box=None, pad_edge=False
    )
    for one in lanes:
        one_to_one = one.ask is Ask.CARD_FIRST
        table.add_row(
            one.slug,
            one.name,
            one.door_shown,
            f"by {one.ask}" if one.face_mode else "off",
            one.liveness.value,
            f"{'FMR' if one_to_one else 'FPIR'} 1 in {1 / (one.fmr if one_to_one else one.fpir):,.0f}",
            str(one.frames),
            str(one.attempts),
        )
    console.print(table)


@lanes_app.command()
def add(
    slug: Annotated[str, typer.Argument(help="Short name, for addresses.")],
    name: Annotated[str, typer.Argument(help="Name that people read.")],
    door: Annotated[str, typer.Option(help="“sim:” or the http(s) address of a relay.")] = "sim:",
    liveness: Annotated[LivenessMode, typer.Option(help="What the lane asks for.")] = LivenessMode.PASSIVE,
    frames: Annotated[
        int | None,
        typer.Option(help="Good frames that an attempt fuses; by default what the pack in use needs."),
    ] = None,
    data: Data = None,
) -> None:
    """Add a lane."""
    with site(data) as here:
        lane = here.setup.add_lane(
            NewLane(slug, name, door, liveness, frames or _frames_of_the_pack(here.settings))
        )
        address = f"{here.settings.base_url}/kiosk/{lane.slug}"
    print_line(f"Added lane {lane.slug}. Open {address} on its screen, and approve its code at the desk.")


@lanes_app.command()
def change(
    slug: Annotated[str, typer.Argument(help="Short name of the lane.")],
    door: Annotated[str | None, typer.Option(help="“sim:” or the http(s) address of a relay.")] = None,
    face: Annotated[
        bool | None, typer.Option("--face/--no-face", help="Whether the lane looks at faces.")
    ] = None,
    liveness: Annotated[LivenessMode | None, typer.Option(help="What the lane asks for.")] = None,
    fpir: Annotated[
        float | None,
        typer.Option(help="False-positive identification rate an attempt promises, such as 0.001."),
    ] = None,
    ask: Annotated[
        Ask | None,
        typer.Option(help="How somebody asks: a touch, standing in the zone, or a number first (1:1)."),
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(
            help="Corners of the zone, shares of the picture: “0.3,0 0.7,0 0.7,1 0.3,1”; “none” takes it away.",
            metavar="CORNERS",
        ),
    ] = None,
    least_face: Annotated[
        float | None, typer.Option(help="Least width of a face in the zone, a share of the picture's.")
    ] = None,
    fmr: Annotated[
        float | None, typer.Option(help="False-match rate where a number comes first, such as 0.00001.")
    ] = None,
    frames: Annotated[int | None, typer.Option(help="Good frames that an attempt fuses.")] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Most time from the first of them to the last.")
    ] = None,
    patience: Annotated[float | None, typer.Option(help="How long the lane waits for a usable face.")] = None,
    attempts: Annotated[
        int | None, typer.Option(help="Attempts of a person before the card is asked for.")
    ] = None,
    anti_passback: Annotated[
        bool | None,
        typer.Option(
            "--anti-passback/--no-anti-passback",
            help="Let nobody in who is inside already; leaving is never asked.",
        ),
    ] = None,
    capacity: Annotated[
        int | None,
        typer.Option(help="How many may be inside the lane's centre at once; 0 is no limit.", min=0),
    ] = None,
    data: Data = None,
) -> None:
    """Change a lane. A running `stile serve` follows at the next attempt."""
    given = {
        "door": door,
        "face_mode": face,
        "liveness": liveness,
        "fpir": fpir,
        "ask": ask,
        "least_face": least_face,
        "fmr": fmr,
        "frames": frames,
        "seconds": seconds,
        "patience": patience,
        "attempts": attempts,
        "anti_passback": anti_passback,
    }
    to: dict[str, object] = {key: value for key, value in given.items() if value is not None}
    if zone is not None:
        to["zone"] = None if zone == "none" else _zone(zone)
    with site(data) as here:
        lane = here.setup.lane(slug)
        if to:
            here.setup.change_lane(lane.id, to)
        if capacity is not None:
            here.setup.set_capacity(lane.centre, capacity or None)
    print_line(f"Changed lane {slug}.")


@lanes_app.command()
def left(
    slug: Annotated[str, typer.Argument(help="Short name of the lane that they left by.")],
    card: Annotated[
        str | None, typer.Option(help="What the exit reader read of a card, if it read one.")
    ] = None,
    data: Data = None,
) -> None:
    """Tell that somebody left, for an exit reader. It is never refused, and no door waits for it."""
    with site(data) as here:
        here.leave.told(here.setup.lane(slug), card)


def _frames_of_the_pack(chosen: Settings) -> int:
    from stile.adapters.vision.packs import best

    try:
        return best(chosen.models_folder, chosen.pack).frames
    except StileError:  # nothing to see with yet: the lane opens by card, and `stile doctor` speaks of frames
        return FRAMES


def _zone(given: str) -> Zone:
    """Raises WrongValue for what are no corners."""
    try:
        corners = [(float(x), float(y)) for x, y in (corner.split(",") for corner in given.split())]
    except ValueError:
        raise WrongValue(f"a zone is written as “0.3,0 0.7,0 0.7,1 0.3,1”, not “{given}”") from None
    return Zone(tuple(corners))


lanes_app.command()(calibrate)
