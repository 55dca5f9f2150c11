"""Waits and refusals of each way, side by side, with exact intervals."""

import random
from datetime import date
from uuid import UUID

import pytest

from stile.domain.errors import WrongValue
from stile.domain.ids import LaneId
from stile.domain.intervals import Interval
from stile.domain.passage import Method, Outcome
from stile.domain.waits import LONGEST, ORDER, Counted, Wait, quantile, rows

LANE = LaneId(UUID(int=1))
DAY = date(2026, 11, 2)


def wait(method: Method, ms: float, door: float | None = None) -> Wait:
    outcome = Outcome.REFER if door is None else Outcome.ADMIT
    return Wait(DAY, LANE, method, outcome, ms, door)


def test_a_row_for_each_way_also_where_nothing_was_measured() -> None:
    found = rows([], [])
    assert [row.method for row in found] == list(ORDER)
    assert set(ORDER) == set(Method)
    for row in found:
        assert (row.median, row.ninth, row.door_median, row.waits, row.turned_away.value) == (
            None,
            None,
            None,
            0,
            None,
        )


def test_what_the_way_did_is_told_apart_from_what_the_membership_says() -> None:
    counted = [
        Counted(Method.PIN, Outcome.ADMIT, "PIN accepted", 90),
        Counted(Method.PIN, Outcome.REFUSE, "number or PIN not right", 6),
        Counted(Method.PIN, Outcome.REFER, "PIN keypad rests", 4),
        Counted(Method.PIN, Outcome.REFUSE, "lapsed", 20),
        Counted(Method.FACE, Outcome.REFER, "no match", 3),
    ]
    pin = next(row for row in rows(counted, []) if row.method is Method.PIN)
    assert (pin.turned_away.errors, pin.turned_away.trials, pin.turned_away.value) == (10, 100, 0.1)
    assert (pin.by_membership.errors, pin.by_membership.trials) == (20, 120)
    assert pin.passages == 120
    assert pin.turned_away.interval.lower == pytest.approx(0.049, abs=5e-4)
    assert pin.turned_away.interval.upper == pytest.approx(0.176, abs=5e-4)


def test_waits_to_the_decision_and_to_the_door() -> None:
    waits = [wait(Method.CARD, float(ms), ms + 100.0 if ms % 2 else None) for ms in range(1, 12)]
    card = next(row for row in rows([], waits) if row.method is Method.CARD)
    assert (card.waits, card.door_waits) == (11, 6)
    assert card.median is not None
    assert card.median.value == 6
    assert card.door_median is not None
    assert card.door_median.value == 105
    assert card.door_median.interval == Interval(101, 111)


@pytest.mark.parametrize(
    ("n", "lower", "upper"), [(5, None, None), (6, 1, 6), (10, 2, 9), (20, 6, 15), (100, 40, 61)]
)
def test_the_medians_interval_is_the_one_of_the_tables(n: int, lower: int | None, upper: int | None) -> None:
    """Ranks of the median's interval at 95 %, as the tables of the sign test give them."""
    found = quantile([float(one) for one in range(1, n + 1)], 0.5)
    assert found is not None
    assert found.interval == (None if lower is None or upper is None else Interval(lower, upper))


def test_the_interval_covers_the_true_quantile_as_often_as_it_says() -> None:
    chance = random.Random(7)
    inside = 0
    for _ in range(400):
        drawn = sorted(chance.random() for _ in range(60))
        found = quantile(drawn, 0.9)
        assert found is not None
        inside += found.interval is None or found.interval.lower <= 0.9 <= found.interval.upper
    assert inside / 400 >= 0.95 - 0.025


def test_a_wait_of_somebody_who_went_away_is_cut_off() -> None:
    card = next(row for row in rows([], [wait(Method.CARD, 10 * LONGEST)]) if row.method is Method.CARD)
    assert card.median is not None
    assert card.median.value == LONGEST


@pytest.mark.parametrize(
    ("decision", "door", "outcome"),
    [(-1.0, None, Outcome.ADMIT), (float("nan"), None, Outcome.ADMIT), (1.0, 2.0, Outcome.REFUSE)],
)
def test_what_no_wait_can_be(decision: float, door: float | None, outcome: Outcome) -> None:
    with pytest.raises(WrongValue):
        Wait(DAY, LANE, Method.CARD, outcome, decision, door)


def test_a_wait_names_nobody_and_no_passage() -> None:
    """Law 1: what is kept of how long a stranger waited leads to nobody."""
    assert set(Wait.__slots__) == {"day", "lane", "method", "outcome", "to_decision", "to_door"}
