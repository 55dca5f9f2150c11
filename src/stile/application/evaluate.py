"""Law 7: the false-admit rate is a measured figure. Photographs of known people in, measured rates out.

The people are split into two halves that share nobody. The threshold is found on one half and measured on the
other, then the other way round, and both are pooled: no figure comes from people who set its threshold.
People, not photographs, are the unit that is counted (ISO/IEC 19795-1).

Nothing is kept: frames, features and templates of a measurement live in memory only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from stile.domain import fusion, quality, tail
from stile.domain.calibration import Threshold, required_fmr
from stile.domain.errors import WrongValue
from stile.domain.faces import Features, Frame
from stile.domain.ids import PackId
from stile.domain.intervals import FEW_ERRORS, Interval, clopper_pearson, rule_of_3
from stile.domain.quality import DEFAULT_LIMITS, ENROLMENT_LIMITS, Flaw
from stile.ports import Detector, Embedder

GALLERIES = (50, 100)
FPIRS = (0.001, 0.003, 0.01)
FIXED_FOR = 50
"""The fixed threshold beside the others keeps its rate at this gallery size, and is used at every size."""
RATES = (1e-2, 1e-3, 1e-4, 1e-5)
"""False-match rates of the table of one-to-one comparisons."""
GROUPS_AT = 1e-3
"""Groups are compared at the threshold of this false-match rate over everybody."""
RESAMPLES = 200
CONFIDENCE = 0.9
"""One-sided: in so many of 100 draws of other people the threshold would have been no higher."""
SUSPECT_CHANCE = 0.1
"""A score is suspect when fewer than one data set in ten of this size would hold it by chance."""


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one photograph. `features`: None where a lane would not use it. The flaws say why."""

    features: Features | None
    at_lane: Flaw | None
    at_enrolment: Flaw | None


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    looks: Sequence[Look]


@dataclass(frozen=True, slots=True)
class Plan:
    """`enrol`: shots fused into a template. `probe`: frames fused into a probe, at most. `galleries`: sizes;
    None for 50, 100 and the largest possible. `fpirs`: targets."""

    enrol: int = 3
    probe: int = 3
    galleries: Sequence[int] | None = None
    fpirs: Sequence[float] = FPIRS
    seed: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.enrol <= 10 or not 1 <= self.probe <= 10:
            raise WrongValue("an enrolment and a probe are made of 1 to 10 photographs each")
        for size in self.galleries or ():
            if size < 1:
                raise WrongValue(f"a gallery has at least one member, not {size}")
        if not self.fpirs:
            raise WrongValue("at least one target is needed")
        for rate in self.fpirs:
            if not 0 < rate < 0.5:
                raise WrongValue(f"a target lies between 0 and 0.5, not {rate}")


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
class RateRow:
    """One-to-one: at this threshold such a share of the non-mated comparisons matched, and of the mated not."""

    fmr: float
    threshold: float
    mated: int
    non_mated: int
    fnmr: float
    fnmr_ci: Interval


@dataclass(frozen=True, slots=True)
class GroupRow:
    """Members of one group against each other, at the threshold of FMR 1 in 1,000 over everybody."""

    group: str
    people: int
    non_mated: int
    fmr: float | None
    fmr_ci: Interval
    mated: int
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


def look(frame: Frame, detector: Detector, embedder: Embedder) -> Look:
    """One photograph, judged as at the lane and as at an enrolment."""
    faces = detector.detect(frame)
    face = quality.choose(faces, frame, DEFAULT_LIMITS)
    if isinstance(face, Flaw):
        return Look(None, face, face)
    aligned = embedder.align(frame, face)
    if flaw := quality.assess(aligned, DEFAULT_LIMITS):
        return Look(None, flaw, flaw)
    strict = quality.choose(faces, frame, ENROLMENT_LIMITS)
    flaw = strict if isinstance(strict, Flaw) else quality.assess(aligned, ENROLMENT_LIMITS)
    return Look(embedder.embed(aligned), None, flaw)


def look_at(
    people: Iterable[tuple[str, Iterable[Frame]]],
    detector: Detector,
    embedder: Embedder,
    on_person: Callable[[], None] = lambda: None,
) -> list[Person]:
    """Everybody's photographs, read one at a time."""
    seen = []
    for name, frames in people:
        seen.append(Person(name, [look(frame, detector, embedder) for frame in frames]))
        on_person()
    return seen


