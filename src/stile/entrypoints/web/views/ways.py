"""Law 4: setting up a PIN and the code on a phone: by the member on their own page, or by a link from reception."""

from collections.abc import Callable
from threading import BoundedSemaphore
from typing import TypeVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import NotAllowed, NotFound, WrongValue
from stile.domain.ids import MemberId
from stile.domain.member import Member
from stile.domain.passes import SetsUp
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.own import Actor, Mine, Reader, Themselves
from stile.entrypoints.web.qr import svg
from stile.entrypoints.web.security import Me, needs

T = TypeVar("T")
router = APIRouter()

AT_ONCE = BoundedSemaphore(2)
"""PINs that are hashed at the same time from these pages: a flood of them must leave memory and cores to the lanes."""
SAID = {
    "pin": "Your PIN is set. It works at once.",
    "pin-ended": "The PIN is gone.",
    "phone-ended": "The phone shows no code any more.",
}
"""A closed set, so that no link can put words on the page."""


def _set_up(sets_up: str) -> SetsUp:
    try:
        return SetsUp(sets_up)
    except ValueError:
        raise NotFound("There is nothing like that to set up.") from None


def _address(web: Web, sets_up: SetsUp, code: str) -> str:
    """The code of a phone's link stands behind `#`: it is never sent, and so in no log of any proxy."""
    base = web.site.settings.base_url
    return f"{base}/pin/{code}" if sets_up is SetsUp.PIN else f"{base}/pass#{code}"


# --- reception -------------------------------------------------------------------------------------------


@router.get("/desk/members/{id}/ways")
def ways(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.SEE_MEMBERS), said: str = ""
) -> Response:
    """What a member has set up besides cards: never the PIN itself."""
    found = _member(web, MemberId(id))
    web.site.looked.at(found.id, str(me.staff.id), "ways in")
    return web.pages.show(
        request,
        "member_ways.html",
        me=me,
        member=found,
        ways=web.site.alternative.of(found.id),
        said=SAID.get(said),
    )


@router.post("/desk/members/{id}/ways/{sets_up}")
def link(request: Request, web: TheWeb, id: UUID, sets_up: str, me: Me = needs(Permission.ENROL)) -> Response:
    """Makes a link to set up a PIN or a phone with. It is in this answer and nowhere else."""
    found, wanted = _member(web, MemberId(id)), _set_up(sets_up)
    code = web.site.alternative.link(found.id, wanted, str(me.staff.id))
    address = _address(web, wanted, code)
    return web.pages.show(
        request,
        "member_way_link.html",
        me=me,
        member=found,
        sets_up=wanted,
        code=code,
        link=address,
        qr=svg(address),
    )


@router.post("/desk/members/{id}/ways/{sets_up}/end")
def end(web: TheWeb, id: UUID, sets_up: str, me: Me = needs(Permission.ENROL)) -> Response:
    """Ends a member's PIN, or the code on their phone: lost, or not wanted any more."""
    said = _end(web, MemberId(id), _set_up(sets_up), str(me.staff.id))
    return RedirectResponse(f"/desk/members/{id}/ways?said={said}", status_code=303)


def _end(web: Web, member: MemberId, sets_up: SetsUp, actor: str) -> str:
    if sets_up is SetsUp.PIN:
        web.site.alternative.remove_pin(member, actor)
        return "pin-ended"
    web.site.alternative.end_phone(member, actor)
    return "phone-ended"


def _member(web: Web, id: MemberId) -> Member:
    with web.site.store.read() as work:
        found = work.members.get(id)
    if found is None:
        raise NotFound("There is no such member.")
    return found


# --- by a link -------------------------------------------------------------------------------------------


@router.get("/pin/{code}")
def choose(request: Request, web: TheWeb, code: str) -> Response:
    """Where a member chooses a PIN, once; looking at it uses nothing up."""
    member = web.site.alternative.invited(code[:64], SetsUp.PIN)
    return web.pages.show(request, "pin.html", member=member, code=code[:64], problem=None)


@router.post("/pin/{code}")
def chosen(request: Request, web: TheWeb, code: str, pin: str = Form(""), again: str = Form("")) -> Response:
    """Sets the PIN, and uses the link up."""
    member = web.site.alternative.invited(code[:64], SetsUp.PIN)
    try:
        _hashing(lambda: web.site.alternative.set_pin_by_link(code[:64], _same(pin, again)))
    except WrongValue as error:
        return web.pages.show(request, "pin.html", 422, member=member, code=code[:64], problem=str(error))
    return web.pages.show(request, "pin_set.html", member=member)


def _same(pin: str, again: str) -> str:
    if pin.strip() != again.strip():
        raise WrongValue("The two are not the same. Please type your PIN twice.")
    return pin[:64]


def _hashing(do: Callable[[], T]) -> T:
    if not AT_ONCE.acquire(timeout=5):
        raise NotAllowed("Many people are doing this just now. Please try again in a moment.")
    try:
        return do()
    finally:
        AT_ONCE.release()


# --- the member's own page -------------------------------------------------------------------------------


@router.get("/me/ways")
def mine(request: Request, web: TheWeb, mine: Reader, said: str = "") -> Response:
    """PIN and phone, as the member has set them up."""
    return _mine(request, web, mine, said=SAID.get(said))


def _mine(
    request: Request,
    web: Web,
    mine: Mine,
    status: int = 200,
    said: str | None = None,
    problem: str | None = None,
) -> Response:
    return web.pages.show(
        request,
        "me_ways.html",
        status,
        ways=web.site.alternative.of(mine.member.id),
        csrf=mine.session.csrf,
        member=mine.member,
        themselves=mine.session.sent,
        can_send=web.site.own_page.can_send,
        said=said,
        problem=problem,
    )


@router.post("/me/ways/pin")
def set_pin(
    request: Request, web: TheWeb, mine: Themselves, pin: str = Form(""), again: str = Form("")
) -> Response:
    """Sets or changes the PIN."""
    me = mine.member.id
    try:
        _hashing(lambda: web.site.alternative.set_pin(me, _same(pin, again), str(me)))
    except WrongValue as error:
        return _mine(request, web, mine, 422, problem=str(error))
    return RedirectResponse("/me/ways?said=pin", status_code=303)


@router.post("/me/ways/phone")
def set_up_phone(request: Request, web: TheWeb, mine: Themselves) -> Response:
    """Makes a set-up code: for this phone by a link, for another by its QR code."""
    me = mine.member.id
    code = web.site.alternative.link(me, SetsUp.PHONE, str(me))
    address = _address(web, SetsUp.PHONE, code)
    return web.pages.show(
        request, "me_phone.html", code=code, link=address, qr=svg(address), csrf=mine.session.csrf
    )


@router.post("/me/ways/{sets_up}/end")
def end_mine(web: TheWeb, mine: Actor, sets_up: str) -> Response:
    """Ends one's PIN, or the code on one's phone."""
    said = _end(web, mine.member.id, _set_up(sets_up), str(mine.member.id))
    return RedirectResponse(f"/me/ways?said={said}", status_code=303)
