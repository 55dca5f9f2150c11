"""Who may use the staff pages: the accounts, and what each may do."""

from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.accounts import Allowed, may_change_roles, may_disable, may_enable, may_give, may_reset
from stile.domain.errors import CannotSend, Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.ids import StaffId
from stile.domain.roles import Permission, Role
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs
from stile.ports import Letter

router = APIRouter(prefix="/console/staff")

SAID = {
    "roles": "The roles are changed, and the sessions of this account ended.",
    "disabled": "The account is disabled. Whoever used it is signed out.",
    "enabled": "The account is enabled.",
}
LETTER = """Hello {name},

you have an account for Stile. By this link you choose how you sign in. It works once, within three days:

{link}

If you did not expect this letter, please tell whoever manages the staff accounts.
"""


@router.get("")
def staff(request: Request, web: TheOffice, me: Me = needs(Permission.MANAGE_STAFF)) -> Response:
    """All accounts, and how each signs in."""
    return web.pages.show(request, "staff_accounts.html", me=me, accounts=web.office.accounts.all())


@router.get("/new")
def new(request: Request, web: TheOffice, me: Me = needs(Permission.MANAGE_STAFF, fresh=True)) -> Response:
    """The form for a new account."""
    return _new(request, web, me, "", frozenset())


@router.post("/new")
def add(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.MANAGE_STAFF, fresh=True),
    name: str = Form(""),
    role: list[str] = Form([]),
) -> Response:
    """Makes an account and its sign-up link. The link is in this answer and nowhere else."""
    roles = frozenset(one for one in Role if one in role)
    try:
        invited = web.office.accounts.add(me.staff, name, roles)
    except (WrongValue, Conflict) as error:
        return _new(request, web, me, name, roles, 422, name_problem=str(error))
    except NotAllowed as error:
        return _new(request, web, me, name, roles, 409, roles_problem=str(error))
    return _link(request, web, me, invited.staff.id, invited.token)


@router.get("/{id}")
def account(
    request: Request, web: TheOffice, id: UUID, me: Me = needs(Permission.MANAGE_STAFF), said: str = ""
) -> Response:
    """One account."""
    return _account(request, web, me, StaffId(id), said=SAID.get(said))


@router.post("/{id}/roles")
def change_roles(
    request: Request,
    web: TheOffice,
    id: UUID,
    me: Me = needs(Permission.MANAGE_STAFF, fresh=True),
    role: list[str] = Form([]),
) -> Response:
    """Gives the account exactly these roles, and ends its sessions."""
    roles = frozenset(one for one in Role if one in role)
    return _done(
        request, web, me, id, "roles", lambda: web.office.accounts.change_roles(me.staff, StaffId(id), roles)
    )


@router.post("/{id}/disable")
def disable(
    request: Request, web: TheOffice, id: UUID, me: Me = needs(Permission.MANAGE_STAFF, fresh=True)
) -> Response:
    """Ends all sessions of the account at once; nobody signs in to it until it is enabled."""
    return _done(request, web, me, id, "disabled", lambda: web.office.accounts.disable(me.staff, StaffId(id)))


@router.post("/{id}/enable")
def enable(
    request: Request, web: TheOffice, id: UUID, me: Me = needs(Permission.MANAGE_STAFF, fresh=True)
) -> Response:
    """Lets the account be used again."""
    return _done(request, web, me, id, "enabled", lambda: web.office.accounts.enable(me.staff, StaffId(id)))


@router.post("/{id}/reset")
def reset(
    request: Request, web: TheOffice, id: UUID, me: Me = needs(Permission.MANAGE_STAFF, fresh=True)
) -> Response:
    """Takes password, passkeys and app away and makes a new sign-up link, which is in this answer and nowhere else."""
    try:
        invited = web.office.accounts.reset(me.staff, StaffId(id))
    except NotAllowed as error:
        return _account(request, web, me, StaffId(id), 409, problem=str(error))
    return _link(request, web, me, invited.staff.id, invited.token)


@router.post("/{id}/mail")
def mail(
    request: Request,
    web: TheOffice,
    id: UUID,
    me: Me = needs(Permission.MANAGE_STAFF, fresh=True),
    token: str = Form(""),
    to: str = Form(""),
) -> Response:
    """Sends the sign-up link by e-mail. The address is not kept."""
    account = StaffId(id)
    whose = web.office.joining.whose(token)
    if whose.id != account:
        raise NotFound("This link belongs to another account.")
    try:
        address = web.office.contacts.email(to)
        text = LETTER.format(name=whose.name, link=_address(web, token))
        web.office.mail.send(Letter(address, "Your account for Stile", text))
    except (WrongValue, CannotSend) as error:
        return _link(request, web, me, account, token, 422, problem=str(error), to=to)
    return _link(request, web, me, account, token, sent=True)


def _done(
    request: Request, web: OfficeWeb, me: Me, id: UUID, said: str, act: Callable[[], object]
) -> Response:
    try:
        act()
    except NotAllowed as error:
        return _account(request, web, me, StaffId(id), 409, problem=str(error))
    return RedirectResponse(f"/console/staff/{id}?said={said}", status_code=303)


def _new(
    request: Request,
    web: OfficeWeb,
    me: Me,
    name: str,
    chosen: frozenset[Role],
    status: int = 200,
    name_problem: str | None = None,
    roles_problem: str | None = None,
) -> Response:
    return web.pages.show(
        request,
        "staff_new.html",
        status,
        me=me,
        given_name=name,
        chosen=chosen,
        grantable=_grantable(me),
        name_problem=name_problem,
        roles_problem=roles_problem,
    )


def _account(
    request: Request,
    web: OfficeWeb,
    me: Me,
    id: StaffId,
    status: int = 200,
    said: str | None = None,
    problem: str | None = None,
) -> Response:
    known, everybody = web.office.accounts.get(id), [one.staff for one in web.office.accounts.all()]
    by, account = me.staff, known.staff
    rulings = {
        "roles": may_change_roles(by, account, account.roles or {Role.RECEPTION}, everybody),
        "disable": may_disable(by, account, everybody),
        "enable": may_enable(by, account),
        "reset": may_reset(by, account, everybody),
    }
    return web.pages.show(
        request,
        "staff_account.html",
        status,
        me=me,
        known=known,
        may={what: isinstance(ruling, Allowed) for what, ruling in rulings.items()},
        why=next((one.why for one in rulings.values() if not isinstance(one, Allowed)), None),
        grantable=_grantable(me),
        said=said,
        problem=problem,
    )


def _link(
    request: Request,
    web: OfficeWeb,
    me: Me,
    id: StaffId,
    token: str,
    status: int = 200,
    problem: str | None = None,
    to: str = "",
    sent: bool = False,
) -> Response:
    link = _address(web, token)
    return web.pages.show(
        request,
        "staff_link.html",
        status,
        me=me,
        staff=web.office.accounts.get(id).staff,
        link=link,
        qr=svg(link),
        token=token,
        can_mail=web.office.mail.is_set_up,
        problem=problem,
        to=to,
        sent=sent,
    )


def _address(web: OfficeWeb, token: str) -> str:
    return f"{web.office.settings.base_url}/join/{token}"


def _grantable(me: Me) -> frozenset[Role]:
    return frozenset(role for role in Role if isinstance(may_give(me.staff, {role}), Allowed))
