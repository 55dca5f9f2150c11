"""The throw-away site of `stile serve --demo`."""

import os
import secrets
from pathlib import Path

from stile.application.setup import NewSite
from stile.bootstrap import open_site
from stile.config import Settings, settings
from stile.domain.liveness import LivenessMode
from stile.domain.register import OwnUse
from stile.entrypoints.cli.common import console
from stile.entrypoints.cli.demo_people import ACTOR, enrol_eileen
from stile.entrypoints.cli.options import print_line
from stile.testing.register import complete_register


def _keep_apart(folder: str) -> None:
    """The throw-away site takes the models and the address from the settings, and nothing else."""
    real = settings()
    for name in [name for name in os.environ if name.startswith("STILE_")]:
        del os.environ[name]
    os.environ |= {
        "STILE_DATA": folder,
        "STILE_MODELS": str(real.models_folder),
        "STILE_HOST": real.host,
        "STILE_PORT": str(real.port),
        # Whoever tries Stile out for ten minutes signs in with the password that is printed; `serve` says so.
        "STILE_SECOND_FACTOR": "optional",
    }
    if real.pack:
        os.environ["STILE_PACK"] = real.pack


def prepare(folder: Path) -> Settings:
    """Makes the site, prints its links, and gives its settings."""
    _keep_apart(str(folder))
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
        complete_register(
            here.registering,
            lane.centre,
            here.clock.today(),
            "Riverside Leisure",
            "Riverside Leisure Centre",
        )
        here.registering.add(OwnUse(True), "made up for the demonstration", ACTOR)
        with console.status("Enrolling Eileen Collins from her public-domain portrait …"):
            enrol_eileen(here, lane.centre)
        invitation = here.enrol.invite(here.membership.by_number("1002").id, ACTOR)
    finally:
        here.close()
    print_line("A throw-away site: everything goes when you stop it with Ctrl-C.")
    print_line(f"  Desk    {chosen.base_url}/desk   sign in as admin with the password {password}")
    print_line(
        f"  Kiosk   {chosen.base_url}/kiosk   shows a code to approve at the desk (Eileen's card is 5500 1001)"
    )
    if invitation:
        print_line(
            f"  Enrol   {chosen.base_url}/enrol/{invitation}   (as the member 1002, with your own camera)"
        )
    print_line(f"  Public  {chosen.base_url}/transparency   what anybody may see of it")
    print_line("Liveness is off in this site, so that a photograph held to the camera can be tried.")
    print_line("A password alone signs in here; anywhere else a second factor is set up first.")
    return chosen
