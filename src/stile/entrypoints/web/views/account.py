"""Everybody's own account: how they sign in, and where they are signed in."""

from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from stile.application.staff.sessions import SignedIn
from stile.domain.errors import NotAllowed, StileError, WrongValue
from stile.domain.ids import PasskeyId
from stile.domain.roles import Permission
from stile.entrypoints.web.cookies import forget_session, keep_known, keep_session, visitor
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.views.sign_in import AT_ONCE, BUSY, problem

router = APIRouter(prefix="/account")

SAID = {
    "password": "Your password is changed. You are signed out everywhere else.",
    "passkey": "The passkey is added.",
    "renamed": "The passkey has its new name.",
    "removed": "It is removed. You are signed out everywhere else.",
}
"""What a page says after something was done."""

HERE = "/account"


@router.get("")
def account(
    request: Request, web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT), said: str = ""
) -> Response:
    """One's own account."""
    return _page(request, web, me, said=SAID.get(said))


@router.get("/set-up")
def set_up(request: Request, web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT, set_up=True)) -> Response:
    """Where a second factor is required and none is set up, this page comes before any other."""
    if me.session.is_whole:
        return RedirectResponse(HERE, status_code=303)
    return web.pages.show(
        request, "account_set_up.html", me=me, passkeys=web.office.passkeys.work_here, problem=None
    )


@router.post("/password")
def change_password(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.OWN_ACCOUNT, fresh=True),
    present: str = Form(""),
    new: str = Form(""),
    again: str = Form(""),
) -> Response:
    """Changes the password and ends all other sessions."""
    pace, counted = web.sign_in_pace, f"password of {me.staff.id}"
    if not AT_ONCE.acquire(blocking=False):
        return _page(request, web, me, 429, password_problem=BUSY)
    try:
        if new != again:
            raise WrongValue("The two new passwords differ.")
        if pace.locked_for_own(counted):
            raise NotAllowed("Too many attempts. Please try again later.")
        signed_in = web.office.own_account.change_password(
            me.session, me.staff, present, new, visitor(request, web.office.settings)
        )
    except (WrongValue, NotAllowed) as error:
        pace.was_wrong_of_own(counted)
        return _page(request, web, me, 422, password_problem=str(error))
    finally:
        AT_ONCE.release()
    return _renewed(web, RedirectResponse(f"{HERE}?said=password", status_code=303), signed_in)


@router.post("/passkeys/options")
def passkey_options(
    web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, set_up=True, back=HERE)
) -> Response:
    """What the browser needs to make a passkey."""
    try:
        return Response(
            web.office.passkeys.to_add(me.session.digest, me.staff), media_type="application/json"
        )
    except StileError as error:
        return problem(409, str(error))


@router.post("/passkeys")
def add_passkey(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, set_up=True, back=HERE),
    answer: str = Form(""),
    name: str = Form(""),
) -> Response:
    """Adds the passkey that the browser made."""
    browser = visitor(request, web.office.settings)
    try:
        signed_in = web.office.passkeys.add(me.session, me.staff, answer, name or browser.name, browser)
    except StileError as error:
        return problem(409, str(error))
    to = f"{HERE}?said=passkey" if me.session.is_whole else web.pages.navigation.home(me.staff)
    return _renewed(web, JSONResponse({"to": to}), signed_in)


@router.post("/passkeys/{id}/name")
def rename_passkey(
    web: TheOffice, id: UUID, me: Me = needs(Permission.OWN_ACCOUNT), name: str = Form("")
) -> Response:
    """Gives a passkey a name to tell it by."""
    web.office.passkeys.rename(me.staff, PasskeyId(id), name)
    return RedirectResponse(f"{HERE}?said=renamed", status_code=303)


