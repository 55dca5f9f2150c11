"""Setting up coming in by face at a kiosk: reception gives the digits, the paired screen takes them up."""

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.devices import Device
from stile.domain.errors import Conflict, NotAllowed, NotFound
from stile.domain.places import Lane
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.security import KIOSK_COOKIE

router = APIRouter(prefix="/kiosk/{slug}/enrol")

TOO_MANY = "Too many codes were tried at this screen. Please see reception."


@router.get("")
def ask(request: Request, web: TheWeb, slug: str) -> Response:
    """The field for the code, on a paired screen."""
    lane, device = _screen(request, web, slug)
    return _page(request, web, lane) if device else _unpaired(slug)


@router.post("")
def take_up(request: Request, web: TheWeb, slug: str, code: str = Form("")) -> Response:
    """Leads to the notice of the member whom reception gave this code."""
    lane, device = _screen(request, web, slug)
    if device is None:
        return _unpaired(slug)
    if not web.kiosk_codes_pace.allows(device.id):
        return _page(request, web, lane, 429, TOO_MANY)
    try:
        made = web.site.invite.take_up(lane, code)
    except (NotFound, NotAllowed, Conflict) as error:
        return _page(request, web, lane, 422, str(error))
    return RedirectResponse(f"/enrol/{made.token}", status_code=303)


def _screen(request: Request, web: Web, slug: str) -> tuple[Lane, Device | None]:
    lane = web.site.setup.lane(slug)
    return lane, web.site.kiosks.recognise(lane, request.cookies.get(KIOSK_COOKIE))


def _unpaired(slug: str) -> Response:
    return RedirectResponse(f"/kiosk/{slug}", status_code=303)


def _page(request: Request, web: Web, lane: Lane, status: int = 200, problem: str | None = None) -> Response:
    """Goes back to the lane by itself: the next person wants to come in."""
    headers = {"refresh": f"60; url=/kiosk/{lane.slug}"}
    return web.pages.show(request, "kiosk_enrol.html", status, headers, lane=lane, problem=problem)
