"""The way to a member's own page: ask for a link, open it, come in."""

from anyio import to_thread
from fastapi import APIRouter, BackgroundTasks, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import NotFound
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.own import Actor, forget_own, keep_own, own_cookie
from stile.entrypoints.web.whence import whence

router = APIRouter(prefix="/me")


@router.get("/sign-in")
def ask(request: Request, web: TheWeb) -> Response:
    """Where a member asks for a link to their own page."""
    if web.site.own_page.resume(request.cookies.get(own_cookie(web.site.settings))):
        return RedirectResponse("/me", status_code=303)
    return _form(request, web)


@router.post("/sign-in")
def send(request: Request, web: TheWeb, later: BackgroundTasks, wanted: str = Form("")) -> Response:
    """Sends the link, if anybody is known by that; the answer is the same either way, and comes before anybody is
    looked for, so that its time tells nothing."""
    if not wanted.strip():
        return _form(request, web, 422, problem="Please type your membership number or your e-mail address.")
    if not web.own_asks_pace.allows(whence(request)):
        return _form(
            request, web, 429, problem="Too many links were asked for from here. Please try again later."
        )
    if not web.site.own_page.can_send:
        return _form(request, web, 503)
    later.add_task(_post, web, wanted)
    return web.pages.show(request, "me_sent.html", to=None)


async def _post(web: Web, wanted: str) -> None:
    """In few threads of its own: a mail server that is slow must not take those of the pages."""
    await to_thread.run_sync(
        web.site.own_page.send_link, wanted, web.own_links_pace.allows, limiter=web.posting
    )


@router.get("/enter/{token}")
def open_link(request: Request, web: TheWeb, token: str) -> Response:
    """Asks before it signs in: a mail program that looks into links must not use this one up."""
    web.site.own_page.look(token)
    return web.pages.show(request, "me_enter.html", token=token)


@router.post("/enter/{token}")
def enter(web: TheWeb, token: str) -> Response:
    """Signs the member in; the link works once."""
    cookie, _ = web.site.own_page.enter(token)
    page = RedirectResponse("/me", status_code=303)
    keep_own(page, cookie, web.site.settings)
    return page


@router.post("/prove")
def prove(request: Request, web: TheWeb, mine: Actor, later: BackgroundTasks) -> Response:
    """Sends the link to the member's own address: who opens that one acts for themselves."""
    if mine.member.email is None:
        raise NotFound("We have no e-mail address of yours to send a link to.")
    later.add_task(_post, web, mine.member.number)
    return web.pages.show(request, "me_sent.html", to=mine.member.email)


@router.post("/sign-out")
def leave(web: TheWeb, mine: Actor) -> Response:
    """Ends the session of the member's own page."""
    web.site.own_page.leave(mine.session)
    page = RedirectResponse("/me/sign-in", status_code=303)
    forget_own(page, web.site.settings)
    return page


def _form(request: Request, web: TheWeb, status: int = 200, problem: str | None = None) -> Response:
    return web.pages.show(
        request, "me_sign_in.html", status, problem=problem, can_send=web.site.own_page.can_send
    )
