"""Nobody else's page may act here: headers on every answer, cookies that no script can read, and forms and
sockets from our own pages only. Links carry tokens, so no page tells another where it came from.
"""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stile.application.signing_in import SESSION_LASTS
from stile.config import Settings
from stile.domain.access import Session, Staff
from stile.domain.errors import NotAllowed
from stile.domain.roles import Permission
from stile.entrypoints.web.context import Web, web_of

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes of a request's body."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
"""Content Security Policy, level 3: no inline script, no inline style, nothing from elsewhere."""

ALWAYS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

KIOSK_COOKIE = "stile_kiosk"
KIOSK_COOKIE_LASTS = 400 * 24 * 3600
"""Seconds; browsers keep no cookie longer. It is renewed whenever the kiosk loads its page."""


def headers_for(path: str, settings: Settings) -> dict[str, str]:
    """The headers of every answer. What lies under /static may be kept but is asked for again each time."""
    kept = "no-cache" if path.startswith("/static/") else "no-store"
    named = {**ALWAYS, "cache-control": kept}
    if settings.secure:
        named["strict-transport-security"] = "max-age=31536000"
    return named


class SecurityHeaders:
    """Adds them to every answer, also to refusals of the layers below."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        named = headers_for(scope["path"], self._settings)

        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(named)
            await send(message)

        return await self._app(scope, receive, send_with)


class OwnPagesOnly:
    """Refuses to change anything for another site's page.

    Browsers send `Sec-Fetch-Site` over TLS and on localhost. `Origin` is “null” from our own forms, because no
    page of ours names its address; there the form's own secret decides (CSRF token, pairing code, link).
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            headers = Headers(scope=scope)
            origin, site = headers.get("origin", "null"), headers.get("sec-fetch-site", "same-origin")
            foreign = origin != "null" and not is_own_origin(origin, HTTPConnection(scope), self._settings)
            if foreign or site != "same-origin":
                refusal = PlainTextResponse("Forms are taken from our own pages only.", status_code=403)
                return await refusal(scope, receive, send)
        return await self._app(scope, receive, send)


def is_own_origin(origin: str | None, connection: HTTPConnection, settings: Settings) -> bool:
    """Whether a browser says that it speaks for a page of ours. Over WebSocket browsers always say so."""
    if not origin:
        return False
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    base = urlsplit(settings.base_url)
    return origin in (f"{scheme}://{connection.headers.get('host', '')}", f"{base.scheme}://{base.netloc}")


# --- staff -----------------------------------------------------------------------------------------------


class SignInFirst(Exception):
    """Nobody is signed in: the handler sends the browser to the sign-in page."""


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, and the session that every form of theirs must name."""

    staff: Staff
    session: Session


def session_cookie(settings: Settings) -> str:
    """`__Host-`: the browser itself refuses it from another host or without TLS (RFC 6265bis)."""
    return "__Host-stile" if settings.secure else "stile"


def signed_in(request: Request, web: Annotated[Web, Depends(web_of)]) -> Me:
    """Raises SignInFirst."""
    found = web.site.sign_in.resume(request.cookies.get(session_cookie(web.site.settings)))
    if found is None:
        raise SignInFirst
    session, staff = found
    return Me(staff, session)


class Needs:
    """What a staff route depends on: somebody signed in who has the permission and, for anything that changes
    something, a form of this session (CSRF). Raises SignInFirst or NotAllowed."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(
        self, request: Request, me: Annotated[Me, Depends(signed_in)], web: Annotated[Web, Depends(web_of)]
    ) -> Me:
        if not me.staff.may(self.permission):
            raise NotAllowed("Your account may not do this. Please ask whoever manages the staff accounts.")
        if request.method not in ("GET", "HEAD"):
            given = (await request.form()).get("csrf")
            if not isinstance(given, str) or not web.site.sign_in.form_is_genuine(me.session, given):
                raise NotAllowed("This form is out of date. Please go back, reload the page and try again.")
        return me


def needs(permission: Permission) -> Any:
    """`me: Me = needs(Permission.…)`: each staff route names the one permission it needs, and a test walks them all."""
    return Depends(Needs(permission))


def keep_session(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        session_cookie(settings),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )


def forget_session(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        session_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="strict"
    )


def local_path(wanted: str | None, otherwise: str) -> str:
    """Where to go on to after signing in: a path of ours, never another site."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    return quote(wanted, safe="/?&=%-._~")


# --- the sign-in form, before there is a session ------------------------------------------------------------

FORM_COOKIE = "stile_form"


def form_is_ours(request: Request, given: str) -> bool:
    """The sign-in form carries what its cookie carries (double submit): another site can send neither."""
    kept = request.cookies.get(FORM_COOKIE, "")
    return bool(kept) and hmac.compare_digest(kept.encode(), given.encode())


# --- kiosks ----------------------------------------------------------------------------------------------


def keep_kiosk(response: Response, slug: str, token: str, settings: Settings) -> None:
    response.set_cookie(
        KIOSK_COOKIE,
        token,
        max_age=KIOSK_COOKIE_LASTS,
        path=f"/kiosk/{slug}",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )
