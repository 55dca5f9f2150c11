"""That nothing happened in a period, for several kinds at once: what somebody enters each quarter, and what lets an
answer say “none”. What did happen cannot be entered as none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import WrongValue
from stile.domain.register import EventKind, NoneHappened, Register, too_soon
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web import register_words as told
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.register_now import happened_in, places
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.views.register_change import when_and_whence

router = APIRouter(prefix=f"{links.AT}/none")


@dataclass(frozen=True, slots=True)
class Quiet:
    """The form. `problems`: by field; a kind of event is a field of its own."""

    facts: Sequence[NoneHappened]
    problems: Mapping[str, str]


@router.get("")
def form(
    request: Request, web: TheOffice, me: Me = needs(Permission.CHANGE_REGISTER), key: str = ""
) -> Response:
    """The form, with the day after the last period that somebody entered."""
    today = web.office.clock.today()
    found = web.office.registering.as_of(today)
    given = {
        "deployment": key,
        "since": _next(found, key),
        "until": today.isoformat(),
        "at": today.isoformat(),
    }
    return _page(request, web, me, found, given, {})


@router.post("")
async def enter(request: Request, web: TheOffice, me: Me = needs(Permission.CHANGE_REGISTER)) -> Response:
    """Makes an entry for each kind that is ticked, all of them or none."""
    form = await request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_enter, request, web, me, given)


def _enter(request: Request, web: OfficeWeb, me: Me, given: dict[str, str]) -> Response:
    today = web.office.clock.today()
    found = web.office.registering.as_of(today)
    with web.office.store.read() as work:
        known = places(found, work.centres.all())
    quiet = _read(found, known, given, today)
    at, source, more = when_and_whence(given, today)
    problems = {**quiet.problems, **more}
    if at is not None and any(too_soon(one, at) for one in quiet.facts):
        problems["until"] = f"It stands for {told.tell(at)}: what came after nobody knew that day."
    if problems or at is None:
        return _page(request, web, me, found, given, problems, 422)
    web.office.registering.add_all(quiet.facts, source, str(me.staff.id), at)
    key = given.get("deployment", "")
    back = f"{links.deployment_link(key)}&said=entered" if key else f"{links.AT}?said=entered"
    return RedirectResponse(back, status_code=303)


def _read(found: Register, known: Mapping[str, str], given: Mapping[str, str], today: date) -> Quiet:
    problems: dict[str, str] = {}
    where = given.get("deployment", "")
    if where and where not in known:
        problems["deployment"] = "Please choose one of those listed."
    days: dict[str, date] = {}
    for name, asks in (("since", "From which day on?"), ("until", "Up to which day?")):
        try:
            one = day(given.get(name))
        except WrongValue as error:
            problems[name] = str(error)
            continue
        if one is None:
            problems[name] = asks
        elif one > today:
            problems[name] = "Nobody knows yet: choose today or a day before."
        else:
            days[name] = one
    ticked = [one for one in EventKind if given.get(one.name) == "yes"]
    if not ticked:
        problems["kinds"] = "Please tick what there was none of."
    if len(days) < 2:
        return Quiet((), problems)
    since, until = days["since"], days["until"]
    if until < since:
        return Quiet((), problems | {"until": "A period ends after it began."})
    for kind in ticked:
        if happened := happened_in(found, kind, since, until, where):
            problems[kind.name] = f"One was entered, of {told.tell(happened[-1])}."
    return Quiet([NoneHappened(kind, since, until, where) for kind in ticked], problems)


def _next(found: Register, key: str) -> str:
    """The day after the last that was entered; "" where none was."""
    ends = [
        one.fact.until
        for one in found.entries
        if isinstance(one.fact, NoneHappened) and one.fact.deployment == key
    ]
    return date.fromordinal(max(ends).toordinal() + 1).isoformat() if ends else ""


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    found: Register,
    given: Mapping[str, str],
    problems: Mapping[str, str],
    status: int = 200,
) -> Response:
    with web.office.store.read() as work:
        known = places(found, work.centres.all())
    blank = dict.fromkeys(
        ("deployment", "since", "until", "at", "source", *(one.name for one in EventKind)), ""
    )
    key = given.get("deployment", "")
    return web.pages.show(
        request,
        "register_none.html",
        status,
        me=me,
        given=blank | dict(given),
        problems=problems,
        places=known,
        kinds=list(EventKind),
        back=links.deployment_link(key) if key in known else links.AT,
        told=told,
        links=links,
    )
