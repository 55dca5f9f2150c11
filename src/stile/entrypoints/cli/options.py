"""Options that commands share, and plain printing. Imports next to nothing: every command waits for it."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from stile.domain.errors import NotFound

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", help="Folder with the database and the site key. [env: STILE_DATA]", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
JsonFile = Annotated[
    str | None,
    typer.Option("--json", metavar="FILE", help="Write one JSON document; - prints it and nothing else."),
]


def json_file(given: str | None) -> Path | None:
    """Where `--json FILE` writes; None to print. Asked before the work is done. Raises NotFound without a folder."""
    target = Path(given) if given not in (None, "-") else None
    if target is not None and not target.absolute().parent.is_dir():
        raise NotFound(f"{target.absolute().parent} is not a folder to write {target.name} into.")
    return target


CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), "\N{REPLACEMENT CHARACTER}") | {
    9: "\t",
    10: "\n",
}


def plain(text: str) -> str:
    """Without what a terminal obeys: the words may be a stranger's, and could hide lines, or type for whoever reads."""
    return text.translate(CONTROLS)


def print_line(text: str) -> None:
    """Plain text, unwrapped and without markup."""
    typer.echo(plain(text))


def print_json(document: Any) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
