"""`stile staff`: accounts, from the machine itself. Whoever may run this holds the store and its key already, so no
account is asked for: it is the way back in when everybody is locked out. No password is taken or printed, only a
link."""

from typing import Annotated

import typer
from rich.table import Table

from stile.application.staff.accounts import Invited
from stile.domain.roles import Role
from stile.entrypoints.cli.common import Data, Json, cells, console, office, print_json, print_line
from stile.office import Office

staff_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Accounts of staff, when nobody can get into the pages."
)

Name = Annotated[str, typer.Argument(help="Name of the account.")]
Roles = Annotated[list[Role], typer.Option("--role", help="A role; may be repeated.")]


@staff_app.command()
def add(name: Name, role: Roles, data: Data = None) -> None:
    """Add an account, and print its sign-up link once: it works once, within three days."""
    with office(data) as here:
        _print_link(here, here.accounts.add(None, name, frozenset(role)))


@staff_app.command("list")
def list_staff(data: Data = None, json: Json = False) -> None:
    """List the accounts, their roles, and how each signs in."""
    with office(data) as here:
        rows = [
            {
                "name": one.staff.name,
                "roles": sorted(one.staff.roles),
                "disabled": one.staff.is_disabled,
                "joined": one.staff.has_joined,
                "password": one.staff.password_hash is not None,
                "passkeys": one.passkeys,
                "app": one.codes,
                "work_account": one.staff.from_provider,
                "sessions": one.sessions,
            }
            for one in here.accounts.all()
        ]
    if json:
        print_json({"staff": rows})
        return
    table = Table("Name", "Roles", "State", "Signs in by", "Sessions", box=None, pad_edge=False)
    for row in rows:
        table.add_row(
            *cells(str(row["name"])),
            ", ".join(row["roles"]) or "–",  # type: ignore[arg-type]
            "disabled" if row["disabled"] else "active" if row["joined"] else "link not used",
            _ways(row),
            str(row["sessions"]),
        )
    console.print(table)


@staff_app.command()
def roles(name: Name, role: Roles, data: Data = None) -> None:
    """Give an account exactly these roles. Its sessions end."""
    with office(data) as here:
        changed = here.accounts.change_roles(None, here.accounts.by_name(name).id, frozenset(role))
    print_line(f"{changed.name}: {', '.join(sorted(changed.roles))}.")


@staff_app.command()
def disable(name: Name, data: Data = None) -> None:
    """Disable an account: its sessions end at once, and nobody signs in to it."""
    with office(data) as here:
        here.accounts.disable(None, here.accounts.by_name(name).id)
    print_line(f"{name} is disabled. Enable it with `stile staff enable`.")


@staff_app.command()
def enable(name: Name, data: Data = None) -> None:
    """Enable an account again."""
    with office(data) as here:
        here.accounts.enable(None, here.accounts.by_name(name).id)
    print_line(f"{name} is enabled.")


@staff_app.command()
def reset(name: Name, data: Data = None) -> None:
    """Take password, passkeys, app and sessions away, and print a sign-up link once."""
    with office(data) as here:
        _print_link(here, here.accounts.reset(None, here.accounts.by_name(name).id))


def _print_link(here: Office, invited: Invited) -> None:
    print_line(f"For {invited.staff.name}, and nobody else. It works once, within three days:")
    print_line(f"{here.settings.base_url}/join/{invited.token}")


def _ways(row: dict[str, object]) -> str:
    ways = []
    if row["work_account"]:
        ways.append("work account")
    if row["passkeys"]:
        ways.append(f"{row['passkeys']} passkey(s)")
    if row["password"]:
        ways.append("password and app" if row["app"] else "password")
    return ", ".join(ways) or "–"
