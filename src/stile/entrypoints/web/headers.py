"""Headers on every answer, refusals and failures included: each kind of page may do what it needs and nothing else.

Content Security Policy level 3, without inline script, inline style or anything from elsewhere; Permissions Policy;
cross-origin opener and resource policy; HSTS (RFC 6797) where pages are reached over TLS.
"""

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stile.config import Settings

NOTHING = ("default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'")
OWN = (
    "default-src 'self'",
    "object-src 'none'",
    "frame-src 'none'",
    "worker-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
KEPT_ON_A_PHONE = tuple("worker-src 'self'" if one == "worker-src 'none'" else one for one in OWN)
"""The page of the code on a phone opens without a line: a worker of our own keeps it."""

WITH_WORKER = tuple("worker-src 'self'" if one.startswith("worker-src") else one for one in OWN)

DENIED = (
    "accelerometer",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """`prefixes`: addresses of this kind. `policy`: what its pages may load. `camera`: whether they may ask for it.
    `passkeys`: whether they may ask for one."""

    prefixes: tuple[str, ...]
    policy: tuple[str, ...]
    camera: bool = False
    passkeys: bool = False

    def has(self, path: str) -> bool:
        return any(path == one or path.startswith(one.rstrip("/") + "/") for one in self.prefixes)

    @property
    def permissions(self) -> str:
        passkeys = "(self)" if self.passkeys else "()"
        return ", ".join(
            (
                f"camera={'(self)' if self.camera else '()'}",
                f"publickey-credentials-create={passkeys}",
                f"publickey-credentials-get={passkeys}",
                *(f"{one}=()" for one in DENIED),
            )
        )


KINDS = (
    Kind(("/api", "/scim", "/health", "/static", "/.well-known"), NOTHING),
    Kind(("/kiosk", "/enrol"), OWN, camera=True),
    Kind(("/desk",), OWN, camera=True),
    Kind(("/pass",), WITH_WORKER),  # it works without the line, by a service worker
    Kind(("/sign-in", "/join", "/account"), OWN, passkeys=True),
    Kind(("/pass",), KEPT_ON_A_PHONE),
    Kind(("/",), OWN),
)
"""The first that has the address."""

ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-permitted-cross-domain-policies": "none",
}
HSTS = "max-age=31536000"
"""A year. Not for sub-domains: those are the operator's, and may hold what has no TLS."""


def kind_of(path: str) -> Kind:
    return next(kind for kind in KINDS if kind.has(path))


def headers_for(path: str, settings: Settings) -> dict[str, str]:
    """The headers of every answer. What lies under /static may be kept but is asked for again each time."""
    kind = kind_of(path if path.startswith("/") else "/")
    policy = kind.policy
    if settings.secure:
        policy = (*policy, "upgrade-insecure-requests")
    named = {
        **ALWAYS,
        "content-security-policy": "; ".join(policy),
        "permissions-policy": kind.permissions,
        "cache-control": "no-cache" if path.startswith("/static/") else "no-store",
    }
    if settings.secure:
        named["strict-transport-security"] = HSTS
    return named


MEANT_FOR_ALL = ("cache-control", "cross-origin-resource-policy")
"""What an answer of the public account says itself; whatever says nothing there is kept from caches like all else."""


def _is_public(path: str) -> bool:
    return path == "/transparency" or path.startswith("/transparency/")


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
                headers = MutableHeaders(scope=message)
                own = {one: headers[one] for one in MEANT_FOR_ALL if one in headers}
                stricter = headers.get("content-security-policy")
                headers.update(named)
                if stricter:  # of several policies all hold: an answer can take away, and never give
                    headers["content-security-policy"] += f", {stricter}"
                if _is_public(scope["path"]):
                    headers.update(own)
            await send(message)

        return await self._app(scope, receive, send_with)
