"""The bank holidays of all four nations, from the package `holidays`, which carries the proclaimed extra ones too."""

from collections import defaultdict
from datetime import date
from functools import cache
from importlib.metadata import version

from stile.domain.working_days import BankHoliday, BankHolidays, Nation

PARTS = {
    Nation.ENGLAND: "ENG",
    Nation.WALES: "WLS",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}
FIRST, LAST = 2005, 2040
"""The Act came into force on 1 January 2005. Holidays proclaimed after the package was made are not in it: its version
stands in every answer."""


@cache
def bank_holidays() -> BankHolidays:
    import holidays  # here: it takes a third of a second, and most commands have no use for it

    found: dict[date, dict[Nation, str]] = defaultdict(dict)
    for nation, part in PARTS.items():
        years = range(FIRST, LAST + 1)
        for day, name in holidays.country_holidays("GB", subdiv=part, years=years, language="en_GB").items():
            found[day][nation] = name
    days = {
        day: BankHoliday(" / ".join(dict.fromkeys(names.values())), tuple(names))
        for day, names in sorted(found.items())
    }
    return BankHolidays(days, FIRST, LAST, f"holidays {version('holidays')}")
