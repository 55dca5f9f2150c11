"""`stile bench`: how long each stage takes on this machine, and the ratios that are promised."""

import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from stile.config import settings
from stile.entrypoints.cli.common import Data, Json, complaints, console, print_json, print_line

MEMBERS = 20_000


def bench(
    data: Data = None,
    json: Json = False,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out the million rows and the start.")] = False,
    members: Annotated[
        bool,
        typer.Option(
            "--import", help="Measure an import of 100,000 members while a lane decides, and nothing else."
        ),
    ] = False,
) -> None:
    """Measure. Ratios hold on a noisy machine; milliseconds are this machine's, now."""
    if members:
        from stile.entrypoints.cli.bench_import import bench_import

        bench_import(settings(data), json, quick)
        return
    # Imported here: measuring needs the packages that see, and no other command should have to wait for it.
    from stile.adapters.gallery.measure import DEFAULT_CASES, measure_search
    from stile.entrypoints.measuring import fill, measure_path, seconds_to_serve

    chosen = settings(data)
    with (
        Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=complaints,
            transient=True,
        ) as progress,
        tempfile.TemporaryDirectory(prefix="stile-bench-") as folder,
    ):
        task = progress.add_task("The frame's path")
        path = measure_path(Path(folder) / "path", chosen)
        cases = DEFAULT_CASES[:2] if quick else DEFAULT_CASES
        search = []
        for rows, dim in cases:
            progress.update(task, description=f"Exact search among {rows:,}")
            search.append(measure_search(rows, dim))
        start: float | None = None
        if not quick:
            progress.update(task, description=f"Writing {MEMBERS:,} enrolled members")
            fill(Path(folder) / "start", MEMBERS)
            progress.update(task, description=f"Starting with {MEMBERS:,} members")
            start = min(seconds_to_serve(Path(folder) / "start") for _ in range(3))
    document: dict[str, Any] = {
        "pack": path.pack,
        "stages_ms": {name: round(ms, 3) for name, ms in path.stages_ms.items()},
        "inference_ms": round(path.inference_ms, 3),
        "decision_ms": round(path.decision_ms, 3),
        "overhead": round(path.overhead, 3),
        "attempt_ms": round(path.attempt_ms, 3),
        "attempt_overhead": round(path.attempt_overhead, 3),
        "lane_ms": round(path.lane_ms, 1),
        "identification_ms": round(path.identification_ms, 3),
        "dlib_ms": None if path.dlib_ms is None else round(path.dlib_ms, 3),
        "times_faster_than_dlib": None
        if path.dlib_ms is None
        else round(path.dlib_ms / path.identification_ms, 1),
        "search": [
            {
                "rows": one.rows,
                "dim": one.dim,
                "kind": one.kind,
                "ms": round(one.ms, 4),
                "floor_ms": round(one.floor_ms, 4),
                "ratio": round(one.ratio, 2),
                "mb": round(one.mb, 1),
            }
            for one in search
        ],
        "start_s_20k": None if start is None else round(start, 2),
    }
    if json:
        print_json(document)
    else:
        _show(document)


def _show(document: dict[str, Any]) -> None:
    print_line(f"Model pack {document['pack']}, one core.\n")
    stages = Table("Stage", "ms", box=None, pad_edge=False)
    stages.columns[1].justify = "right"
    for name, ms in document["stages_ms"].items():
        stages.add_row(name, f"{ms:.2f}")
    stages.add_section()
    stages.add_row("the inferences alone", f"{document['inference_ms']:.2f}")
    stages.add_row("the last frame to its decision, without the record", f"{document['decision_ms']:.2f}")
    stages.add_row("all three frames of an attempt", f"{document['attempt_ms']:.2f}")
    stages.add_row("the same without liveness", f"{document['identification_ms']:.2f}")
    console.print(stages)
    print_line(
        f"\nOverhead: {document['overhead']:.2f} × the inferences (promised: at most 1.25); "
        f"over all frames of an attempt {document['attempt_overhead']:.2f} ×."
    )
    print_line(
        f"At 15 frames a second, from the last needed frame to the open gate: {document['lane_ms']:.0f} ms, "
        "the slowest of five (promised: within 300)."
    )
    if document["times_faster_than_dlib"]:
        print_line(
            f"dlib's detector, landmarks, descriptor and a linear scan on the same frame, without liveness too: "
            f"{document['dlib_ms']:.0f} ms, {document['times_faster_than_dlib']:.1f} × slower (promised: at least 10)."
        )
    print_line("\nExact search for the two best, and the time to read the same memory once:")
    search = Table("Rows", "Dimensions", "Kind", "ms", "Floor ms", "Ratio", "MB", box=None, pad_edge=False)
    for column in (0, 1, 3, 4, 5, 6):
        search.columns[column].justify = "right"
    for one in document["search"]:
        search.add_row(
            f"{one['rows']:,}",
            str(one["dim"]),
            one["kind"],
            f"{one['ms']:.3f}",
            f"{one['floor_ms']:.3f}",
            f"{one['ratio']:.2f}",
            f"{one['mb']:.0f}",
        )
    console.print(search)
    if document["start_s_20k"] is not None:
        print_line(
            f"\nReady to serve with 20,000 members: {document['start_s_20k']:.2f} s (promised: within 3)."
        )
