"""Law 4 as a figure: how long people wait and how often they are not let in, by face and by each other way.

A wait runs from the touch that chose a way (or the first key, or stepping on the mark) to the decision, and on to the
door's confirmation. Law 1: a wait names nobody and no passage, so several tries of one person are not told apart from
several people's. Who was referred by face and then used a card is counted twice, once in each row: the face's wait
looks shorter than that person's was, and its referrals are of attempts, not of people. The page says so.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from stile.domain.errors import WrongValue
from stile.domain.ids import LaneId
from stile.domain.intervals import CONFIDENCE, Interval, at_most, clopper_pearson
from stile.domain.passage import OF_THE_MEMBERSHIP, Method, Outcome

LONGEST = 600_000.0
"""Milliseconds. A longer wait is somebody who went away, and is kept as this."""
ORDER = (Method.FACE, Method.CARD, Method.PIN, Method.PASS, Method.STAFF)


@dataclass(frozen=True, slots=True)
class Wait:
    """One attempt's times, in milliseconds since the touch. `to_door`: None where no door was opened."""

    day: date
    lane: LaneId
    method: Method
    outcome: Outcome
    to_decision: float
    to_door: float | None = None

    def __post_init__(self) -> None:
        for ms in (self.to_decision, self.to_door):
            if ms is not None and not 0 <= ms < math.inf:
                raise WrongValue(f"somebody waits 0 milliseconds or more, not {ms}")
        if self.to_door is not None and self.outcome is not Outcome.ADMIT:
            raise WrongValue("a door opens for who is admitted")


@dataclass(frozen=True, slots=True)
class Counted:
    """So many passages ended like this."""

    method: Method
    outcome: Outcome
    reason: str
    passages: int


@dataclass(frozen=True, slots=True)
class Quantile:
    """`value`: of the waits as they were. `interval`: where the true one lies; None with too few waits to say so."""

    value: float
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Rate:
    errors: int
    trials: int

    @property
    def value(self) -> float | None:
        return self.errors / self.trials if self.trials else None

    @property
    def interval(self) -> Interval:
        return clopper_pearson(self.errors, self.trials)


@dataclass(frozen=True, slots=True)
class Row:
    """One way. `turned_away`: not let in for what the way did (not recognised, an unknown card, a wrong PIN), of all
    whose membership was not the reason. `by_membership`: not let in by the membership, of all; the same by every way.
    Quantiles are None where nothing was measured."""

    method: Method
    turned_away: Rate
    by_membership: Rate
    waits: int
    median: Quantile | None
    ninth: Quantile | None
    door_waits: int
    door_median: Quantile | None
    door_ninth: Quantile | None

    @property
    def passages(self) -> int:
        return self.by_membership.trials


@dataclass(frozen=True, slots=True)
class Times:
    """Of one way, in milliseconds, ascending: to each decision, and to each door that opened."""

    decided: Sequence[float] = ()
    opened: Sequence[float] = ()


def rows(counted: Sequence[Counted], waits: Sequence[Wait]) -> Sequence[Row]:
    """One row a way, in the order of `ORDER`, also for a way that nobody used."""
    by_way = {
        method: Times(
            sorted(one.to_decision for one in waits if one.method is method),
            sorted(one.to_door for one in waits if one.method is method and one.to_door is not None),
        )
        for method in ORDER
    }
    return rows_of(counted, by_way)


def rows_of(counted: Sequence[Counted], times: Mapping[Method, Times]) -> Sequence[Row]:
    """The same from times alone: of a month at a large centre there are tens of thousands."""
    return [_row(method, counted, times.get(method, Times())) for method in ORDER]


def _row(method: Method, counted: Sequence[Counted], times: Times) -> Row:
    mine = [one for one in counted if one.method is method]
    passages = sum(one.passages for one in mine)
    of_membership = sum(
        one.passages for one in mine if one.outcome is Outcome.REFUSE and one.reason in OF_THE_MEMBERSHIP
    )
    away = sum(one.passages for one in mine if one.outcome is not Outcome.ADMIT) - of_membership
    decided = [min(one, LONGEST) for one in times.decided]
    opened = [min(one, LONGEST) for one in times.opened]
    return Row(
        method,
        Rate(away, passages - of_membership),
        Rate(of_membership, passages),
        len(decided),
        quantile(decided, 0.5),
        quantile(decided, 0.9),
        len(opened),
        quantile(opened, 0.5),
        quantile(opened, 0.9),
    )


def quantile(ordered: Sequence[float], share: float, confidence: float = CONFIDENCE) -> Quantile | None:
    """The smallest value that at least `share` of them do not exceed, with the exact interval from order statistics
    (David and Nagaraja, Order Statistics, 3rd ed., 7.1): whatever the distribution, the true quantile lies between the
    l-th and the u-th value unless fewer than l, or u and more, lie below it. None without values.
    """
    n = len(ordered)
    if n == 0:
        return None
    if not 0 < share < 1:
        raise WrongValue(f"a share lies between 0 and 1, not {share}")
    value = ordered[min(n, math.ceil(share * n)) - 1]
    half = (1 - confidence) / 2
    below = _rank(n, share, half)  # the largest l with P(fewer than l lie below) ≤ half
    above = _rank(n, share, 1 - half) + 1  # the smallest u with P(u or more lie below) ≤ half
    if below < 1 or above > n:
        return Quantile(value, None)
    return Quantile(value, Interval(ordered[below - 1], ordered[above - 1]))


def _rank(n: int, share: float, chance: float) -> int:
    """The smallest k for which at most k of n lie below the quantile with a probability of `chance`; by bisection."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if at_most(middle, n, share) >= chance:
            high = middle
        else:
            low = middle + 1
    return low
