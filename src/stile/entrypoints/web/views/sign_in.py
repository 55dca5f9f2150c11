"""Staff sign in and out."""

from threading import BoundedSemaphore

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import NotAllowed
from stile.domain.roles import Permission
from stile.entrypoints.web import navigation
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.security import (
    FORM_COOKIE,
    Me,
    forget_session,
    form_is_ours,
    keep_session,
    local_path,
    needs,
    session_cookie,
)

AT_ONCE = BoundedSemaphore(2)
"""Passwords that are checked at the same time. Each takes 46 MiB and a thread, and a flood of them must leave both to
the lanes (law 4); it also keeps parallel guesses from passing the pace together."""

router = APIRouter()


@router.get("/")
def front(request: Request, web: TheWeb) -> Response:
    """Leads to where one's work is."""
    found = web.site.sign_in.resume(request.cookies.get(session_cookie(web.site.settings)))
    return RedirectResponse(navigation.home(found[1]) if found else "/sign-in", status_code=303)


@router.get("/sign-in")
def ask(request: Request, web: TheWeb, next: str = "/") -> Response:
    """The sign-in page."""
    if web.site.sign_in.resume(request.cookies.get(session_cookie(web.site.settings))):
        return RedirectResponse(local_path(next, "/"), status_code=303)
    return _form(request, web, next)


@router.post("/sign-in")
def sign_in(
    request: Request,
    web: TheWeb,
    name: str = Form(""),
    password: str = Form(""),
    next: str = Form("/"),
    form: str = Form(""),
) -> Response:
    """Signs a member of staff in, for twelve hours at most. Locks out after wrong attempts."""
    address = request.client.host if request.client else "unknown"
    if not form_is_ours(request, form):
        return _form(request, web, next, 403, "This page was open for too long. Please try again.")
    if wait := web.sign_in_pace.locked_for(name, address):
        page = _form(request, web, next, 429, f"Too many attempts. Please try again in {_in_words(wait)}.")
        page.headers["retry-after"] = str(wait)
        return page
    if not AT_ONCE.acquire(blocking=False):
        return _form(request, web, next, 429, "Many people are signing in. Please try again in a moment.")
    try:
        signed_in = web.site.sign_in.with_password(name, password)
    except NotAllowed as error:
        web.sign_in_pace.was_wrong(name, address)
        return _form(request, web, next, 403, str(error))
    finally:
        AT_ONCE.release()
    web.sign_in_pace.was_right(name)
    page = RedirectResponse(local_path(next, "/"), status_code=303)
    keep_session(page, signed_in.token, web.site.settings)
    return page


@router.post("/sign-out")
def sign_out(web: TheWeb, me: Me = needs(Permission.OWN_ACCOUNT)) -> Response:
    """Ends the session."""
    web.site.sign_in.out(me.session)
    page = RedirectResponse("/sign-in", status_code=303)
    forget_session(page, web.site.settings)
    return page


def _form(
    request: Request, web: TheWeb, next: str, status: int = 200, problem: str | None = None
) -> Response:
    secret = request.cookies.get(FORM_COOKIE) or web.site.chance.secret()
    page = web.pages.show(
        request,
        "sign_in.html",
        status,
        next=local_path(next, "/"),
        form=secret,
        problem=problem,
        set_up=web.site.setup.is_done,
    )
    page.set_cookie(
        FORM_COOKIE,
        secret,
        path="/sign-in",
        secure=web.site.settings.secure,
        httponly=True,
        samesite="strict",
    )
    return page


def _in_words(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if minutes <= 1:
        return "a minute"
    if minutes < 90:
        return f"{minutes} minutes"
    return f"{-(-minutes // 60)} hours"
