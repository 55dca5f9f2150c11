"""Letters about requests: written from what is known, completed by whoever sends them."""

from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.rights.rights_letters import About, Written, fitting, write
from stile.application.rights.rights_requests import RightsRequests
from stile.domain.errors import NotFound, StileError
from stile.domain.ids import RequestId
from stile.domain.rights_request import RightsRequest
from stile.domain.roles import Permission
from stile.entrypoints.web import own_words
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.rights_shared import one_of, rows
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/rights/{id}/letters")


@router.get("/{about}")
def letter(
    request: Request, web: TheWeb, id: UUID, about: str, me: Me = needs(Permission.HANDLE_RIGHTS)
) -> Response:
    """A letter, ready to copy or to send."""
    return _letter(request, web, me, web.site.rights.get(RequestId(id)), about)


@router.post("/{about}")
def send(
    request: Request,
    web: TheWeb,
    id: UUID,
    about: str,
    me: Me = needs(Permission.HANDLE_RIGHTS),
    subject: str = Form(""),
    text: str = Form(""),
) -> Response:
    """Sends it by e-mail, notes that it went, and takes the step that it goes with."""
    asked = web.site.rights.get(RequestId(id))
    written = _written(web, asked, about)
    if not subject.strip() or not text.strip():
        return _letter(request, web, me, asked, about, 422, "A letter has a subject and words.", text)
    if "[" in text:
        problem = "Please fill in what stands in square brackets, or take it out."
        return _letter(request, web, me, asked, about, 422, problem, text)
    try:
        web.site.rights.send(asked.id, subject, text, str(me.staff.id))
    except StileError as error:
        return _letter(request, web, me, asked, about, 422, str(error), text)
    if written.step is not None:
        web.site.rights.take(asked.id, written.step, str(me.staff.id), note="By e-mail.")
    return RedirectResponse(f"/console/rights/{id}?said=sent", status_code=303)


def _letter(
    request: Request,
    web: Web,
    me: Me,
    asked: RightsRequest,
    about: str,
    status: int = 200,
    problem: str | None = None,
    text: str | None = None,
) -> Response:
    written = _written(web, asked, about)
    if asked.member is not None:
        web.site.looked.at(asked.member, str(me.staff.id), "letter")
    with web.site.store.read() as work:
        address = RightsRequests.address_of(work, asked)
    return web.pages.show(
        request,
        "rights_letter.html",
        status,
        me=me,
        asked=asked,
        letter=written,
        text=text if text is not None else written.text,
        address=address if web.site.rights.can_send else None,
        can_send=web.site.rights.can_send,
        problem=problem,
        own_words=own_words,
    )


def _written(web: Web, asked: RightsRequest, about: str) -> Written:
    which = one_of(About, about, "There is no such letter.")
    if which not in fitting(asked):
        raise NotFound("This letter does not fit the request as it stands.")
    with web.site.store.read() as work:
        operator = work.operators.only()
        row = rows(work, [asked])[0]
    return write(
        which,
        asked,
        row.who,
        operator.name if operator else "",
        web.site.settings.privacy_contact,
        web.site.clock.today(),
    )