# --- who is enrolled and who only comes by ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Subject:
    """`came`: brought more than K photographs, as a member would. `template`: None when not enrolled.
    `member`: enrolled, and photographs are left to come back with. `probe`: None when none was usable."""

    name: str
    came: bool
    template: NDArray[np.float32] | None
    member: bool
    probe: NDArray[np.float32] | None
    frames: int
    refused: Sequence[Flaw]


def _subject(person: Person, plan: Plan) -> _Subject:
    """The first K photographs fit to enrol make the template; the next usable ones, up to M, the probe.
    Who is not a member comes as a stranger, with the first M usable ones."""
    fit = [at for at, one in enumerate(person.looks) if one.features and one.at_enrolment is None]
    chosen = fit[: plan.enrol]
    enrolled = len(chosen) == plan.enrol
    came = len(person.looks) > plan.enrol
    member = enrolled and came
    template = fusion.template([_there(person.looks[at]) for at in chosen]).vector if enrolled else None
    rest = [one for at, one in enumerate(person.looks) if not (member and at in chosen)]
    frames = [one.features for one in rest if one.features][: plan.probe]
    offered = person.looks[: chosen[-1] + 1] if enrolled else person.looks
    refused = [one.at_enrolment for one in offered if one.at_enrolment] if came else []
    return _Subject(
        person.name,
        came,
        template,
        member,
        fusion.probe(frames).vector if frames else None,
        len(frames),
        refused,
    )


def _there(one: Look) -> Features:
    assert one.features is not None
    return one.features


class _Half:
    """One half of the people: everybody's probe against every template, and who is who in it."""

    def __init__(self, subjects: Sequence[_Subject]) -> None:
        self.subjects = subjects
        self.probing = [at for at, one in enumerate(subjects) if one.probe is not None]
        self.enrolled = [at for at, one in enumerate(subjects) if one.template is not None]
        if not self.probing or len(self.enrolled) < 2:
            raise WrongValue(
                "to evaluate needs at least two people in each half with photographs enough to enrol"
            )
        probes = np.stack([one.probe for one in subjects if one.probe is not None])
        templates = np.stack([one.template for one in subjects if one.template is not None])
        self.scores: NDArray[np.float32] = probes @ templates.T
        self.own = np.array(self.probing)[:, None] == np.array(self.enrolled)[None, :]
        self.columns_of_members = np.array(
            [column for column, at in enumerate(self.enrolled) if subjects[at].member], np.int64
        )
        self.rows_of_strangers = [row for row, at in enumerate(self.probing) if not subjects[at].member]
        self.row_of = {at: row for row, at in enumerate(self.probing)}

    @property
    def non_mated(self) -> NDArray[np.float32]:
        return self.scores[~self.own]

    @property
    def mated(self) -> NDArray[np.float32]:
        """Members' probes against their own templates; those who gave no usable probe are not among them."""
        members = [self.subjects[at].member for at in self.probing]
        return self.scores[self.own & np.array(members)[:, None]]


# --- the threshold -------------------------------------------------------------------------------------


class _Tails:
    """The tail of one half's non-mated scores, and those of as many resamples of its people."""

    def __init__(self, half: _Half, seed: int, highest: int = tail.HIGHEST) -> None:
        others = ~half.own
        scores = half.scores[others]
        u = tail.begins_at(scores, highest)
        rows, columns = np.nonzero(others & (half.scores > u))
        above = half.scores[rows, columns]
        self.point = tail.fit(above, u, scores.size)
        probing, enrolled = np.array(half.probing), np.array(half.enrolled)
        own_rows, own_columns = np.nonzero(half.own)
        rng = np.random.default_rng(seed)
        self.resampled = []
        people = len(half.subjects)
        for _ in range(RESAMPLES):
            drawn = np.bincount(rng.integers(0, people, people), minlength=people).astype(np.float64)
            of_probe, of_template = drawn[probing], drawn[enrolled]
            total = float(of_probe.sum() * of_template.sum() - of_probe[own_rows] @ of_template[own_columns])
            weights = of_probe[rows] * of_template[columns]
            kept = weights > 0
            try:
                self.resampled.append(tail.fit(above[kept], u, scores.size, weights[kept], total))
            except WrongValue:
                continue  # a draw of hardly anybody: of a small half, now and then
        if len(self.resampled) < RESAMPLES // 2:
            raise WrongValue("too few people to say how far a threshold can be trusted")

    def threshold(self, fmr: float, confidence: float = CONFIDENCE) -> Threshold | None:
        """The upper one-sided bound over the people drawn, never below the fit itself; None beyond the data."""
        point = self.point.threshold_for(fmr)
        if point is None:
            return None
        found = [one.threshold_for(fmr) for one in self.resampled]
        values = sorted(one.value if one else np.inf for one in found)
        value = max(point.value, values[min(len(values) - 1, int(np.ceil(confidence * len(values))) - 1)])
        return Threshold(value, fmr, point.extrapolated) if value <= 1 else None


