"""Each call names the one permission that it needs, out of the staff's own table; a token brings some of them.

No cookie is looked at: what a browser sends by itself opens nothing here.
"""

import time
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from stile.domain.errors import NotAllowed
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.problems import TooMany
from stile.entrypoints.web.context import Web, web_of
from stile.entrypoints.web.whence import whence

BY_TOKEN = parse_many("20/second; 600/minute")
"""Calls of one program. A load of members is one call, not thousands (`POST /imports`)."""
WRONG_BY_ADDRESS = parse_many("30/minute; 300/hour")
"""Calls without a token that works, from one address."""

bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="A token made at /console/tokens: `stile_…`."
)


class Paces:
    """In memory, like the paces of the pages."""

    def __init__(self) -> None:
        self._windows = FixedWindowRateLimiter(MemoryStorage())

    def count(self, items: list[Any], *key: str) -> None:
        """Raises TooMany."""
        waits = [
            self._windows.get_window_stats(item, *key).reset_time - time.time()
            for item in items
            if not self._windows.hit(item, *key)
        ]
        if waits:
            raise TooMany(int(max(waits)) + 1)


class Needs:
    """What a call depends on. Raises 401 without a token that works, NotAllowed without the permission."""

    def __init__(self, permission: Permission | None) -> None:
        self.permission = permission

    def __call__(
        self,
        request: Request,
        web: Annotated[Web, Depends(web_of)],
        given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    ) -> Token:
        paces: Paces = request.app.state.paces
        token = web.site.tokens.recognise(given.credentials) if given else None
        if token is None:
            paces.count(WRONG_BY_ADDRESS, whence(request))
            raise HTTPException(
                401,
                "Please send a token that works: “Authorization: Bearer stile_…”.",
                {"WWW-Authenticate": "Bearer"},
            )
        paces.count(BY_TOKEN, str(token.id))
        if self.permission is not None and not token.may(self.permission):
            raise NotAllowed(f"This token may not do this: it needs “{self.permission}”.")
        return token


def needs(permission: Permission | None) -> Any:
    """`program: Token = needs(Permission.…)`; None: any token that works."""
    return Depends(Needs(permission))


class KnownFirst(APIRoute):
    """A route with a large body: it is not read before the program is known and may do what it asks. FastAPI alone
    reads the whole body first, and 64 MiB of anybody's, many times over, would take the lanes' memory (law 4)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        read_and_call = super().get_route_handler()
        [needed] = [one.call for one in self.dependant.dependencies if isinstance(one.call, Needs)]

        def refuse(request: Request) -> None:
            web = web_of(request)
            given = _bearer(request.headers.get("authorization", ""))
            token = web.site.tokens.recognise(given.credentials) if given else None
            if token is None or (needed.permission is not None and not token.may(needed.permission)):
                needed(request, web, given)  # counts it, and says no

        async def handler(request: Request) -> Response:
            await run_in_threadpool(refuse, request)
            return await read_and_call(request)

        return handler


def _bearer(header: str) -> HTTPAuthorizationCredentials | None:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() != "bearer" or not credentials:
        return None
    return HTTPAuthorizationCredentials(scheme=scheme, credentials=credentials)


def actor_of(program: Token) -> str:
    """How the audit log names it."""
    return f"token:{program.id}"
