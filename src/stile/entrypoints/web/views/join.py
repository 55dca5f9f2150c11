"""The sign-up link of a new colleague, or of one whose account was reset."""

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from stile.domain.errors import StileError, WrongValue
from stile.entrypoints.web.cookies import visitor
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.views.sign_in import AT_ONCE, BUSY, go_on, problem

router = APIRouter(prefix="/join/{token}")


@router.get("")
def ask(request: Request, web: TheOffice, token: str) -> Response:
    """Asks how the person wants to sign in. Opening it does not use the link up."""
    return _form(request, web, token)


@router.post("/password")
def with_password(
    request: Request, web: TheOffice, token: str, password: str = Form(""), again: str = Form("")
) -> Response:
    """Chooses a password, and uses the link up."""
    if not AT_ONCE.acquire(blocking=False):
        return _form(request, web, token, 429, BUSY)
    try:
        if password != again:
            raise WrongValue("The two passwords differ.")
        signed_in = web.office.joining.with_password(token, password, visitor(request, web.office.settings))
    except WrongValue as error:
        return _form(request, web, token, 422, str(error))
    finally:
        AT_ONCE.release()
    return go_on(web, signed_in, "/")


@router.post("/passkey/options")
def passkey_options(web: TheOffice, token: str) -> Response:
    """What the browser needs to make a passkey."""
    try:
        return Response(web.office.joining.to_add_passkey(token), media_type="application/json")
    except StileError as error:
        return problem(409, str(error))


@router.post("/passkey")
def with_passkey(request: Request, web: TheOffice, token: str, answer: str = Form("")) -> Response:
    """Adds the passkey that the browser made, and uses the link up."""
    browser = visitor(request, web.office.settings)
    try:
        signed_in = web.office.joining.with_passkey(token, answer, browser.name, browser)
    except StileError as error:
        return problem(409, str(error))
    return go_on(web, signed_in, "/", by_script=True)


def _form(
    request: Request, web: OfficeWeb, token: str, status: int = 200, problem: str | None = None
) -> Response:
    staff = web.office.joining.whose(token)
    return web.pages.show(
        request,
        "join.html",
        status,
        token=token,
        staff=staff,
        problem=problem,
        passkeys=web.office.passkeys.work_here,
        required=web.office.second_factors.required,
    )
