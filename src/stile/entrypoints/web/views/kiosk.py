"""The screen at a lane: it shows a code until the desk approves it, then it is known by its cookie."""

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from stile.application.staff.kiosks import TOO_MANY
from stile.domain.devices import CODE_LASTS, Waiting
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import LaneId
from stile.domain.places import Lane
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.cookies import browser_name
from stile.entrypoints.web.security import (
    KIOSK_COOKIE,
    WAITING_COOKIE,
    address_of,
    forget_waiting,
    keep_kiosk,
    keep_waiting,
)
from stile.entrypoints.web.whence import whence

router = APIRouter()


@router.get("/kiosk")
def any_kiosk(request: Request, web: TheWeb) -> Response:
    """Leads a paired screen to its lane; any other shows its code."""
    device = web.site.kiosks.known(request.cookies.get(KIOSK_COOKIE))
    if device is not None and device.works:
        with web.site.store.read() as work:
            lane = work.lanes.get(device.lane)
        if lane is not None:
            return RedirectResponse(f"/kiosk/{lane.slug}", status_code=303)
    return _unpaired(request, web, None)


@router.get("/kiosk/{slug}")
def kiosk(request: Request, web: TheWeb, slug: str) -> Response:
    """The screen at a lane, for the device that is paired with it; any other shows its code."""
    lane = web.site.setup.lane(slug)
    token = request.cookies.get(KIOSK_COOKIE)
    if token is None or web.site.kiosks.recognise(lane, token) is None:
        return _unpaired(request, web, lane)
    face = web.site.admit_by_face.closed(lane) is None
    page = web.pages.show(request, "kiosk.html", lane=lane, face=face)
    keep_kiosk(page, token, web.site.settings)
    return page


@router.post("/kiosk/code")
def code(request: Request, web: TheWeb, lane: str = Form("")) -> Response:
    """What a screen that waits shows now: its code, a new one when that is too old, or the way to its lane. Asked
    every few seconds, by the page or by a program that takes JSON."""
    settings, secret = web.site.settings, request.cookies.get(WAITING_COOKIE)
    if (collected := web.site.kiosks.collect(secret)) is not None:
        page = _arrived(request, collected.lane)
        keep_kiosk(page, collected.token, settings)
        forget_waiting(page, settings)
        return page
    if (waiting := web.site.kiosks.waiting(secret)) is not None:
        return _shown(request, web, waiting)
    address = address_of(request)
    if not web.pairing_pace.may_ask(whence(request)):
        return _shown(request, web, None, TOO_MANY)
    try:
        asked = web.site.kiosks.ask(
            address, browser_name(request.headers.get("user-agent", "")), _wanted(web, lane)
        )
    except Conflict as error:
        return _shown(request, web, None, str(error))
    page = _shown(request, web, asked.waiting)
    keep_waiting(page, asked.secret, settings)
    return page


def _unpaired(request: Request, web: Web, lane: Lane | None) -> Response:
    device = web.site.kiosks.known(request.cookies.get(KIOSK_COOKIE))
    revoked = device is not None and not device.works
    return web.pages.show(request, "kiosk_unpaired.html", 401, lane=lane, revoked=revoked)


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _arrived(request: Request, lane: Lane) -> Response:
    path = f"/kiosk/{lane.slug}"
    if _wants_json(request):
        return JSONResponse({"state": "paired", "lane": lane.slug})
    if "hx-request" in request.headers:
        return Response(status_code=200, headers={"hx-redirect": path})
    return RedirectResponse(path, status_code=303)


def _shown(request: Request, web: Web, waiting: Waiting | None, problem: str | None = None) -> Response:
    left = int((waiting.expires_at - web.site.clock.now()).total_seconds()) if waiting else 0
    if _wants_json(request):
        if waiting is None:
            return JSONResponse({"state": "full", "detail": problem}, 429)
        return JSONResponse({"state": "waiting", "code": waiting.shown, "seconds": left})
    return web.pages.show(
        request,
        "kiosk_code.html",
        waiting=waiting,
        problem=problem,
        minutes=-(-left // 60),
        lasts=int(CODE_LASTS.total_seconds() // 60),
    )


def _wanted(web: Web, slug: str) -> LaneId | None:
    try:
        return web.site.setup.lane(slug).id if slug else None
    except NotFound:
        return None
