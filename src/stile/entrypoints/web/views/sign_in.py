"""Staff sign in and out: by passkey, or by password and a second factor."""

from threading import BoundedSemaphore
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from stile.application.staff.sessions import SignedIn
from stile.domain.errors import NotAllowed, StileError
from stile.domain.roles import Permission
from stile.domain.sessions import Stage
from stile.entrypoints.web.cookies import (
    forget_session,
    form_cookie,
    form_is_ours,
    keep_form,
    keep_known,
    keep_session,
    known_cookie,
    local_path,
    session_cookie,
    visitor,
)
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.sign_in_pace import in_words
from stile.entrypoints.web.signed_in import Me, found, needs
from stile.entrypoints.web.whence import whence

AT_ONCE = BoundedSemaphore(2)
"""Passwords that are checked at the same time. Each takes 46 MiB and a thread, and a flood of them must leave both to
the lanes (law 4); it also keeps parallel guesses from passing the pace together."""

TOO_LONG_OPEN = "This page was open for too long. Please try again."
BUSY = "Many people are signing in. Please try again in a moment."

router = APIRouter()


@router.get("/")
def front(request: Request, web: TheOffice) -> Response:
    """Leads to where one's work is."""
    known = web.office.sign_in.resume(request.cookies.get(session_cookie(web.office.settings)))
    return RedirectResponse(web.pages.navigation.home(known[1]) if known else "/sign-in", status_code=303)


@router.get("/sign-in")
def ask(request: Request, web: TheOffice, next: str = "/") -> Response:
    """The sign-in page."""
    if web.office.sign_in.resume(request.cookies.get(session_cookie(web.office.settings))):
        return RedirectResponse(local_path(next, "/"), status_code=303)
    return sign_in_page(request, web, next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    web: TheOffice,
    name: str = Form(""),
    password: str = Form(""),
    next: str = Form("/"),
    form: str = Form(""),
) -> Response:
    """Takes name and password. Locks out after wrong attempts, but never a browser that was known before."""
    settings, address = web.office.settings, whence(request)
    if not form_is_ours(request, form, settings):
        return sign_in_page(request, web, next, 403, TOO_LONG_OPEN)
    browser = web.office.known_browsers.recognise(name, request.cookies.get(known_cookie(settings)))
    if wait := web.sign_in_pace.locked_for(name, address, browser):
        return _locked(
            sign_in_page(request, web, next, 429, f"Too many attempts. Try again in {in_words(wait)}."), wait
        )
    if not AT_ONCE.acquire(blocking=False):
        return sign_in_page(request, web, next, 429, BUSY)
    try:
        signed_in = web.office.sign_in.with_password(name, password, visitor(request, settings))
    except NotAllowed as error:
        web.sign_in_pace.was_wrong(name, address, browser)
        return sign_in_page(request, web, next, 403, str(error))
    finally:
        AT_ONCE.release()
    web.sign_in_pace.was_right(name, browser)
    return go_on(web, signed_in, next)


@router.get("/sign-in/code")
def ask_code(request: Request, web: TheOffice, next: str = "/") -> Response:
    """Asks for the second factor, after the password."""
    me = found(request, web)
    if me is None or me.session.stage is not Stage.FACTOR_OWED:
        return RedirectResponse("/sign-in", status_code=303)
    return _code_form(request, web, me, next)


@router.post("/sign-in/code")
def code(
    request: Request,
    web: TheOffice,
    code: str = Form(""),
    next: str = Form("/"),
    form: str = Form(""),
) -> Response:
    """Takes the app's code, or a recovery code. Each works once."""
    settings = web.office.settings
    me = found(request, web)
    if me is None or me.session.stage is not Stage.FACTOR_OWED:
        return RedirectResponse("/sign-in", status_code=303)
    if not form_is_ours(request, form, settings):
        return _code_form(request, web, me, next, 403, TOO_LONG_OPEN)
    counted = f"code of {me.staff.id}"
    if wait := web.sign_in_pace.locked_for_own(counted):
        problem = f"Too many attempts. Try again in {in_words(wait)}, or use a passkey."
        return _locked(_code_form(request, web, me, next, 429, problem), wait)
    web.sign_in_pace.was_wrong_of_own(counted)  # before it is known: parallel guesses count all the same
    try:
        signed_in = web.office.sign_in.with_code(me.session, me.staff, code, visitor(request, settings))
    except NotAllowed as error:
        return _code_form(request, web, me, next, 403, str(error))
    web.sign_in_pace.was_right_of_own(counted)
    return go_on(web, signed_in, next)


