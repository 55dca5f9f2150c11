"""Other programs' tokens: who was given what, a new one, and the end of one."""

from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import NotAllowed, WrongValue
from stile.domain.ids import TokenId
from stile.domain.roles import Permission, held
from stile.domain.tokens import Stopped, grantable
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/tokens")

PERMISSIONS = {
    Permission.SEE_MEMBERS: "Read members and passages",
    Permission.CHANGE_MEMBERS: "Add and change members",
    Permission.IMPORT_MEMBERS: "Load all members from a file",
    Permission.ENROL: "Make members’ links to enrol",
    Permission.WITHDRAW: "Withdraw a member’s consent",
    Permission.SEE_SETTINGS: "Read how the lanes are set",
    Permission.SEE_AUDIT: "Read the head of the audit log",
    Permission.TELL_EXITS: "Tell that somebody left, as an exit reader does",
}
STOPPED_BY_MAKER = {
    Stopped.MAKER_DISABLED: "Account disabled",
    Stopped.MAKER_MAY_NOT: "May no longer give this",
}
DAYS = (30, 90, 180, 366)


@router.get("")
def tokens(request: Request, web: TheWeb, me: Me = needs(Permission.MANAGE_TOKENS)) -> Response:
    """Which programs may do what, and until when."""
    return _page(request, web, me)


@router.post("")
def make(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.MANAGE_TOKENS, fresh=True, back="/console/tokens"),
    name: str = Form(""),
    may: list[str] = Form([]),
    days: int = Form(90),
) -> Response:
    """Makes a token. It is in this answer and nowhere else."""
    try:
        wanted = [Permission(one) for one in may]
    except ValueError:
        raise WrongValue("Please choose from the list what the program may do.") from None
    try:
        token, secret = web.site.tokens.make(name, wanted, days, me.staff)
    except (WrongValue, NotAllowed) as error:
        return _page(
            request, web, me, 422, problem=str(error), given={"name": name, "may": may, "days": days}
        )
    return web.pages.show(request, "token_made.html", me=me, token=token, secret=secret, can=PERMISSIONS)


@router.post("/{id}/revoke")
def revoke(web: TheWeb, id: UUID, me: Me = needs(Permission.MANAGE_TOKENS)) -> Response:
    """Ends a token at once."""
    web.site.tokens.revoke(TokenId(id), str(me.staff.id))
    return RedirectResponse("/console/tokens", status_code=303)


def _page(
    request: Request,
    web: Web,
    me: Me,
    status: int = 200,
    problem: str | None = None,
    given: dict[str, object] | None = None,
) -> Response:
    return web.pages.show(
        request,
        "tokens.html",
        status,
        me=me,
        stopped_by_maker=STOPPED_BY_MAKER,
        given_out=web.site.tokens.all(),
        can=PERMISSIONS,
        grantable=grantable(held(me.staff.roles)),
        days=DAYS,
        problem=problem,
        given=given or {"name": "", "may": [], "days": 90},
    )
