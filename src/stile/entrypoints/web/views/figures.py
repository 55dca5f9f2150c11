"""Figures of a period and a centre: how many came, how often it was wrong, and how well that is known."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from stile.domain import figure_words
from stile.domain.errors import NotFound, WrongValue
from stile.domain.figures import Figures, Measure, Period
from stile.domain.ids import CentreId
from stile.domain.member_groups import SHARES
from stile.domain.roles import Permission
from stile.entrypoints import dates
from stile.entrypoints.transparency.picture import picture as months_picture
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.figures_picture import ERRORS, picture
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/figures")

DAYS = 30
"""Shown where no period is asked for, with today."""
MONTHS = 12
M = Measure
CAME = (
    M.ATTEMPTS,
    M.MATCHES,
    M.ADMISSIONS,
    M.MEMBERSHIP_REFUSALS,
    M.REFERRALS,
    M.NOT_LOOKED_AT,
)
ATTACKS = (M.SUSPECTED_ATTACKS, M.ATTACKS, M.FALSE_ATTACK_ALARMS)
OTHERWISE = (M.ENTRIES, M.BY_CARD, M.BY_PIN, M.BY_PASS, M.OVERRIDES, M.OVERRIDES_OF_FACE)
SURE = 368
"""Answered spot checks, none of them wrong, from which the interval ends below 1 % (Clopper and Pearson, 95 %)."""


@router.get("")
def figures(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.SEE_FIGURES),
    first: str = "",
    last: str = "",
    centre: str = "",
) -> Response:
    """The figures of some days, of one centre or of all, with both denominators and their intervals."""
    measure, today = web.site.measure_period, web.site.clock.today()
    period, problems = _period(first, last, today)
    with web.site.store.read() as work:
        centres = work.centres.all()
    chosen = _centre(centre) if centre else centres[0].id if len(centres) == 1 else None
    found = measure.of(period, chosen)
    months = measure.by_month(MONTHS, chosen)
    return web.pages.show(
        request,
        "figures.html",
        status=422 if problems else 200,
        me=me,
        found=found,
        months=months,
        by_centre=measure.by_centre(period) if chosen is None and len(centres) > 1 else [],
        centres=centres,
        groups=measure.groups(period),
        group_shares=SHARES,
        typed={"first": first or period.first.isoformat(), "last": last or period.last.isoformat()},
        problems=problems,
        sections={"came": CAME, "errors": ERRORS, "attacks": ATTACKS, "otherwise": OTHERWISE},
        every=web.site.spot_checks.every,
        sure=SURE,
        M=Measure,
        say=figure_words,
        picture=_drawn(found),
        months_picture=Markup(months_picture(months)) if _shown(months) else None,  # noqa: S704 escaped there
        today=today,
    )


def _period(first: str, last: str, today: date) -> tuple[Period, dict[str, str]]:
    """What was asked for, or the last days and what is wrong with it."""
    usual, problems = Period(today - timedelta(days=DAYS - 1), today), dict[str, str]()
    read: dict[str, date | None] = {}
    for name, text in (("first", first), ("last", last)):
        try:
            read[name] = dates.day(text)
        except WrongValue as error:
            problems[name] = str(error)
    if problems:
        return usual, problems
    until = read["last"] or today
    begins = read["first"] or min(until, usual.first)
    if until < begins:
        return usual, {"last": "This day is before the first one."}
    return Period(begins, until), {}


def _centre(text: str) -> CentreId:
    try:
        return CentreId(UUID(text))
    except ValueError:
        raise NotFound("There is no such centre.") from None


def _shown(months: Sequence[Figures]) -> bool:
    return any(not one.nothing for one in months)


def _drawn(found: Figures) -> Markup | None:
    """A picture only of what was measured."""
    some = any(figure_words.measured(found.of(one)) for one in ERRORS)
    return Markup(picture(found)) if some else None  # noqa: S704 escaped there