@router.post("/passkeys/{id}/remove")
def remove_passkey(
    request: Request,
    web: TheOffice,
    id: UUID,
    me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, back=HERE),
) -> Response:
    """Removes a passkey, but never the last way to sign in."""
    try:
        web.office.passkeys.remove(me.session, me.staff, PasskeyId(id))
    except NotAllowed as error:
        return _page(request, web, me, 409, factor_problem=str(error))
    return RedirectResponse(f"{HERE}?said=removed", status_code=303)


@router.post("/app")
def begin_app(
    web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, set_up=True, back=HERE)
) -> Response:
    """Makes the secret of an authenticator app."""
    web.office.second_factors.begin(me.staff)
    return RedirectResponse(f"{HERE}/app", status_code=303)


@router.get("/app")
def show_app(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, set_up=True, back=HERE),
) -> Response:
    """The secret as a QR code, until a first code has come back."""
    return _app(request, web, me)


@router.post("/app/confirm")
def confirm_app(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, set_up=True, back=HERE),
    code: str = Form(""),
) -> Response:
    """Takes the first code. The app counts from then on; the recovery codes are in this answer and nowhere else."""
    pace, counted = web.sign_in_pace, f"code of {me.staff.id}"
    if pace.locked_for_own(counted):
        return _app(request, web, me, 429, "Too many attempts. Please try again in a few minutes.")
    pace.was_wrong_of_own(counted)
    try:
        done = web.office.second_factors.confirm(
            me.session, me.staff, code, visitor(request, web.office.settings)
        )
    except NotAllowed as error:
        return _app(request, web, me, 422, str(error))
    pace.was_right_of_own(counted)
    now = Me(me.staff, done.signed_in.session)
    page = web.pages.show(request, "account_recovery.html", me=now, codes=done.recovery, first=True)
    return _renewed(web, page, done.signed_in)


@router.post("/app/remove")
def remove_app(
    request: Request, web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT, fresh=True, back=HERE)
) -> Response:
    """Removes the authenticator app and its recovery codes."""
    try:
        web.office.second_factors.remove(me.session, me.staff)
    except NotAllowed as error:
        return _page(request, web, me, 409, factor_problem=str(error))
    return RedirectResponse(f"{HERE}?said=removed", status_code=303)


@router.post("/recovery")
def new_recovery(
    request: Request, web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT, fresh=True)
) -> Response:
    """New recovery codes in place of the old ones."""
    codes = web.office.second_factors.new_recovery(me.staff)
    return web.pages.show(request, "account_recovery.html", me=me, codes=codes, first=False)


@router.post("/sessions/end")
def end_sessions(web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT)) -> Response:
    """Signs out everywhere, here too."""
    web.office.sessions.out_everywhere(me.session)
    page = RedirectResponse("/sign-in", status_code=303)
    forget_session(page, web.office.settings)
    return page


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    status: int = 200,
    said: str | None = None,
    password_problem: str | None = None,
    factor_problem: str | None = None,
) -> Response:
    return web.pages.show(
        request,
        "account.html",
        status,
        me=me,
        own=web.office.own_account.of(me.staff),
        can_passkeys=web.office.passkeys.work_here,
        said=said,
        password_problem=password_problem,
        factor_problem=factor_problem,
    )


def _app(request: Request, web: OfficeWeb, me: Me, status: int = 200, problem: str | None = None) -> Response:
    shown = web.office.second_factors.begun(me.staff)
    spaced = " ".join(shown.secret[n : n + 4] for n in range(0, len(shown.secret), 4))
    return web.pages.show(
        request,
        "account_app.html",
        status,
        me=me,
        qr=svg(shown.address, "The secret, to be read by your app"),
        secret=spaced,
        problem=problem,
    )


def _renewed(web: OfficeWeb, page: Response, signed_in: SignedIn) -> Response:
    keep_session(page, signed_in.token, web.office.settings)
    if signed_in.session.is_whole:
        keep_known(page, web.office.known_browsers.mark(signed_in.staff.id), web.office.settings)
    return page
