"""The redaction gate: what goes out with an answer, what was found in it, and what became of that."""

from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import Conflict, NotAllowed, NotConfigured, WrongValue
from stile.domain.foi import sent_on
from stile.domain.foi_desk.papers import ENDS, LARGEST, MAY_CHANGE
from stile.domain.foi_desk.redaction import Concealed
from stile.domain.foi_desk.request import FoiRequest
from stile.domain.ids import PaperId
from stile.domain.roles import Permission
from stile.entrypoints.web import foi_words
from stile.entrypoints.web.foi_now import names, request_of
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sent import sent_form

router = APIRouter(prefix="/console/foi/{id}")

REFUSED = (WrongValue, NotAllowed, Conflict, NotConfigured)
STAYS = frozenset((Concealed.COVERED, Concealed.CROPPED))
"""What no copy is without."""
SAID = {
    "added": "The paper is there. What was found in it stands below.",
    "cleaned": "A copy was made that holds only what a reader sees. The paper itself was set aside.",
    "aside": "It is set aside: it stays with the request and does not go out.",
    "back": "It goes out with the answer.",
    "removed": "It is gone for good.",
    "passed": "It may go out, for the reason that you gave.",
}


@router.get("/papers")
def papers(
    request: Request, web: TheOffice, id: str, me: Me = needs(Permission.SEE_FOI), said: str = ""
) -> Response:
    """The papers of an answer, and what must be dealt with before it goes."""
    return _page(request, web, me, request_of(web, id), said=SAID.get(said))


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    status: int = 200,
    said: str | None = None,
    problem: str | None = None,
    at: str = "",
    given: str = "",
) -> Response:
    """`at`: what the problem is about: “add”, or the key of a finding. `given`: what was typed there."""
    gate, listed = web.office.foi_gate.look(asked.ref), web.office.foi_papers.of(asked.ref)
    may_change = asked.state in MAY_CHANGE and me.staff.may(Permission.HANDLE_FOI)
    went = sent_on(asked.taken) is not None
    can_email = "@" in asked.requester.address
    places = {str(one.id) for one in listed}
    may_decide = me.staff.may(Permission.HANDLE_FOI)
    places |= {one.finding.key for one in gate.open if one.finding.may_pass} if may_decide else set()
    places |= {"add"} if may_change else set()
    places |= {"email"} if went and can_email else set()
    return web.pages.show(
        request,
        "foi_papers.html",
        status,
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        gate=gate,
        papers=listed,
        named={one.id: one.name for one in listed},
        by=names(web, [*(one.added_by for one in listed), *(one.by for one in gate.passed)]),
        may_change=may_change,
        may_decide=may_decide,
        stays=STAYS,
        endings=",".join(ENDS),
        largest=LARGEST // 1024 // 1024,
        went=went and me.staff.may(Permission.HANDLE_FOI),
        can_email=can_email,
        foi_words=foi_words,
        said=said,
        problem=problem,
        problem_at=at,
        places=places,
        given=given,
    )


@router.post("/papers")
def add(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    sent: FormData = sent_form(),
) -> Response:
    """Takes a paper in. It is looked into at once, in a process of its own."""
    asked, file = request_of(web, id), sent.get("file")
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise WrongValue("Please choose the paper.")
        web.office.foi_papers.add(asked.ref, file.filename, file.file.read(LARGEST + 1), str(me.staff.id))
    except REFUSED as error:
        return _page(request, web, me, asked, 422, problem=foi_words.sentence(error), at="add")
    return _back(asked, "added")


@router.get("/papers/{paper}")
def take_away(web: TheOffice, id: str, paper: UUID, _: Me = needs(Permission.SEE_FOI)) -> Response:
    """A paper as it is kept, for whoever checks it."""
    found, content = web.office.foi_papers.content(request_of(web, id).ref, PaperId(paper))
    return download(found.name, found.media, content)


def download(name: str, media: str, content: bytes) -> Response:
    """Never shown in the browser: whoever made it, it runs and loads nothing here."""
    plain = "".join(one if one.isascii() and (one.isalnum() or one in " ._-()") else "_" for one in name)
    return Response(
        content,
        media_type=media,
        headers={
            "content-disposition": f'attachment; filename="{plain}"',
            "content-security-policy": "sandbox",
        },
    )


@router.post("/papers/{paper}/clean")
def clean(
    request: Request, web: TheOffice, id: str, paper: UUID, me: Me = needs(Permission.HANDLE_FOI)
) -> Response:
    """Makes a copy that holds only what a reader sees. A workbook becomes CSV."""
    asked = request_of(web, id)
    try:
        web.office.foi_papers.clean(asked.ref, PaperId(paper), str(me.staff.id))
    except REFUSED as error:
        return _page(request, web, me, asked, 422, problem=foi_words.sentence(error), at=str(paper))
    return _back(asked, "cleaned")


@router.post("/papers/{paper}/aside")
def aside(
    request: Request,
    web: TheOffice,
    id: str,
    paper: UUID,
    me: Me = needs(Permission.HANDLE_FOI),
    back: str = Form(""),
) -> Response:
    """Sets a paper aside, or takes it back: what is set aside stays with the request and does not go out."""
    asked = request_of(web, id)
    try:
        web.office.foi_papers.set_aside(asked.ref, PaperId(paper), str(me.staff.id), aside=not back)
    except REFUSED as error:
        return _page(request, web, me, asked, 422, problem=foi_words.sentence(error), at=str(paper))
    return _back(asked, "back" if back else "aside")


@router.post("/papers/{paper}/remove")
def remove(
    request: Request, web: TheOffice, id: str, paper: UUID, me: Me = needs(Permission.HANDLE_FOI)
) -> Response:
    """Removes a paper for good: it was given by mistake."""
    asked = request_of(web, id)
    try:
        web.office.foi_papers.remove(asked.ref, PaperId(paper), str(me.staff.id))
    except REFUSED as error:
        return _page(request, web, me, asked, 422, problem=foi_words.sentence(error), at=str(paper))
    return _back(asked, "removed")


@router.post("/papers/pass")
def let_through(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    of: str = Form(""),
    key: str = Form(""),
    reason: str = Form("", max_length=1000),
) -> Response:
    """Lets words through that were found, for a reason. What a file hides is never let through."""
    asked = request_of(web, id)
    try:
        web.office.foi_gate.let_through(asked.ref, of, key, reason, str(me.staff.id))
    except REFUSED as error:
        return _page(request, web, me, asked, 422, problem=foi_words.sentence(error), at=key, given=reason)
    return _back(asked, "passed")


@router.post("/email")
def email(request: Request, web: TheOffice, id: str, me: Me = needs(Permission.HANDLE_FOI)) -> Response:
    """The e-mail that takes the answer, as a file: opened, it is a draft in the officer's own mail program."""
    asked = request_of(web, id)
    try:
        made = web.office.foi_email.make(asked.ref, str(me.staff.id))
    except REFUSED as error:
        return _page(request, web, me, asked, 422, problem=foi_words.sentence(error), at="email")
    named = "".join(one if one.isalnum() or one in "-_" else "-" for one in asked.ref)
    return download(f"{named}.eml", "message/rfc822", made)


def _back(asked: FoiRequest, said: str) -> Response:
    return RedirectResponse(f"/console/foi/{asked.id}/papers?said={said}", status_code=303)
