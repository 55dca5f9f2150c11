"""How often one address may call the pages that are open to everybody. Their links cannot be guessed at any pace; this
keeps a flood from taking the threads that lanes need (law 4). Kiosks, the desk and other programs have paces of their
own.
"""

import time

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from stile.entrypoints.web.refusals import refusal
from stile.entrypoints.web.whence import whence

PACES: tuple[tuple[str, RateLimitItem], ...] = (
    ("/sign-in", parse("120/minute")),
    ("/join", parse("60/minute")),
    ("/enrol", parse("300/minute")),
    ("/parent", parse("60/minute")),
    ("/me", parse("300/minute")),
    ("/parent", parse("60/minute")),
    ("/pin", parse("60/minute")),
    ("/pass", parse("300/minute")),
    ("/kiosk/code", parse("240/minute")),
    ("/transparency", parse("300/minute")),
    ("/.well-known", parse("60/minute")),
)
"""Beginning of the address, and how often. A whole centre may share one address."""


class OpenPace:
    """Answers 429, and says when to come again."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._windows = FixedWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            path = scope["path"]
            for prefix, pace in PACES:
                if path == prefix or path.startswith(prefix + "/"):
                    address = whence(HTTPConnection(scope))
                    if not self._windows.hit(pace, prefix, address):
                        if scope["type"] == "websocket":
                            return await send({"type": "websocket.close", "code": 1008})
                        wait = int(
                            self._windows.get_window_stats(pace, prefix, address).reset_time - time.time()
                        )
                        headers = {"retry-after": str(max(1, wait + 1))}
                        answer = refusal(
                            scope, 429, "Too many requests. Please try again in a minute.", headers
                        )
                        return await answer(scope, receive, send)
                    break
        return await self._app(scope, receive, send)
