"""`stile evaluate recognition`: error rates measured on photographs of known people."""

import csv
import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from json import dumps as to_json
from pathlib import Path
from time import monotonic
from typing import Annotated

import numpy as np
import typer

from stile.adapters.vision import packs
from stile.adapters.vision.catalogue import PackEntry, find
from stile.adapters.vision.pictures import PillowReader
from stile.application.evaluation.calibration import calibrate
from stile.application.evaluation.evaluate import evaluate
from stile.application.evaluation.people import FPIRS, Person, Plan, look_at
from stile.application.shots import SAME_PERSON_FMR
from stile.config import settings
from stile.domain.errors import NotFound, WrongValue
from stile.entrypoints.cli.evaluate_calibration import block
from stile.entrypoints.cli.evaluate_document import document_of
from stile.entrypoints.cli.evaluate_tables import show
from stile.entrypoints.cli.options import Data, print_json
from stile.entrypoints.cli.photographs import LeftOut, frames_of, people_bar, people_in
from stile.entrypoints.reports.recognition import Made, report

LARGEST = "largest"


def recognition(
    photographs: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder for each person, with their photographs in it.")
    ],
    pack: Annotated[str | None, typer.Option(help="The pack; by default the one in use.")] = None,
    enrol: Annotated[int, typer.Option(help="Photographs fused into a template.")] = 3,
    probe: Annotated[int, typer.Option(help="Photographs fused into a probe, at most.")] = 3,
    gallery: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N",
            help="Members in the gallery, or “largest”; repeat for more. By default 50, 100 and the largest possible.",
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
    html: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a report to be filed: one page, without names or photographs."
        ),
    ] = None,
    calibration: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="Write the pack's calibration, measured on everybody, for the catalogue; "
            "- prints it and nothing else.",
        ),
    ] = None,
    described: Annotated[
        str | None, typer.Option(help="On whose faces, in words; by default the folder's name.")
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
    sizes = tuple(_size(one) for one in gallery if one != LARGEST) if gallery else None
    plan = Plan(enrol, probe, sizes, tuple(fpir) if fpir else FPIRS, seed, LARGEST in (gallery or ()))
    if json == "-" and calibration == "-":
        raise WrongValue("one of --json and --calibration can be printed, not both")
    for target in (json, html, calibration, scores):
        _writable(target)
    people = people_in(photographs)
    of = _groups(groups, people) if groups else None
    folder = settings(data).models_folder
    entry = find(pack, folder) if pack else packs.best(folder)
    left_out = LeftOut()
    seen = _looked_at(people, entry, folder, plan, left_out)
    described = described or photographs.resolve().name
    if calibration is not None:
        written = block(calibrate(entry.id, seen, plan, described), seen, left_out, plan, photographs)
        if calibration == "-":
            typer.echo(written, nl=False)
            return
        Path(calibration).write_text(written, encoding="utf-8")
    found = evaluate(entry.id, seen, plan, of, suspects)
    seconds = monotonic() - began
    document = document_of(found, left_out, plan, seconds)
    if scores is not None:
        np.savez_compressed(scores, mated=found.mated_scores, non_mated=found.non_mated_scores)
    if html is not None:
        made = Made(
            described, len(left_out.unread), len(left_out.copies), datetime.now(UTC), seconds, _command()
        )
        html.write_text(report(found, plan, entry, folder, made), encoding="utf-8")
    if json == "-":
        print_json(document)
        return
    if json is not None:
        Path(json).write_text(to_json(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    show(found, left_out, plan, seconds, with_suspects=suspects)


def _looked_at(
    people: Mapping[str, list[Path]], entry: PackEntry, folder: Path, plan: Plan, left_out: LeftOut
) -> list[Person]:
    sight = packs.load_sight(entry, folder)
    same_person = entry.calibration.threshold_at(SAME_PERSON_FMR) if entry.calibration else None
    reader = PillowReader()
    seen = []
    with people_bar(len(people)) as step:
        for name, photos in people.items():
            frames = frames_of(reader, photos, left_out)
            seen.append(look_at(name, frames, sight, plan.enrol, same_person.value if same_person else None))
            step()
    return seen


def _size(word: str) -> int:
    if not word.isdecimal():
        raise WrongValue(f"a gallery's size is a number of members or “{LARGEST}”, not {word}")
    return int(word)


def _command() -> str:
    return shlex.join(["stile", *sys.argv[1:]])


def _writable(target: str | Path | None) -> None:
    if target in (None, "-"):
        return
    path = Path(str(target)).absolute()
    if not path.parent.is_dir():
        raise NotFound(f"{path.parent} is not a folder to write {path.name} into.")
    if path.is_dir():
        raise NotFound(f"{path} is a folder, and no file to write into.")


def _groups(file: Path, people: Mapping[str, list[Path]]) -> dict[str, str]:
    """Person → group. A first line “person,group” is a heading. Raises NotFound and WrongValue."""
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = [row for row in csv.reader(opened) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise NotFound(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or 'not a CSV in UTF-8'}."
        ) from None
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
