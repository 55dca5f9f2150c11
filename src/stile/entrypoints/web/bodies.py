"""How large a request's body may be, and how long it may take: small and short, but for files of members. A body that
trickles in holds a place that a lane may need (law 4).
"""

import re

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KIB, MIB = 1024, 1024 * 1024

LARGEST_BODY = 256 * KIB
"""Bytes, where nothing else is said: forms and calls. Pictures come by socket, and have their own bound."""
LARGER: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"/console/imports|/api/v1/imports"), 64 * MIB),
    (re.compile(r"/console/foi/new|/console/foi/[^/]+/papers"), 11 * MIB),  # an e-mail with what hangs on it
    (re.compile(r"/console/foi/[^/]+/answer"), 4 * MIB),  # what was typed for a hundred questions
    (re.compile(r"/api/v1/.*"), MIB),
)
"""The first pattern that fits the whole address. A file of 100,000 members has about 12 MiB. Only where whoever sends
it is known before it is read: what a stranger can have us keep in memory is small."""

PATIENCE = 20.0
"""Seconds for a body of no size."""
SLOWEST = 32 * KIB
"""Bytes a second from then on."""


def largest_body(path: str) -> int:
    return next((most for pattern, most in LARGER if pattern.fullmatch(path)), LARGEST_BODY)


class BodyLimits:
    """Answers 413 to what is too large, 408 to what is too slow."""

    def __init__(self, app: ASGIApp, patience: float = PATIENCE) -> None:
        sizes = {LARGEST_BODY, *(most for _, most in LARGER)}
        self._limited = {most: RequestBodyLimitMiddleware(app, most) for most in sizes}
        self._app, self._patience = app, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        most = largest_body(scope["path"])
        receive = _InTime(receive, self._patience + _announced(scope, most) / SLOWEST)
        return await self._limited[most](scope, receive, send)


class _InTime:
    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive, self._until, self._whole = receive, anyio.current_time() + seconds, False

    async def __call__(self) -> Message:
        if self._whole:  # from here on it tells that the visitor has gone, which may take its time
            return await self._receive()
        with anyio.move_on_after(self._until - anyio.current_time()):
            message = await self._receive()
            self._whole = message["type"] != "http.request" or not message.get("more_body", False)
            return message
        raise HTTPException(408, "The request took too long to arrive.")


def _announced(scope: Scope, most: int) -> int:
    length = Headers(scope=scope).get("content-length", "")
    return min(int(length), most) if re.fullmatch(r"[0-9]{1,12}", length) else most
