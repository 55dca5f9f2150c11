"""Law 7: the false-admit rate is a measured figure. Photographs of known people in, measured rates out.

The people are split into two halves that share nobody. The threshold is found on one half and measured on the
other, then the other way round, and both are pooled: no figure comes from people who set its threshold.
People, not photographs, are the unit that is counted (ISO/IEC 19795-1).

Nothing is kept: frames, features and templates of a measurement live in memory only.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from stile.application.evaluate_pairs import (
    Groups,
    RateRow,
    Suspect,
    groups_beside,
    one_to_one,
    share,
    suspected,
)
from stile.application.evaluate_people import Half, Person, Plan, Subject, subject_of
from stile.domain import bound
from stile.domain.bound import BoundedTail
from stile.domain.calibration import Threshold, required_fmr
from stile.domain.errors import WrongValue
from stile.domain.ids import PackId
from stile.domain.intervals import FEW_ERRORS, Interval, clopper_pearson, rule_of_3
from stile.domain.quality import Flaw

GALLERIES = (50, 100)
FIXED_FOR = 50
"""The fixed threshold beside the others keeps its rate at this gallery size, and is used at every size."""


@dataclass(frozen=True, slots=True)
class Row:
    """One gallery size at one target, both halves pooled. Thresholds are None where the data cannot say one;
    then nobody is let in by face. `point_…`: the tail as fitted, without the margin for having measured few
    people. `fixed_…`: one threshold for every gallery size. `…_ci`: 95 %, exact."""

    pack: PackId
    gallery: int
    enrol: int
    probe: int
    fpir_target: float
    threshold: float | None
    thresholds: Sequence[float | None]
    extrapolated: bool
    strangers: int
    false_positives: int
    fpir: float
    fpir_ci: Interval
    mated: int
    misses: int
    fnir: float
    fnir_ci: Interval
    rank1: float
    point_threshold: float | None
    point_fpir: float
    point_fnir: float
    fixed_threshold: float | None
    fixed_fpir: float
    fixed_fpir_ci: Interval
    fixed_fnir: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`fte`: share of people with photographs enough whom enrolment refused; `fta`: share of attempts without
    a usable photograph. `limits`: what this measurement cannot say, in sentences."""

    results: Sequence[Row]
    rates: Sequence[RateRow]
    groups: Groups | None
    suspects: Sequence[Suspect]
    fte: float
    fta: float
    people: int
    images: int
    refused_at_enrolment: Mapping[Flaw, int]
    refused_at_lane: Mapping[Flaw, int]
    limits: Sequence[str]
    mated_scores: NDArray[np.float32]
    non_mated_scores: NDArray[np.float32]


# --- identification ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    strangers: int
    false_positives: int
    mated: int
    misses: int
    firsts: int


def _count(half: Half, columns: NDArray[np.int64], threshold: float | None) -> _Counted:
    """Strangers whose best score reaches the threshold; members who are not first, or first below it.
    Without a threshold nobody is let in by face, and every member is missed."""
    at_or_above = np.inf if threshold is None else threshold
    gallery = half.scores[:, columns]
    best = gallery[half.rows_of_strangers].max(axis=1) if half.rows_of_strangers else np.zeros(0)
    mated = misses = firsts = 0
    for place, column in enumerate(columns):
        row = half.row_of.get(half.enrolled[column])
        if row is None:
            continue
        mated += 1
        first = int(gallery[row].argmax()) == place
        firsts += first
        misses += not (first and gallery[row, place] >= at_or_above)
    return _Counted(len(best), int((best >= at_or_above).sum()), mated, misses, firsts)


def _together(counts: Sequence[_Counted]) -> _Counted:
    return _Counted(
        sum(one.strangers for one in counts),
        sum(one.false_positives for one in counts),
        sum(one.mated for one in counts),
        sum(one.misses for one in counts),
        sum(one.firsts for one in counts),
    )


def evaluate(
    pack: PackId,
    people: Sequence[Person],
    plan: Plan,
    groups: Mapping[str, str] | None = None,
    suspects: bool = False,
) -> Evaluation:
    """Measures. `groups`: person's name → group. Raises WrongValue when there are too few people to do it."""
    subjects = [subject_of(person, plan) for person in people]
    order = np.random.default_rng(plan.seed).permutation(len(subjects))
    middle = (len(subjects) + 1) // 2
    halves = [Half([subjects[at] for at in part]) for part in (order[:middle], order[middle:])]
    tails = [
        bound.of_scores(half.scores, np.array(half.probing), np.array(half.enrolled), plan.seed)
        for half in halves
    ]
    limits = [
        "Thresholds were found on one half of the people and measured on the other, then the other way round; "
        "the counts of both are pooled.",
        "An enrolment here does not compare the shots of one person with each other, as the real one does.",
    ]
    largest = min(len(half.columns_of_members) for half in halves)
    if largest < 1:
        raise WrongValue(
            f"nobody in one half has more than {plan.enrol} photographs, {plan.enrol} fit to enrol"
        )
    sizes = _sizes(plan, largest, limits)
    results = [_row(pack, plan, halves, tails, size, fpir, largest) for size in sizes for fpir in plan.fpirs]
    limits += _cautions(results)
    mated = np.concatenate([half.mated for half in halves])
    non_mated = np.concatenate([half.non_mated for half in halves])
    came = [one for one in subjects if one.came]
    failed = sum(one.template is None for one in came)
    without = sum(one.frames == 0 for one in subjects)
    limits += _frames_told(subjects, plan)
    looks = list(chain.from_iterable(person.looks for person in people))
    return Evaluation(
        results,
        one_to_one(mated, non_mated),
        groups_beside(halves, non_mated, groups) if groups else None,
        suspected(subjects, mated, [one.point for one in tails]) if suspects else (),
        failed / len(came) if came else 0.0,
        without / len(subjects),
        len(people),
        len(looks),
        dict(Counter(flaw for one in came for flaw in one.refused)),
        dict(Counter(one.at_lane for one in looks if one.at_lane)),
        limits,
        mated,
        non_mated,
    )


