"""Anybody may ask for information here: no account, no cookie, and nothing to solve (FOIA s. 8; WCAG 2.2, 3.3.8)."""

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Form, Request
from starlette.responses import Response

from stile.application.foi.intake import ACTOR, LONGEST_ADDRESS, LONGEST_NAME, LONGEST_TEXT
from stile.domain.errors import Lacking, NotFound, StileError
from stile.domain.foi_desk.request import FoiRequest
from stile.domain.register import OrganisationKind
from stile.domain.retention import Subject
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.whence import whence

router = APIRouter(prefix="/transparency/ask")


@router.get("")
def ask(request: Request, web: TheOffice) -> Response:
    """The form for a request for information."""
    return _form(request, web, {})


@router.post("")
def send(
    request: Request,
    web: TheOffice,
    later: BackgroundTasks,
    name: str = Form(""),
    address: str = Form(""),
    text: str = Form(""),
) -> Response:
    """Takes the request in, and tells its reference and the day by which it is answered."""
    if not web.office.settings.foi.public_form:
        raise NotFound("Requests are not taken here.")
    given = {"name": name, "address": address, "text": text}
    if not web.asking_pace.allows(whence(request)):
        return _form(request, web, given, 429)
    try:
        asked, new = web.office.foi_intake.receive(name, address, text)
    except Lacking as error:
        return _form(request, web, given, 422, error.fields)
    if new:
        later.add_task(_acknowledge, web, asked)
    can_send = web.office.foi_steps.can_email(asked)
    return web.pages.show(
        request,
        "foi_asked.html",
        asked=asked,
        due=web.office.answer_foi.due(asked).due,
        can_send=can_send,
        desk=web.office.settings.foi,
        organisation=_organisation(web),
    )


async def _acknowledge(web: OfficeWeb, asked: FoiRequest) -> None:
    """In few threads of its own: a mail server that is slow must not take those of the pages. Where it does not take
    the letter, the request stays unacknowledged, and its page says so."""
    if not web.asking_pace.writes_to(asked.requester.address):
        return
    try:
        await to_thread.run_sync(web.office.foi_steps.acknowledge, asked.ref, ACTOR, limiter=web.posting)
    except StileError:  # the mail server's answer may quote the address: nothing is logged
        return


def _form(
    request: Request,
    web: OfficeWeb,
    given: dict[str, str],
    status: int = 200,
    problems: dict[str, str] | None = None,
) -> Response:
    office = web.office
    return web.pages.show(
        request,
        "foi_ask.html",
        status,
        given=given,
        problems=problems or {},
        too_many=status == 429,
        desk=office.settings.foi,
        organisation=_organisation(web),
        contact=office.settings.privacy_contact,
        operator=office.settings.organisation is OrganisationKind.OPERATOR,
        years=max(1, round(office.expire.periods()[Subject.FOI] / 365)),
        longest=(LONGEST_NAME, LONGEST_ADDRESS, LONGEST_TEXT),
    )


def _organisation(web: OfficeWeb) -> str:
    with web.office.store.read() as work:
        operator = work.operators.only()
    return operator.name if operator else ""
