"""The report of `stile evaluate recognition`, for a data protection officer to file: figures, pictures, the data
used, what it cannot say, and the version of everything. No photograph and no name of a person is in it."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from stile import __version__
from stile.adapters.documents import Curve, Mark, det
from stile.adapters.vision import packs
from stile.adapters.vision.catalogue import PackEntry
from stile.application.evaluation.evaluate import Evaluation
from stile.application.evaluation.people import Plan
from stile.application.evaluation.rows import FIXED_FOR, Row
from stile.domain.bound import CONFIDENCE, RESAMPLES
from stile.domain.intervals import Interval
from stile.domain.tail import BEYOND, HIGHEST

PROGRAMS = ("onnxruntime", "opencv-python-headless", "dlib-bin", "numpy", "pillow")


@dataclass(frozen=True, slots=True)
class Made:
    """How the measurement came about. `data`: on whose faces, in words. `command`: as it was typed."""

    data: str
    unread: int
    copies: int
    at: datetime
    seconds: float
    command: str


def report(found: Evaluation, plan: Plan, entry: PackEntry, models_folder: Path, made: Made) -> str:
    """The page, as one text."""
    template = _environment().get_template("recognition.html")
    return template.render(
        found=found,
        plan=plan,
        entry=entry,
        made=made,
        images=found.images + made.unread + made.copies,
        sizes=sorted({row.gallery for row in found.results}),
        verdict=_verdict(found.results),
        one_to_one=_one_to_one(found),
        one_to_many=_one_to_many(found),
        files=_files(entry, models_folder),
        programs=_programs(),
        refused=_refused(found),
        fixed_for=min(FIXED_FOR, max(row.gallery for row in found.results)),
        confidence=CONFIDENCE,
        resamples=RESAMPLES,
        highest=HIGHEST,
        beyond=BEYOND,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "rate": _rate,
        "interval": _interval,
        "score": _score,
        "times": _times,
        "promised": _promised,
    }
    return environment


def _rate(value: float, digits: int = 2) -> str:
    return f"{value * 100:.{digits}f} %"


def _promised(value: float) -> str:
    """A rate as somebody would say it: 0.1 %, not 0.10 %."""
    return f"{value * 100:g} %"


def _interval(interval: Interval, digits: int = 2) -> str:
    return f"{interval.lower * 100:.{digits}f} to {interval.upper * 100:.{digits}f} %"


def _score(value: float | None) -> str:
    return "none" if value is None else f"{value:.4f}"


def _times(value: float) -> str:
    return f"{value:.1f}"


# --- the first thing to read -----------------------------------------------------------------------------


def _verdict(rows: Sequence[Row]) -> str:
    measured = [row for row in rows if row.strangers]
    if not measured:
        return "There were no strangers to measure with: whether the promise is kept is not known."
    broken = [row for row in measured if row.breaks_promise]
    if broken:
        return (
            f"The promise was broken in {len(broken)} of {len(measured)} measurements: the whole interval of the "
            "false-positive identification rate lies above what was stated."
        )
    shown = sum(row.fpir_ci.upper <= row.fpir_target for row in measured)
    if not shown:
        return (
            f"In none of {len(measured)} measurements is the promise shown to be broken; these people "
            "are too few to show that it is kept."
        )
    return (
        f"In none of {len(measured)} measurements is the promise shown to be broken. In {shown} of them the whole "
        "interval lies under what was stated, so that it is shown to be kept; in the others these people are too "
        "few to show it."
    )


# --- pictures --------------------------------------------------------------------------------------------


def _one_to_one(found: Evaluation) -> str:
    curve = Curve.of_scores("one to one", found.non_mated_scores, found.mated_scores)
    words = "; ".join(f"at FMR {row.fmr:g} an FNMR of {_rate(row.fnmr)}" for row in found.rates)
    return det(
        "Detection error trade-off, one to one",
        f"False non-match rate against false match rate. {words or 'Too few comparisons for a table'}.",
        ("False match rate (FMR)", "False non-match rate (FNMR)"),
        [curve],
    )


def _one_to_many(found: Evaluation) -> str:
    curves = [
        Curve.of_scores(f"{one.gallery:,} members", one.strangers, one.members) for one in found.searched
    ]
    places = {one.gallery: at for at, one in enumerate(found.searched)}
    marks = [
        Mark(
            places[row.gallery],
            row.fpir,
            row.fnir,
            f"{row.gallery:,} members, {row.fpir_target:g} promised: FPIR {_rate(row.fpir)}, FNIR {_rate(row.fnir)}",
        )
        for row in found.results
        if row.threshold is not None
    ]
    return det(
        "Detection error trade-off, one to many",
        "False negative against false positive identification rate, a curve for each gallery size. "
        + "; ".join(mark.label for mark in marks)
        + ".",
        ("False positive identification rate (FPIR)", "False negative identification rate (FNIR)"),
        curves,
        marks,
    )


# --- what it was made with -------------------------------------------------------------------------------


def _refused(found: Evaluation) -> list[tuple[str, int, int]]:
    """Reason, times at the lane, times at an enrolment."""
    lane = {str(flaw): count for flaw, count in found.refused_at_lane.items()}
    enrolment = {str(flaw): count for flaw, count in found.refused_at_enrolment.items()}
    return [(flaw, lane.get(flaw, 0), enrolment.get(flaw, 0)) for flaw in sorted({*lane, *enrolment})]


def _files(entry: PackEntry, models_folder: Path) -> list[tuple[str, str, str]]:
    """Part, file name, SHA-256 that the catalogue pins: a file with another one is never loaded."""
    found = []
    for part in entry.parts:
        for needed in part.files:
            placed = packs.place(needed, part, models_folder)
            if placed is not None:
                found.append((part.title, placed[0].name, placed[0].sha256))
    return found


def _programs() -> list[tuple[str, str]]:
    found = [("Stile", __version__), ("Python", platform.python_version())]
    for name in PROGRAMS:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue  # dlib is not everywhere, nor is ONNX Runtime; what was not there measured nothing
    return found
