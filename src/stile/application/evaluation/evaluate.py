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

from stile.application.evaluation import limits as evaluate_limits
from stile.application.evaluation.pairs import (
    Groups,
    RateRow,
    Suspect,
    groups_beside,
    one_to_one,
    share,
    suspected,
)
from stile.application.evaluation.people import Half, Person, Plan, halves_of, subject_of
from stile.application.evaluation.rows import FIXED_FOR, Row, Searched, pooled, row_of, search
from stile.application.shots import ShotFlaw
from stile.domain import bound
from stile.domain.errors import WrongValue
from stile.domain.ids import PackId
from stile.domain.intervals import Interval, clopper_pearson
from stile.domain.quality import Flaw

GALLERIES = (50, 100)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`fte`: share of people with photographs enough whom enrolment refused; `fta`: share of attempts without
    a usable photograph. `searched`: the scores behind the rows, a gallery size each. `limits`: what this measurement
    cannot say, in sentences."""

    results: Sequence[Row]
    rates: Sequence[RateRow]
    groups: Groups | None
    suspects: Sequence[Suspect]
    fte: float
    fte_ci: Interval
    fta: float
    fta_ci: Interval
    people: int
    came: int
    enrolled: int
    images: int
    refused_at_enrolment: Mapping[Flaw | ShotFlaw, int]
    refused_at_lane: Mapping[Flaw, int]
    limits: Sequence[str]
    mated_scores: NDArray[np.float32]
    non_mated_scores: NDArray[np.float32]
    searched: Sequence[Searched]


def evaluate(
    pack: PackId,
    people: Sequence[Person],
    plan: Plan,
    groups: Mapping[str, str] | None = None,
    suspects: bool = False,
) -> Evaluation:
    """Measures. `groups`: person's name → group. Raises WrongValue when there are too few people to do it."""
    subjects = [subject_of(person, plan) for person in people]
    halves = [Half(half) for half in halves_of(subjects, plan.seed)]
    if not all(len(half.columns_of_members) for half in halves):
        raise WrongValue(
            f"fewer than two people have more than {plan.enrol} photographs, {plan.enrol} of them fit to enrol"
        )
    largest = min(half.largest for half in halves)
    tails = [
        bound.of_scores(half.scores, np.array(half.probing), np.array(half.enrolled), plan.seed)
        for half in halves
    ]
    limits = [evaluate_limits.HALVES]
    if not all(half.strangers for half in halves):
        limits.append(evaluate_limits.ALL_MEMBERS)
    rows, searched = [], []
    for size in _sizes(plan, largest, limits):
        of_both = [search(half, size, plan.seed) for half in halves]
        searched.append(pooled(of_both))
        if filled := sum(max(0, size - len(half.columns_of_members)) for half in halves):
            limits.append(evaluate_limits.of_filled(size, filled))
        rows += [row_of(pack, plan, of_both, tails, fpir, min(FIXED_FOR, largest)) for fpir in plan.fpirs]
    mated = np.concatenate([half.mated for half in halves])
    non_mated = np.concatenate([half.non_mated for half in halves])
    rates = one_to_one(mated, non_mated)
    beside = groups_beside(halves, non_mated, groups) if groups else None
    limits += evaluate_limits.of_rows(rows) + evaluate_limits.of_rates(rates)
    if groups and beside:
        limits += evaluate_limits.of_groups(beside, groups, len(people))
    limits += evaluate_limits.of_frames(subjects, plan)
    came = [one for one in subjects if one.came]
    failed = sum(one.template is None for one in came)
    without = sum(one.frames == 0 for one in subjects)
    looks = list(chain.from_iterable(person.looks for person in people))
    return Evaluation(
        results=rows,
        rates=rates,
        groups=beside,
        suspects=suspected(subjects, mated, [one.point for one in tails]) if suspects else (),
        fte=share(failed, len(came)),
        fte_ci=clopper_pearson(failed, len(came)),
        fta=share(without, len(subjects)),
        fta_ci=clopper_pearson(without, len(subjects)),
        people=len(people),
        came=len(came),
        enrolled=sum(one.member for one in subjects),
        images=len(looks),
        refused_at_enrolment=dict(Counter(flaw for one in came for flaw in one.refused)),
        refused_at_lane=dict(Counter(one.at_lane for one in looks if one.at_lane)),
        limits=limits,
        mated_scores=mated,
        non_mated_scores=non_mated,
        searched=searched,
    )


def _sizes(plan: Plan, largest: int, limits: list[str]) -> list[int]:
    wanted = list(GALLERIES if plan.galleries is None else plan.galleries)
    if plan.largest or not wanted or plan.galleries is None:
        wanted.append(largest)
    limits += [evaluate_limits.of_size(size, largest) for size in dict.fromkeys(wanted) if size > largest]
    return sorted({min(size, largest) for size in wanted})
