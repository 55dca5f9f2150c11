"""How the layers before the pages refuse: one plain line, or a problem document (RFC 9457) where programs ask."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Scope

FOR_PROGRAMS = ("/api/", "/scim/")


def refusal(scope: Scope, status: int, title: str, headers: dict[str, str] | None = None) -> Response:
    """Says nothing of what was asked: it may be a token."""
    if Request(scope).url.path.startswith(FOR_PROGRAMS):
        problem = {"type": "about:blank", "title": title, "status": status}
        return JSONResponse(problem, status, headers, media_type="application/problem+json")
    return PlainTextResponse(title, status, headers)
