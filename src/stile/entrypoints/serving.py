"""What the serving process runs: settings in, a web application out.

It reads the settings anew, so that a restart follows a changed file. What Stile raises on purpose while it starts
would come back at every restart: it is said in one line, and the keeper is told not to try again.
"""

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from stile.config import Settings, settings
from stile.domain.errors import NotConfigured, StileError
from stile.domain.register import OrganisationKind
from stile.entrypoints.logs import configure_logs

if TYPE_CHECKING:
    from stile.office import Office


def app() -> FastAPI:
    """Called once by the server."""
    try:
        chosen = settings()
        configure_logs(chosen.log_level)
        if chosen.database is None and not (chosen.data / "stile.db").exists():
            raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
        with _nothing_collected():
            opened, made = _open(chosen)
            if not opened.setup.is_done:
                raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
            return made()
    except StileError as error:
        sys.stderr.write(f"stile: {error}\n")
        sys.exit(STARTUP_FAILURE)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """What is made while it starts stays until it ends: looking through all of it for garbage, again and again, would
    keep the doors waiting, then and at every later collection."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _open(chosen: Settings) -> tuple["Office", Callable[[], FastAPI]]:
    """Of an authority nothing is imported that sees: it may not even be installed."""
    if chosen.organisation is OrganisationKind.AUTHORITY:
        from stile.entrypoints.web.authority import create_authority
        from stile.office import open_office

        office = open_office(chosen)
        return office, lambda: create_authority(office)
    from stile.bootstrap import open_site
    from stile.entrypoints.web.app import create_app

    site = open_site(chosen)
    return site, lambda: create_app(site)
