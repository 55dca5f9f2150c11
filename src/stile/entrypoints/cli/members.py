"""`stile members`: add, list, set the status, withdraw consent."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from stile.application.membership import NewMember
from stile.domain.member import MembershipStatus
from stile.entrypoints.cli.common import Data, Json, console, print_json, print_line, site

members_app = typer.Typer(no_args_is_help=True, help="Members of the centre.")

ACTOR = "command line"


@members_app.command()
def add(
    number: Annotated[str, typer.Argument(help="Membership number.")],
    given_name: Annotated[str, typer.Argument(help="First name, as the member gave it.")],
    family_name: Annotated[str, typer.Argument(help="Family name, as the member gave it.")] = "",
    card: Annotated[list[str] | None, typer.Option(help="Number of a card; may be repeated.")] = None,
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day that the membership admits.")
    ] = None,
    data: Data = None,
) -> None:
    """Add a member."""
    with site(data) as open_site, open_site.store.read() as work:
        centre = work.centres.all()[0]
        new = NewMember(
            number, given_name, family_name, tuple(card or ()), expires.date() if expires else None
        )
        member = open_site.membership.add(centre.id, new, ACTOR)
    print_line(f"Added {member.number} {member.full_name}.")


@members_app.command(name="list")
def list_members(data: Data = None, json: Json = False) -> None:
    """List the members, and whether each may come in by face."""
    rows = []
    with site(data) as open_site, open_site.store.read() as work:
        after = ""
        while page := work.members.page(after):
            for member in page:
                rows.append(
                    {
                        "number": member.number,
                        "name": member.full_name,
                        "status": member.status.value,
                        "expires": member.expires_on.isoformat() if member.expires_on else None,
                        "cards": len(member.cards),
                        "face": work.consents.live_of(member.id) is not None,
                    }
                )
            after = page[-1].number
    if json:
        print_json({"members": rows})
        return
    if not rows:
        print_line("No members yet. Add one: `stile members add NUMBER FIRST-NAME LAST-NAME --card NUMBER`.")
        return
    table = Table(
        "Number", "Name", "Status", "Last day", "Cards", "Consent to face", box=None, pad_edge=False
    )
    for row in rows:
        table.add_row(
            str(row["number"]),
            str(row["name"]),
            str(row["status"]),
            str(row["expires"] or "–"),
            str(row["cards"]),
            "yes" if row["face"] else "no",
        )
    console.print(table)


@members_app.command()
def status(
    number: Annotated[str, typer.Argument(help="Membership number.")],
    to: Annotated[MembershipStatus, typer.Argument(help="The new status.")],
    data: Data = None,
) -> None:
    """Renew, lapse or suspend a membership."""
    with site(data) as open_site:
        member = open_site.membership.set_status(open_site.membership.by_number(number).id, to, ACTOR)
    print_line(f"{member.number} {member.full_name} is {member.status.value}.")


@members_app.command()
def withdraw(number: Annotated[str, typer.Argument(help="Membership number.")], data: Data = None) -> None:
    """Withdraw a member's consent: the template and its key are destroyed at once. The card goes on working.

    A running `stile serve` refuses the face at once, and has forgotten it within a second.
    """
    with site(data) as open_site:
        receipt = open_site.withdraw.consent_of(open_site.membership.by_number(number).id, ACTOR)
    print_line(
        f"Withdrawn at {receipt.at:%d %B %Y %H:%M:%S} UTC: {receipt.templates} template(s) and the key destroyed; "
        f"audit entry {receipt.audit_position}, {receipt.audit_digest[:16]}…"
    )
