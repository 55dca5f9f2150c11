"""Cookies of the staff pages. No script reads them; with TLS their names begin with `__Host-`, so that the browser
itself refuses them from another host (RFC 6265bis). All but the provider's are sent to our own pages only."""

import hmac
from typing import Literal
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from stile.application.staff.sessions import Visitor
from stile.config import Settings

KNOWN_LASTS = 180 * 24 * 3600
"""Seconds that a browser is known for."""
PROVIDER_LASTS = 600


def session_cookie(settings: Settings) -> str:
    return _named("stile", settings)


def form_cookie(settings: Settings) -> str:
    return _named("stile_form", settings)


def known_cookie(settings: Settings) -> str:
    return _named("stile_known", settings)


def provider_cookie(settings: Settings) -> str:
    return _named("stile_provider", settings)


def keep_session(response: Response, token: str, settings: Settings) -> None:
    _keep(response, session_cookie(settings), token, settings, int(settings.session_hours * 3600))


def forget_session(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        session_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="strict"
    )


def keep_form(response: Response, secret: str, settings: Settings) -> None:
    _keep(response, form_cookie(settings), secret, settings, None)


def keep_known(response: Response, mark: str, settings: Settings) -> None:
    _keep(response, known_cookie(settings), mark, settings, KNOWN_LASTS)


def keep_provider(response: Response, secret: str, settings: Settings) -> None:
    """Lax: it has to come along when the provider sends the browser back."""
    _keep(response, provider_cookie(settings), secret, settings, PROVIDER_LASTS, "lax")


def form_is_ours(request: Request, given: str, settings: Settings) -> bool:
    """The sign-in form carries what its cookie carries (double submit): another site can send neither."""
    kept = request.cookies.get(form_cookie(settings), "")
    return bool(kept) and hmac.compare_digest(
        kept.encode("utf-8", "surrogatepass"), given.encode("utf-8", "surrogatepass")
    )


def visitor(request: Request, settings: Settings) -> Visitor:
    """Which browser this is, and what session it came with."""
    return Visitor(
        browser_name(request.headers.get("user-agent", "")), request.cookies.get(session_cookie(settings))
    )


def local_path(wanted: str | None, otherwise: str) -> str:
    """Where to go on to after signing in: a path of ours, never another site."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return otherwise
    return quote(wanted, safe="/?&=%-._~")


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS", "Firefox"))
MORE_BROWSERS = (("CriOS", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """Such as “Firefox on Windows”: enough for its owner to tell it by, and no version to tell people apart by."""
    browser = next((name for mark, name in (*BROWSERS, *MORE_BROWSERS) if mark in user_agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), None)
    return f"{browser} on {system}" if system else browser


def _named(name: str, settings: Settings) -> str:
    return f"__Host-{name}" if settings.secure else name


def _keep(
    response: Response,
    name: str,
    value: str,
    settings: Settings,
    lasts: int | None,
    samesite: Literal["strict", "lax"] = "strict",
) -> None:
    response.set_cookie(
        name, value, max_age=lasts, path="/", secure=settings.secure, httponly=True, samesite=samesite
    )
