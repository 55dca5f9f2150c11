"""A member's own link to enrol: the notice with its alternative first, then the question, then the pictures. Who may
not be asked any more is told so, and why."""

from dataclasses import dataclass

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.may_enrol import SAID
from stile.domain.access import Invitation
from stile.domain.children import ADULT_FROM, May, MayNot, WhyNot, age_on
from stile.domain.consent import Audience, Channel, Giver
from stile.domain.errors import NoLiveConsent
from stile.domain.guardians import Said
from stile.domain.member import Member
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.prose import blocks

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Visit:
    """Whoever holds the link. `back`: where a screen that others use next goes on to, in the end."""

    token: str
    invitation: Invitation
    member: Member
    decision: May | MayNot
    is_child: bool
    back: str | None

    @property
    def audience(self) -> Audience:
        """The words on the page are the member's; a parent had their own before them."""
        if isinstance(self.decision, May) and self.decision.giver is Giver.GUARDIAN:
            return Audience.CHILD
        return self.decision.audience if isinstance(self.decision, May) else Audience.ADULT


def visit(web: Web, token: str) -> Visit:
    """Raises NotFound for a link that works no more."""
    invitation, member = web.site.enrol.invited(token)
    _, decision = web.site.may_enrol.of(member.id)
    if isinstance(decision, MayNot) and decision.reason is WhyNot.CHILD_REFUSES:
        decision = web.site.may_enrol.if_they_say_yes(member.id)  # their no stands until they say yes here
    age = age_on(web.site.clock.today(), member.born_on)
    back = None
    if invitation.channel is Channel.DESK:
        back = f"/desk/members/{member.id}"
    elif invitation.lane is not None:
        with web.site.store.read() as work:
            lane = work.lanes.get(invitation.lane)
        back = f"/kiosk/{lane.slug}" if lane else None
    return Visit(token, invitation, member, decision, age is not None and age < ADULT_FROM, back)


def _page(request: Request, web: Web, name: str, one: Visit, status: int = 200, **more: object) -> Response:
    """On a kiosk the page gives itself up, so that the next person does not find somebody's notice."""
    headers = {"refresh": f"300; url={one.back}"} if one.invitation.lane is not None and one.back else None
    return web.pages.show(
        request, name, status, headers, token=one.token, member=one.member, back=one.back, **more
    )


@router.get("/enrol/{token}")
def ask(request: Request, web: TheWeb, token: str) -> Response:
    """The notice and the question, for whoever holds the link."""
    return _notice(request, web, visit(web, token))


def _notice(
    request: Request, web: Web, one: Visit, status: int = 200, unticked: bool = False, changed: bool = False
) -> Response:
    if isinstance(one.decision, MayNot):
        return _page(request, web, "enrol_not_now.html", one, 403, why=SAID[one.decision.reason])
    if web.site.pool is None or not web.site.go_live.may_enrol(one.member.centre):
        return _page(request, web, "enrol_later.html", one, 503)
    words = web.site.notices.show(one.audience)
    return _page(
        request,
        web,
        "enrol_notice.html",
        one,
        status,
        notice=words,
        blocks=blocks(words.words),
        unticked=unticked,
        changed=changed,
        audience=one.audience,
        assisted=one.invitation.assisted_by is not None,
    )


@router.post("/enrol/{token}/consent")
def consent(
    request: Request, web: TheWeb, token: str, agree: str = Form(""), words: str = Form("")
) -> Response:
    """Nothing is recorded without the tick (UK GDPR Art. 4(11): a clear affirmative action), and nothing to other words
    than stood on the page: a period or an address may have been changed while somebody read. `words`: their SHA-256."""
    one = visit(web, token)
    if isinstance(one.decision, MayNot) or not web.site.go_live.may_enrol(one.member.centre):
        return _notice(request, web, one)
    if agree != "yes":
        return _notice(request, web, one, 422, unticked=True)
    shown = web.site.notices.show(one.audience)
    if words and words != shown.sha256:
        return _notice(request, web, one, 409, changed=True)
    web.site.enrol.consent(
        one.member.id,
        shown,
        one.invitation.channel,
        "the member",
        one.invitation.assisted_by,
    )
    return RedirectResponse(f"/enrol/{token}/pictures", status_code=303)


@router.post("/enrol/{token}/no")
def no_thank_you(request: Request, web: TheWeb, token: str) -> Response:
    """Withdraws what was agreed to before, if anything was, and is as easy as agreeing (Art. 7(3)). A child's no is
    kept, so that nobody asks them again behind it (Protection of Freedoms Act 2012 s. 26(5))."""
    one = visit(web, token)
    with web.site.store.read() as work:
        agreed = work.consents.live_of(one.member.id) is not None
    receipt = None
    if one.is_child:
        by = str(one.invitation.assisted_by or "the link")
        receipt = web.site.families.child_says(one.member.id, Said.REFUSED, one.invitation.channel, by)
    elif agreed:
        receipt = web.site.withdraw.consent_of(one.member.id, str(one.member.id))
    shown = receipt if agreed else None
    return _page(request, web, "enrol_no.html", one, receipt=shown, works=receipt is None)


@router.get("/enrol/{token}/pictures")
def pictures(request: Request, web: TheWeb, token: str) -> Response:
    """The guided pictures, once the consent stands."""
    one = visit(web, token)
    try:
        web.site.enrol.begin(one.member.id)
    except NoLiveConsent:
        return RedirectResponse(f"/enrol/{token}", status_code=303)
    return _page(request, web, "enrol_pictures.html", one)
