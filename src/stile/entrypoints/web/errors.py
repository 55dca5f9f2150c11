"""What goes wrong is said in one line, in the style of the other pages. Never a traceback."""

import logging
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import (
    CannotRecord,
    Conflict,
    NotAllowed,
    NotConfigured,
    NotFound,
    StileError,
    WrongValue,
)
from stile.entrypoints.web.headers import headers_for
from stile.entrypoints.web.office import office_web_of
from stile.entrypoints.web.security import SignInFirst


class LinkFirst(Exception):
    """Nobody is signed in to a member's own page: the handler sends the browser to where a link can be asked for."""


STATUS: tuple[tuple[type[StileError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Conflict, 409),
    (WrongValue, 422),
    (CannotRecord, 503),
    (NotConfigured, 503),
    (StileError, 500),
)
HEADLINES = {
    403: "That is not allowed",
    404: "There is nothing here",
    405: "That does not work here",
    408: "That took too long",
    409: "That was there already",
    413: "That is too large",
    422: "Something is missing or not right",
    503: "Not ready",
}
log = logging.getLogger(__name__)


def install(app: FastAPI) -> None:
    app.add_exception_handler(SignInFirst, _sign_in_first)
    app.add_exception_handler(LinkFirst, _link_first)
    app.add_exception_handler(StileError, _told)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _incomplete)
    app.add_exception_handler(Exception, _unexpected)


def _page(request: Request, status: int, line: str) -> Response:
    headline = HEADLINES.get(status, "Something went wrong")
    return office_web_of(request).pages.show(request, "error.html", status, headline=headline, line=line)


def _sign_in_first(request: Request, error: Exception) -> Response:
    """A page that refreshes itself is sent on as a whole; otherwise the sign-in form would land inside it."""
    assert isinstance(error, SignInFirst)
    wanted = error.back or (request.url.path if request.method == "GET" else "/desk")
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"hx-redirect": error.page})
    return RedirectResponse(f"{error.page}?next={quote(wanted)}", status_code=303)


def _link_first(request: Request, _: Exception) -> Response:
    """A member's own page: where a link to it can be asked for. What waits for news is told that it is over."""
    if request.url.path == "/me/now":
        return Response(status_code=401)
    return RedirectResponse("/me/sign-in", status_code=303)


def _told(request: Request, error: Exception) -> Response:
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    return _page(request, status, str(error))


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    line = "The address may be mistyped, or the page was moved." if error.status_code == 404 else error.detail
    return _page(request, error.status_code, line)


def _incomplete(request: Request, _: Exception) -> Response:
    return _page(request, 422, "The form did not arrive whole. Please go back and try again.")


def _unexpected(request: Request, error: Exception) -> Response:
    """Outside the layer that adds the headers, so it adds them itself. The log gets the traceback, the page not."""
    log.error("%s failed with %s", request.method, type(error).__name__)
    page = _page(request, 500, "It is not your fault, and it was written down for whoever looks after this.")
    page.headers.update(headers_for(request.url.path, office_web_of(request).office.settings))
    return page
