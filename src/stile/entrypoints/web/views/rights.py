"""Requests and complaints with their clocks: received however they come, walked along their table, answered."""

from datetime import date
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.rights.rights_letters import fitting
from stile.application.rights.rights_requests import Asked, RightsRequests
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import MemberId, RequestId, StaffId
from stile.domain.member import Member
from stile.domain.rights_request import TO_EXTEND, TO_REFUSE, CameBy, Ground, Kind, RightsRequest, Step
from stile.domain.roles import Permission
from stile.entrypoints.web import own_words
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.rights_shared import day, one_of, rows
from stile.entrypoints.web.security import Me, needs
from stile.ports import UnitOfWork

router = APIRouter()

BY_STAFF = (CameBy.DESK, CameBy.EMAIL, CameBy.LETTER, CameBy.TELEPHONE)
SAID = {
    "received": "Received. The clock runs.",
    "taken": "Noted.",
    "sent": "The letter is sent, and that it went is noted.",
    "set-aside": "The template is set aside: kept, and not used.",
    "in-use": "The template may be used again.",
}
"""What came of it; a closed set, so that no link can put words on the page."""


@router.get("/console/rights")
def rights(request: Request, web: TheWeb, me: Me = needs(Permission.SEE_RIGHTS)) -> Response:
    """Requests and complaints: those that are open with what is to be done by when, and those that are over."""
    with web.site.store.read() as work:
        waiting, over = rows(work, work.rights.open()), rows(work, work.rights.over())
    seen = {one.member.id for one in (*waiting, *over) if one.member}
    web.site.looked.at_all(sorted(seen), str(me.staff.id), "list of requests")
    today = web.site.clock.today()
    waiting.sort(key=lambda row: row.request.clock(today).by or date.max)
    return web.pages.show(
        request,
        "rights.html",
        me=me,
        waiting=waiting,
        over=over,
        today=today,
        own_words=own_words,
    )


# --- received ---------------------------------------------------------------------------------------------


@router.get("/desk/requests/new")
def new(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.RECEIVE_RIGHTS),
    number: str = "",
    kind: str = "",
) -> Response:
    """The form for a request or a complaint that came by word, letter or e-mail."""
    return _form(request, web, me, {"number": number, "kind": kind})


@router.post("/desk/requests/new")
def receive(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.RECEIVE_RIGHTS),
    number: str = Form(""),
    who: str = Form(""),
    contact: str = Form(""),
    kind: str = Form(""),
    came_by: str = Form(""),
    received: str = Form(""),
    words: str = Form(""),
) -> Response:
    """Receives it. The clock runs from the day on which it reached anybody here."""
    given = {
        "number": number,
        "who": who,
        "contact": contact,
        "kind": kind,
        "came_by": came_by,
        "received": received,
        "words": words,
    }
    try:
        asked = Asked(
            one_of(Kind, kind, "Please choose what is asked for."),
            one_of(CameBy, came_by, "Please choose how it came."),
            day(received) or web.site.clock.today(),
            _member(web, number),
            who,
            contact,
            words,
        )
        found = web.site.rights.receive(asked, str(me.staff.id))
    except (WrongValue, NotFound) as error:
        return _form(request, web, me, given, 422, own_words.sentence(str(error)))
    if me.staff.may(Permission.SEE_RIGHTS):
        return RedirectResponse(f"/console/rights/{found.id}?said=received", status_code=303)
    today = web.site.clock.today()
    return web.pages.show(
        request, "rights_received.html", me=me, asked=found, today=today, own_words=own_words
    )


def _form(
    request: Request, web: Web, me: Me, given: dict[str, str], status: int = 200, problem: str | None = None
) -> Response:
    return web.pages.show(
        request,
        "rights_new.html",
        status,
        me=me,
        given=given,
        problem=problem,
        kinds=list(Kind),
        came_by=BY_STAFF,
        today=web.site.clock.today(),
        own_words=own_words,
    )


def _member(web: Web, number: str) -> MemberId | None:
    if not number.strip():
        return None
    return web.site.membership.by_number(number).id


