"""`stile members`: add, list, set the status, withdraw consent."""

from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table

from stile.application.membership import NewMember
from stile.domain.hours import hours as read_hours
from stile.domain.member import Member, MembershipStatus
from stile.entrypoints.cli.common import Data, Json, cells, console, print_json, print_line, site
from stile.entrypoints.cli.members_import import centre_named, import_file

members_app = typer.Typer(add_completion=False, no_args_is_help=True, help="Members of the centre.")
members_app.command(name="import")(import_file)

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
    born: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Date of birth.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address.")] = None,
    phone: Annotated[str | None, typer.Option(help="Telephone number.")] = None,
    kind: Annotated[str, typer.Option(help="What they bought, in your words.")] = "member",
    hours: Annotated[
        str,
        typer.Option(
            help="When it admits, like “mon-fri 06:00-16:00; sat,sun 08:00-12:00”; empty is always."
        ),
    ] = "",
    centre: Annotated[
        list[str] | None,
        typer.Option(help="A centre that it admits to; may be repeated. Without: the home centre only."),
    ] = None,
    group: Annotated[str | None, typer.Option(help="School's or college's group.")] = None,
    marketing: Annotated[
        str | None,
        typer.Option(
            help="They said yes to direct marketing: where and how, like “at the desk”.", metavar="HOW"
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Add a member."""
    with site(data) as open_site:
        with open_site.store.read() as work:
            home = work.centres.all()[0].id
        new = NewMember(
            number,
            given_name,
            family_name,
            tuple(card or ()),
            expires.date() if expires else None,
            born_on=born.date() if born else None,
            email=email,
            phone=phone,
            kind=kind,
            centres=tuple(centre_named(open_site, one) for one in centre or ()),
            hours=read_hours(hours),
            marketing=marketing is not None,
            marketing_how=marketing,
            group=group,
        )
        member = open_site.membership.add(home, new, ACTOR)
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
            *cells(str(row["number"]), str(row["name"])),
            str(row["status"]),
            str(row["expires"] or "–"),
            str(row["cards"]),
            "yes" if row["face"] else "no",
        )
    console.print(table)


@members_app.command()
def show(
    number: Annotated[str, typer.Argument(help="Membership number.")], data: Data = None, json: Json = False
) -> None:
    """Show a member: all that the membership holds. That you looked is in the audit log."""
    with site(data) as here:
        member = here.membership.by_number(number)
        here.looked.at(member.id, ACTOR, "member, on the command line")
        with here.store.read() as work:
            centres = {one.id: one.name for one in work.centres.all()}
            face = work.consents.live_of(member.id) is not None
    told = _told(member, {str(id): name for id, name in centres.items()}) | {"face": face}
    if json:
        print_json(told)
        return
    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in told.items():
        table.add_row(name.replace("_", " ").capitalize(), *cells(_written(value)))
    console.print(table)


def _told(member: Member, centres: dict[str, str]) -> dict[str, object]:
    return {
        "number": member.number,
        "given_name": member.given_name,
        "family_name": member.family_name,
        "status": member.status.value,
        "expires": member.expires_on.isoformat() if member.expires_on else None,
        "kind": member.kind,
        "home_centre": centres.get(str(member.centre), "–"),
        "admits_to": [centres.get(str(one), "–") for one in member.admits_to],
        "hours": str(member.hours) if member.hours else "always",
        "cards": list(member.cards),
        "born": member.born_on.isoformat() if member.born_on else None,
        "email": member.email,
        "phone": member.phone,
        "marketing": member.marketing,
        "marketing_said": member.marketing_at.isoformat() if member.marketing_at else None,
        "marketing_how": member.marketing_how,
        "group": member.group,
        "from_file": member.from_file,
    }


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value) or "–"
    return "–" if value is None else str(value)


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
