"""What the commands about requests for information share."""

from pathlib import Path
from typing import Annotated

import typer

from stile.domain.errors import WrongValue
from stile.entrypoints.cli.options import print_line

ACTOR = "command line"
Ref = Annotated[str, typer.Argument(help="The request's reference.")]


def read_file(file: Path) -> bytes:
    """Raises WrongValue, with one line."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongValue(f"{file} cannot be read: {error.strerror}.") from None


def write_file(to: Path, content: bytes) -> None:
    """Raises WrongValue, with one line."""
    try:
        to.write_bytes(content)
    except OSError as error:
        raise WrongValue(f"{to} cannot be written: {error.strerror}.") from None
    print_line(f"Written to {to}.")
