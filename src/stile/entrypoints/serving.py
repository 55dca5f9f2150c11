"""What the serving process runs: settings in, a web application out.

It reads the settings anew, so that a restart follows a changed file. What Stile raises on purpose while it starts
would come back at every restart: it is said in one line, and the keeper is told not to try again.
"""

import sys

from fastapi import FastAPI
from uvicorn.config import STARTUP_FAILURE

from stile.bootstrap import open_site
from stile.config import settings
from stile.domain.errors import NotConfigured, StileError
from stile.entrypoints.logs import configure_logs
from stile.entrypoints.web.app import create_app


def app() -> FastAPI:
    """Called once by the server."""
    try:
        chosen = settings()
        configure_logs(chosen.log_level)
        if chosen.database is None and not (chosen.data / "stile.db").exists():
            raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
        site = open_site(chosen)
        if not site.setup.is_done:
            raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
        return create_app(site)
    except StileError as error:
        sys.stderr.write(f"stile: {error}\n")
        sys.exit(STARTUP_FAILURE)