# --- identification ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Counted:
    strangers: int
    false_positives: int
    mated: int
    misses: int
    firsts: int


def _count(half: _Half, columns: NDArray[np.int64], threshold: float | None) -> _Counted:
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
    subjects = [_subject(person, plan) for person in people]
    order = np.random.default_rng(plan.seed).permutation(len(subjects))
    middle = (len(subjects) + 1) // 2
    halves = [_Half([subjects[at] for at in part]) for part in (order[:middle], order[middle:])]
    tails = [_Tails(half, plan.seed) for half in halves]
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
        _rates(mated, non_mated),
        _groups(halves, non_mated, groups) if groups else None,
        _suspects(subjects, mated, tails) if suspects else (),
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
        if size > largest and plan.galleries:
            limits.append(f"A gallery of {size:,} was asked for; each half has members for {largest:,}.")
    return sorted({min(size, largest) for size in wanted})


def _row(
    pack: PackId,
    plan: Plan,
    halves: Sequence[_Half],
    tails: Sequence[_Tails],
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
        _share(kept.false_positives, kept.strangers),
        clopper_pearson(kept.false_positives, kept.strangers),
        kept.mated,
        kept.misses,
        _share(kept.misses, kept.mated),
        clopper_pearson(kept.misses, kept.mated),
        _share(kept.firsts, kept.mated),
        _mean(points),
        _share(of_point.false_positives, of_point.strangers),
        _share(of_point.misses, of_point.mated),
        _mean(fixed),
        _share(of_fixed.false_positives, of_fixed.strangers),
        clopper_pearson(of_fixed.false_positives, of_fixed.strangers),
        _share(of_fixed.misses, of_fixed.mated),
    )


def _mean(thresholds: Sequence[Threshold | None]) -> float | None:
    values = [one.value for one in thresholds if one]
    return sum(values) / len(values) if len(values) == len(thresholds) else None


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


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


def _frames_told(subjects: Sequence[_Subject], plan: Plan) -> list[str]:
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


# --- one-to-one, groups, suspects ----------------------------------------------------------------------


def _rates(mated: NDArray[np.float32], non_mated: NDArray[np.float32]) -> list[RateRow]:
    """Thresholds of these very comparisons: a description (ISO/IEC 19795-1, 8.3), not a promise."""
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
                _share(misses, mated.size),
                clopper_pearson(misses, mated.size),
            )
        )
    return rows


def _groups(halves: Sequence[_Half], non_mated: NDArray[np.float32], of: Mapping[str, str]) -> Groups:
    falling = np.sort(non_mated)[::-1]
    threshold = float(np.nextafter(falling[int(GROUPS_AT * falling.size)], np.float32(2)))
    rows = [_group_row(halves, threshold, group, of) for group in sorted(set(of.values()))]
    return Groups(
        threshold, rows, _worst_ratio([one.fmr for one in rows]), _worst_ratio([one.fnmr for one in rows])
    )


def _group_row(halves: Sequence[_Half], threshold: float, group: str, of: Mapping[str, str]) -> GroupRow:
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
        fmr,
        _per_comparison(clopper_pearson(matched, probes), compared / probes if probes else 1.0, fmr),
        mated,
        misses / mated if mated else None,
        clopper_pearson(misses, mated),
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


def _suspects(
    subjects: Sequence[_Subject],
    mated: NDArray[np.float32],
    tails: Sequence[_Tails],
) -> list[Suspect]:
    """Pairs over all people, both halves: a score that members' own photographs usually reach, and that hardly
    any data set of this size holds by chance."""
    everybody = _Half(subjects)
    if not mated.size:
        return []
    usual = float(np.quantile(mated, 0.05))
    count = int((~everybody.own).sum())
    rows, columns = np.nonzero(~everybody.own & (everybody.scores >= usual))
    found: dict[frozenset[str], Suspect] = {}
    for row, column in zip(rows, columns, strict=True):
        score = float(everybody.scores[row, column])
        if count * min(one.point.fmr_at(score) for one in tails) >= SUSPECT_CHANCE:
            continue
        pair = Suspect(
            subjects[everybody.probing[row]].name, subjects[everybody.enrolled[column]].name, score
        )
        names = frozenset((pair.probe, pair.template))
        if names not in found or found[names].score < score:
            found[names] = pair
    return sorted(found.values(), key=lambda one: -one.score)
