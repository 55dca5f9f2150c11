"""Members: find one, add one, invite to enrol, withdraw a consent, change a status."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.membership import NewMember
from stile.domain.consent import Consent
from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.ids import MemberId
from stile.domain.member import Member, MembershipStatus, card_number
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs
from stile.ports import UnitOfWork

router = APIRouter(prefix="/desk/members")

SHOWN = 50
AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Row:
    member: Member
    enrolled: bool


def find(work: UnitOfWork, wanted: str) -> tuple[list[Member], bool]:
    """Members by number, card, or part of a name, at most SHOWN; and whether there are more."""
    if not wanted:
        page = list(work.members.page(most=SHOWN + 1))
        return page[:SHOWN], len(page) > SHOWN
    exact = work.members.by_number(wanted) or _by_card(work, wanted)
    if exact:
        return [exact], False
    found: list[Member] = []
    parts, after = wanted.casefold().split(), ""
    while page := list(work.members.page(after, AT_A_TIME)):
        for member in page:
            name = f"{member.full_name} {member.number}".casefold()
            if all(part in name for part in parts):
                found.append(member)
                if len(found) > SHOWN:
                    return found[:SHOWN], True
        after = page[-1].number
    return found, False


def _by_card(work: UnitOfWork, wanted: str) -> Member | None:
    try:
        return work.members.by_card(card_number(wanted))
    except WrongValue:
        return None


@router.get("")
def members(request: Request, web: TheWeb, me: Me = needs(Permission.SEE_MEMBERS), q: str = "") -> Response:
    """Members by number, card or name."""
    wanted = q.strip()[:100]
    with web.site.store.read() as work:
        found, more = find(work, wanted)
        rows = [Row(one, work.consents.live_of(one.id) is not None) for one in found]
        count = work.members.count()
    return web.pages.show(
        request, "members.html", me=me, rows=rows, more=more, shown=SHOWN, q=wanted, count=count
    )


@router.get("/new")
def new(request: Request, web: TheWeb, me: Me = needs(Permission.CHANGE_MEMBERS)) -> Response:
    """The form for a new member."""
    return web.pages.show(request, "member_new.html", me=me, given={}, problem=None)


@router.post("/new")
def add(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.CHANGE_MEMBERS),
    number: str = Form(""),
    given_name: str = Form(""),
    family_name: str = Form(""),
    cards: str = Form(""),
    expires_on: str = Form(""),
) -> Response:
    """Adds a member."""
    given = {
        "number": number,
        "given_name": given_name,
        "family_name": family_name,
        "cards": cards,
        "expires_on": expires_on,
    }
    try:
        with web.site.store.read() as work:
            centre = work.centres.all()[0]
        member = web.site.membership.add(
            centre.id,
            NewMember(
                number,
                given_name,
                family_name,
                tuple(card for card in cards.replace(",", "\n").split("\n") if card.strip()),
                _day(expires_on),
            ),
            str(me.staff.id),
        )
    except (Conflict, WrongValue) as error:
        return web.pages.show(request, "member_new.html", 422, me=me, given=given, problem=str(error))
    return RedirectResponse(f"/desk/members/{member.id}", status_code=303)


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise WrongValue("A date is written like 2026-12-31.") from None


@router.get("/{id}")
def member(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.SEE_MEMBERS)) -> Response:
    """One member: membership, cards, consent."""
    found, consent, enrolled = _member(web, id)
    with web.site.store.read() as work:
        pack = web.site.pool.pack if web.site.pool else None
        alike = pack is not None and bool(work.look_alikes.of_member(found.id, pack))
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


@router.post("/{id}/invite")
def invite(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.ENROL), look_alike: bool = Form(False)
) -> Response:
    """Makes a link to enrol with. It is in this answer and nowhere else."""
    found, _, _ = _member(web, id)
    token = web.site.enrol.invite(found.id, str(me.staff.id), look_alike)
    link = f"{web.site.settings.base_url}/enrol/{token}"
    return web.pages.show(request, "member_invited.html", me=me, member=found, link=link, qr=svg(link))


@router.post("/{id}/withdraw")
def withdraw(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.WITHDRAW)) -> Response:
    """Withdraws the consent and destroys the template; shows the receipt."""
    found, _, _ = _member(web, id)
    receipt = web.site.withdraw.consent_of(found.id, str(me.staff.id))
    return web.pages.show(request, "member_receipt.html", me=me, member=found, receipt=receipt)


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
