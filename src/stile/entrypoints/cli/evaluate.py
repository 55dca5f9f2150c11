"""`stile evaluate`: how often the wrong person is let in and the right one is not, measured on photographs."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import fields
from json import dumps as to_json
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stile.adapters.vision import packs
from stile.adapters.vision.catalogue import find
from stile.adapters.vision.pictures import PillowReader
from stile.application.evaluate import Evaluation, Row, evaluate
from stile.application.evaluate_people import FPIRS, Plan, look_at
from stile.config import settings
from stile.domain.bound import CONFIDENCE
from stile.domain.errors import NotFound, WrongValue
from stile.domain.intervals import Interval
from stile.entrypoints.cli.options import Data, print_json, print_line
from stile.entrypoints.cli.photographs import frames_of, people_bar, people_in

console = Console()
complaints = Console(stderr=True)

evaluate_app = typer.Typer(no_args_is_help=True, help="Measure the error rates, with their intervals.")


@evaluate_app.callback()
def of_evaluate() -> None:
    """Measure the error rates, with their intervals."""


@evaluate_app.command()
def recognition(
    photographs: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder for each person, with their photographs in it.")
    ],
    pack: Annotated[str | None, typer.Option(help="The pack; by default the one in use.")] = None,
    enrol: Annotated[int, typer.Option(help="Photographs fused into a template.")] = 3,
    probe: Annotated[int, typer.Option(help="Photographs fused into a probe, at most.")] = 3,
    gallery: Annotated[
        list[int] | None,
        typer.Option(
            help="Members in the gallery; repeat for more. By default 50, 100 and as many as there are."
        ),
    ] = None,
    fpir: Annotated[
        list[float] | None,
        typer.Option(
            help="False-positive identification rate to keep; repeat for more. By default 0.001, 0.003 and 0.01."
        ),
    ] = None,
    groups: Annotated[
        Path | None, typer.Option(help="CSV of person,group: rates of each group beside each other.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Decides who is in which half and which gallery.")] = 0,
    json: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write one JSON document; - prints it and nothing else."),
    ] = None,
    scores: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.npz",
            help="Write the mated and non-mated scores: numbers from -1 to 1, without names or features.",
        ),
    ] = None,
    suspects: Annotated[
        bool, typer.Option("--suspects", help="List pairs of names that are probably one person.")
    ] = False,
    data: Data = None,
) -> None:
    """Measure FPIR and FNIR on photographs of known people. Nothing of the photographs is kept.

    The threshold is found on one half of the people and measured on the other, both ways, and pooled.
    """
    began = monotonic()
    plan = Plan(enrol, probe, tuple(gallery) if gallery else None, tuple(fpir) if fpir else FPIRS, seed)
    for target in (Path(json) if json not in (None, "-") else None, scores):
        if target is not None and not target.absolute().parent.is_dir():
            raise NotFound(f"{target.absolute().parent} is not a folder to write {target.name} into.")
    people = people_in(photographs)
    of = _groups(groups, people) if groups else None
    folder = settings(data).models_folder
    entry = find(pack, folder) if pack else packs.best(folder)
    sight = packs.load_sight(entry, folder)
    reader = PillowReader()
    unread: list[Path] = []
    with people_bar(len(people)) as step:
        seen = look_at(
            ((name, frames_of(reader, photos, unread)) for name, photos in people.items()),
            sight.detector,
            sight.embedder,
            on_person=step,
        )
    found = evaluate(entry.id, seen, plan, of, suspects)
    document = _document(found, len(unread), plan, monotonic() - began)
    if scores is not None:
        np.savez_compressed(scores, mated=found.mated_scores, non_mated=found.non_mated_scores)
    if json == "-":
        print_json(document)
        return
    if json is not None:
        Path(json).write_text(to_json(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    _show(found, len(unread), plan, document["seconds"], with_suspects=suspects)


def _groups(file: Path, people: Mapping[str, list[Path]]) -> dict[str, str]:
    """Person → group. A first line “person,group” is a heading. Raises NotFound and WrongValue."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = [row for row in csv.reader(opened) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(f"{file} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}.") from None
    groups: dict[str, str] = {}
    for at, row in enumerate(rows):
        cells = [cell.strip() for cell in row]
        if len(cells) != 2 or not all(cells):
            raise WrongValue(f"{file}: row {at + 1} is not a person and a group")
        if at == 0 and [cell.lower() for cell in cells] == ["person", "group"]:
            continue
        groups[cells[0]] = cells[1]
    known = {person: group for person, group in groups.items() if person in people}
    if not known:
        raise WrongValue(f"{file} names none of the people in the folder")
    return known


# --- one document --------------------------------------------------------------------------------------


def _document(found: Evaluation, unread: int, plan: Plan, seconds: float) -> dict[str, Any]:
    return {
        "results": [_plain(row) for row in found.results],
        "fte": found.fte,
        "fta": found.fta,
        "people": found.people,
        "images": found.images + unread,
        "unreadable": unread,
        "refused_at_enrolment": {
            str(flaw): count for flaw, count in sorted(found.refused_at_enrolment.items())
        },
        "refused_at_lane": {str(flaw): count for flaw, count in sorted(found.refused_at_lane.items())},
        "rates": [_plain(row) for row in found.rates],
        "groups": None
        if found.groups is None
        else {
            "threshold": found.groups.threshold,
            "rows": [_plain(row) for row in found.groups.rows],
            "fmr_worst_over_geometric_mean": found.groups.fmr_ratio,
            "fnmr_worst_over_geometric_mean": found.groups.fnmr_ratio,
        },
        "suspects": [_plain(pair) for pair in found.suspects],
        "limits": list(found.limits),
        "seed": plan.seed,
        "seconds": round(seconds, 1),
    }


