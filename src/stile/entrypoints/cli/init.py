"""`stile init`: a new instance."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from stile.application.setup import FRAMES, NewSite
from stile.bootstrap import open_site
from stile.config import settings
from stile.domain.errors import Conflict, NotConfigured
from stile.entrypoints.cli.common import Data, print_line


def init(
    operator: Annotated[str, typer.Option(prompt="Who runs the centre (the controller)?", help="Operator.")],
    centre: Annotated[str, typer.Option(prompt="What is the centre called?", help="Name of the centre.")],
    lane: Annotated[str, typer.Option(help="Name of the first lane.")] = "Main entrance",
    administrator: Annotated[str, typer.Option(help="Sign-in name of the administrator.")] = "admin",
    password_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the password; otherwise it is asked for.")
    ] = None,
    data: Data = None,
) -> None:
    """Set up this machine: operator, centre, one lane and one administrator.

    There is no default password: it is asked for, read from a file or from STILE_ADMIN_PASSWORD, or (when there is
    nobody to ask) made up and shown once.
    """
    chosen = settings(data)
    made_up = None
    site = open_site(chosen)
    try:
        if site.setup.is_done:
            raise Conflict(f"{chosen.data} is set up already.")
        password = _given(password_file)
        if password is None:
            password = made_up = secrets.token_urlsafe(12)
        frames = site.pool.frames if site.pool else FRAMES
        site.setup.create(NewSite(operator, centre, lane, administrator, password, frames=frames))
        asks_everybody = site.pool is not None and not site.pool.detects_liveness
    finally:
        site.close()
    print_line(f"Set up in {chosen.data}.")
    if made_up:
        print_line(f"Sign in as {administrator} with the password {made_up} (shown once, kept nowhere).")
    if asks_everybody:
        print_line(
            "The pack has no liveness model: everybody is asked to turn their head. See `stile doctor`."
        )
    print_line("Next: `stile serve`, then open the desk in a browser.")


def _given(password_file: Path | None) -> str | None:
    if password_file is not None:
        try:
            return (password_file.read_text().splitlines() or [""])[0]
        except OSError as error:
            raise NotConfigured(f"{password_file} cannot be read: {error.strerror}.") from None
    if given := os.environ.get("STILE_ADMIN_PASSWORD"):
        return given
    if not os.isatty(0):
        return None
    return str(typer.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True))
