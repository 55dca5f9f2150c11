"""Reception shows a member who stands there, and who has said who they are, the way to their own page."""

from uuid import UUID

from anyio import to_thread
from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from stile.domain.errors import NotFound
from stile.domain.ids import MemberId
from stile.domain.roles import Permission
from stile.entrypoints.web import face_now
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.own_receipt import as_text
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/desk/members/{id}")


@router.post("/own-page")
def show(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.RECEIVE_RIGHTS)) -> Response:
    """Makes a link to the member's own page, as a code to scan. It is in this answer and nowhere else."""
    with web.site.store.read() as work:
        found = work.members.get(MemberId(id))
    if found is None:
        raise NotFound("There is no such member.")
    link = web.site.own_page.link(found.id, str(me.staff.id))
    return web.pages.show(request, "member_own_page.html", me=me, member=found, link=link, qr=svg(link))


@router.get("/receipts/{number}")
def receipt(
    web: TheWeb,
    id: UUID,
    number: int,
    me: Me = needs(Permission.WITHDRAW),
) -> Response:
    """The receipt of a withdrawal as a text file, to hand to the member or to send."""
    found = web.site.withdraw.receipt_of(MemberId(id), number)
    web.site.looked.at(MemberId(id), str(me.staff.id), "receipt")
    name = f"stile-receipt-{number}.txt"
    return PlainTextResponse(
        as_text(web, found), headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@router.get("/now")
async def now(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.SEE_MEMBERS), seen: str = ""
) -> Response:
    """Answers once what a member's page shows of the face is over, or after a while; the open page waits for it. Asked
    without what was seen, it says what is to be seen now, as a word that means nothing else."""
    if not seen:
        return PlainTextResponse(await to_thread.run_sync(face_now.state, web, MemberId(id)))
    changed = await face_now.changed(request, web, MemberId(id), seen)
    return Response(status_code=205 if changed else 204)
