"""A member's own link to enrol: the notice with its alternative first, then the question, then the pictures."""

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.notice import notice
from stile.domain.consent import Channel, Notice
from stile.domain.errors import NoLiveConsent, NotConfigured
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.prose import blocks

router = APIRouter()


def notice_of(web: Web) -> Notice:
    """Exactly the words that are shown and hashed. Raises NotConfigured before the site is set up."""
    with web.site.store.read() as work:
        operator = work.operators.only()
    if operator is None:
        raise NotConfigured("This site is not set up yet: run `stile init`.")
    return notice(operator.name, web.site.settings.privacy_contact)


@router.get("/enrol/{token}")
def ask(request: Request, web: TheWeb, token: str) -> Response:
    """The notice and the question, for whoever holds the link."""
    _, member = web.site.enrol.invited(token)
    if web.site.pool is None:
        return web.pages.show(request, "enrol_later.html", 503)
    words = notice_of(web)
    return web.pages.show(
        request,
        "enrol_notice.html",
        token=token,
        member=member,
        notice=words,
        blocks=blocks(words.words),
        unticked=False,
    )


@router.post("/enrol/{token}/consent")
def consent(request: Request, web: TheWeb, token: str, agree: str = Form("")) -> Response:
    """Nothing is recorded without the tick (UK GDPR Art. 4(11): a clear affirmative action)."""
    _, member = web.site.enrol.invited(token)
    words = notice_of(web)
    if agree != "yes":
        return web.pages.show(
            request,
            "enrol_notice.html",
            422,
            token=token,
            member=member,
            notice=words,
            blocks=blocks(words.words),
            unticked=True,
        )
    web.site.enrol.consent(member.id, words, Channel.ENROLMENT_PAGE, "the member")
    return RedirectResponse(f"/enrol/{token}/pictures", status_code=303)


@router.post("/enrol/{token}/no")
def no_thank_you(request: Request, web: TheWeb, token: str) -> Response:
    """Withdraws what was agreed to before, if anything was, and is as easy as agreeing (Art. 7(3))."""
    _, member = web.site.enrol.invited(token)
    with web.site.store.read() as work:
        agreed = work.consents.live_of(member.id) is not None
    receipt = web.site.withdraw.consent_of(member.id, str(member.id)) if agreed else None
    return web.pages.show(request, "enrol_no.html", token=token, member=member, receipt=receipt)


@router.get("/enrol/{token}/pictures")
def pictures(request: Request, web: TheWeb, token: str) -> Response:
    """The guided pictures, once the consent stands."""
    _, member = web.site.enrol.invited(token)
    try:
        web.site.enrol.begin(member.id)
    except NoLiveConsent:
        return RedirectResponse(f"/enrol/{token}", status_code=303)
    return web.pages.show(request, "enrol_pictures.html", token=token, member=member)
