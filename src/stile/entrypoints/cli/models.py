"""`stile models`: see which packs there are and what is known of them, fetch and check them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from stile.adapters.vision import fetch, packs
from stile.adapters.vision.catalogue import PackEntry, Part, Published, catalogue, find
from stile.config import Settings, settings
from stile.domain.errors import NotConfigured, NotFound, StileError
from stile.entrypoints.cli.options import Data, Json, print_json, print_line

console = Console()
complaints = Console(stderr=True)

models_app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Model packs: what sees, where it came from, may you use it.",
)


@models_app.command("list")
def list_packs(data: Data = None, json: Json = False) -> None:
    """Show every pack: installed or not, licence, commercial use, training data, what was measured."""
    chosen = settings(data)
    folder = chosen.models_folder
    entries = list(catalogue(folder).values())
    used = _used(chosen)
    if json:
        print_json(
            {"models_folder": str(folder), "packs": [_described(one, folder, used) for one in entries]}
        )
        return
    table = Table(title="Model packs, best first", title_justify="left")
    for heading in ("Pack", "Installed", "Licences", "Commercial use", "Measured"):
        table.add_column(heading, overflow="fold")
    for entry in entries:
        licences = "; ".join(dict.fromkeys(part.licence for part in entry.parts))
        table.add_row(
            f"{entry.id} (in use)" if entry.id == used else entry.id,
            _installed_said(entry, folder),
            licences,
            entry.commercial_use,
            _measured_said(entry),
        )
    console.print(table)
    for part in dict.fromkeys(part for entry in entries for part in entry.parts):
        print_line("")
        _describe(part, [entry.id for entry in entries if part in entry.parts])
    print_line("")
    print_line(f"Models folder: {folder}")


@models_app.command()
def pull(
    name: Annotated[str, typer.Argument(help="The pack, such as mobilefacenet.")],
    mirror: Annotated[
        str | None, typer.Option(help="Folder or address to pull from. [env: STILE_MODELS_MIRROR]")
    ] = None,
    data: Data = None,
) -> None:
    """Fetch a pack from its publishers, or from a mirror. Run it again to continue an interrupted one."""
    chosen = settings(data)
    folder = chosen.models_folder
    entry = find(name, folder)
    with _download_bar() as progress:
        came = fetch.pull(entry, folder, mirror or chosen.models_mirror, progress)
    _say_came(entry, came, folder)


@models_app.command()
def add(
    name: Annotated[str, typer.Argument(help="The pack, such as mobilefacenet.")],
    source: Annotated[Path, typer.Option("--from", help="Folder that holds its files.")],
    data: Data = None,
) -> None:
    """Copy a pack's files from a folder, such as a memory stick, and check them."""
    folder = settings(data).models_folder
    entry = find(name, folder)
    with _download_bar() as progress:
        came = fetch.add(entry, folder, source, progress)
    _say_came(entry, came, folder)


@models_app.command()
def check(
    name: Annotated[str | None, typer.Argument(help="The pack; by default every installed one.")] = None,
    data: Data = None,
    json: Json = False,
) -> None:
    """Read every file's hash and load each pack once. Exit code 1 when something is wrong."""
    folder = settings(data).models_folder
    entries = [find(name, folder)] if name else list(catalogue(folder).values())
    looked = [_checked(entry, folder, asked=name is not None) for entry in entries]
    fine = all(one["ok"] for one in looked)
    if json:
        print_json({"models_folder": str(folder), "packs": looked, "ok": fine})
    else:
        for one in looked:
            for message in one["messages"]:
                (print_line if one["ok"] else _complain)(f"{one['pack']}: {message}")
    if not fine:
        raise typer.Exit(1)


def _used(chosen: Settings) -> str | None:
    try:
        return packs.best(chosen.models_folder, chosen.pack).id
    except (NotConfigured, NotFound):
        return None


def _describe(part: Part, used_by: list[str]) -> None:
    """Licence and provenance of one part, in plain words, as wide as the screen is."""
    console.print(Text(f"{part.title} ({part.role} of {', '.join(used_by)})", style="bold"))
    for name, words in (
        ("From", part.publisher),
        ("Licence", part.licence),
        ("Commercial use", f"{part.commercial_use}. {part.commercial_use_why}"),
        ("Trained on", part.training_data),
    ):
        console.print(Padding(Text(f"{name}: {words}"), (0, 0, 0, 2)))


