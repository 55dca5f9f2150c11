"""What counts towards the limit, what may be charged, and by when it is paid."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.foi_desk.fees import (
    LIMIT,
    Charge,
    Estimate,
    NothingToPay,
    OverTheLimit,
    ToPay,
    clarify_until,
    judge,
    pay_until,
    pounds,
)


def test_eighteen_hours_are_the_limit_and_not_above_it() -> None:
    assert judge(Estimate(locating=18)) == NothingToPay(LIMIT)
    assert judge(Estimate(locating=18.1)) == OverTheLimit(45_250, only_to_tell=False)
    assert judge(Estimate(locating=18, other=1)) == OverTheLimit(LIMIT + 1, only_to_tell=False)


def test_finding_out_whether_it_is_held_may_be_too_much_already() -> None:
    assert judge(Estimate(determining=19)) == OverTheLimit(47_500, only_to_tell=True)
    assert judge(Estimate(determining=10, extracting=10)) == OverTheLimit(50_000, only_to_tell=False)


def test_requests_that_belong_together_count_together() -> None:
    assert isinstance(judge(Estimate(locating=10)), NothingToPay)
    assert isinstance(judge(Estimate(locating=10, related=9)), OverTheLimit)
    assert judge(Estimate(related=19)) == OverTheLimit(47_500, only_to_tell=False)


def test_below_the_limit_only_what_sending_costs_is_charged() -> None:
    charges = (Charge("copies", 620), Charge("postage", 300))
    assert judge(Estimate(locating=5, charges=charges)) == ToPay(12_500, 920)
    assert isinstance(judge(Estimate(locating=19, charges=charges)), OverTheLimit)


@given(
    hours=st.tuples(*[st.floats(0, 100)] * 5),
    other=st.integers(0, 100_000),
    charges=st.lists(st.integers(1, 10_000), max_size=3),
)
def test_nobody_s_time_is_ever_part_of_a_fee(
    hours: tuple[float, float, float, float, float], other: int, charges: list[int]
) -> None:
    a, b, c, d, e = hours
    estimate = Estimate(a, b, c, d, e, other, tuple(Charge("copies", one) for one in charges))
    verdict = judge(estimate)
    if isinstance(verdict, ToPay):
        assert verdict.fee == sum(charges)
    assert isinstance(verdict, OverTheLimit) == (verdict.cost > LIMIT)


@pytest.mark.parametrize(
    "wrong", [{"locating": -1}, {"related": 1e9}, {"other": -1}, {"locating": float("nan")}], ids=str
)
def test_what_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(WrongValue, match=r"expected (0|£0)"):
        Estimate(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("what", "pence"), [(" ", 1), ("copies", 0), ("copies", -5)])
def test_a_charge_is_for_something(what: str, pence: int) -> None:
    with pytest.raises(WrongValue):
        Charge(what, pence)


@pytest.mark.parametrize(
    ("given_on", "last"),
    [
        (date(2026, 6, 8), date(2026, 9, 7)),
        (date(2026, 11, 30), date(2027, 2, 27)),
        (date(2026, 12, 1), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 28)),
    ],
)
def test_three_months_begin_with_the_day_of_the_notice(given_on: date, last: date) -> None:
    assert pay_until(given_on) == last


def test_two_months_for_making_it_clear() -> None:
    assert clarify_until(date(2026, 12, 31)) == date(2027, 2, 28)


def test_pounds_as_they_are_written() -> None:
    assert [pounds(one) for one in (5, 45_000, 123_456_789)] == ["£0.05", "£450.00", "£1,234,567.89"]
