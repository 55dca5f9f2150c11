"""`stile demo`: an operator's, or an authority's."""

from pathlib import Path
from typing import Annotated

import typer

from stile.domain.errors import NotConfigured
from stile.entrypoints.cli.options import Json


def demo(
    authority: Annotated[
        bool, typer.Option("--authority", help="A council answers a request for information.")
    ] = False,
    to: Annotated[Path | None, typer.Option(help="With --authority: folder for the letter.")] = None,
    json: Json = False,
) -> None:
    """A member comes in by face, a stranger is not kept, a withdrawal is final. Or, with --authority: a council is
    asked about facial recognition, and its answer is written from its register. Exit code 1 if any step fails."""
    if authority:
        from stile.entrypoints.cli import demo_authority

        if to is None:
            raise NotConfigured("Where to? Say `stile demo --authority --to FOLDER`.")
        return demo_authority.demo(to, json)
    if to is not None:
        raise NotConfigured("--to goes with --authority: this demonstration writes nothing.")
    # Imported here: it needs the packages that see, which an authority may not have.
    from stile.entrypoints.cli import demo as demo_of_operator

    return demo_of_operator.demo(json)
