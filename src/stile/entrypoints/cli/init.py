"""`stile init`: a new instance, of an operator or of an authority."""

import os
import secrets
import tomllib
from pathlib import Path
from typing import Annotated

import typer

from stile.application.setup import FRAMES, NewAuthority, NewSite
from stile.config import Settings, settings
from stile.domain.errors import Conflict, NotConfigured
from stile.domain.register import OrganisationKind
from stile.entrypoints.cli.common import Data, print_line
from stile.office import Office, open_office

AN_AUTHORITY = f'organisation = "{OrganisationKind.AUTHORITY}"\n'


def init(
    operator: Annotated[
        str | None,
        typer.Option("--operator", "--name", help="Who it is for: the operator, or the authority's name."),
    ] = None,
    centre: Annotated[str | None, typer.Option(help="Name of the centre.")] = None,
    lane: Annotated[str, typer.Option(help="Name of the first lane.")] = "Main entrance",
    administrator: Annotated[str, typer.Option(help="Sign-in name of the administrator.")] = "admin",
    password_file: Annotated[
        Path | None, typer.Option(help="File whose first line is the password; otherwise it is asked for.")
    ] = None,
    authority: Annotated[
        bool,
        typer.Option(
            "--authority", help="A council: the register and the desk for requests, and no biometric data."
        ),
    ] = False,
    data: Data = None,
) -> None:
    """Set up this machine: operator, centre, one lane and one administrator; or an authority and its administrator.

    There is no default password: it is asked for, read from a file or from STILE_ADMIN_PASSWORD, or (when there is
    nobody to ask) made up and shown once.
    """
    chosen = settings(data)
    if authority or chosen.organisation is OrganisationKind.AUTHORITY:
        if centre:
            raise NotConfigured("An authority has no centre of its own: leave --centre out.")
        return _authority(chosen, operator, administrator, password_file)
    operator = operator or typer.prompt("Who runs the centre (the controller)?")
    centre = centre or typer.prompt("What is the centre called?")
    return _site(chosen, operator, centre, lane, administrator, password_file)


def _site(
    chosen: Settings, operator: str, centre: str, lane: str, administrator: str, password_file: Path | None
) -> None:
    from stile.bootstrap import open_site  # an authority may have nothing installed that sees

    site = open_site(chosen)
    try:
        password, made_up = _password(site, password_file)
        frames = site.pool.frames if site.pool else FRAMES
        site.setup.create(NewSite(operator, centre, lane, administrator, password, frames=frames))
        asks_everybody = site.pool is not None and not site.pool.detects_liveness
    finally:
        site.close()
    _tell(chosen, administrator, password if made_up else None)
    if asks_everybody:
        print_line(
            "The pack has no liveness model: everybody is asked to turn their head. See `stile doctor`."
        )
    print_line("Next: `stile register draft`; lanes look at faces once the register is complete (law 5).")
    print_line("Then: `stile serve`, and open the desk in a browser.")


def _authority(chosen: Settings, name: str | None, administrator: str, password_file: Path | None) -> None:
    path = Path(os.environ.get("STILE_CONFIG") or chosen.data / "stile.toml")
    says_so = chosen.organisation is OrganisationKind.AUTHORITY
    if not says_so:
        _nothing_says_otherwise(path)
    name = name or typer.prompt("What is the authority called?")
    office = open_office(chosen.model_copy(update={"organisation": OrganisationKind.AUTHORITY}))
    try:
        password, made_up = _password(office, password_file)
        office.setup.create_authority(NewAuthority(name, administrator, password))
    finally:
        office.close()
    if not says_so:
        _write_down(path)
    _tell(chosen, administrator, password if made_up else None)
    print_line("No biometric data: this instance has no lanes and no members, and never will.")
    print_line("Next: the table [foi] in stile.toml says how letters are signed; then `stile serve`.")


def _nothing_says_otherwise(path: Path) -> None:
    """Before anything is made: a setting that was chosen is not overruled."""
    try:
        given = tomllib.loads(path.read_text("utf-8")) if path.exists() else {}
    except OSError as error:
        raise NotConfigured(f"{path} cannot be read: {error.strerror}.") from None
    if "organisation" in given or "STILE_ORGANISATION" in os.environ:
        raise NotConfigured(f'The settings say `operator`: set `organisation = "authority"` in {path}.')


def _write_down(path: Path) -> None:
    """The kind goes into the settings' file: whatever is started later must know it. At the top, for below it tables
    may begin."""
    try:
        before = path.read_text("utf-8") if path.exists() else ""
        path.touch(mode=0o600)
        path.write_text(AN_AUTHORITY + before, "utf-8")
    except OSError as error:
        raise NotConfigured(
            f"It is set up, but {path} cannot be written ({error.strerror}): put {AN_AUTHORITY.strip()} at its top."
        ) from None
    settings.cache_clear()


def _tell(chosen: Settings, administrator: str, made_up: str | None) -> None:
    print_line(f"Set up in {chosen.data}.")
    if made_up:
        print_line(f"Sign in as {administrator} with the password {made_up} (shown once, kept nowhere).")


def _password(office: Office, password_file: Path | None) -> tuple[str, bool]:
    """The password, and whether it was made up. Raises Conflict where it is set up already."""
    if office.setup.is_done:
        raise Conflict(f"{office.settings.data} is set up already.")
    given = _given(password_file)
    return (given, False) if given is not None else (secrets.token_urlsafe(12), True)


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
