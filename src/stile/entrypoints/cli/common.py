"""What the commands that open a site share."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from stile.bootstrap import Site, open_site
from stile.config import settings
from stile.domain.errors import NotConfigured
from stile.entrypoints.cli.options import Data, Json, print_json, print_line

__all__ = ["Data", "Json", "complaints", "console", "print_json", "print_line", "site"]

console = Console()
complaints = Console(stderr=True)


@contextmanager
def site(data: Path | None, *, see: bool = False) -> Iterator[Site]:
    """The site in the data folder, closed afterwards. Raises NotConfigured before `stile init`."""
    chosen = settings(data)
    if chosen.database is None and not (chosen.data / "stile.db").exists():  # only `init` makes a folder
        raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
    opened = open_site(chosen, see=see)
    try:
        if not opened.setup.is_done:
            raise NotConfigured(f"Nothing is set up in {chosen.data}: run `stile init` first.")
        yield opened
    finally:
        opened.close()
