"""Everything personal of a member is erased (UK GDPR Art. 17), by whoever handles their rights."""

from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.signed_in import Me, needs

router = APIRouter(prefix="/desk/members")


@router.get("/{id}/erase")
def erase(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.HANDLE_RIGHTS, fresh=True)
) -> Response:
    """Says what goes and what stays, before anything does."""
    return _ask(request, web, me, MemberId(id))


@router.post("/{id}/erase")
def erased(
    request: Request,
    web: TheWeb,
    id: UUID,
    me: Me = needs(Permission.HANDLE_RIGHTS, fresh=True),
    number: str = Form(""),
) -> Response:
    """Erases the member. The receipt is this answer: afterwards nothing here says who it was."""
    member = _member(web, MemberId(id))
    if number.strip() != member.number:
        return _ask(request, web, me, member.id, 422, "That is not this member’s number. Nothing was erased.")
    receipt = web.site.erase_member.of(member.id, str(me.staff.id))
    return web.pages.show(request, "member_erased.html", me=me, receipt=receipt, number=member.number)


def _ask(request: Request, web: Web, me: Me, id: MemberId, status: int = 200, problem: str = "") -> Response:
    member = _member(web, id)
    web.site.looked.at(member.id, str(me.staff.id), "erasure page")
    return web.pages.show(request, "member_erase.html", status, me=me, member=member, problem=problem)


def _member(web: Web, id: MemberId) -> Member:
    with web.site.store.read() as work:
        member = work.members.get(id)
    if member is None:
        raise NotFound("There is no such member.")
    return member
