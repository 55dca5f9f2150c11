"""Where to report a weakness (RFC 9116)."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from stile.domain.errors import NotFound
from stile.entrypoints.web.office import TheOffice

router = APIRouter()

GOOD_FOR = timedelta(days=180)
"""Less than a year, as s. 2.5.5 recommends."""


@router.get("/.well-known/security.txt")
def security_txt(web: TheOffice) -> Response:
    """Whom to tell of a weakness; only where the settings name somebody."""
    settings = web.office.settings
    if not settings.security_contact:
        raise NotFound("This site names nobody to report weaknesses to.")
    expires = (web.office.clock.now() + GOOD_FOR).strftime("%Y-%m-%dT%H:%M:%SZ")
    return PlainTextResponse(
        f"Contact: {settings.security_contact}\nExpires: {expires}\nPreferred-Languages: en\n"
        f"Canonical: {settings.base_url}/.well-known/security.txt\n"
    )
