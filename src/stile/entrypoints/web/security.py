"""Nobody else's page may act here: cookies that no script can read, and forms and sockets from our own pages only.
Links carry tokens, so no page tells another where it came from (`headers`).
"""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from stile.config import Settings
from stile.domain.devices import CODE_LASTS
from stile.entrypoints.web.cookies import local_path, session_cookie
from stile.entrypoints.web.refusals import refusal
from stile.entrypoints.web.signed_in import Me, Needs, SignInFirst, needs

__all__ = ["Me", "Needs", "SignInFirst", "local_path", "needs", "session_cookie"]

KIOSK_COOKIE = "stile_kiosk"
WAITING_COOKIE = "stile_waiting"
"""A screen that shows its code proves by it which one it is, until the desk has approved it."""
KIOSK_COOKIE_LASTS = 400 * 24 * 3600
"""Seconds; browsers keep no cookie longer. It is renewed whenever the kiosk loads its page."""


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
                answer = refusal(scope, 403, "Forms are taken from our own pages only.")
                return await answer(scope, receive, send)
        return await self._app(scope, receive, send)


def is_own_origin(origin: str | None, connection: HTTPConnection, settings: Settings) -> bool:
    """Whether a browser says that it speaks for a page of ours. Over WebSocket browsers always say so."""
    if not origin:
        return False
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    base = urlsplit(settings.base_url)
    return origin in (f"{scheme}://{connection.headers.get('host', '')}", f"{base.scheme}://{base.netloc}")


# --- kiosks ----------------------------------------------------------------------------------------------


def keep_kiosk(response: Response, token: str, settings: Settings) -> None:
    _keep_for_kiosk(response, KIOSK_COOKIE, token, KIOSK_COOKIE_LASTS, settings)


def keep_waiting(response: Response, secret: str, settings: Settings) -> None:
    # Twice as long as the code: a screen that was approved in the last second still collects.
    _keep_for_kiosk(response, WAITING_COOKIE, secret, int(2 * CODE_LASTS.total_seconds()), settings)


def forget_waiting(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        WAITING_COOKIE, path="/kiosk", secure=settings.secure, httponly=True, samesite="strict"
    )


def _keep_for_kiosk(response: Response, name: str, value: str, lasts: int, settings: Settings) -> None:
    response.set_cookie(
        name,
        value,
        max_age=lasts,
        path="/kiosk",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )


def address_of(connection: HTTPConnection) -> str:
    """Where a visitor calls from. Behind a proxy it is the proxy's word, taken only from `trusted_proxies`."""
    return connection.client.host if connection.client else "unknown"
