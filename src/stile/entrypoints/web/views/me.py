"""A member's own page: everything that is held about them, and what they can do about it."""

from fastapi import APIRouter, BackgroundTasks, Form, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from stile.domain.errors import WrongValue
from stile.domain.held import masked
from stile.domain.rights_request import CameBy, Kind
from stile.entrypoints.web import face_now, own_words
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.own import Actor, Mine, Reader, Themselves, themselves
from stile.entrypoints.web.own_receipt import as_text, mail, tell_old_address

router = APIRouter(prefix="/me")

ASKED_HERE = (Kind.ACCESS, Kind.RECTIFICATION, Kind.ERASURE, Kind.OBJECTION, Kind.COMPLAINT)
"""What is asked for in words. The rest is done on the page itself, at once."""

SAID = {
    "saved": "Your contact is saved.",
    "news-on": "You will hear from us about offers and news. You can turn it off here at any time.",
    "news-off": "You will not hear from us about offers and news.",
    "paused": "Your template is set aside. Nobody’s camera compares anything with it until you turn it on again.",
    "on": "You can come in by face again.",
    "group": "Thank you. Your group is kept, and counts with the others of it.",
    "no-group": "Your group is deleted.",
    "asked": "We have your request. You find it below, with the day by which you have our answer.",
}
"""What came of it; a closed set, so that no link can put words on the page."""
LATEST = 5


@router.get("")
def me(request: Request, web: TheWeb, mine: Reader, said: str = "") -> Response:
    """Everything that is held about the member, on one page."""
    return _page(request, web, mine, said=SAID.get(said))


def _page(
    request: Request,
    web: Web,
    mine: Mine,
    status: int = 200,
    said: str | None = None,
    problem: str | None = None,
    typed: dict[str, str] | None = None,
) -> Response:
    held = web.site.my_data.of(mine.member.id)
    return web.pages.show(
        request,
        "me.html",
        status,
        held=held,
        csrf=mine.session.csrf,
        themselves=mine.session.sent,
        can_send=web.site.own_page.can_send,
        seen=face_now.state(web, mine.member.id),
        today=web.site.clock.today(),
        own_words=own_words,
        masked=masked,
        said=said,
        problem=problem,
        typed=typed or {"email": held.member.email or "", "phone": held.member.phone or ""},
        latest=LATEST,
        groups=web.site.own_group.offered(held.member),
        group=web.site.own_group.of(mine.member.id),
        receipts=web.site.withdraw.receipts_of(mine.member.id),
    )


@router.get("/now")
async def now(request: Request, web: TheWeb, mine: Reader, seen: str = "") -> Response:
    """Answers once what the page shows of the face is over, or after a while; the open page waits for it."""
    changed = await face_now.changed(request, web, mine.member.id, seen)
    return Response(status_code=205 if changed else 204)


# --- the face ---------------------------------------------------------------------------------------------


@router.post("/withdraw")
def withdraw(web: TheWeb, mine: Actor, later: BackgroundTasks) -> Response:
    """Withdraws the consent and destroys the template and its key, at once; leads to the receipt."""
    receipt = web.site.withdraw.consent_of(mine.member.id, str(mine.member.id))
    later.add_task(mail, web, mine.member.id, receipt)
    return RedirectResponse(f"/me/receipts/{receipt.audit_position}", status_code=303)


@router.get("/receipts/{number}")
def receipt(request: Request, web: TheWeb, mine: Reader, number: int) -> Response:
    """What was removed and when, to read and to print."""
    found = web.site.withdraw.receipt_of(mine.member.id, number)
    return web.pages.show(
        request,
        "me_receipt.html",
        receipt=found,
        csrf=mine.session.csrf,
        mailed=web.site.mail.is_set_up and mine.member.email is not None,
    )


@router.get("/receipts/{number}/text")
def receipt_text(web: TheWeb, mine: Reader, number: int) -> Response:
    """The same as a text file, to keep."""
    found = web.site.withdraw.receipt_of(mine.member.id, number)
    name = f"stile-receipt-{number}.txt"
    return PlainTextResponse(
        as_text(web, found), headers={"content-disposition": f'attachment; filename="{name}"'}
    )


@router.post("/pause")
def pause(web: TheWeb, mine: Actor) -> Response:
    """UK GDPR Art. 18: the template is kept and not used."""
    web.site.own_choices.restrict(mine.member.id, str(mine.member.id))
    return RedirectResponse("/me?said=paused", status_code=303)


