"""`stile evaluate liveness`: attacks taken for people and people for attacks, on films made from photographs or, with
`--live`, by people at a lane's own camera."""

from collections.abc import Callable, Iterator
from functools import partial
from json import dumps as to_json
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import numpy as np
import typer

from stile.adapters.vision import packs
from stile.adapters.vision.catalogue import find
from stile.adapters.vision.pictures import PillowReader
from stile.application.evaluation.liveness import Trial
from stile.application.evaluation.liveness_kit import EACH
from stile.config import settings
from stile.domain.errors import BadPicture, NotFound, WrongValue
from stile.domain.faces import Frame
from stile.domain.liveness import LivenessMode
from stile.domain.presentation_attacks import NOT_THE_STANDARD, Response, response_of
from stile.entrypoints.cli.common import Data, print_json, print_line
from stile.entrypoints.cli.liveness_document import kinds_of, rates_of, show
from stile.entrypoints.cli.liveness_live import present_at
from stile.entrypoints.cli.photographs import PHOTOS, LeftOut, frames_of, people_bar, people_in
from stile.entrypoints.measuring_liveness import Bench, bench, subjects_of
from stile.testing.presentations import Kind, Picture

SAMPLES = {"bona_fide": Kind.BONA_FIDE.value, "attack": "attack"}


def liveness(
    photographs: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]",
            help="A folder for each person, with their photographs in it; or pictures of real presentations, named "
            "bona_fide_… and attack_….",
            show_default=False,
        ),
    ] = None,
    pack: Annotated[str | None, typer.Option(help="The pack; by default the one in use.")] = None,
    people: Annotated[int, typer.Option(min=1, help="How many people, at most.")] = 40,
    seed: Annotated[
        int, typer.Option(min=0, help="Decides who they are, every film, and what is asked.")
    ] = 0,
    mode: Annotated[LivenessMode, typer.Option(help="What the lane asks for.")] = LivenessMode.PASSIVE_ACTIVE,
    kind: Annotated[
        list[Kind] | None, typer.Option(help="Only this kind of presentation; repeat for more.")
    ] = None,
    json: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Write one JSON document; - prints it and nothing else."),
    ] = None,
    live: Annotated[
        str | None,
        typer.Option(
            metavar="LANE",
            help="Count what people present at this lane's kiosk, kind after kind; --json FILE is gone on with.",
        ),
    ] = None,
    each: Annotated[int, typer.Option(min=1, help="With --live: presentations of each kind.")] = EACH,
    data: Data = None,
) -> None:
    """Measure APCER and BPCER: a regression test, not ISO/IEC 30107-3. Nothing of the photographs is kept.

    Every presentation goes through a lane's own code, with what it asks for. The films are made from the photographs:
    heads that turn, prints, cut-outs and masks that turn as planes, screens, and injected films.
    """
    if json not in (None, "-") and not Path(str(json)).absolute().parent.is_dir():
        raise NotFound(f"{Path(str(json)).absolute().parent} is not a folder to write into.")
    if live is not None:
        if json in (None, "-") or photographs is not None:
            raise WrongValue("--live needs --json FILE to count in, and no folder")
        present_at(live, Path(str(json)), each, tuple(kind or ()), data)
        return
    if photographs is None:
        raise WrongValue("name a folder of photographs, or a lane with --live")
    if mode is LivenessMode.OFF:
        raise WrongValue(
            "a lane with liveness off takes everything for live; choose passive or passive+active"
        )
    document = _measured(photographs, pack, people, seed, mode, tuple(kind or Kind), data, quiet=json == "-")
    if json == "-":
        print_json(document)
    elif json is not None:
        Path(json).write_text(to_json(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _measured(
    folder: Path,
    pack: str | None,
    most: int,
    seed: int,
    mode: LivenessMode,
    kinds: tuple[Kind, ...],
    data: Path | None,
    *,
    quiet: bool,
) -> dict[str, Any]:
    began = monotonic()
    say: Callable[[str], None] = (lambda _: None) if quiet else print_line
    say(NOT_THE_STANDARD)
    chosen = settings(data)
    entry = find(pack, chosen.models_folder) if pack else packs.best(chosen.models_folder)
    pool = packs.Pool(entry, chosen.models_folder, 1)
    reader, left_out = PillowReader(), LeftOut()
    real = _samples_in(folder)
    everybody = people_in(folder) if not real or any(one.is_dir() for one in folder.iterdir()) else {}
    order = np.random.default_rng(seed).permutation(sorted(everybody))
    films = {str(name): partial(frames_of, reader, everybody[str(name)], left_out) for name in order}
    document: dict[str, Any] = {
        "note": NOT_THE_STANDARD,
        "pack": entry.id,
        "mode": mode.value,
        "seed": seed,
    }
    with bench(pool, mode, chosen) as here:
        subjects, passed_over = subjects_of(here, films, most, seed, lambda: None)
        trials: list[Trial] = []
        if films:
            with people_bar(len(subjects) * len(kinds)) as step:
                trials = here.presenting(seed).all_of(subjects, kinds, lambda _: step())
        document |= {"people": len(subjects), "passed_over": passed_over, "unreadable": len(left_out.unread)}
        tallies = kinds_of(trials, kinds) if films else []
        document |= rates_of(tallies, trials)
        document["samples"] = _judged(here, real, reader, seed, enrolled=bool(subjects))
    document["seconds"] = round(monotonic() - began, 1)
    say(
        f"{entry.id}, {mode}: {len(subjects):,} people, {passed_over:,} passed over (no photograph looks ahead, or "
        f"refused at enrolment), in {document['seconds']:.0f} s"
    )
    if films and not quiet:
        show(tallies)
    for one in document["samples"]:
        say(f"{one['picture']}: {one['outcome']}")
    return document


def _samples_in(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise NotFound(f"{folder} is not a folder.")
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in PHOTOS and path.name.startswith(tuple(SAMPLES)) and path.is_file()
    )


def _judged(
    here: Bench, pictures: list[Path], reader: PillowReader, seed: int, *, enrolled: bool
) -> list[dict[str, Any]]:
    """What passive liveness makes of pictures that a camera took of real presentations."""
    frames = [(path, frame) for path in pictures for frame in _read(path, reader)]
    if not frames:
        return []
    if not enrolled:  # a lane opens for faces only where somebody is enrolled
        person = here.portrait(frame for path, frame in frames if path.name.startswith("bona_fide"))
        if person is None or here.enrol(1, person, [seed, 1]) is None:
            raise WrongValue(
                "nobody could be enrolled from these pictures: add a folder of photographs of somebody"
            )
    looking = here.passive().presenting(seed)
    judged = []
    for path, frame in frames:
        kind = next(kind for start, kind in SAMPLES.items() if path.name.startswith(start))
        trial = looking.sample(kind, path.name, Picture(frame.pixels, seed))
        judged.append(
            {"picture": path.name, "kind": kind, "outcome": _outcome(trial), "telltale": trial.telltale}
        )
    return judged


def _read(path: Path, reader: PillowReader) -> Iterator[Frame]:
    try:
        yield reader.read(path.read_bytes())
    except (BadPicture, OSError):
        print_line(f"{path.name} cannot be read.")


def _outcome(trial: Trial) -> str:
    if trial.asked:
        return "asked to turn the head"
    response = response_of(trial.reason)
    if response in (Response.LIVE, Response.ADMITTED):
        return "taken for live"
    return "taken for an attack" if response is Response.ATTACK else f"no response: {trial.reason}"
