"""Reception sets up coming in by face: who may be asked, and the ways to the notice and the pictures."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.invite import Made
from stile.application.may_enrol import SAID
from stile.domain.children import ADULT_FROM, May, MayNot, WhyNot, age_on
from stile.domain.errors import CannotSend, Conflict, NotAllowed, NotConfigured, StileError, WrongValue
from stile.domain.ids import MemberId
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.family_words import EXCUSES, RELATIONS
from stile.entrypoints.web.family_words import SAID as FAMILY_SAID
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/desk/members")


class How(StrEnum):
    """The way to the member."""

    SHOW = "show"
    PRINT = "print"
    MAIL = "mail"
    KIOSK = "kiosk"
    HERE = "here"


@router.get("/{id}/enrol")
def set_up(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.ENROL)) -> Response:
    """Whether a member may be asked to come in by face, and the ways to ask them."""
    return shown(request, web, me, MemberId(id))


def shown(
    request: Request,
    web: Web,
    me: Me,
    id: MemberId,
    status: int = 200,
    problem: str | None = None,
    done: str | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    """The page, with what went wrong or what was done. What is on it of the member and their parents is recorded as
    seen first."""
    member, decision = web.site.may_enrol.of(id)
    web.site.looked.at(id, str(me.staff.id), "set-up of face entry")
    family = web.site.families.of(id)
    with web.site.store.read() as work:
        invitation, consent = work.invitations.latest_of(id), work.consents.live_of(id)
        pack = web.site.pool.pack if web.site.pool else None
        enrolled = pack is not None and work.templates.has(id, pack)
    age = age_on(web.site.clock.today(), member.born_on)
    return web.pages.show(
        request,
        "set_up.html",
        status,
        me=me,
        member=member,
        may=decision if isinstance(decision, May) else None,
        why_not=decision.reason if isinstance(decision, MayNot) else None,
        said=SAID[decision.reason] if isinstance(decision, MayNot) else None,
        WhyNot=WhyNot,
        family=family,
        is_child=age is not None and age < ADULT_FROM,
        waiting=invitation if invitation and invitation.works(web.site.clock.now()) else None,
        consent=consent,
        enrolled=enrolled,
        can_see=web.site.pool is not None,
        may_begin=web.site.go_live.may_enrol(member.centre),
        can_mail=web.site.mail.is_set_up,
        relations=RELATIONS,
        excuses=EXCUSES,
        they_said=FAMILY_SAID,
        problem=problem,
        done=done,
        given=given or {},
    )


@router.post("/{id}/invite")
def invite(
    request: Request,
    web: TheWeb,
    id: UUID,
    me: Me = needs(Permission.ENROL),
    look_alike: bool = Form(False),
    how: str = Form("show"),
) -> Response:
    """Makes a link to enrol with, and shows, prints or sends it, or opens it here. It is given out once."""
    member, actor, links = MemberId(id), str(me.staff.id), web.site.invite
    try:
        wanted = How(how)
    except ValueError:
        raise WrongValue("Please choose one of the ways on the page.") from None
    if wanted is How.MAIL:
        try:
            links.send(member, actor, look_alike)
        except (CannotSend, NotConfigured, NotAllowed) as error:
            return shown(request, web, me, member, 409, problem=str(error))
        return shown(request, web, me, member, done="The link is on its way to the member’s e-mail address.")
    if wanted is How.HERE:
        made = links.at_the_desk(member, me.staff.id, look_alike)
        return RedirectResponse(f"/enrol/{made.token}", status_code=303)
    if wanted is How.KIOSK:
        made = links.for_a_kiosk(member, actor, look_alike)
        return _given_out(request, web, me, made, "member_code.html")
    made = links.link(member, actor, look_alike)
    return _given_out(
        request, web, me, made, "member_print.html" if wanted is How.PRINT else "member_invited.html"
    )


def _given_out(request: Request, web: Web, me: Me, made: Made, page: str) -> Response:
    with web.site.store.read() as work:
        member, operator = work.members.get(made.invitation.member), work.operators.only()
    link = web.site.invite.address(made.token)
    code = f"{made.code[:4]} {made.code[4:]}" if made.code else None
    more: dict[str, Any] = {"link": link, "qr": svg(link), "code": code, "until": made.invitation.expires_at}
    return web.pages.show(request, page, me=me, member=member, operator=operator, **more)


@router.post("/{id}/links/end")
def end_links(web: TheWeb, id: UUID, me: Me = needs(Permission.ENROL), back: str = Form("")) -> Response:
    """Ends the links of a member that were not used."""
    web.site.invite.cancel(MemberId(id), str(me.staff.id))
    page = "/console/enrolments" if back == "enrolments" else f"/desk/members/{id}/enrol"
    return RedirectResponse(page, status_code=303)


@router.post("/{id}/born")
def born(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.ENROL), born_on: str = Form("")
) -> Response:
    """Records a date of birth that was missing. One that is there is changed on the member's own page."""
    member, _ = web.site.may_enrol.of(MemberId(id))
    try:
        if member.born_on is not None:
            raise Conflict("There is a date of birth already.")
        day = date.fromisoformat(born_on.strip())
        web.site.membership.change(member.id, {"born_on": day}, str(me.staff.id), member.version)
    except StileError as error:
        return shown(request, web, me, member.id, 422, problem=str(error), given={"born_on": born_on})
    except ValueError:
        wrong = "A date of birth is written like 1990-12-31."
        return shown(request, web, me, member.id, 422, problem=wrong, given={"born_on": born_on})
    return RedirectResponse(f"/desk/members/{id}/enrol", status_code=303)
