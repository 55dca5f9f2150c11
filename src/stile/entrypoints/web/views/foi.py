"""Requests for information: the list with what is due when, and logging what came in."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from stile.application.answer_foi import Incoming
from stile.domain.errors import Conflict, WrongValue
from stile.domain.foi_desk.request import LONGEST, Channel, Requester
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.foi_email import LARGEST
from stile.entrypoints.foi_email_apart import read_email
from stile.entrypoints.web import foi_words
from stile.entrypoints.web.foi_now import Row, clock
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sent import sent_form

router = APIRouter(prefix="/console/foi")

SHOWN = 50
"""Of those that are over; a search finds the rest."""
AT_WORK = 200
"""Shown, the oldest: whoever floods the public form must not make the list too slow to be read."""
FIELDS = ("text", "name", "address", "channel", "received", "ref")


@router.get("")
def requests(request: Request, web: TheOffice, q: str = "", me: Me = needs(Permission.SEE_FOI)) -> Response:
    """Requests for information: those that are open by the day they are due, and those that are over."""
    at_work, over = web.office.answer_foi.listed(q.split()[:10], AT_WORK + 1, SHOWN + 1)
    rows = [Row(one, clock(web, one)) for one in at_work[:AT_WORK]]
    rows.sort(key=lambda row: (row.clock.due is None, row.clock.due.due if row.clock.due else date.max))
    ended = [Row(one, clock(web, one)) for one in over]
    return web.pages.show(
        request,
        "foi.html",
        me=me,
        rows=rows,
        more_at_work=len(at_work) > AT_WORK,
        over=ended[:SHOWN],
        more=len(ended) > SHOWN,
        q=q,
        foi_words=foi_words,
    )


# --- logging ------------------------------------------------------------------------------------------------------


@router.get("/new")
def new(request: Request, web: TheOffice, me: Me = needs(Permission.HANDLE_FOI)) -> Response:
    """The form for a request that came by letter or e-mail: its words are pasted, or the e-mail is uploaded."""
    return _form(request, web, me, {})


@router.post("/new")
def log(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.HANDLE_FOI),
    sent: FormData = sent_form(),
) -> Response:
    """Logs it: its questions are split, and the clock begins with the day on which it came. An e-mail is read into the
    form first, so that somebody sees what it was taken for."""
    given = {name: str(sent.get(name) or "") for name in FIELDS}
    if sent.get("read"):
        return _read(request, web, me, given, sent.get("email"))
    today = web.office.clock.today()
    if problems := _problems(given, today):
        return _form(request, web, me, given, 422, problems)
    incoming = Incoming(
        given["text"],
        day(given["received"]) or today,
        _channel(given["channel"]),
        Requester(given["name"].strip()[:200], given["address"].strip()[:400]),
        given["ref"].strip() or None,
    )
    try:
        logged = web.office.answer_foi.log(incoming, str(me.staff.id))
    except (WrongValue, Conflict) as error:
        return _form(request, web, me, given, 422, {"ref": foi_words.sentence(error)})
    return RedirectResponse(f"/console/foi/{logged.id}?said=logged", status_code=303)


def _problems(given: dict[str, str], today: date) -> dict[str, str]:
    """What can be told of each field before it is logged; what is left then is about the reference."""
    found = {}
    if not given["text"].strip():
        found["text"] = "There is nothing in the request. Please give its words."
    elif len(given["text"]) > LONGEST:
        found["text"] = f"A request has up to {LONGEST:,} characters."
    try:
        if (day(given["received"]) or today) > today:
            found["received"] = "A request is not received on a day to come."
    except WrongValue as error:
        found["received"] = str(error)
    return found


def _read(request: Request, web: OfficeWeb, me: Me, given: dict[str, str], file: Any) -> Response:
    try:
        if not isinstance(file, UploadFile) or not file.filename:
            raise WrongValue("Please choose the e-mail.")
        email = read_email(file.file.read(LARGEST + 1), web.office.settings.time_zone)
    except WrongValue as error:
        return _form(request, web, me, given, 422, {"email": str(error)})
    today = web.office.clock.today()
    received = min(email.received or today, today)
    given |= {
        "text": email.text,
        "name": email.requester.name,
        "address": email.requester.address,
        "received": received.isoformat(),
        "channel": Channel.EMAIL.value,
    }
    return _form(request, web, me, given, attached=email.attached, was_read=True)


def _form(
    request: Request,
    web: OfficeWeb,
    me: Me,
    given: dict[str, str],
    status: int = 200,
    problems: dict[str, str] | None = None,
    attached: tuple[str, ...] = (),
    was_read: bool = False,
) -> Response:
    return web.pages.show(
        request,
        "foi_new.html",
        status,
        me=me,
        given=given,
        problems=problems or {},
        attached=attached,
        was_read=was_read,
        channels=(Channel.EMAIL, Channel.LETTER, Channel.PASTED),
        today=web.office.clock.today(),
    )


def _channel(value: str) -> Channel:
    try:
        return Channel(value)
    except ValueError:
        return Channel.PASTED