def _installed_said(entry: PackEntry, folder: Path) -> str:
    if not packs.is_installed(entry, folder):
        return f"no ({_megabytes(entry)}): {packs.how_to_install(entry)}"
    if missing := packs.missing_modules(entry):
        return f"yes, but {' and '.join(missing)} missing: install the `vision` extra"
    return f"yes ({_megabytes(entry)})"


def _megabytes(entry: PackEntry) -> str:
    return f"{sum((file.pulled or file.any_of[0]).bytes for file in entry.files) / 1e6:.0f} MB"


def _measured_said(entry: PackEntry) -> str:
    if entry.calibration is None:
        return "not measured: cannot open face mode yet"
    point = min(entry.calibration.points, key=lambda one: abs(one.fmr - 1e-4))
    missed = "not measured" if point.fnmr is None else f"{point.fnmr:.1%}"
    return f"FNMR {missed} at FMR {_one_in(point.fmr)}, fused frames"


def _one_in(rate: float) -> str:
    return f"1 in {1 / rate:,.0f}"


def _described(entry: PackEntry, folder: Path, used: str | None) -> dict[str, Any]:
    measured = entry.calibration
    return {
        "pack": entry.id,
        "title": entry.title,
        "rank": entry.rank,
        "installed": packs.is_installed(entry, folder),
        "missing_modules": list(packs.missing_modules(entry)),
        "in_use": entry.id == used,
        "commercial_use": entry.commercial_use,
        "parts": [
            {
                "part": part.name,
                "role": part.role,
                "title": part.title,
                "publisher": part.publisher,
                "licence": part.licence,
                "commercial_use": part.commercial_use,
                "commercial_use_why": part.commercial_use_why,
                "training_data": part.training_data,
                "files": [
                    {
                        "any_of": [
                            {"name": one.name, "bytes": one.bytes, "sha256": one.sha256, "url": one.url}
                            for one in needed.any_of
                        ]
                    }
                    for needed in part.files
                ],
            }
            for part in entry.parts
        ],
        "calibration": None
        if measured is None
        else {
            "data": measured.data,
            "comparisons": measured.comparisons,
            "people": measured.people,
            "points": [
                {"threshold": one.threshold, "fmr": one.fmr, "fnmr": one.fnmr} for one in measured.points
            ],
        },
    }


def _checked(entry: PackEntry, folder: Path, *, asked: bool) -> dict[str, Any]:
    """`ok` is False for a bad file, for one that does not load, and for a missing one if it was asked for."""
    files = fetch.check(entry, folder)
    states = {one.state for one in files}
    absent = fetch.FileState.MISSING in states and fetch.FileState.BAD not in states
    loads: bool | None = None
    if absent and not asked:
        ok, messages = True, [f"not installed ({packs.how_to_install(entry)})."]
    elif states == {fetch.FileState.GOOD}:
        try:
            packs.load_sight(entry, folder)
        except StileError as error:
            ok, messages, loads = False, [str(error)], False
        else:
            ok, messages, loads = True, [f"{len(files)} files are as pinned; it loads."], True
            if entry.calibration is None:
                messages.append("it has no calibration, so it cannot open face mode yet.")
    else:
        ok = False
        messages = [one.message for one in files if one.state is not fetch.FileState.GOOD]
    return {
        "pack": entry.id,
        "ok": ok,
        "loads": loads,
        "calibrated": entry.calibration is not None,
        "files": [{"name": one.name, "part": one.part, "state": one.state} for one in files],
        "messages": messages,
    }


def _complain(text: str) -> None:
    typer.secho(text, fg="red", err=True)


def _say_came(entry: PackEntry, came: list[Path], folder: Path) -> None:
    if not came:
        print_line(f"{entry.id}: every file is here already, in {folder}.")
        return
    for path in came:
        print_line(f"{path.name} is here, and is the file that the catalogue pins.")
    print_line(f"{entry.id} is installed in {folder}.")


@contextmanager
def _download_bar() -> Iterator[fetch.Progress]:
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=complaints,
    )
    tasks: dict[str, Any] = {}

    def moved(published: Published, done: int) -> None:
        if published.name not in tasks:
            tasks[published.name] = bar.add_task(published.name, total=published.bytes)
        bar.update(tasks[published.name], completed=done)

    with bar:
        yield moved
