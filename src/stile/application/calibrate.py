"""Law 7: thresholds follow from measured rates. Here they are measured: photographs of known people in,
a `Calibration` out.

Every person with three usable photographs or more is enrolled: three are fused into a template, as at an
enrolment. Never fewer: a template of one photograph lies further from everybody, so that thresholds measured
with such ones promise too much (with `dlib`, strangers then matched two to three times as often as stated).
The others, and everybody's photographs against everybody else's templates, are compared
as probes of one frame and of three fused frames. At each false-match rate the threshold is the higher of
what the two kinds of probe need, each at the upper end of its 95 % confidence interval.

Nothing is kept: the frames, the features and the templates of this measurement live in memory only.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stile.domain import fusion, quality
from stile.domain.calibration import Calibration, OperatingPoint
from stile.domain.errors import WrongValue
from stile.domain.faces import Features, Frame
from stile.domain.ids import PackId
from stile.domain.quality import Flaw, QualityLimits
from stile.ports import Detector, Embedder

ENROLMENT_SHOTS = 3
PROBE_FRAMES = 3
RATES = (1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6, 3e-7, 1e-7)
APART = 3.0
"""The last rate lies at least so many times below the one before: thresholds for rarer rates still continue
the slope between them (stile.domain.calibration), and two points close together have a slope of noise."""

LEAST_MATCHES = 10
"""A rate that fewer false matches showed is not called measured. The rarest one that is ends the curve."""

BINS = 40_000
"""Scores are counted in bins of 0.00005 and thresholds lie on their upper edges: rounding makes them safer."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A calibration and what it rests on, in numbers. `fnmr_fused`: at the same thresholds, of probes of
    three frames; None where nobody had photographs enough. `refused`: why photographs were not used."""

    calibration: Calibration
    people: int
    photographs: int
    used: int
    refused: Mapping[Flaw, int]
    templates: int
    mated: int
    mated_fused: int
    non_mated: int
    fnmr_fused: Sequence[float | None]


class Scores:
    """How many comparisons scored how much, without holding each."""

    def __init__(self) -> None:
        self._counts: NDArray[np.int64] = np.zeros(BINS, np.int64)

    def add(self, scores: NDArray[np.floating]) -> None:
        """Cosines, -1 to 1, of any shape."""
        self._counts += np.bincount(_bins(scores.ravel()), minlength=BINS)

    def __len__(self) -> int:
        return int(self._counts.sum())

    def at_least(self, threshold: float) -> int:
        """How many scores lie at or above a threshold, a bin's edge; never too few."""
        return int(self._counts[int(_bins(np.array([threshold]))[0]) :].sum())

    @property
    def rarest(self) -> float:
        """The lowest rate that these comparisons can show, rounded up to two digits."""
        if not len(self):
            return 1.0
        rate = float(upper_bound(np.array([LEAST_MATCHES]))[0]) / len(self)
        digit = 10.0 ** (np.floor(np.log10(rate)) - 1)
        return float(f"{np.ceil(rate / digit) * digit:.1e}")

    def threshold_for(self, rate: float) -> float | None:
        """The lowest bin edge at which the upper confidence bound of the rate is kept; None when fewer than
        LEAST_MATCHES would show it."""
        total = len(self)
        if not total:
            return None
        above = np.cumsum(self._counts[::-1])[::-1]
        kept = upper_bound(above) / total <= rate
        first = int(np.argmax(kept))
        if not kept[first] or above[first] < LEAST_MATCHES:
            return None
        return first / (BINS / 2) - 1.0


def _bins(cosines: NDArray[np.floating]) -> NDArray[np.int64]:
    """Scores and thresholds go through the same rounding, so that none at a threshold falls below it."""
    return np.clip(((cosines.astype(np.float64) + 1.0) * (BINS / 2) + 1e-6).astype(np.int64), 0, BINS - 1)


def upper_bound(count: NDArray[np.int64]) -> NDArray[np.float64]:
    """Upper end of the two-sided 95 % interval of a Poisson count (Byar's approximation, Breslow and Day,
    Statistical Methods in Cancer Research II, 1987, p. 69; within 1 % from a count of 3 on)."""
    more = count.astype(np.float64) + 1.0
    cubed: NDArray[np.float64] = more * (1.0 - 1.0 / (9.0 * more) + 1.96 / (3.0 * np.sqrt(more))) ** 3
    return cubed


