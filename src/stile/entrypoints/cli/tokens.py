"""`stile tokens`: other programs' tokens, from the machine itself."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from stile.domain.errors import NotFound
from stile.domain.ids import TokenId
from stile.entrypoints.cli.common import Data, Json, cells, console, print_json, print_line, site

tokens_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Tokens by which other programs read and write here."
)

ACTOR = "command line"


@tokens_app.command("list")
def list_tokens(data: Data = None, json: Json = False) -> None:
    """Which programs may do what, and until when."""
    with site(data) as open_site:
        given = open_site.tokens.all()
        rows = [
            {
                "id": str(one.token.id),
                "name": one.token.name,
                "may": sorted(one.token.permissions),
                "works": one.stopped is None,
                "stopped": one.stopped,
                "made_by": one.maker,
                "expires": one.token.expires_at.date().isoformat(),
                "used": one.token.used_at.date().isoformat() if one.token.used_at else None,
            }
            for one in given
        ]
    if json:
        print_json({"tokens": rows})
        return
    if not rows:
        print_line("No program has a token. They are made on the page “Other programs” of the console.")
        return
    table = Table("Id", "Program", "May", "Made by", "Until", "Last used", box=None, pad_edge=False)
    for one in given:
        table.add_row(
            str(one.token.id),
            *cells(one.token.name),
            ", ".join(sorted(one.token.permissions)),
            one.maker or "nobody who is known",
            one.stopped or one.token.expires_at.date().isoformat(),
            one.token.used_at.date().isoformat() if one.token.used_at else "never",
        )
    console.print(table)


@tokens_app.command()
def revoke(
    id: Annotated[str, typer.Argument(help="The token's id, from `stile tokens list`.")], data: Data = None
) -> None:
    """End a token at once, and for good."""
    with site(data) as open_site:
        try:
            wanted = TokenId(UUID(id))
        except ValueError:
            raise NotFound("There is no such token. `stile tokens list` shows the ids.") from None
        open_site.tokens.revoke(wanted, ACTOR)
    print_line("Ended. The program that has it is refused from now on.")
