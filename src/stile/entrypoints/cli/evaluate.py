"""`stile evaluate`: how often the wrong person is let in and the right one is not."""

import typer

from stile.entrypoints.cli.evaluate_lane import lane
from stile.entrypoints.cli.evaluate_liveness import liveness
from stile.entrypoints.cli.evaluate_recognition import recognition
from stile.entrypoints.cli.evaluate_waits import waits

evaluate_app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Measure the error rates, with their intervals."
)


@evaluate_app.callback()
def of_evaluate() -> None:
    """Measure the error rates, with their intervals."""


evaluate_app.command()(recognition)
evaluate_app.command()(liveness)
evaluate_app.command()(lane)
evaluate_app.command()(waits)
