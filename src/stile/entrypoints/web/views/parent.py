"""A parent's own link: the notice, and their yes or no for their child. It works once."""

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from stile.domain.consent import Audience
from stile.domain.errors import WrongValue
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.family_words import RELATIONS
from stile.entrypoints.web.prose import blocks

router = APIRouter(prefix="/parent/{token}")


@router.get("")
def ask(request: Request, web: TheWeb, token: str) -> Response:
    """The notice for a parent and the question, for whoever holds the link."""
    return _page(request, web, token)


@router.post("/yes")
def yes(
    request: Request,
    web: TheWeb,
    token: str,
    agree: str = Form(""),
    name: str = Form(""),
    words: str = Form(""),
) -> Response:
    """Records a parent's consent. Nothing is recorded without the tick and the name, and nothing to other words than
    stood on the page. `words`: their SHA-256."""
    web.site.families.asked(token)
    if agree != "yes":
        problem = "To agree, please tick the box first. To say no, use the other button."
        return _page(request, web, token, 422, name, problem)
    shown = web.site.notices.current(Audience.PARENT)
    if words and words != shown.sha256:
        problem = "These words were changed since you opened the page, so nothing was recorded. Please read them again."
        return _page(request, web, token, 409, name, problem)
    try:
        member = web.site.families.consents_by_link(token, name, shown)
    except WrongValue:
        return _page(request, web, token, 422, name, "Please write your name, in the place of a signature.")
    return web.pages.show(
        request,
        "parent_done.html",
        member=member,
        agreed=True,
        receipt=None,
        contact=web.site.settings.privacy_contact,
    )


@router.post("/no")
def no(request: Request, web: TheWeb, token: str) -> Response:
    """Records a parent's objection, and withdraws what stood."""
    _, member = web.site.families.asked(token)
    receipt = web.site.families.objects_by_link(token)
    return web.pages.show(request, "parent_done.html", member=member, agreed=False, receipt=receipt)


def _page(
    request: Request, web: Web, token: str, status: int = 200, name: str = "", problem: str | None = None
) -> Response:
    guardian, member = web.site.families.asked(token)
    notice = web.site.notices.show(Audience.PARENT)
    return web.pages.show(
        request,
        "parent.html",
        status,
        token=token,
        guardian=guardian,
        relation=RELATIONS[guardian.relation],
        member=member,
        notice=notice,
        blocks=blocks(notice.words),
        signed=name,
        problem=problem,
    )
