"""`stile bench --import`: how long an import takes, and what the lanes feel of it."""

import tempfile
from dataclasses import asdict
from pathlib import Path

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from stile.config import Settings
from stile.entrypoints.cli.common import complaints, console, print_json, print_line
from stile.entrypoints.measuring_import import Latency, measure_import

ROWS, TEMPLATES = 100_000, 20_000
QUICK = 10
"""Times fewer with --quick."""


def bench_import(chosen: Settings, json: bool, quick: bool) -> None:
    rows, templates = (ROWS // QUICK, TEMPLATES // QUICK) if quick else (ROWS, TEMPLATES)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with (
        Progress(*columns, console=complaints, transient=True) as progress,
        tempfile.TemporaryDirectory(prefix="stile-bench-") as folder,
    ):
        progress.add_task(f"Importing {rows:,} members, {templates:,} of them with templates, beside a lane")
        found = measure_import(Path(folder) / "site", chosen, rows, templates)
    if json:
        print_json(asdict(found) | {"rows_a_second": round(found.rows_a_second)})
        return
    print_line(
        f"{found.rows:,} members in {found.seconds:.1f} s, {found.rows_a_second:,.0f} a second (promised: within 60 s "
        f"for 100,000). The write lock was held {found.transactions:,} times, at most {found.longest_lock_ms:.0f} ms."
    )
    table = Table(
        "Milliseconds to the recorded answer", "Decisions", "p50", "p99", "Worst", box=None, pad_edge=False
    )
    for label, one in (
        ("by card, before", found.card_without),
        ("by card, while it runs", found.card_during),
        ("by face, before", found.face_without),
        ("by face, while it runs", found.face_during),
    ):
        if isinstance(one, Latency):
            table.add_row(label, f"{one.decisions:,}", f"{one.p50:.0f}", f"{one.p99:.0f}", f"{one.worst:.0f}")
    console.print(table)
    print_line("Promised: within 300 ms, while it runs as well.")
