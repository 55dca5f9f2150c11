"""`stile serve`: the kiosk, the desk and the enrolment page.

The serving process has a parent that does nothing but start it again when it dies, whatever killed it; every
recorded passage is on disk by then. What restarts the parent is the machine's service manager
(`docs/how-to/run-as-a-service.md`).
"""

import logging
import os
import secrets
import tempfile
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings, settings
from stile.domain.liveness import LivenessMode
from stile.entrypoints.cli.common import Data, console, print_line, site
from stile.entrypoints.cli.demo_people import ACTOR, enrol_eileen
from stile.entrypoints.logs import configure_logs
from stile.entrypoints.web.app import create_app


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
            _keep_apart(folder)
            _prepare_demo(Path(folder))
            _run(settings(Path(folder)))
        return
    if data:
        os.environ["STILE_DATA"] = str(data)
    with site(data) as here:
        chosen = here.settings
    print_line(f"Desk: {chosen.base_url}/desk")
    _run(chosen)


def serving_app() -> FastAPI:
    """What the serving process runs. It reads the settings anew, so a restart follows a changed file."""
    chosen = settings()
    configure_logs(chosen.log_level)
    return create_app(open_site(chosen))


def _run(chosen: Settings) -> None:
    configure_logs(chosen.log_level)
    config = uvicorn.Config(
        "stile.entrypoints.cli.serve:serving_app",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        ssl_certfile=chosen.tls_certificate,
        ssl_keyfile=chosen.tls_key,
        workers=1,  # one process holds the gallery; two would disagree after a withdrawal
        log_config=None,
        access_log=False,  # addresses of enrolment pages carry tokens
        server_header=False,
        proxy_headers=False,
        ws_max_size=2 * 1024 * 1024,
        timeout_graceful_shutdown=5,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    Multiprocess(config, sockets=[config.bind_socket()]).run()


def _keep_apart(folder: str) -> None:
    """The throw-away site takes the models and the address from the settings, and nothing else."""
    real = settings()
    for name in [name for name in os.environ if name.startswith("STILE_")]:
        del os.environ[name]
    os.environ |= {"STILE_DATA": folder, "STILE_MODELS": str(real.models_folder), "STILE_HOST": real.host,
                   "STILE_PORT": str(real.port)}
    if real.pack:
        os.environ["STILE_PACK"] = real.pack


def _prepare_demo(folder: Path) -> None:
    chosen = settings(folder)
    password = secrets.token_urlsafe(9)
    here = open_site(chosen)
    try:
        lane = here.setup.create(
            NewSite(
                "Riverside Leisure",
                "Riverside Leisure Centre",
                "Main entrance",
                "admin",
                password,
                LivenessMode.OFF,
            )
        )
        with console.status("Enrolling Eileen Collins from her public-domain portrait …"):
            enrol_eileen(here, lane.centre)
        pairing = here.kiosks.pairing_code(lane.id, ACTOR)
        invitation = here.enrol.invite(here.membership.by_number("1002").id, ACTOR)
    finally:
        here.close()
    print_line("A throw-away site: everything goes when you stop it with Ctrl-C.")
    print_line(f"  Desk    {chosen.base_url}/desk   sign in as admin with the password {password}")
    print_line(f"  Kiosk   {chosen.base_url}/kiosk/main/pair?code={pairing}   (Eileen's card is 5500 1001)")
    if invitation:
        print_line(
            f"  Enrol   {chosen.base_url}/enrol/{invitation}   (as the member 1002, with your own camera)"
        )
    print_line("Liveness is off in this site, so that a photograph held to the camera can be tried.")
