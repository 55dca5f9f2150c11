"""Law 7, measured one to one: rates at a threshold, groups beside each other (ISO/IEC 19795-1 and -10), and labels
that are probably wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.application.evaluation.people import Half, Subject
from stile.domain.intervals import Interval, clopper_pearson, wilson
from stile.domain.tail import Tail

RATES = (1e-2, 1e-3, 1e-4, 1e-5)
"""False-match rates of the table of one-to-one comparisons."""
GROUPS_AT = 1e-3
"""Groups are compared at the threshold of this false-match rate over everybody."""
SUSPECT_CHANCE = 0.1
"""A score is suspect when fewer than one data set in ten of this size would hold it by chance."""


@dataclass(frozen=True, slots=True)
class RateRow:
    """One-to-one: at this threshold such a share of the non-mated comparisons matched, and of the mated not."""

    fmr: float
    threshold: float
    mated: int
    non_mated: int
    misses: int
    fnmr: float
    fnmr_ci: Interval


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Members of one group against each other, at the threshold of FMR 1 in 1,000 over everybody."""

    group: str
    people: int
    non_mated: int
    matches: int
    fmr: float | None
    fmr_ci: Interval
    mated: int
    misses: int
    fnmr: float | None
    fnmr_ci: Interval


@dataclass(frozen=True, slots=True)
class Groups:
    """`…_ratio`: the worst group's rate over the geometric mean of all; None where a group showed no error."""

    threshold: float
    rows: Sequence[GroupRow]
    fmr_ratio: float | None
    fnmr_ratio: float | None


@dataclass(frozen=True, slots=True)
class Suspect:
    """Two names whose photographs look like one person's."""

    probe: str
    template: str
    score: float


def one_to_one(mated: NDArray[np.float32], non_mated: NDArray[np.float32]) -> list[RateRow]:
    """Thresholds of these very comparisons: a description (ISO/IEC 19795-1), not a promise."""
    falling = np.sort(non_mated)[::-1]
    rows = []
    for rate in RATES:
        allowed = int(rate * falling.size)
        if allowed < 3:
            break
        threshold = float(np.nextafter(falling[allowed], np.float32(2)))
        misses = int((mated < threshold).sum())
        rows.append(
            RateRow(
                rate,
                threshold,
                mated.size,
                falling.size,
                misses,
                share(misses, mated.size),
                clopper_pearson(misses, mated.size),
            )
        )
    return rows


def groups_beside(halves: Sequence[Half], non_mated: NDArray[np.float32], of: Mapping[str, str]) -> Groups:
    falling = np.sort(non_mated)[::-1]
    threshold = float(np.nextafter(falling[int(GROUPS_AT * falling.size)], np.float32(2)))
    rows = [_group_row(halves, threshold, group, of) for group in sorted(set(of.values()))]
    return Groups(
        threshold, rows, _worst_ratio([one.fmr for one in rows]), _worst_ratio([one.fnmr for one in rows])
    )


def _group_row(halves: Sequence[Half], threshold: float, group: str, of: Mapping[str, str]) -> GroupRow:
    """Non-mated comparisons within the group, where look-alikes are. The interval counts people: the share of
    probes that matched anybody, carried over to one comparison as FPIR is to FMR."""
    people = matched = probes = matches = compared = mated = misses = 0
    for half in halves:
        inside = [of.get(one.name) == group for one in half.subjects]
        people += sum(inside)
        rows = np.array([inside[at] for at in half.probing])
        columns = np.array([inside[at] for at in half.enrolled])
        others = rows[:, None] & columns[None, :] & ~half.own
        hits = others & (half.scores >= threshold)
        compared += int(others.sum())
        matches += int(hits.sum())
        probes += int(others.any(axis=1).sum())
        matched += int(hits.any(axis=1).sum())
        members = np.array([half.subjects[at].member for at in half.probing]) & rows
        own = half.scores[half.own & members[:, None]]
        mated += own.size
        misses += int((own < threshold).sum())
    fmr = matches / compared if compared else None
    return GroupRow(
        group,
        people,
        compared,
        matches,
        fmr,
        _per_comparison(wilson(matched, probes), compared / probes if probes else 1.0, fmr),
        mated,
        misses,
        misses / mated if mated else None,
        wilson(misses, mated),
    )


def _per_comparison(of_people: Interval, templates: float, fmr: float | None) -> Interval:
    def each(share: float) -> float:
        return float(-np.expm1(np.log1p(-share) / templates)) if share < 1 else 1.0

    lower, upper = each(of_people.lower), each(of_people.upper)
    return Interval(lower, upper) if fmr is None else Interval(min(lower, fmr), max(upper, fmr))


def _worst_ratio(rates: Sequence[float | None]) -> float | None:
    """Worst over geometric mean (NIST IR 8429); without meaning where a group shows no error at all."""
    known = [one for one in rates if one is not None]
    if not known or min(known) <= 0:
        return None
    return max(known) / float(np.exp(np.mean(np.log(known))))


def suspected(
    subjects: Sequence[Subject],
    mated: NDArray[np.float32],
    tails: Sequence[Tail],
) -> list[Suspect]:
    """Pairs over all people, both halves: a score that most members reach with their own photographs, and that
    hardly any data set of this size holds by chance."""
    everybody = Half(subjects)
    if not mated.size:
        return []
    usual = float(np.quantile(mated, 0.25))
    count = int((~everybody.own).sum())
    rows, columns = np.nonzero(~everybody.own & (everybody.scores >= usual))
    found: dict[frozenset[str], Suspect] = {}
    for row, column in zip(rows, columns, strict=True):
        score = float(everybody.scores[row, column])
        if count * max(one.fmr_at(score) for one in tails) >= SUSPECT_CHANCE:
            continue
        pair = Suspect(
            subjects[everybody.probing[row]].name, subjects[everybody.enrolled[column]].name, score
        )
        names = frozenset((pair.probe, pair.template))
        if names not in found or found[names].score < score:
            found[names] = pair
    return sorted(found.values(), key=lambda one: -one.score)


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
