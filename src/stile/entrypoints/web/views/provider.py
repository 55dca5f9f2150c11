"""Staff sign in at the operator's identity provider, and come back."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import NotAllowed, NotConfigured
from stile.entrypoints.web.cookies import (
    keep_provider,
    keep_session,
    local_path,
    provider_cookie,
    visitor,
)
from stile.entrypoints.web.office import TheOffice
from stile.entrypoints.web.signed_in import found
from stile.entrypoints.web.views.sign_in import sign_in_page

router = APIRouter(prefix="/sign-in/provider")


@router.get("")
def leave(request: Request, web: TheOffice, next: str = "/", again: bool = False) -> Response:
    """Sends the browser to the identity provider."""
    me = found(request, web) if again else None
    browser = web.office.chance.secret()
    try:
        address = web.office.provider_sign_in.leave(
            browser, local_path(next, "/"), me.session if me else None
        )
    except NotConfigured as error:
        return sign_in_page(request, web, next, 503, str(error))
    page = RedirectResponse(address, status_code=303)
    keep_provider(page, browser, web.office.settings)
    return page


@router.get("/back")
def arrive(request: Request, web: TheOffice) -> Response:
    """Where the provider sends the browser back to. Works once for each time that it was sent there."""
    settings = web.office.settings
    try:
        arrived = web.office.provider_sign_in.arrive(
            request.cookies.get(provider_cookie(settings), ""), str(request.url), visitor(request, settings)
        )
    except (NotAllowed, NotConfigured) as error:
        return sign_in_page(request, web, "/", 403, str(error))
    # Not a redirect: the browser still counts it as the provider's doing, and would keep the session's cookie back.
    page = web.pages.show(request, "provider_back.html", next=arrived.next)
    keep_session(page, arrived.signed_in.token, settings)
    page.delete_cookie(
        provider_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="lax"
    )
    return page
