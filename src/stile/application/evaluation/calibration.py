"""Law 7: a pack's thresholds follow from measured rates. Here they are measured: photographs of known people in,
a `Calibration` for the catalogue out, in the configuration that a lane is used in.

Everybody whom an enrolment accepts has a template of exactly K shots. They are compared with two kinds of probes: of
exactly M fused frames, as a lane makes them, and one for each person of as many as there are up to M, as a lane makes
when frames are few. Never templates of fewer: such a one lies further from everybody, and thresholds measured with it
promise too much (with `dlib`, strangers then matched two to three times as often as stated). At each false-match rate
the higher threshold wins; each is the upper bound over the people drawn (stile.domain.bound).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.application.evaluation.people import Person, Plan, Subject, subject_of
from stile.domain import bound, fusion
from stile.domain.bound import BoundedTail
from stile.domain.calibration import Calibration
from stile.domain.errors import WrongValue
from stile.domain.ids import PackId


@dataclass(frozen=True, slots=True)
class Measured:
    """A calibration and what it rests on. `calibration.points[…].fnmr`: of probes of M frames; `fnmr_single`: of one
    frame, at the same thresholds. `probes`: of exactly M frames. `mated…`: how many comparisons the two rest on."""

    calibration: Calibration
    templates: int
    probes: int
    mated: int
    mated_single: int
    fnmr_single: Sequence[float]


def calibrate(pack: PackId, people: Sequence[Person], plan: Plan, data: str) -> Measured:
    """`data`: on whose faces, in words. Raises WrongValue when there is too little to measure a tail."""
    subjects = [subject_of(person, plan) for person in people]
    enrolled = [at for at, one in enumerate(subjects) if one.template is not None]
    if len(enrolled) < 2:
        raise WrongValue(f"to calibrate needs at least two people with {plan.enrol} photographs fit to enrol")
    templates = np.stack([one.template for one in subjects if one.template is not None])
    fused, owners = _fused(subjects, plan.probe)
    mixed = np.stack([one.probe for one in subjects if one.probe is not None])
    coming = [at for at, one in enumerate(subjects) if one.probe is not None]
    try:
        full = bound.of_scores(fused @ templates.T, np.array(owners), np.array(enrolled), plan.seed)
    except WrongValue as error:
        raise WrongValue(
            f"too few people have {plan.probe} usable photographs to be fused into one probe: {error}; "
            "take fewer with --probe, as the lanes then must"
        ) from None
    of_both: list[BoundedTail] = [full]
    if plan.probe > 1:
        of_both.append(bound.of_scores(mixed @ templates.T, np.array(coming), np.array(enrolled), plan.seed))
    mated, single = _mated(subjects, plan.probe)
    points = bound.points_of(of_both, lambda threshold: _below(mated, threshold))
    if len(points) < 2:
        raise WrongValue("too few comparisons to measure two false-match rates; more people are needed")
    return Measured(
        Calibration(pack, data, full.comparisons, len(set(coming) | set(enrolled)), points),
        len(templates),
        len(fused),
        mated.size,
        single.size,
        [_below(single, point.threshold) for point in points],
    )


def _fused(subjects: Sequence[Subject], frames: int) -> tuple[NDArray[np.float32], list[int]]:
    """Probes of exactly so many frames, no photograph in two of them, and whose they are. Members' shots are among
    their last: no person is compared with their own template here."""
    probes, owners = [], []
    for at, one in enumerate(subjects):
        usable = [*one.rest, *one.shots] if one.member else one.rest
        for start in range(0, len(usable) - frames + 1, frames):
            probes.append(fusion.probe(usable[start : start + frames]).vector)
            owners.append(at)
    if not probes:
        raise WrongValue(f"nobody has {frames} usable photographs to be fused into one probe")
    return np.stack(probes), owners


def _mated(subjects: Sequence[Subject], frames: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Members' scores with their own templates: of probes of so many frames, and of single ones."""
    fused, single = [], []
    for one in subjects:
        if not one.member or one.template is None:
            continue
        single += [float(frame.vector @ one.template) for frame in one.rest]
        fused += [
            float(fusion.probe(one.rest[start : start + frames]).vector @ one.template)
            for start in range(0, len(one.rest) - frames + 1, frames)
        ]
    if not fused:
        raise WrongValue(
            f"nobody who is enrolled has {frames} more usable photographs: how many members are missed cannot be said"
        )
    return np.array(fused), np.array(single)


def _below(scores: NDArray[np.float64], threshold: float) -> float:
    return round(float((scores < threshold).mean()), 5)