@router.post("/sign-in/passkey/options")
def passkey_options(request: Request, web: TheOffice, form: str = Form("")) -> Response:
    """What the browser needs to ask for a passkey."""
    if not form_is_ours(request, form, web.office.settings):
        return problem(403, TOO_LONG_OPEN)
    try:
        return Response(web.office.passkeys.to_sign_in(form), media_type="application/json")
    except StileError as error:
        return problem(409, str(error))


@router.post("/sign-in/passkey")
def passkey(
    request: Request,
    web: TheOffice,
    answer: str = Form(""),
    next: str = Form("/"),
    form: str = Form(""),
) -> Response:
    """Signs in with a passkey, which is two factors in one."""
    if not form_is_ours(request, form, web.office.settings):
        return problem(403, TOO_LONG_OPEN)
    try:
        signed_in = web.office.passkeys.sign_in(form, answer, visitor(request, web.office.settings))
    except NotAllowed as error:
        return problem(403, str(error))
    return go_on(web, signed_in, next, by_script=True)


@router.post("/sign-out")
def sign_out(web: TheOffice, me: Me = needs(Permission.OWN_ACCOUNT, set_up=True)) -> Response:
    """Ends the session."""
    web.office.sign_in.out(me.session)
    page = RedirectResponse("/sign-in", status_code=303)
    forget_session(page, web.office.settings)
    return page


def go_on(web: OfficeWeb, signed_in: SignedIn, next: str, by_script: bool = False) -> Response:
    """Keeps the session, and leads on: to the page that was wanted, or to what is owed before it."""
    wanted = local_path(next, "/")
    to = {
        Stage.WHOLE: wanted,
        Stage.FACTOR_OWED: f"/sign-in/code?next={quote(wanted, safe='/')}",
        Stage.SET_UP_OWED: "/account/set-up",
    }[signed_in.session.stage]
    page: Response = JSONResponse({"to": to}) if by_script else RedirectResponse(to, status_code=303)
    keep_session(page, signed_in.token, web.office.settings)
    if signed_in.session.is_whole:
        keep_known(page, web.office.known_browsers.mark(signed_in.staff.id), web.office.settings)
    return page


def problem(status: int, line: str) -> Response:
    """For a script of ours, which shows the line."""
    return JSONResponse({"problem": line}, status)


def _locked(page: Response, wait: int) -> Response:
    page.headers["retry-after"] = str(wait)
    return page


def sign_in_page(
    request: Request, web: OfficeWeb, next: str, status: int = 200, problem: str | None = None
) -> Response:
    return _form(
        request,
        web,
        "sign_in.html",
        next,
        status,
        problem,
        set_up=web.office.setup.is_done,
        passkeys=web.office.passkeys.work_here,
        provider=web.office.provider_sign_in.is_set_up,
    )


def _code_form(
    request: Request, web: OfficeWeb, me: Me, next: str, status: int = 200, problem: str | None = None
) -> Response:
    own = web.office.own_account.of(me.staff)
    passkeys = bool(own.passkeys) and web.office.passkeys.work_here
    return _form(request, web, "sign_in_code.html", next, status, problem, codes=own.codes, passkeys=passkeys)


def _form(
    request: Request,
    web: OfficeWeb,
    template: str,
    next: str,
    status: int,
    problem: str | None,
    **more: Any,
) -> Response:
    """A form of somebody who is not signed in: the secret in its cookie stands in it as well (CSRF)."""
    settings = web.office.settings
    secret = request.cookies.get(form_cookie(settings)) or web.office.chance.secret()
    wanted = local_path(next, "/")
    page = web.pages.show(request, template, status, next=wanted, form=secret, problem=problem, **more)
    keep_form(page, secret, settings)
    return page
