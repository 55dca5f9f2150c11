"""What becomes public of one answer: the wording is looked over, and then it stands in the disclosure log."""

from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from stile.application.foi.disclosing import Wording
from stile.domain.errors import Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.foi_desk.disclosure_log import LONGEST_TITLE
from stile.domain.foi_desk.redaction import Finding
from stile.domain.foi_desk.request import FoiRequest
from stile.domain.roles import Permission
from stile.entrypoints.web.foi_now import last_of, request_of
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sent import sent_form

router = APIRouter(prefix="/console/foi/{id}/publish")


@router.get("")
def look_over(
    request: Request, web: TheOffice, id: str, me: Me = needs(Permission.HANDLE_FOI), said: str = ""
) -> Response:
    """The entry of the disclosure log as it would be read, to be looked over."""
    asked = request_of(web, id)
    return _page(request, web, me, asked, web.office.disclosing.proposed(asked.ref), said=said == "published")


@router.post("")
def publish(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    sent: FormData = sent_form(),
) -> Response:
    """Publishes it. Who asked is not in it; words that tell are refused."""
    asked = request_of(web, id)
    wording = Wording(
        str(sent.get("title") or "")[: 2 * LONGEST_TITLE],
        {one.n: str(sent.get(f"question_{one.n}") or "")[:4000] for one in asked.questions},
        sent.get("papers") is not None,
    )
    try:
        web.office.disclosing.publish(asked.ref, wording, str(me.staff.id))
    except (WrongValue, NotAllowed, Conflict) as error:
        return _page(request, web, me, asked, wording, 422, problem=str(error))
    return RedirectResponse(f"/console/foi/{asked.id}/publish?said=published", status_code=303)


@router.post("/withdraw")
def withdraw(
    web: TheOffice, id: str, me: Me = needs(Permission.HANDLE_FOI), sure: str = Form("")
) -> Response:
    """Takes the entry out of the disclosure log again."""
    asked = request_of(web, id)
    if sure:
        web.office.disclosing.withdraw(asked.ref, str(me.staff.id))
    return RedirectResponse(f"/console/foi/{asked.id}/publish", status_code=303)


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    wording: Wording,
    status: int = 200,
    problem: str | None = None,
    said: bool = False,
) -> Response:
    disclosing = web.office.disclosing
    try:
        published = disclosing.get(asked.ref)
    except NotFound:
        published = None
    found: tuple[Finding, ...] = ()
    held = None
    try:
        found = tuple(disclosing.check(asked.ref, wording))
    except (NotAllowed, WrongValue) as error:
        held = str(error)
    return web.pages.show(
        request,
        "foi_disclose.html",
        status,
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        wording=wording,
        answers={one.n: one for one in last_of(web, asked).answers},
        papers=[one for one in web.office.foi_papers.of(asked.ref) if not one.set_aside],
        published=published,
        found=found,
        held=held,
        longest=LONGEST_TITLE,
        problem=problem,
        said=said,
    )