def features_of(
    frames: Iterable[Frame],
    detector: Detector,
    embedder: Embedder,
    limits: QualityLimits,
    refused: Counter[Flaw],
) -> list[Features]:
    """The usable frames' features. What a lane would not use is not used here; why is counted."""
    features = []
    for frame in frames:
        face = quality.choose(detector.detect(frame), frame, limits)
        if isinstance(face, Flaw):
            refused[face] += 1
            continue
        aligned = embedder.align(frame, face)
        if flaw := quality.assess(aligned, limits):
            refused[flaw] += 1
            continue
        features.append(embedder.embed(aligned))
    return features


def calibrate(
    pack: PackId,
    people: Iterable[Iterable[Frame]],
    detector: Detector,
    embedder: Embedder,
    data: str,
    limits: QualityLimits = quality.DEFAULT_LIMITS,
    on_person: Callable[[], None] = lambda: None,
) -> Measured:
    """`people`: for each person their photographs, read one at a time. `data`: on whose faces, in words.

    `on_person` is called after each. Raises WrongValue when there is too little to measure two rates.
    """
    refused: Counter[Flaw] = Counter()
    gathered = []
    for frames in people:
        gathered.append(features_of(frames, detector, embedder, limits, refused))
        on_person()
    usable = [features for features in gathered if features]
    return _measured(pack, usable, data, len(gathered), refused)


def _measured(
    pack: PackId, people: Sequence[Sequence[Features]], data: str, all_people: int, refused: Counter[Flaw]
) -> Measured:
    enrolled = [at for at, features in enumerate(people) if len(features) >= ENROLMENT_SHOTS]
    if len(enrolled) < 2:
        raise WrongValue(
            f"to calibrate needs at least two people with {ENROLMENT_SHOTS} usable photographs each"
        )
    templates = np.stack([fusion.template(people[at][:ENROLMENT_SHOTS]).vector for at in enrolled])
    row_of = {at: row for row, at in enumerate(enrolled)}
    single, fused, mated, mated_fused = Scores(), Scores(), Scores(), Scores()
    for at, features in enumerate(people):
        own = row_of.get(at)
        others = np.arange(len(enrolled)) != own
        ones = np.stack([one.vector for one in features])
        threes = _fused(features)
        single.add(templates[others] @ ones.T)
        if len(threes):
            fused.add(templates[others] @ threes.T)
        if own is not None and (rest := features[ENROLMENT_SHOTS:]):
            mated.add(np.stack([one.vector for one in rest]) @ templates[own])
            if len(together := _fused(rest)):
                mated_fused.add(together @ templates[own])
    points, of_three = _points(single, fused, mated, mated_fused)
    if len(points) < 2:
        raise WrongValue("too few comparisons to measure two false-match rates; more people are needed")
    used = sum(len(features) for features in people)
    return Measured(
        Calibration(pack, data, len(single), all_people, points),
        all_people,
        used + refused.total(),
        used,
        dict(refused),
        len(enrolled),
        len(mated),
        len(mated_fused),
        len(single),
        of_three,
    )


def _fused(features: Sequence[Features]) -> NDArray[np.float32]:
    """Probes of three frames each, no photograph in two of them."""
    threes = [
        fusion.probe(features[start : start + PROBE_FRAMES]).vector
        for start in range(0, len(features) - PROBE_FRAMES + 1, PROBE_FRAMES)
    ]
    return np.stack(threes) if threes else np.zeros((0, 0), np.float32)


def _points(
    single: Scores, fused: Scores, mated: Scores, mated_fused: Scores
) -> tuple[list[OperatingPoint], list[float | None]]:
    """One point a rate, as far as the data goes. Where too few fused probes are left to show a rate, the
    last difference between the two kinds is carried on."""
    points: list[OperatingPoint] = []
    of_three: list[float | None] = []
    more = 0.0
    rarest = single.rarest
    for rate in (*(one for one in RATES if one > APART * rarest), rarest):
        alone = single.threshold_for(rate)
        if alone is None:
            continue
        together = fused.threshold_for(rate)
        more = max(0.0, together - alone) if together is not None else more
        threshold = min(1.0, alone + more)
        if points and threshold <= points[-1].threshold:
            continue
        points.append(OperatingPoint(round(threshold, 5), rate, round(_missed(mated, threshold) or 0.0, 5)))
        missed = _missed(mated_fused, threshold)
        of_three.append(None if missed is None else round(missed, 5))
    return points, of_three


def _missed(mated: Scores, threshold: float) -> float | None:
    total = len(mated)
    return 1.0 - mated.at_least(threshold) / total if total else None
