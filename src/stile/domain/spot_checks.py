"""Law 7: the false-admit rate is measured without bias. One in n admissions by face, drawn by chance alone, asks
reception “is this the member?”, whoever came and whatever the score was; no picture is kept.

Reports of what somebody noticed say how many errors there were at least. A random sample says how many there are: each
admission is drawn with a known probability, 1/n, which is kept with the check, so that each answer can be weighted by
its inverse (Horvitz and Thompson, JASA 47, 1952) also where n was changed meanwhile. The rate is the weighted mean
(Hájek 1971), which never exceeds 1; with one n it is the plain share of the answered checks.

A check that nobody answered is missing, not right: within what was drawn with one n, those that were answered stand
for those that were not. That is an assumption, and the share that was not answered is published beside the rate.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from stile.domain.adjudication import Verdict
from stile.domain.disclosure import NotMeasured, Unmeasured
from stile.domain.errors import WrongValue
from stile.domain.figures import Estimate, IntervalBy, Rate
from stile.domain.ids import CentreId, LaneId, PassageId
from stile.domain.intervals import Interval, clopper_pearson

ASKED_FOR = timedelta(minutes=5)
"""So long the desk asks. Later nobody remembers a face, and an answer would be a guess."""


class SpotAnswer(StrEnum):
    """What reception said. The first three are verdicts on the passage too."""

    RIGHT = Verdict.RIGHT.value
    WRONG_PERSON = Verdict.WRONG_PERSON.value
    ATTACK = Verdict.ATTACK.value
    NOT_SEEN = "not seen"
    """Reception did not see who came in: no answer, and counted as none."""


WRONG = frozenset({SpotAnswer.WRONG_PERSON, SpotAnswer.ATTACK})
"""The door opened for somebody else than the member named."""


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """One admission that was drawn. `day`: on the centres' clock. `every`: n; the probability of having been drawn was
    1/n."""

    passage: PassageId
    centre: CentreId
    lane: LaneId
    day: date
    every: int

    def __post_init__(self) -> None:
        checked(self.every)


def is_asked(drawn_at: datetime, now: datetime) -> bool:
    """Whether the desk still asks, where there is no answer yet."""
    return timedelta(0) <= now - drawn_at <= ASKED_FOR


@dataclass(frozen=True, slots=True)
class SpotTally:
    """So many checks that were drawn with 1/`every` were answered so; None: not answered."""

    every: int
    answer: SpotAnswer | None
    count: int


@dataclass(frozen=True, slots=True)
class Sampled:
    """`drawn`, `answered`, `wrong`: numbers of checks. `rate`: of all admissions."""

    drawn: int
    answered: int
    wrong: int
    rate: Rate


def checked(every: int) -> int:
    """Raises WrongValue."""
    if every < 1:
        raise WrongValue(f"one in 1 or more admissions is drawn, not one in {every}")
    return every


def is_drawn(chance: str, every: int) -> bool:
    """Whether this admission is asked about: one in `every`, by a secret of 256 random bits and nothing else."""
    return int.from_bytes(sha256(chance.encode()).digest()) % checked(every) == 0


def estimate(tallies: Sequence[SpotTally]) -> Sampled:
    """The false-admit rate of all admissions that the sample stands for, with its 95 % interval.

    Strata are the checks of one n. A stratum without an answer says nothing, and the others stand for it.
    """
    strata = [_Stratum.of(every, tallies) for every in sorted({one.every for one in tallies})]
    drawn, answered, wrong = (
        sum(getattr(one, name) for one in strata) for name in ("drawn", "answered", "wrong")
    )
    told = [one for one in strata if one.answered]
    if not told:
        why = Unmeasured.NOBODY_LOOKED if drawn else Unmeasured.NOTHING_TO_MEASURE
        return Sampled(drawn, answered, wrong, NotMeasured(why))
    if len(told) == 1:
        exact = clopper_pearson(told[0].wrong, told[0].answered)
        return Sampled(
            drawn, answered, wrong, Estimate(told[0].wrong / told[0].answered, exact, IntervalBy.EXACT)
        )
    stands_for = sum(one.stands_for for one in told)
    value = sum(one.stands_for * one.wrong / one.answered for one in told) / stands_for
    return Sampled(
        drawn, answered, wrong, Estimate(value, _interval(value, told, stands_for), IntervalBy.EFFECTIVE)
    )


@dataclass(frozen=True, slots=True)
class _Stratum:
    every: int
    drawn: int
    answered: int
    wrong: int

    @classmethod
    def of(cls, every: int, tallies: Sequence[SpotTally]) -> "_Stratum":
        mine = [one for one in tallies if one.every == every]
        return cls(
            every,
            sum(one.count for one in mine),
            sum(one.count for one in mine if one.answer not in (None, SpotAnswer.NOT_SEEN)),
            sum(one.count for one in mine if one.answer in WRONG),
        )

    @property
    def stands_for(self) -> int:
        """Admissions, by Horvitz and Thompson: each that was drawn stands for `every`."""
        return self.drawn * self.every


def _interval(value: float, strata: Sequence[_Stratum], stands_for: int) -> Interval:
    """Clopper and Pearson's with the effective number of checks: Kish's, or by the estimated variance where that is
    fewer (Korn and Graubard, Survey Methodology 24, 1998). Numbers are rounded to the wider side."""
    parts = [(one.stands_for / stands_for, one.answered, one.wrong / one.answered) for one in strata]
    effective = 1 / sum(part * part / n for part, n, _ in parts)
    variance = sum(part * part * p * (1 - p) / n for part, n, p in parts)
    if variance > 0:
        effective = min(effective, value * (1 - value) / variance)
    n = max(1, math.floor(effective + 1e-9))
    wrong = value * n
    lower = clopper_pearson(max(0, math.floor(wrong + 1e-9)), n).lower
    upper = clopper_pearson(min(n, math.ceil(wrong - 1e-9)), n).upper
    return Interval(min(lower, value), max(upper, value))
