"""Documents of a deployment: what is on file, and where. A document that is taken off the list stays in the entries
before."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import NotFound, WrongValue
from stile.domain.register import Deployment, Document, DocumentKind
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web import register_words as told
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.register_fields import MOST
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix=f"{links.AT}/document")


@router.get("")
def form(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.CHANGE_REGISTER),
    key: str = "",
    kind: str = "",
) -> Response:
    """The form for a document of a deployment."""
    fact = _deployment(web, key)
    given = {"kind": kind, "dated": web.office.clock.today().isoformat()}
    if kind == DocumentKind.NOTICE and (version := web.office.assessing.notice_in_force(key)):
        public = f"{web.office.settings.base_url}/transparency"
        where = f"{public}#notice" if public.startswith("https://") else "shown before anybody is asked"
        given |= {"title": f"Notice, version {version}", "where": where, "source": "as this program shows it"}
    return _page(request, web, me, fact, given, {})


@router.post("")
def add(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.CHANGE_REGISTER),
    key: str = Form(""),
    kind: str = Form(""),
    title: str = Form(""),
    dated: str = Form(""),
    where: str = Form(""),
    source: str = Form(""),
) -> Response:
    """Puts it on file, as a new entry of the deployment."""
    fact = _deployment(web, key)
    given = {"kind": kind, "title": title, "dated": dated, "where": where, "source": source}
    document, problems = _read(given, web.office.clock.today())
    if document is None:
        return _page(request, web, me, fact, given, problems, 422)
    _enter(web, me, replace(fact, documents=(*fact.documents, document)), source)
    return RedirectResponse(f"{links.deployment_link(key)}&said=entered#documents", status_code=303)


@router.post("/off")
def take_off(
    web: TheOffice,
    me: Me = needs(Permission.CHANGE_REGISTER),
    key: str = Form(""),
    n: int = Form(-1),
    title: str = Form(""),
    source: str = Form(""),
) -> Response:
    """Takes one off the list, as a new entry: what was on file before stays in the history."""
    fact = _deployment(web, key)
    if not 0 <= n < len(fact.documents) or fact.documents[n].title != title:
        raise NotFound("That document is not on the list any more.")
    left = fact.documents[:n] + fact.documents[n + 1 :]
    _enter(web, me, replace(fact, documents=left), source.strip() or "taken off the list of documents")
    return RedirectResponse(f"{links.deployment_link(key)}&said=entered#documents", status_code=303)


def _enter(web: OfficeWeb, me: Me, fact: Deployment, source: str) -> None:
    web.office.registering.add(fact, source, str(me.staff.id))


def _deployment(web: OfficeWeb, key: str) -> Deployment:
    entry = web.office.registering.as_of().deployment(key)
    if entry is None or not isinstance(entry.fact, Deployment):
        raise NotFound("Enter the deployment first: documents belong to one.")
    return entry.fact


def _read(given: Mapping[str, str], today: date) -> tuple[Document | None, dict[str, str]]:
    problems = {
        name: what
        for name, what in (
            ("title", "What is it called?"),
            ("where", "Where is it? An address, or a place on file."),
            ("source", "Where does it come from? Every answer names its source."),
        )
        if not given[name].strip()
    }
    problems |= {
        name: f"Up to {MOST:,} characters, please." for name, value in given.items() if len(value) > MOST
    }
    kind = next((one for one in DocumentKind if one.value == given["kind"]), None)
    if kind is None:
        problems["kind"] = "Please choose what it is."
    try:
        dated = day(given["dated"])
    except WrongValue as error:
        return None, problems | {"dated": str(error)}
    if dated is None:
        problems["dated"] = "Of which day is it?"
    elif dated > today:
        problems["dated"] = "A document is of today or a day before."
    if problems or kind is None or dated is None:
        return None, problems
    return Document(kind, given["title"].strip(), dated, given["where"].strip()), {}


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    fact: Deployment,
    given: Mapping[str, str],
    problems: Mapping[str, str],
    status: int = 200,
) -> Response:
    blank = dict.fromkeys(("kind", "title", "dated", "where", "source"), "")
    return web.pages.show(
        request,
        "register_document.html",
        status,
        me=me,
        fact=fact,
        given=blank | dict(given),
        problems=problems,
        today=web.office.clock.today(),
        told=told,
        links=links,
    )
