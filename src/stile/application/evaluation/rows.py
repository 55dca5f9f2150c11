"""Law 7, measured one to many: at each gallery size and target, how many strangers are let in and members are not.
The threshold comes from the half that is not counted; people are counted, not photographs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.application.evaluation.pairs import share
from stile.application.evaluation.people import Half, Plan
from stile.domain.bound import BoundedTail
from stile.domain.calibration import Threshold, required_fmr
from stile.domain.ids import PackId
from stile.domain.intervals import Interval, clopper_pearson

FIXED_FOR = 50
"""The fixed threshold beside the others keeps its rate at this gallery size, and is used at every size."""


@dataclass(frozen=True, slots=True)
class Row:
    """One gallery size at one target, both halves pooled. Thresholds are None where the data cannot say one;
    then nobody is let in by face. `point_…`: the tail as fitted, without the margin for having measured few
    people. `fixed_…`: one threshold for every gallery size; `fixed_factor`: how many times the promised rate its FPIR
    is. `…_ci`: 95 %, exact."""

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
    fixed_false_positives: int
    fixed_fpir: float
    fixed_fpir_ci: Interval
    fixed_fnir: float
    fixed_factor: float
    fixed_factor_ci: Interval

    @property
    def breaks_promise(self) -> bool:
        """Whether the whole interval lies above the target."""
        return self.fpir_ci.lower > self.fpir_target

    @property
    def fixed_breaks_promise(self) -> bool:
        return self.fixed_fpir_ci.lower > self.fpir_target


@dataclass(frozen=True, slots=True)
class Searched:
    """At one gallery size: every stranger's highest score, and every member's own if it is the highest, else −1.
    Numbers only, for drawing FPIR against FNIR (ISO/IEC 19795-1)."""

    gallery: int
    strangers: NDArray[np.float32]
    members: NDArray[np.float32]
    firsts: int

    def counted(self, threshold: float | None) -> "_Counted":
        """Without a threshold nobody is let in by face, and every member is missed."""
        at_or_above = np.inf if threshold is None else threshold
        return _Counted(
            self.strangers.size,
            int((self.strangers >= at_or_above).sum()),
            self.members.size,
            int((self.members < at_or_above).sum()),
            self.firsts,
        )


@dataclass(frozen=True, slots=True)
class _Counted:
    strangers: int
    false_positives: int
    mated: int
    misses: int
    firsts: int


def search(half: Half, size: int, seed: int) -> Searched:
    """One half's strangers and members against a gallery of so many, drawn by the seed. Where the members are too few
    it is filled up with others who are enrolled and have no photograph left to come back with; nobody in the gallery
    is a stranger. Where everybody is a member, those outside this gallery are strangers to it."""
    rng = np.random.default_rng([seed, size])
    order = np.concatenate(
        (rng.permutation(half.columns_of_members), rng.permutation(half.columns_of_others))
    )
    columns = np.sort(order[:size])
    gallery = half.scores[:, columns]
    inside = {half.enrolled[column] for column in columns}
    own, firsts = [], 0
    for place, column in enumerate(columns):
        at = half.enrolled[column]
        row = half.row_of.get(at)
        if row is None or not half.subjects[at].member:
            continue  # no usable photograph is left to come back with
        first = int(gallery[row].argmax()) == place
        firsts += first
        own.append(gallery[row, place] if first else -1.0)
    outside = [row for row, at in enumerate(half.probing) if at not in inside]
    strangers = [row for row in outside if not half.subjects[half.probing[row]].member]
    if not half.strangers:
        strangers = outside
    return Searched(size, gallery[strangers].max(axis=1), np.array(own, np.float32), firsts)


def pooled(searched: Sequence[Searched]) -> Searched:
    return Searched(
        searched[0].gallery,
        np.concatenate([one.strangers for one in searched]),
        np.concatenate([one.members for one in searched]),
        sum(one.firsts for one in searched),
    )


def row_of(
    pack: PackId,
    plan: Plan,
    searched: Sequence[Searched],
    tails: Sequence[BoundedTail],
    fpir: float,
    fixed_for: int,
) -> Row:
    """`searched` and `tails`: of the two halves, in the same order."""
    fmr, fixed_fmr = required_fmr(fpir, searched[0].gallery), required_fmr(fpir, fixed_for)
    found = [other.threshold(fmr) for other in reversed(tails)]
    points = [other.point.threshold_for(fmr) for other in reversed(tails)]
    fixed = [other.threshold(fixed_fmr) for other in reversed(tails)]

    def counted(thresholds: Sequence[Threshold | None]) -> _Counted:
        both = [
            one.counted(threshold.value if threshold else None)
            for one, threshold in zip(searched, thresholds, strict=True)
        ]
        return _Counted(
            sum(one.strangers for one in both),
            sum(one.false_positives for one in both),
            sum(one.mated for one in both),
            sum(one.misses for one in both),
            sum(one.firsts for one in both),
        )

    kept, of_point, of_fixed = counted(found), counted(points), counted(fixed)
    fixed_ci = clopper_pearson(of_fixed.false_positives, of_fixed.strangers)
    return Row(
        pack=pack,
        gallery=searched[0].gallery,
        enrol=plan.enrol,
        probe=plan.probe,
        fpir_target=fpir,
        threshold=_mean(found),
        thresholds=[one.value if one else None for one in found],
        extrapolated=any(one is None or one.extrapolated for one in found),
        strangers=kept.strangers,
        false_positives=kept.false_positives,
        fpir=share(kept.false_positives, kept.strangers),
        fpir_ci=clopper_pearson(kept.false_positives, kept.strangers),
        mated=kept.mated,
        misses=kept.misses,
        fnir=share(kept.misses, kept.mated),
        fnir_ci=clopper_pearson(kept.misses, kept.mated),
        rank1=share(kept.firsts, kept.mated),
        point_threshold=_mean(points),
        point_fpir=share(of_point.false_positives, of_point.strangers),
        point_fnir=share(of_point.misses, of_point.mated),
        fixed_threshold=_mean(fixed),
        fixed_false_positives=of_fixed.false_positives,
        fixed_fpir=share(of_fixed.false_positives, of_fixed.strangers),
        fixed_fpir_ci=fixed_ci,
        fixed_fnir=share(of_fixed.misses, of_fixed.mated),
        fixed_factor=share(of_fixed.false_positives, of_fixed.strangers) / fpir,
        fixed_factor_ci=Interval(fixed_ci.lower / fpir, fixed_ci.upper / fpir),
    )


def _mean(thresholds: Sequence[Threshold | None]) -> float | None:
    values = [one.value for one in thresholds if one]
    return sum(values) / len(values) if len(values) == len(thresholds) else None