def _plain(row: Any) -> dict[str, Any]:
    return {field.name: _value(getattr(row, field.name)) for field in fields(row)}


def _value(value: Any) -> Any:
    if isinstance(value, Interval):
        return [value.lower, value.upper]
    return list(value) if isinstance(value, list | tuple) else value


# --- tables --------------------------------------------------------------------------------------------


def _show(found: Evaluation, unread: int, plan: Plan, seconds: float, *, with_suspects: bool) -> None:
    pack = found.results[0].pack
    print_line(
        f"{pack} on {found.people:,} people and {found.images + unread:,} photographs "
        f"({unread:,} unreadable), in {seconds:.0f} s"
    )
    print_line(
        f"Templates of {plan.enrol}, probes of up to {plan.probe}; FTE {found.fte:.1%}, FTA {found.fta:.1%}"
    )
    print_line("")
    _show_identification(found.results)
    if found.rates:
        _show_rates(found)
    if found.groups is not None:
        _show_groups(found)
    if with_suspects:
        _show_suspects(found)
    print_line("What this measurement cannot say, and how it was made:")
    for sentence in found.limits:
        console.print(Text(f"• {sentence}"))


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title, title_justify="left")
    for heading in headings:
        table.add_column(heading, justify="right", overflow="fold")
    return table


def _show_identification(rows: Sequence[Row]) -> None:
    table = _table(
        "Identification: strangers let in (FPIR) and members not (FNIR), 95 % intervals over people",
        "Members",
        "Target",
        "Threshold",
        "FPIR",
        "Strangers",
        "FNIR",
        "Members missed",
        "Rank 1",
    )
    beside = _table(
        "Beside it: the same without the margin, and with one fixed threshold for every size",
        "Members",
        "Target",
        "No margin: FPIR",
        "FNIR",
        "Fixed: threshold",
        "FPIR",
        "FNIR",
    )
    for row in rows:
        size, target = f"{row.gallery:,}", f"{row.fpir_target:.2%}"
        table.add_row(
            size,
            target,
            _score(row.threshold) + ("*" if row.extrapolated else ""),
            _rate(row.fpir, row.fpir_ci),
            f"{row.false_positives:,} of {row.strangers:,}",
            _rate(row.fnir, row.fnir_ci),
            f"{row.misses:,} of {row.mated:,}",
            f"{row.rank1:.1%}",
        )
        beside.add_row(
            size,
            target,
            f"{row.point_fpir:.2%}",
            f"{row.point_fnir:.2%}",
            _score(row.fixed_threshold),
            _rate(row.fixed_fpir, row.fixed_fpir_ci),
            f"{row.fixed_fnir:.2%}",
        )
    console.print(table)
    if any(row.extrapolated for row in rows):
        print_line("* beyond what the comparisons show: the tail was continued")
    console.print(beside)
    print_line(
        f"The margin: in {CONFIDENCE:.0%} of draws of other people the threshold would have been no higher."
    )
    print_line("")


def _show_rates(found: Evaluation) -> None:
    table = _table("One-to-one (ISO/IEC 19795-1)", "FMR", "Threshold", "FNMR", "Mated", "Non-mated")
    for row in found.rates:
        table.add_row(
            f"{row.fmr:g}",
            _score(row.threshold),
            _rate(row.fnmr, row.fnmr_ci),
            f"{row.mated:,}",
            f"{row.non_mated:,}",
        )
    console.print(table)


def _show_groups(found: Evaluation) -> None:
    assert found.groups is not None
    table = _table(
        f"Groups at the threshold {found.groups.threshold:.4f}",
        "Group",
        "People",
        "FMR",
        "FNMR",
        "Mated",
        "Non-mated",
    )
    for row in found.groups.rows:
        table.add_row(
            row.group,
            f"{row.people:,}",
            "–" if row.fmr is None else _rate(row.fmr, row.fmr_ci, 4),
            "–" if row.fnmr is None else _rate(row.fnmr, row.fnmr_ci),
            f"{row.mated:,}",
            f"{row.non_mated:,}",
        )
    console.print(table)
    for rate, ratio in (("FMR", found.groups.fmr_ratio), ("FNMR", found.groups.fnmr_ratio)):
        said = f"{ratio:.2f}" if ratio is not None else "no figure, as a group showed no error"
        print_line(f"{rate}, worst group over geometric mean: {said}")
    print_line("")


def _show_suspects(found: Evaluation) -> None:
    if not found.suspects:
        print_line("No two names score so high together that their labels are probably wrong.")
        return
    table = _table("Probably one person under two names", "Probe", "Template", "Score")
    for pair in found.suspects:
        table.add_row(pair.probe, pair.template, _score(pair.score))
    console.print(table)


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"


def _rate(rate: float, interval: Interval, digits: int = 2) -> str:
    return f"{rate:.{digits}%} ({interval.lower:.{digits}%}–{interval.upper:.{digits}%})"