# --- one of them ------------------------------------------------------------------------------------------


@router.get("/console/rights/{id}")
def one(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.SEE_RIGHTS), said: str = ""
) -> Response:
    """One request: its clock, what was done, and what may be done now."""
    return _page(request, web, me, web.site.rights.get(RequestId(id)), said=SAID.get(said))


def _page(
    request: Request,
    web: Web,
    me: Me,
    asked: RightsRequest,
    status: int = 200,
    said: str | None = None,
    problem: str | None = None,
) -> Response:
    if asked.member is not None:
        web.site.looked.at(asked.member, str(me.staff.id), "request")
    with web.site.store.read() as work:
        row = rows(work, [asked])[0]
        address = RightsRequests.address_of(work, asked)
        restricted = work.restrictions.since(asked.member) if asked.member else None
        by = {entry.actor: _actor(work, entry.actor, row.member) for entry in asked.history}
    today = web.site.clock.today()
    return web.pages.show(
        request,
        "rights_request.html",
        status,
        me=me,
        row=row,
        asked=asked,
        clock=asked.clock(today),
        today=today,
        by=by,
        address=address,
        restricted=restricted,
        letters=fitting(asked),
        grounds={Step.EXTEND: TO_EXTEND, Step.REFUSE: TO_REFUSE},
        may_handle=me.staff.may(Permission.HANDLE_RIGHTS),
        own_words=own_words,
        said=said,
        problem=problem,
    )


def _actor(work: UnitOfWork, actor: str, member: Member | None) -> str:
    if member is not None and actor == str(member.id):
        return member.full_name
    try:
        staff = work.staff.get(StaffId(UUID(actor)))
    except ValueError:
        return actor
    return staff.name if staff else "an account that is gone"


@router.post("/console/rights/{id}/step")
def take(
    request: Request,
    web: TheWeb,
    id: UUID,
    me: Me = needs(Permission.HANDLE_RIGHTS),
    step: str = Form(""),
    on: str = Form(""),
    note: str = Form(""),
    ground: str = Form(""),
) -> Response:
    """Takes one step along the table, or adds a note."""
    try:
        web.site.rights.take(
            RequestId(id),
            one_of(Step, step, "Please choose a step."),
            str(me.staff.id),
            day(on),
            note,
            one_of(Ground, ground, "Please choose a ground.") if ground else None,
        )
    except WrongValue as error:
        asked = web.site.rights.get(RequestId(id))
        return _page(request, web, me, asked, 422, problem=own_words.sentence(str(error)))
    return RedirectResponse(f"/console/rights/{id}?said=taken", status_code=303)


@router.post("/console/rights/{id}/set-aside")
def set_aside(
    web: TheWeb, id: UUID, me: Me = needs(Permission.HANDLE_RIGHTS), lift: str = Form("")
) -> Response:
    """Art. 18, for a member who asked by letter: the template is kept and not used; or may be used again."""
    member = _of_member(web.site.rights.get(RequestId(id)))
    change = web.site.own_choices.lift if lift else web.site.own_choices.restrict
    change(member, str(me.staff.id))
    return RedirectResponse(f"/console/rights/{id}?said={'in-use' if lift else 'set-aside'}", status_code=303)


@router.post("/console/rights/{id}/export")
def export(web: TheWeb, id: UUID, me: Me = needs(Permission.HANDLE_RIGHTS)) -> Response:
    """Everything that is held about the member who asks, as a ZIP: the answer to an access request."""
    asked = web.site.rights.get(RequestId(id))
    made = web.site.export_person.of(
        _of_member(asked),
        str(me.staff.id),
        lambda held: web.pages.text("me_export.html", held=held, own_words=own_words),
    )
    name = f"request-{asked.number}.zip"
    return Response(
        made,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _of_member(asked: RightsRequest) -> MemberId:
    if asked.member is None:
        raise NotFound("This request is of nobody whom Stile knows as a member: there is nothing to export.")
    return asked.member
