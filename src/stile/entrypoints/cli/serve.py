"""`stile serve`: the kiosk, the desk and the enrolment page.

The serving process has a parent that does nothing but start it again when it dies, whatever killed it; every
recorded passage is on disk by then. What restarts the parent is the machine's service manager
(`docs/how-to/run-as-a-service.md`).
"""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess

from stile.config import Settings, settings
from stile.domain.register import OrganisationKind
from stile.entrypoints.cli.options import Data, print_line
from stile.entrypoints.logs import configure_logs
from stile.entrypoints.slow_clients import ImpatientProtocol


def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on.")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="A throw-away site with one member, to try the pages with.")
    ] = False,
) -> None:
    """Serve the kiosk, the desk and the enrolment page. Starts again by itself when it is killed."""
    if host:
        os.environ["STILE_HOST"] = host
    if port:
        os.environ["STILE_PORT"] = str(port)
    if demo:
        with tempfile.TemporaryDirectory(prefix="stile-demo-") as folder:
            # Imported here: it needs the packages that see, and serving does not.
            from stile.entrypoints.cli.demo_site import prepare

            _run(prepare(Path(folder)))
        return
    if data:
        os.environ["STILE_DATA"] = str(data)
    chosen = settings()
    desk = "" if chosen.organisation is OrganisationKind.AUTHORITY else "/desk"
    print_line(f"Desk: {chosen.base_url}{desk}")
    _run(chosen)


def server_config(chosen: Settings) -> uvicorn.Config:
    """How the serving process listens."""
    return uvicorn.Config(
        "stile.entrypoints.serving:app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        ssl_certfile=chosen.tls_certificate,
        ssl_keyfile=chosen.tls_key,
        workers=1,  # one process holds the gallery; two would disagree after a withdrawal
        log_config=None,
        access_log=False,  # addresses of enrolment pages carry tokens
        server_header=False,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=list(chosen.trusted_proxies),
        http=ImpatientProtocol,
        ws_max_size=2 * 1024 * 1024,
        timeout_graceful_shutdown=5,
    )


def _run(chosen: Settings) -> None:
    configure_logs(chosen.log_level)
    config = server_config(chosen)
    keeper = Multiprocess(config, sockets=[config.bind_socket()])
    keeper.run()
    if keeper.processes and keeper.processes[0].exitcode == STARTUP_FAILURE:
        raise typer.Exit(1)  # the serving process has said why, in one line
