"""The reception desk: what each lane is doing, the last passages, and letting somebody in by hand."""

from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.adjudication import Verdict
from stile.domain.errors import WrongValue
from stile.domain.ids import PassageId
from stile.domain.passage import BY_HAND, AdmitReason
from stile.domain.roles import Permission
from stile.domain.spot_checks import SpotAnswer
from stile.entrypoints.web import desk_now
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/desk")

SAID = {
    "opened": "The door is open. The passage is recorded.",
    "fault": "The passage is recorded, but the door did not open. Please open it yourself.",
    "noted": "Noted. It counts in the figures of the lane; the passage itself stays as it is.",
    "checked": "Thank you. It counts in the false-admit rate of the centre.",
    "not-recorded": "The passage could not be recorded, so the door did not open. Please open it yourself.",
}
"""What came of it; a closed set, so that no link can put words on the page."""


@router.get("")
def desk(request: Request, web: TheWeb, me: Me = needs(Permission.USE_DESK), said: str = "") -> Response:
    """The desk: what each lane does now, and the last passages. That their names were seen is recorded when the desk is
    opened, and not at each of its many looks after that."""
    shown = desk_now.now(web)
    web.site.looked.at_list(sum(row.who is not None for row in shown.passages), str(me.staff.id), "desk")
    return web.pages.show(
        request,
        "desk.html",
        me=me,
        now=shown,
        today=web.site.clock.today(),
        said=SAID.get(said),
        said_well=said in ("opened", "noted", "checked"),
        reasons=BY_HAND,
    )


@router.get("/now")
def now(request: Request, web: TheWeb, me: Me = needs(Permission.USE_DESK)) -> Response:
    """The part of the desk that is asked for again every other second."""
    return web.pages.show(
        request, "desk_now.html", me=me, now=desk_now.now(web), today=web.site.clock.today()
    )


@router.post("/lanes/{slug}/let-in")
def let_in(web: TheWeb, slug: str, me: Me = needs(Permission.LET_IN), reason: str = Form("")) -> Response:
    """Lets somebody in by hand, for one of the reasons."""
    try:
        why = AdmitReason(reason)
    except ValueError:
        raise WrongValue("Please give one of the reasons.") from None
    concluded = web.site.admit_by_hand.let_in(web.site.setup.lane(slug), why, me.staff.id)
    if concluded.passage is None:
        return RedirectResponse("/desk?said=not-recorded", status_code=303)
    return RedirectResponse(f"/desk?said={'opened' if concluded.door_opened else 'fault'}", status_code=303)


@router.post("/passages/{id}/verdict")
def adjudicate(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.ADJUDICATE), verdict: str = Form("")
) -> Response:
    """Notes what somebody saw of a passage by face: the wrong person, should have opened, an attack."""
    try:
        what = Verdict(verdict)
    except ValueError:
        raise WrongValue("Please choose what you saw.") from None
    web.site.adjudicate.passage(PassageId(id), what, me.staff.id)
    if "hx-request" in request.headers:
        return now(request, web, me)
    return RedirectResponse("/desk?said=noted", status_code=303)


@router.post("/passages/{id}/spot-check")
def spot_check(
    request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.ADJUDICATE), answer: str = Form("")
) -> Response:
    """Answers a spot check: whether who came in by face was the member."""
    try:
        what = SpotAnswer(answer)
    except ValueError:
        raise WrongValue("Please choose what you saw.") from None
    web.site.spot_checks.answer(PassageId(id), what, me.staff.id)
    if "hx-request" in request.headers:
        return now(request, web, me)
    return RedirectResponse("/desk?said=checked", status_code=303)


@router.post("/alerts/{number}/dismiss")
def dismiss(web: TheWeb, number: int, me: Me = needs(Permission.USE_DESK)) -> Response:
    """Somebody saw to what the staff were called for."""
    web.alerts.dismiss(number)
    return RedirectResponse("/desk", status_code=303)
