"""The screen at a lane: paired once by a link, then known by its cookie."""

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.security import KIOSK_COOKIE, keep_kiosk

router = APIRouter()


@router.get("/kiosk/{slug}")
def kiosk(request: Request, web: TheWeb, slug: str) -> Response:
    """The screen at a lane, for the device that is paired with it."""
    lane = web.site.setup.lane(slug)
    token = request.cookies.get(KIOSK_COOKIE)
    if token is None or web.site.kiosks.recognise(lane, token) is None:
        return web.pages.show(request, "kiosk_unpaired.html", 401, lane=lane)
    face = web.site.admit_by_face.closed(lane) is None
    page = web.pages.show(request, "kiosk.html", lane=lane, face=face)
    keep_kiosk(page, slug, token, web.site.settings)
    return page


@router.get("/kiosk/{slug}/pair")
def offer_pairing(request: Request, web: TheWeb, slug: str, code: str = "") -> Response:
    """Asks before it pairs: a mail program that looks into links must not use the code up."""
    return web.pages.show(request, "kiosk_pair.html", lane=web.site.setup.lane(slug), code=code)


@router.post("/kiosk/{slug}/pair")
def pair(web: TheWeb, slug: str, code: str = Form("")) -> Response:
    """Pairs this screen with the lane; the code works once."""
    lane = web.site.setup.lane(slug)
    token = web.site.kiosks.pair(lane, code)
    page = RedirectResponse(f"/kiosk/{slug}", status_code=303)
    keep_kiosk(page, slug, token, web.site.settings)
    return page
