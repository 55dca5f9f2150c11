"""Before what is sensitive: somebody who signed in a while ago shows once more who they are."""

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from stile.domain.errors import NotAllowed, StileError
from stile.domain.roles import Permission
from stile.entrypoints.web.cookies import local_path
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sign_in_pace import in_words
from stile.entrypoints.web.views.sign_in import AT_ONCE, BUSY, problem

router = APIRouter(prefix="/account/again")


@router.get("")
def ask(
    request: Request, web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT), next: str = "/account"
) -> Response:
    """Asks for it."""
    return _form(request, web, me, next)


@router.post("")
def prove(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.OWN_ACCOUNT),
    password: str = Form(""),
    code: str = Form(""),
    next: str = Form("/account"),
) -> Response:
    """By password, and code where an app is set up."""
    pace, counted = web.sign_in_pace, f"again {me.staff.id}"
    if wait := pace.locked_for_own(counted):
        return _form(request, web, me, next, 429, f"Too many attempts. Try again in {in_words(wait)}.")
    if not AT_ONCE.acquire(blocking=False):
        return _form(request, web, me, next, 429, BUSY)
    pace.was_wrong_of_own(counted)
    try:
        web.office.sign_in.prove_again(me.session, me.staff, password, code)
    except NotAllowed as error:
        return _form(request, web, me, next, 409, str(error))
    finally:
        AT_ONCE.release()
    pace.was_right_of_own(counted)
    return RedirectResponse(local_path(next, "/account"), status_code=303)


@router.post("/passkey/options")
def passkey_options(web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT)) -> Response:
    """What the browser needs to ask for one of one's own passkeys."""
    try:
        return Response(
            web.office.passkeys.to_prove_again(me.session, me.staff), media_type="application/json"
        )
    except StileError as error:
        return problem(409, str(error))


@router.post("/passkey")
def passkey(
    web: TheOffice,
    me: Me = needs(Permission.OWN_ACCOUNT),
    answer: str = Form(""),
    next: str = Form("/account"),
) -> Response:
    """By passkey."""
    try:
        web.office.passkeys.prove_again(me.session, me.staff, answer)
    except NotAllowed as error:
        return problem(409, str(error))
    return JSONResponse({"to": local_path(next, "/account")})


def _form(
    request: Request, web: OfficeWeb, me: Me, next: str, status: int = 200, problem: str | None = None
) -> Response:
    own = web.office.own_account.of(me.staff)
    return web.pages.show(
        request,
        "account_again.html",
        status,
        me=me,
        next=local_path(next, "/account"),
        problem=problem,
        passkeys=bool(own.passkeys) and web.office.passkeys.work_here,
        # A passkey is a second factor: where it is the only one, the password alone proves nothing.
        password=me.staff.password_hash is not None and (own.codes or not own.passkeys),
        codes=own.codes,
    )
