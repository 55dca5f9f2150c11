"""What may be charged, and what costs too much to answer: FOIA ss. 9, 12 and 13, and the Freedom of Information and
Data Protection (Appropriate Limit and Fees) Regulations 2004 (SI 2004/3244).

Below the limit nobody pays for an officer's time, only for what it costs to put the answer into a form and to send it
(reg. 6). Above it the request may be refused (s. 12). Only four kinds of work count towards the limit (reg. 4(3)):
reading, redacting and thinking about exemptions do not.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from stile.domain.errors import WrongValue

LIMIT = 45_000
"""Pence: reg. 3(3), every authority that is not in Part I of Schedule 1 of the Act."""
AN_HOUR = 2_500
"""Pence for one person's hour, whatever they earn (reg. 4(4))."""
MOST_HOURS = 10_000
MOST_PENCE = 10_000_000
PAY_WITHIN = 3
"""Months, beginning with the day on which the notice is given (s. 9(2))."""
CLARIFY_WITHIN = 2
"""Months after which a request that nobody made clear may be closed (s. 45 Code)."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Something that informing and communicating costs: copies, postage, a disk (reg. 6(3)). Never anybody's time
    (reg. 6(4))."""

    what: str
    pence: int

    def __post_init__(self) -> None:
        if not self.what.strip():
            raise WrongValue("a charge says what it is for")
        if not 0 < self.pence <= MOST_PENCE:
            raise WrongValue("a charge is more than nothing, and up to £100,000")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hours of the four kinds of work that count (reg. 4(3)(a) to (d)), each for one person. `related`: hours of other
    requests by the same person, or by some who act together, about the same within 60 working days (reg. 5).
    `other`: pence that the work costs besides."""

    determining: float = 0.0
    locating: float = 0.0
    retrieving: float = 0.0
    extracting: float = 0.0
    related: float = 0.0
    other: int = 0
    charges: tuple[Charge, ...] = ()

    def __post_init__(self) -> None:
        for what, hours in (
            ("determining whether it is held", self.determining),
            ("locating", self.locating),
            ("retrieving", self.retrieving),
            ("extracting", self.extracting),
            ("related requests", self.related),
        ):
            if not 0 <= hours <= MOST_HOURS:
                raise WrongValue(f"hours of {what}: expected 0 to {MOST_HOURS:,}")
        if not 0 <= self.other <= MOST_PENCE:
            raise WrongValue("other costs: expected £0 to £100,000")

    @property
    def hours(self) -> float:
        return self.determining + self.locating + self.retrieving + self.extracting + self.related

    @property
    def cost(self) -> int:
        """Pence that count towards the limit."""
        return round(self.hours * AN_HOUR) + self.other


@dataclass(frozen=True, slots=True)
class NothingToPay:
    """It is below the limit, and sending it costs nothing."""

    cost: int


@dataclass(frozen=True, slots=True)
class ToPay:
    """It is below the limit; what sending it costs may be asked for with a fees notice (s. 9(1))."""

    cost: int
    fee: int


@dataclass(frozen=True, slots=True)
class OverTheLimit:
    """It may be refused: s. 12(1), or s. 12(2) where finding out whether it is held is too much already. First comes
    help to ask for less (s. 16). `only_to_tell`: whether it is the latter."""

    cost: int
    only_to_tell: bool


Verdict = NothingToPay | ToPay | OverTheLimit


def judge(estimate: Estimate) -> Verdict:
    if estimate.cost > LIMIT:
        alone = round((estimate.determining + estimate.related) * AN_HOUR)
        return OverTheLimit(estimate.cost, estimate.determining > 0 and alone > LIMIT)
    fee = sum(one.pence for one in estimate.charges)
    return ToPay(estimate.cost, fee) if fee else NothingToPay(estimate.cost)


def pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02}"


def pay_until(given: date) -> date:
    """The last day of the three months that begin with the day of the notice."""
    return _months_after(given, PAY_WITHIN) - timedelta(days=1)


def clarify_until(asked: date) -> date:
    return _months_after(asked, CLARIFY_WITHIN)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last where it has no such day (the corresponding-date rule)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
