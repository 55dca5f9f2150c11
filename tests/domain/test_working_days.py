"""S. 10 of the Freedom of Information Act, against dates that are known and against a slow reading of its own."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.adapters.bank_holidays import bank_holidays
from stile.domain.errors import WrongValue
from stile.domain.working_days import BankHoliday, BankHolidays, Nation, due, working_days_between

KNOWN = [
    ("2008-02-01", 20, "2008-02-29"),
    ("2009-03-12", 20, "2009-04-14"),
    ("2009-03-14", 20, "2009-04-15"),
    ("2009-03-15", 20, "2009-04-15"),
    ("2017-05-18", 20, "2017-06-16"),
    ("2017-05-18", 30, "2017-06-30"),
    ("2021-05-01", 20, "2021-06-01"),
    ("2021-07-03", 20, "2021-08-03"),
    ("2023-11-27", 20, "2023-12-28"),
    ("2014-03-16", 20, "2014-04-14"),
    ("2014-12-01", 20, "2014-12-31"),
    ("2020-02-10", 20, "2020-03-09"),
]
DATES = st.dates(date(2005, 1, 1), date(2038, 12, 31))


@pytest.mark.parametrize(("received", "days", "expected"), KNOWN)
def test_a_date_that_is_known(received: str, days: int, expected: str) -> None:
    assert due(date.fromisoformat(received), bank_holidays(), days).due == date.fromisoformat(expected)


def test_each_skipped_day_says_why_and_where() -> None:
    found = due(date(2023, 11, 27), bank_holidays())
    why = {skipped.date: skipped.why for skipped in found.skipped}
    assert why[date(2023, 11, 30)] == "Saint Andrew's Day (Scotland)"
    assert why[date(2023, 12, 25)] == "Christmas Day (United Kingdom)"
    assert why[date(2023, 12, 2)] == "Saturday"
    assert found.holidays_version.startswith("holidays ")
    eastern = due(date(2009, 3, 12), bank_holidays())
    assert {one.date: one.why for one in eastern.skipped}[date(2009, 4, 13)] == (
        "Easter Monday (England, Wales and Northern Ireland)"
    )


@given(received=DATES, days=st.integers(1, 40))
def test_it_is_what_a_slow_reading_of_the_act_gives(received: date, days: int) -> None:
    """Day by day, asking each nation's calendar anew."""
    parts = [
        holidays.country_holidays("GB", subdiv=part, years=range(received.year, received.year + 2))
        for part in ("ENG", "WLS", "SCT", "NIR")
    ]
    day, counted = received, 0
    while counted < days:
        day = day + timedelta(days=1)
        closed = day.isoweekday() in (6, 7) or any(day in part for part in parts)
        if (day.month, day.day) == (12, 25):
            closed = True
        if not closed:
            counted += 1
    found = due(received, bank_holidays(), days)
    assert found.due == day
    assert (found.due - received).days == days + len(found.skipped)


@given(received=DATES, days=st.integers(1, 40))
def test_counting_back_gives_the_days(received: date, days: int) -> None:
    found = due(received, bank_holidays(), days)
    assert working_days_between(received, found.due, bank_holidays()) == days
    assert working_days_between(found.due, received, bank_holidays()) == 0


@pytest.mark.parametrize("days", [0, -1, 401])
def test_a_number_of_days_that_cannot_be(days: int) -> None:
    with pytest.raises(WrongValue, match="working days"):
        due(date(2020, 1, 1), bank_holidays(), days)


def test_a_year_without_its_holidays_is_not_guessed() -> None:
    known = BankHolidays(
        {date(2020, 12, 25): BankHoliday("Christmas Day", tuple(Nation))}, 2020, 2020, "test"
    )
    with pytest.raises(WrongValue, match="2021"):
        due(date(2020, 12, 20), known)
