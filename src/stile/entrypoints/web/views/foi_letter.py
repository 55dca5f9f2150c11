"""The letter of an answer: read on the page, and taken away as a file once nothing in it must stay inside."""

from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.domain.errors import NotAllowed, NotFound
from stile.domain.foi_desk.letter import FoiLetter
from stile.domain.roles import Permission
from stile.entrypoints.web.foi_now import request_of
from stile.entrypoints.web.office import TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/foi/{id}/letter")


@router.get("")
def read(request: Request, web: TheOffice, id: str, me: Me = needs(Permission.SEE_FOI)) -> Response:
    """The letter as it stands, ready or not, and why it may be held."""
    asked = request_of(web, id)
    made = web.office.foi_letters.preview(asked.ref)
    held = None
    try:
        web.office.foi_letters.make(asked.ref)
    except NotAllowed as error:
        held = str(error)
    return web.pages.show(
        request,
        "foi_letter.html",
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        letter=made,
        held=held,
        findings=web.office.foi_letters.check(asked.ref),
    )


@router.get("/{kind}")
def take_away(web: TheOffice, id: str, kind: str, _: Me = needs(Permission.SEE_FOI)) -> Response:
    """The letter as a file: `pdf` (tagged), `docx` or `html`. Held while something in it must not go out."""
    if kind not in KINDS:
        raise NotFound("A letter is pdf, docx or html.")
    asked = request_of(web, id)
    made = web.office.foi_letters.make(asked.ref)
    media, write = KINDS[kind]
    name = "".join(one if one.isalnum() or one in "-_" else "-" for one in asked.ref)
    return Response(
        write(made),
        media_type=media,
        headers={"content-disposition": f'attachment; filename="{name}.{kind}"'},
    )


def _html(letter: FoiLetter) -> bytes:
    from stile.adapters.documents.letter_html import html

    return html(letter)


def _pdf(letter: FoiLetter) -> bytes:
    from stile.adapters.documents.letter_html import pdf

    return pdf(letter)


def _docx(letter: FoiLetter) -> bytes:
    from stile.adapters.documents.letter_docx import docx  # heavy: read when somebody first takes one away

    return docx(letter)


KINDS: Mapping[str, tuple[str, Callable[[FoiLetter], bytes]]] = {
    "html": ("text/html; charset=utf-8", _html),
    "pdf": ("application/pdf", _pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
}