@router.post("/resume")
def resume(web: TheWeb, mine: Themselves) -> Response:
    """Lifts it again."""
    web.site.own_choices.lift(mine.member.id, str(mine.member.id))
    return RedirectResponse("/me?said=on", status_code=303)


# --- the rest -----------------------------------------------------------------------------------------------


@router.post("/contact")
def contact(
    request: Request,
    web: TheWeb,
    mine: Themselves,
    later: BackgroundTasks,
    email: str = Form(""),
    phone: str = Form(""),
) -> Response:
    """Corrects e-mail and telephone, at once, and tells the address of before.

    Whoever found a phone on a bench must not have the next links sent to themselves unseen."""
    try:
        now = web.site.own_choices.correct_contact(mine.member.id, email, phone)
    except WrongValue as error:
        typed = {"email": email, "phone": phone}
        return _page(request, web, mine, 422, problem=own_words.sentence(str(error)), typed=typed)
    if mine.member.email is not None and mine.member.email != now.email:
        later.add_task(tell_old_address, web, mine.member.email)
    return RedirectResponse("/me?said=saved#contact", status_code=303)


@router.post("/news")
def news(web: TheWeb, mine: Actor, yes: str = Form("")) -> Response:
    """Turns direct marketing on or off. A yes is the member's own, or none (PECR reg. 22)."""
    if yes == "yes":
        themselves(mine)
    web.site.own_choices.choose_marketing(mine.member.id, yes == "yes")
    return RedirectResponse(f"/me?said=news-{'on' if yes == 'yes' else 'off'}#contact", status_code=303)


@router.post("/group")
def group(web: TheWeb, mine: Themselves, group: str = Form("")) -> Response:
    """Keeps the group that the member states, for comparing error rates."""
    web.site.own_group.choose(mine.member.id, group)
    return RedirectResponse("/me?said=group#group", status_code=303)


@router.post("/group/forget")
def forget_group(web: TheWeb, mine: Actor) -> Response:
    """Deletes it."""
    web.site.own_group.forget(mine.member.id, str(mine.member.id))
    return RedirectResponse("/me?said=no-group#group", status_code=303)


@router.post("/download")
def download(web: TheWeb, mine: Themselves) -> Response:
    """Everything, as a ZIP: a page to read, and JSON."""
    made = web.site.export_person.of(
        mine.member.id,
        str(mine.member.id),
        lambda held: web.pages.text("me_export.html", held=held, own_words=own_words),
    )
    return Response(
        made,
        media_type="application/zip",
        headers={"content-disposition": 'attachment; filename="my-data.zip"'},
    )


@router.get("/ask/{kind}")
def ask(request: Request, web: TheWeb, mine: Reader, kind: str) -> Response:
    """The form of a request or a complaint."""
    return _ask(request, web, mine, _kind(kind))


@router.post("/ask/{kind}")
def asked(request: Request, web: TheWeb, mine: Actor, kind: str, words: str = Form("")) -> Response:
    """Receives a request or a complaint; the clock runs from today."""
    wanted = _kind(kind)
    if not words.strip() and wanted is not Kind.ACCESS:
        return _ask(request, web, mine, wanted, 422, "Please write what it is about.", words)
    try:
        came_by = CameBy.OWN_PAGE if mine.session.sent else CameBy.DESK
        web.site.rights.ask_oneself(mine.member.id, wanted, words, came_by)
    except WrongValue as error:
        return _ask(request, web, mine, wanted, 422, own_words.sentence(str(error)), words)
    return RedirectResponse("/me?said=asked#asked", status_code=303)


def _ask(
    request: Request,
    web: Web,
    mine: Mine,
    kind: Kind,
    status: int = 200,
    problem: str | None = None,
    words: str = "",
) -> Response:
    with web.site.store.read() as work:
        operator = work.operators.only()
    return web.pages.show(
        request,
        "me_ask.html",
        status,
        kind=kind,
        csrf=mine.session.csrf,
        operator=operator.name if operator else "",
        contact=web.site.settings.privacy_contact,
        problem=problem,
        typed=words,
    )


def _kind(name: str) -> Kind:
    found = next((one for one in ASKED_HERE if one.name.lower() == name), None)
    if found is None:
        raise WrongValue("Please choose what you ask for on your page.")
    return found