def _sizes(plan: Plan, largest: int, limits: list[str]) -> list[int]:
    wanted = list(plan.galleries) if plan.galleries else [*GALLERIES, largest]
    for size in wanted:
        if size > largest:
            limits.append(
                f"A gallery of {size:,} is more than the {largest:,} members that each half has; "
                f"it was measured with {largest:,}."
            )
    return sorted({min(size, largest) for size in wanted})


def _row(
    pack: PackId,
    plan: Plan,
    halves: Sequence[Half],
    tails: Sequence[BoundedTail],
    size: int,
    fpir: float,
    largest: int,
) -> Row:
    galleries = [
        np.sort(np.random.default_rng([plan.seed, size]).permutation(half.columns_of_members)[:size])
        for half in halves
    ]
    fmr = required_fmr(fpir, size)
    fixed_fmr = required_fmr(fpir, min(FIXED_FOR, largest))
    found = [other.threshold(fmr) for other in reversed(tails)]
    points = [other.point.threshold_for(fmr) for other in reversed(tails)]
    fixed = [other.threshold(fixed_fmr) for other in reversed(tails)]

    def counted(thresholds: Sequence[Threshold | None]) -> _Counted:
        return _together(
            [
                _count(half, columns, threshold.value if threshold else None)
                for half, columns, threshold in zip(halves, galleries, thresholds, strict=True)
            ]
        )

    kept, of_point, of_fixed = counted(found), counted(points), counted(fixed)
    return Row(
        pack,
        size,
        plan.enrol,
        plan.probe,
        fpir,
        _mean(found),
        [one.value if one else None for one in found],
        any(one is None or one.extrapolated for one in found),
        kept.strangers,
        kept.false_positives,
        share(kept.false_positives, kept.strangers),
        clopper_pearson(kept.false_positives, kept.strangers),
        kept.mated,
        kept.misses,
        share(kept.misses, kept.mated),
        clopper_pearson(kept.misses, kept.mated),
        share(kept.firsts, kept.mated),
        _mean(points),
        share(of_point.false_positives, of_point.strangers),
        share(of_point.misses, of_point.mated),
        _mean(fixed),
        share(of_fixed.false_positives, of_fixed.strangers),
        clopper_pearson(of_fixed.false_positives, of_fixed.strangers),
        share(of_fixed.misses, of_fixed.mated),
    )


def _mean(thresholds: Sequence[Threshold | None]) -> float | None:
    values = [one.value for one in thresholds if one]
    return sum(values) / len(values) if len(values) == len(thresholds) else None


def _cautions(rows: Sequence[Row]) -> list[str]:
    """What the data is too small to say, one sentence for each kind."""
    said = []
    counted = {
        "FPIR": [(row, row.false_positives, row.strangers) for row in rows],
        "FNIR": [(row, row.misses, row.mated) for row in rows],
    }
    for rate, counts in counted.items():
        none = [
            f"0 of {of:,} {_where(row)}: up to {rule_of_3(of):.2%}"
            for row, errors, of in counts
            if not errors
        ]
        few = [f"{errors} of {of:,} {_where(row)}" for row, errors, of in counts if 0 < errors < FEW_ERRORS]
        if none:
            said.append(
                f"{rate}, no error seen, so the true rate may be above 0 (rule of 3): {'; '.join(none)}."
            )
        if few:
            said.append(
                f"{rate}, fewer than {FEW_ERRORS} errors, a rough figure (rule of 30): {'; '.join(few)}."
            )
    if without := [_where(row) for row in rows if row.threshold is None]:
        said.append(f"No threshold, as the rate is too far beyond the data: {'; '.join(without)}.")
    if beyond := [_where(row) for row in rows if row.threshold is not None and row.extrapolated]:
        said.append(f"The tail was continued beyond what the comparisons show: {'; '.join(beyond)}.")
    return said


def _where(row: Row) -> str:
    return f"at {row.gallery:,} members and {row.fpir_target:.4g}"


def _frames_told(subjects: Sequence[Subject], plan: Plan) -> list[str]:
    said = []
    for who, chosen in (
        ("members", [one for one in subjects if one.member]),
        ("strangers", [one for one in subjects if not one.member]),
    ):
        fewer = sum(0 < one.frames < plan.probe for one in chosen)
        if fewer:
            said.append(
                f"{fewer:,} of {len(chosen):,} {who} had fewer than {plan.probe} usable photographs left "
                "to probe with; theirs are fused from fewer, and a lane's from all."
            )
    return said
