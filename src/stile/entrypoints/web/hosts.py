"""Answers only under addresses of its own: a foreign name that was made to point here (DNS rebinding) would make a
foreign page one of ours.
"""

import ipaddress
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from stile.config import Settings
from stile.entrypoints.web.refusals import refusal

LINE = "This address is not one of this site. Set public_url, or allowed_hosts, to the name it is reached by."


def is_own_host(host: str, settings: Settings) -> bool:
    """An address of numbers cannot be rebound, and neither can a name without a dot, which no stranger can own; the
    latter counts only while `public_url` does not say what the name is."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    public = urlsplit(settings.public_url or "").hostname
    if not name or "@" in host:
        return False
    if name in ("localhost", public, settings.host.lower()) or name in map(str.lower, settings.allowed_hosts):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return public is None and "." not in name
    return True


class OwnHostsOnly:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            hosts = Headers(scope=scope).getlist("host")
            if len(hosts) != 1 or not is_own_host(hosts[0], self._settings):
                if scope["type"] == "websocket":
                    return await WebSocketClose(1008)(scope, receive, send)
                return await refusal(scope, 421, LINE)(scope, receive, send)
        return await self._app(scope, receive, send)
