"""The disclosure log, for everybody: what was asked, what was answered, and the papers. Who asked is not in it."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.application.foi.disclosing import PAGE
from stile.domain.errors import NotFound
from stile.domain.foi_desk.papers import MEDIA, ending
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.views.foi_papers import download

router = APIRouter(prefix="/transparency/disclosure-log")


@router.get("")
def disclosure_log(request: Request, web: TheOffice, page: int = 1) -> Response:
    """Every answer that was published, the newest first."""
    number = min(max(page, 1), 10_000)
    seen = web.office.disclosing.page(number)
    return web.pages.show(
        request,
        "disclosure_log.html",
        entries=seen.entries,
        count=seen.count,
        page=number,
        more=number * PAGE < seen.count,
        who=_who(web),
    )


@router.get("/{ref:path}/papers/{name}")
def paper(web: TheOffice, ref: str, name: str) -> Response:
    """A paper that went out with an answer."""
    content = web.office.disclosing.paper(ref, name)
    if ending(name) not in MEDIA:
        raise NotFound("There is no such paper in the disclosure log.")
    return download(name, MEDIA[ending(name)], content)


@router.get("/{ref:path}")
def entry(request: Request, web: TheOffice, ref: str) -> Response:
    """One answer: each question, and what was said to it."""
    return web.pages.show(
        request, "disclosure_entry.html", entry=web.office.disclosing.get(ref), who=_who(web)
    )


def _who(web: OfficeWeb) -> str:
    with web.office.store.read() as work:
        operator = work.operators.only()
    return operator.name if operator else ""
