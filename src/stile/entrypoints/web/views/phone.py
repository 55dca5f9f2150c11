"""The page on a member's phone that shows a code. It holds nothing of anybody: the key is in the phone."""

from datetime import UTC
from typing import Any

from fastapi import APIRouter, Form, Request
from starlette.responses import FileResponse, JSONResponse, Response

from stile.domain.errors import NotFound, WrongValue
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.pages import HERE

router = APIRouter(prefix="/pass")


@router.get("")
def page(request: Request, web: TheWeb) -> Response:
    """The code that changes every 30 seconds, on a phone that was set up; setting it up, on another."""
    return web.pages.show(request, "pass.html")


@router.get("/worker.js")
def worker() -> Response:
    """Keeps the page in the phone, so that it opens without a line."""
    return FileResponse(
        HERE / "static" / "pass-worker.js",
        media_type="text/javascript",
        headers={"service-worker-allowed": "/pass"},
    )


@router.get("/now")
def now(web: TheWeb) -> Response:
    """The site's time, in milliseconds: a phone's own clock may be wrong."""
    return JSONResponse({"now": int(web.site.clock.now().astimezone(UTC).timestamp() * 1000)})


@router.post("/register")
def register(web: TheWeb, code: str = Form(""), key: str = Form("")) -> Response:
    """Takes the public half of a phone's new key, for the member whose set-up code it is. The code works once."""
    try:
        phone = web.site.alternative.register_phone(code[:64], key)
    except (NotFound, WrongValue) as error:
        return JSONResponse({"problem": str(error)}, 404 if isinstance(error, NotFound) else 422)
    return JSONResponse({"handle": phone.handle})


@router.post("/used")
def used(web: TheWeb, code: str = Form("")) -> Response:
    """Tells a phone, which signs the question, when and where its code was used last."""
    try:
        last = web.site.alternative.last_use(code[:256])
    except NotFound as error:
        return JSONResponse({"problem": str(error)}, 404)
    told: dict[str, Any] = {}
    if last is not None:
        told = {"step": last.step, "at": last.at.isoformat(timespec="seconds"), "lane": last.lane}
    return JSONResponse(told)
