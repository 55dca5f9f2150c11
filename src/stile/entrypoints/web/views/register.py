"""The register as it stands, or stood on a day: deployments with what they lack, what happened, and every entry."""

from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import Deployment, OrganisationKind, Register, SignOff
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web import register_words as told
from stile.entrypoints.web.office import TheOffice
from stile.entrypoints.web.register_form import form_of
from stile.entrypoints.web.register_now import about, denied, names, places, recorded, shown, speaking
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix=links.AT)

A_PAGE = 100
"""Entries of the history at a time."""
SOON = timedelta(days=28)
"""How long before a review is due the register's page says so."""
SAID = {
    "entered": "Entered. It counts from now on.",
    "corrected": "Corrected. The earlier entry stays in the history.",
    "signed": "Signed off. The assessment is on file.",
}
"""What came of a form; a closed set, so that no link can put words on the page."""


@router.get("")
def register(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.SEE_REGISTER),
    as_of: str = "",
    said: str = "",
) -> Response:
    """Every deployment with what is missing, what happened, and what nobody has recorded."""
    today = web.office.clock.today()
    on, problem = _day(as_of, today)
    found = web.office.registering.as_of(on)
    with web.office.store.read() as work:
        centres = work.centres.all()
        operator = work.operators.only()
    listed = shown(found, centres, on)
    return web.pages.show(
        request,
        "register.html",
        me=me,
        register=found,
        own_use=found.own_use(),
        ours=[one for one in listed if one.gates],
        others=[one for one in listed if not one.gates],
        denied=denied(found, centres),
        speaking=speaking(found),
        soon=[one for one in listed if one.review_on and one.gates and on <= one.review_on <= on + SOON],
        recorded=recorded(found),
        places=places(found, centres),
        organisation=operator.name if operator else "",
        is_authority=web.office.settings.organisation is OrganisationKind.AUTHORITY,
        on=on,
        today=today,
        problem=problem,
        given=as_of,
        said=SAID.get(said),
        may_change=me.staff.may(Permission.CHANGE_REGISTER),
        told=told,
        links=links,
    )


def _day(text: str, today: date) -> tuple[date, str]:
    try:
        return day(text) or today, ""
    except WrongValue as error:
        return today, str(error)


@router.get("/deployment")
def deployment(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.SEE_REGISTER),
    key: str = "",
    said: str = "",
) -> Response:
    """One deployment: what is recorded of it, its documents, its assessment, and every entry about it."""
    today = web.office.clock.today()
    every = web.office.registering.history()
    found = Register.as_of(every, today)
    history = [one for one in every if about(one) == key]
    with web.office.store.read() as work:
        centres = work.centres.all()
        by = names(work, history)
    one = next((one for one in shown(found, centres, today) if one.key == key), None)
    if one is None:
        raise NotFound("There is no such deployment in the register.")
    signed = found.sign_off(key)
    return web.pages.show(
        request,
        "register_deployment.html",
        me=me,
        one=one,
        signed=signed.fact if signed and isinstance(signed.fact, SignOff) else None,
        differences=web.office.assessing.differences(key, found),
        police=found.police(key),
        recorded=recorded(found, key),
        history=history,
        standing={entry.id for entry in found.entries},
        by=by,
        places=places(found, centres),
        today=today,
        said=SAID.get(said),
        may_change=me.staff.may(Permission.CHANGE_REGISTER),
        may_sign=me.staff.may(Permission.SIGN_OFF),
        told=told,
        links=links,
    )


@router.get("/history")
def history(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.SEE_REGISTER),
    after: int = Query(0, ge=0, le=10_000_000),
) -> Response:
    """Every entry that was ever made, also those that were corrected, the newest day first. `after`: how many are left
    out at the beginning."""
    every = web.office.registering.history()
    entries = every[after : after + A_PAGE]
    found = Register.as_of(every, web.office.clock.today())
    with web.office.store.read() as work:
        centres, by = work.centres.all(), names(work, entries)
    return web.pages.show(
        request,
        "register_history.html",
        me=me,
        entries=entries,
        replaced={one.replaces for one in every},
        earlier=after + A_PAGE if len(every) > after + A_PAGE else None,
        later=max(after - A_PAGE, 0) if after else None,
        by=by,
        places=places(found, centres),
        told=told,
        links=links,
    )


@router.get("/entries/{id}")
def entry(
    request: Request, web: TheOffice, id: UUID, me: Me = needs(Permission.SEE_REGISTER), said: str = ""
) -> Response:
    """One entry: its fact, the day it stands for, where it comes from, and what it corrects."""
    one = web.office.registering.entry(EntryId(id))
    every = web.office.registering.history()
    found = Register.as_of(every, web.office.clock.today())
    later = next((other for other in every if other.replaces == one.id), None)
    with web.office.store.read() as work:
        centres, by = work.centres.all(), names(work, [one])
    key = about(one)
    form = form_of(one.fact)
    return web.pages.show(
        request,
        "register_entry.html",
        me=me,
        one=one,
        later=later,
        key=key,
        has_page=any(shown.key == key for shown in shown(found, centres, web.office.clock.today())),
        documents=one.fact.documents if isinstance(one.fact, Deployment) else (),
        by=by,
        places=places(found, centres),
        form=form if later is None and me.staff.may(Permission.CHANGE_REGISTER) else None,
        said=SAID.get(said),
        told=told,
        links=links,
    )
