"""What the commands share: the data folder option, plain errors, one console for people and one way to JSON."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import click
import typer
from rich.console import Console
from typer.core import TyperGroup

from stile.bootstrap import Site, open_site
from stile.config import settings
from stile.domain.errors import NotConfigured, StileError

console = Console()
complaints = Console(stderr=True)

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder with the database and the site key. [env: STILE_DATA]", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


class PlainErrors(TyperGroup):
    """Turns every StileError into one line on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except StileError as error:
            complaints.print(f"stile: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
            ctx.exit(1)


def print_line(text: str) -> None:
    """Plain text, unwrapped and without markup."""
    console.print(text, highlight=False, markup=False, soft_wrap=True)


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


@contextmanager
def site(data: Path | None, *, see: bool = False) -> Iterator[Site]:
    """The site in the data folder, closed afterwards. Raises NotConfigured before `stile init`."""
    chosen = settings(data)
    opened = open_site(chosen, see=see)
    try:
        if not opened.setup.is_done:
            raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
        yield opened
    finally:
        opened.close()
