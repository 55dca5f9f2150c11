"""Parents and guardians at the desk: named, told, asked; and what they and the child said."""

from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.consent import Audience, Channel, Relation
from stile.domain.errors import CannotSend, NotAllowed, NotConfigured, NotFound, StileError, WrongValue
from stile.domain.guardians import Excuse, Guardian, Said
from stile.domain.ids import GuardianId, MemberId
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.prose import blocks
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.views.invite import shown

router = APIRouter(prefix="/desk/members/{id}")

Chosen = TypeVar("Chosen", Relation, Said, Excuse)


@router.post("/parents")
def name(
    request: Request,
    web: TheWeb,
    id: UUID,
    me: Me = needs(Permission.ENROL),
    name: str = Form(""),
    relation: str = Form(""),
    email: str = Form(""),
) -> Response:
    """Names a parent or guardian of a member."""
    member = web.site.families.of(MemberId(id)).member
    try:
        address = web.site.contacts.email(email) if email.strip() else None
        web.site.families.name(member.id, name, _one(Relation, relation), address, str(me.staff.id))
    except StileError as error:
        given = {"name": name, "relation": relation, "email": email}
        return shown(request, web, me, member.id, 422, problem=str(error), given=given)
    return _back(id)


@router.post("/parents/{guardian_id}/letter")
def letter(
    request: Request, web: TheWeb, id: UUID, guardian_id: UUID, me: Me = needs(Permission.ENROL)
) -> Response:
    """Tells and asks a parent by e-mail, with a link that works once."""
    guardian = _guardian(web, id, guardian_id)
    try:
        web.site.families.write_to(guardian.id, str(me.staff.id))
    except (CannotSend, NotConfigured, NotAllowed) as error:
        return shown(request, web, me, guardian.member, 409, problem=str(error))
    return shown(request, web, me, guardian.member, done=f"The letter to {guardian.name} is on its way.")


@router.post("/parents/{guardian_id}/paper")
def paper(
    request: Request, web: TheWeb, id: UUID, guardian_id: UUID, me: Me = needs(Permission.ENROL)
) -> Response:
    """The notice for a parent with a form to sign, to print. Giving it to them is their notification."""
    guardian = _guardian(web, id, guardian_id)
    notice = web.site.notices.show(Audience.PARENT)
    link = web.site.families.link(guardian.id, str(me.staff.id))
    web.site.families.record(guardian.id, Said.NOTIFIED, Channel.PAPER, str(me.staff.id))
    member = web.site.families.of(guardian.member).member
    return web.pages.show(
        request,
        "parent_print.html",
        me=me,
        member=member,
        guardian=guardian,
        notice=notice,
        blocks=blocks(notice.words),
        qr=svg(link),
        link=link,
    )


@router.post("/parents/{guardian_id}/said")
def said(
    request: Request,
    web: TheWeb,
    id: UUID,
    guardian_id: UUID,
    me: Me = needs(Permission.ENROL),
    said: str = Form(""),
    excuse: str = Form(""),
) -> Response:
    """Records what a parent said or was told. An objection withdraws at once."""
    guardian = _guardian(web, id, guardian_id)
    try:
        what = _one(Said, said)
        why = _one(Excuse, excuse) if what is Said.EXCUSED else None
        channel = Channel.DESK if what is Said.OBJECTED else Channel.PAPER
        receipt = web.site.families.record(guardian.id, what, channel, str(me.staff.id), why)
    except WrongValue as error:
        return shown(request, web, me, guardian.member, 422, problem=str(error))
    done = "Recorded."
    if receipt is not None:
        done = "The objection is recorded." + _withdrawn(receipt.templates)
    return shown(request, web, me, guardian.member, done=done)


@router.post("/child")
def child(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.ENROL), said: str = Form("")
) -> Response:
    """Records that a child refuses, however they showed it, or agrees again. A refusal withdraws at once."""
    member = web.site.families.of(MemberId(id)).member
    try:
        receipt = web.site.families.child_says(member.id, _one(Said, said), Channel.DESK, str(me.staff.id))
    except WrongValue as error:
        return shown(request, web, me, member.id, 422, problem=str(error))
    done = "Recorded." if receipt is None else "The refusal is recorded." + _withdrawn(receipt.templates)
    return shown(request, web, me, member.id, done=done)


def _withdrawn(templates: int) -> str:
    return " The template is deleted and its key destroyed." if templates else " No template was stored."


def _guardian(web: Web, id: UUID, guardian_id: UUID) -> Guardian:
    """Raises NotFound also for another member's parent."""
    with web.site.store.read() as work:
        found = work.guardians.get(GuardianId(guardian_id))
    if found is None or found.member != id:
        raise NotFound("There is no such parent or guardian.")
    return found


def _one(kind: type[Chosen], value: str) -> Chosen:
    try:
        return kind(value)
    except ValueError:
        raise WrongValue("Please choose from the list.") from None


def _back(id: UUID) -> Response:
    return RedirectResponse(f"/desk/members/{id}/enrol", status_code=303)
