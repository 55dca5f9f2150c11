"""What the commands that open a site, or an authority's office, share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.markup import escape

from stile.config import Settings, settings
from stile.domain.errors import NotConfigured
from stile.domain.register import OrganisationKind
from stile.entrypoints.cli.options import Data, Json, plain, print_json, print_line
from stile.office import NOT_HERE, Office, open_office

if TYPE_CHECKING:
    from stile.bootstrap import Site

__all__ = ["Data", "Json", "cells", "complaints", "console", "office", "print_json", "print_line", "site"]

Opened = TypeVar("Opened", bound=Office)

console = Console()
complaints = Console(stderr=True)


def cells(*words: str) -> tuple[str, ...]:
    """A table's row as it is: names come from members, operators and files, and a bracket in one is no markup."""
    return tuple(escape(plain(one)) for one in words)


@contextmanager
def site(data: Path | None, *, see: bool = False) -> Iterator["Site"]:
    """The operator's site in the data folder, closed afterwards. Raises NotConfigured before `stile init`, and at an
    authority."""
    chosen = _set_up(data)
    if chosen.organisation is OrganisationKind.AUTHORITY:
        raise NotConfigured(NOT_HERE)
    from stile.bootstrap import open_site  # an authority may have nothing installed that sees

    with _closing(open_site(chosen, see=see)) as opened:
        yield opened


@contextmanager
def office(data: Path | None) -> Iterator[Office]:
    """What both kinds have: an operator's whole site, that sees nothing, or an authority's office. Raises as `site`."""
    chosen = _set_up(data)
    if chosen.organisation is OrganisationKind.AUTHORITY:
        with _closing(open_office(chosen)) as opened:
            yield opened
    else:
        with site(data) as opened:
            yield opened


def _set_up(data: Path | None) -> Settings:
    chosen = settings(data)
    if chosen.database is None and not (chosen.data / "stile.db").exists():  # only `init` makes a folder
        raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
    return chosen


@contextmanager
def _closing(opened: Opened) -> Iterator[Opened]:
    try:
        if not opened.setup.is_done:
            raise NotConfigured(f"Nothing is set up in {opened.settings.data}: run `stile init` first.")
        yield opened
    finally:
        opened.close()
