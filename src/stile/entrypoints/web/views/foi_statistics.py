"""How requests were handled, in the figures of the s. 45 Code: on a page, and as the CSV that is published."""

from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.adapters.documents.papers.plain import written
from stile.application.foi.counting import Statistics
from stile.domain.errors import WrongValue
from stile.domain.foi_desk.counting import Period, rows
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/foi/statistics")


@router.get("")
def statistics(
    request: Request, web: TheOffice, me: Me = needs(Permission.SEE_FOI), since: str = "", until: str = ""
) -> Response:
    """Received, answered in time or late, granted or not, by quarter and year; of two years where no day is given."""
    since = since or date(web.office.clock.today().year - 1, 1, 1).isoformat()
    problem = None
    try:
        found = _found(web, since, until)
    except WrongValue as error:
        problem, found = str(error), web.office.foi_statistics.of(web.office.clock.today())
    return web.pages.show(
        request,
        "foi_statistics.html",
        422 if problem else 200,
        me=me,
        found=found,
        latest=_from_the_first(found.quarters)[::-1],
        any=any(one.received for one in found.quarters),
        years=_from_the_first(found.years)[::-1],
        since=since,
        until=until,
        problem=problem,
        rate=_rate,
    )


@router.get("/{by}.csv")
def as_csv(
    web: TheOffice, by: str, _: Me = needs(Permission.SEE_FOI), since: str = "", until: str = ""
) -> Response:
    """The same as a table, `quarters` or `years`, to be published."""
    found = _found(web, since, until)
    periods = _from_the_first(found.years if by == "years" else found.quarters)
    return Response(
        written(rows(periods)),
        media_type="text/csv",
        headers={
            "content-disposition": f'attachment; filename="foi-{"years" if by == "years" else "quarters"}.csv"'
        },
    )


def _found(web: OfficeWeb, since: str, until: str) -> Statistics:
    """Raises WrongValue."""
    first, last = day(since), day(until)
    if first is not None and first < date(2005, 1, 1):
        raise WrongValue("The Act has been in force since 1 January 2005.")
    if first is not None and last is not None and last < first:
        raise WrongValue("The last day is not before the first.")
    return web.office.foi_statistics.of(first, last)


def _from_the_first(periods: Sequence[Period]) -> Sequence[Period]:
    """Without those before anybody asked."""
    first = next((one.first for one in periods if one.received), date.max)
    return [one for one in periods if one.first >= first]


def _rate(one: Period) -> str:
    return "no answer yet" if one.in_time is None else f"{one.in_time:.0%}"
