"""Options that commands share, and plain printing. Imports next to nothing: every command waits for it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder with the database and the site key. [env: STILE_DATA]", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]


def print_line(text: str) -> None:
    """Plain text, unwrapped and without markup."""
    typer.echo(text)


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
