"""The `stile` command. Each command is a thin wrapper: it reads arguments, calls a use case, prints the answer.

An error that Stile raises on purpose is one line on stderr and exit code 1; `--json` prints one document on
stdout and nothing else.
"""

from typing import Annotated

import typer

from stile import __version__
from stile.entrypoints.cli.bench import bench
from stile.entrypoints.cli.common import PlainErrors, print_line
from stile.entrypoints.cli.demo import demo
from stile.entrypoints.cli.doctor import doctor
from stile.entrypoints.cli.enrol import enrol
from stile.entrypoints.cli.init import init
from stile.entrypoints.cli.lanes import lanes_app
from stile.entrypoints.cli.members import members_app
from stile.entrypoints.cli.models import models_app
from stile.entrypoints.cli.serve import serve

app = typer.Typer(
    cls=PlainErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Members of a leisure centre come in by face, and anyone may ask how that is done.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print_line(__version__)
        raise typer.Exit()


@app.callback()
def _stile(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and stop."),
    ] = False,
) -> None:
    del version  # its callback has done all there is to do


app.command()(init)
app.command()(serve)
app.add_typer(members_app, name="members")
app.command()(enrol)
app.add_typer(lanes_app, name="lanes")
app.add_typer(models_app, name="models")
app.command()(demo)
app.command()(bench)
app.command()(doctor)
