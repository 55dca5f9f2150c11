"""A command group that imports a command's module when the command is asked for, and turns every StileError into
one line on stderr and exit code 1."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from stile.domain.errors import StileError
from stile.entrypoints.places import place_of

PLACES = {
    "init": "init:init",
    "serve": "serve:serve",
    "members": "members:members_app",
    "staff": "staff:staff_app",
    "tokens": "tokens:tokens_app",
    "register": "register:register_app",
    "publish": "publish:publish",
    "figures": "figures:figures",
    "foi": "foi:foi_app",
    "enrol": "enrol:enrol",
    "notice": "notice:notice_app",
    "lanes": "lanes:lanes_app",
    "devices": "devices:devices_app",
    "models": "models:models_app",
    "evaluate": "evaluate:evaluate_app",
    "demo": "demos:demo",
    "bench": "bench:bench",
    "retention": "retention:retention_app",
    "backup": "backup:backup_app",
    "restore": "restore:restore",
    "audit": "audit:audit_app",
    "doctor": "doctor:doctor",
}
"""Name of the command, in the order that help shows: the module beside this one, and what in it."""


class LazyCommands(TyperGroup):
    def list_commands(self, ctx: Any) -> list[str]:
        del ctx
        return list(PLACES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        del ctx
        if cmd_name not in PLACES:
            return None
        if cmd_name not in self.commands:
            module, _, what = PLACES[cmd_name].partition(":")
            found = getattr(import_module(f"stile.entrypoints.cli.{module}"), what)
            command: Any = typer.main.get_command(found if isinstance(found, typer.Typer) else _alone(found))
            command.name = cmd_name
            self.commands[cmd_name] = command
        return self.commands[cmd_name]

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except StileError as error:
            typer.secho(f"stile: {error}", fg="red", err=True)
            ctx.exit(1)
        except (
            BrokenPipeError
        ):  # whoever read the output has read enough (`stile … | head`): typer ends quietly
            raise
        except Exception as error:  # its text may quote a member: kind and place are enough to mend it
            if type(error).__module__.startswith(
                ("typer", "click")
            ):  # how a command ends, or was called wrongly
                raise
            place = place_of(error.__traceback__)
            line = (
                f"stile: this should not have happened: {type(error).__name__} at {place}. Please report it."
            )
            typer.secho(line, fg="red", err=True)
            ctx.exit(1)


def _alone(function: Callable[..., None]) -> typer.Typer:
    alone = typer.Typer(add_completion=False)
    alone.command()(function)
    return alone
