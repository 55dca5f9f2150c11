"""Members: find one, add one, change one, withdraw a consent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, BackgroundTasks, Form, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from stile.application.membership import NewMember
from stile.domain.consent import Consent
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.ids import MemberId
from stile.domain.member import Member, MembershipStatus
from stile.domain.places import Centre
from stile.domain.roles import Permission
from stile.entrypoints.web import member_history
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.member_form import SAID_HOW, MemberForm
from stile.entrypoints.web.own_receipt import mail
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sent import sent_form

router = APIRouter(prefix="/desk/members")

SHOWN = 50
DEEPEST = 40
"""Pages of a search: who is not among the first 2,000 is found by typing more."""


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    agreed: bool


@router.get("")
def members(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.SEE_MEMBERS),
    q: str = "",
    after: str = "",
    part: int = 0,
) -> Response:
    """Members by number, card or name; asked for again while somebody types."""
    wanted, part = q.strip()[:100], min(max(part, 0), DEEPEST)
    with web.site.store.read() as work:
        if wanted:
            found = work.members.find(wanted, SHOWN + 1, part * SHOWN)
        else:
            found = work.members.page(after[:200], SHOWN + 1)
        rows = [Row(one, work.consents.live_of(one.id) is not None) for one in found[:SHOWN]]
        count = work.members.count()
    web.site.looked.at_list(len(rows), str(me.staff.id), "search" if wanted else "list of members")
    more = len(found) > SHOWN and part < DEEPEST
    return web.pages.show(
        request,
        "members_found.html" if request.headers.get("hx-target", "").endswith("found") else "members.html",
        me=me,
        rows=rows,
        q=wanted,
        count=count,
        part=part,
        after=after,
        next=rows[-1].member.number if more and not wanted else None,
        more=more,
    )


@router.get("/new")
def new(request: Request, web: TheWeb, me: Me = needs(Permission.CHANGE_MEMBERS)) -> Response:
    """The form for a new member."""
    return _form(request, web, me, MemberForm.empty(), None)


@router.post("/new")
def add(
    request: Request, web: TheWeb, me: Me = needs(Permission.CHANGE_MEMBERS), sent: FormData = sent_form()
) -> Response:
    """Adds a member."""
    typed = _typed(sent, web)
    typed.check_yes(before=False)
    if not typed.errors:
        try:
            with web.site.store.read() as work:
                home = work.centres.all()[0].id
            member = web.site.membership.add(home, NewMember(**typed.values), str(me.staff.id))
        except (Conflict, WrongValue) as error:
            typed.errors[""] = str(error)
        else:
            return RedirectResponse(f"/desk/members/{member.id}", status_code=303)
    return _form(request, web, me, typed, None, 422)


def _typed(form: FormData, web: Web) -> MemberForm:
    with web.site.store.read() as work:
        centres = list(work.centres.all())
    return MemberForm.typed(form, form.getlist, web.site.contacts, centres)


def _form(
    request: Request, web: Web, me: Me, form: MemberForm, member: Member | None, status: int = 200
) -> Response:
    with web.site.store.read() as work:
        centres = list(work.centres.all())
    return web.pages.show(
        request,
        "member_form.html",
        status,
        me=me,
        form=form,
        given=form.given,
        errors=form.errors,
        member=member,
        centres=centres if len(centres) > 1 else [],
        statuses=list(MembershipStatus),
        said_how=SAID_HOW,
    )


@router.get("/{id}/change")
def change_form(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.CHANGE_MEMBERS)
) -> Response:
    """The form to change a member."""
    found, _, _ = _member(web, id)
    web.site.looked.at(found.id, str(me.staff.id), "member form")
    return _form(request, web, me, MemberForm.of(found), found)


@router.post("/{id}/change")
def change(
    request: Request,
    web: TheWeb,
    id: UUID,
    me: Me = needs(Permission.CHANGE_MEMBERS),
    sent: FormData = sent_form(),
) -> Response:
    """Changes a member; refused when somebody else did meanwhile."""
    found, _, _ = _member(web, id)
    typed = _typed(sent, web)
    typed.errors.pop("number", None)
    typed.check_yes(before=found.marketing)
    if not typed.errors:
        changes = {name: value for name, value in typed.values.items() if name != "number"}
        try:
            version = _version(sent.get("version"))
            web.site.membership.change(found.id, changes, str(me.staff.id), version)
        except (Conflict, WrongValue) as error:
            typed.errors[""] = str(error)
        else:
            return RedirectResponse(f"/desk/members/{found.id}", status_code=303)
    web.site.looked.at(found.id, str(me.staff.id), "member form")
    typed.given["number"] = found.number
    return _form(request, web, me, typed, found, 422)


def _version(given: Any) -> int:
    if not isinstance(given, str) or not given.isdecimal() or len(given) > 9:
        raise WrongValue("The form is not complete. Please reload the page.")
    return int(given)


@router.get("/{id}")
def member(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.SEE_MEMBERS)) -> Response:
    """One member: membership, cards, consent, what happened."""
    found, consent, enrolled = _member(web, id)
    web.site.looked.at(found.id, str(me.staff.id), "member page")
    with web.site.store.read() as work:
        pack = web.site.pool.pack if web.site.pool else None
        alike = pack is not None and bool(work.look_alikes.of_member(found.id, pack))
        centres = {one.id: one for one in work.centres.all()}
    return web.pages.show(
        request,
        "member.html",
        me=me,
        member=found,
        consent=consent,
        enrolled=enrolled,
        look_alike=alike,
        statuses=list(MembershipStatus),
        can_enrol=web.site.pool is not None,
        may_change=me.staff.may(Permission.CHANGE_MEMBERS),
        admits_to=_admits_to(found, centres),
        happened=member_history.of(web, found.id, me.staff.may(Permission.SEE_RIGHTS)),
    )


def _admits_to(found: Member, centres: dict[Any, Centre]) -> str:
    return (
        ", ".join(centres[one].name for one in found.admits_to if one in centres)
        or "No centre that is known here"
    )


def _member(web: Web, id: UUID) -> tuple[Member, Consent | None, bool]:
    """The member, their live consent, and whether they are enrolled with the pack in use."""
    with web.site.store.read() as work:
        found = work.members.get(MemberId(id))
        if found is None:
            raise NotFound("There is no such member.")
        pack = web.site.pool.pack if web.site.pool else None
        enrolled = pack is not None and work.templates.has(found.id, pack)
        return found, work.consents.live_of(found.id), enrolled


@router.post("/{id}/withdraw")
def withdraw(
    request: Request, web: TheWeb, id: UUID, later: BackgroundTasks, me: Me = needs(Permission.WITHDRAW)
) -> Response:
    """Withdraws the consent and destroys the template; shows the receipt, and sends it to the member."""
    found, _, _ = _member(web, id)
    receipt = web.site.withdraw.consent_of(found.id, str(me.staff.id))
    later.add_task(mail, web, found.id, receipt)
    return web.pages.show(
        request,
        "member_receipt.html",
        me=me,
        member=found,
        receipt=receipt,
        can_send=web.site.mail.is_set_up,
    )


@router.post("/{id}/status")
def set_status(
    web: TheWeb, id: UUID, me: Me = needs(Permission.CHANGE_MEMBERS), status: str = Form("")
) -> Response:
    """Sets the membership to active, lapsed or suspended."""
    try:
        wanted = MembershipStatus(status)
    except ValueError:
        raise WrongValue("Please choose active, lapsed or suspended.") from None
    web.site.membership.set_status(MemberId(id), wanted, str(me.staff.id))
    return RedirectResponse(f"/desk/members/{id}", status_code=303)
