"""`stile register missing`: what keeps lanes closed to faces (law 5)."""

from collections.abc import Sequence
from typing import Annotated

import typer

from stile.application.go_live import key_of
from stile.domain.errors import WrongValue
from stile.domain.register import Missing, missing
from stile.entrypoints.cli.common import Data, Json, office, print_json, print_line


def missing_(
    key: Annotated[
        str | None,
        typer.Argument(
            help="Key of a deployment; otherwise this site's own centres, whose lanes wait for it."
        ),
    ] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Say what the register lacks before lanes may look at faces (law 5). Exit code 1 when something is missing."""
    with office(data) as here:
        if key is None and not here.has_lanes:
            raise WrongValue("Name a deployment by its key: an authority has no lanes that wait.")
        register, today = here.registering.as_of(), here.clock.today()
        with here.store.read() as work:
            own = {key_of(one.id): one.name for one in work.centres.all()}
    names = {key: own.get(key, key)} if key else own
    lacks = {one: missing(register, one, today) for one in names}
    complete = not any(lacks.values())
    if json:
        told = [
            {
                "key": one,
                "name": names[one],
                "complete": not what,
                "missing": [each.name.lower() for each in what],
            }
            for one, what in lacks.items()
        ]
        print_json({"complete": complete, "deployments": told})
    else:
        for one, what in lacks.items():
            _say(names[one], one, what)
    if not complete:
        raise typer.Exit(1)


def _say(name: str, key: str, lacks: Sequence[Missing]) -> None:
    if not lacks:
        print_line(f"{name}: nothing is missing.")
        return
    print_line(f"{name} (key {key}): closed to faces; the card works.")
    for one in lacks:
        print_line(f"  Missing: that {one.value}.")
