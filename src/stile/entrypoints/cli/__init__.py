"""The `stile` command. Each command is a thin wrapper: it reads arguments, calls a use case, prints the answer.

An error that Stile raises on purpose is one line on stderr and exit code 1; `--json` prints one document on
stdout and nothing else. A command's module is imported when it is asked for: `stile serve` must be ready within
three seconds, and starts twice (the serving process and its keeper).
"""

from typing import Annotated

import typer

from stile import __version__
from stile.entrypoints.cli.lazy import LazyCommands


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit()


app = typer.Typer(
    cls=LazyCommands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Members of a leisure centre come in by face, and anyone may ask how that is done.",
)


@app.callback()
def _stile(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and stop."),
    ] = False,
) -> None:
    del version  # its callback has done all there is to do
