"""One request for information: its clock, its answer, and the steps that may follow."""

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.foi.steps import APPROVING
from stile.domain.errors import CannotSend, Conflict, NotAllowed, NotConfigured, NotFound, WrongValue
from stile.domain.foi import Step, possible
from stile.domain.foi_desk.notices import ABOUT, STEP_OF, About
from stile.domain.foi_desk.questions import Regime
from stile.domain.foi_desk.questions import regime as regime_of
from stile.domain.foi_desk.request import FoiRequest, Requester
from stile.domain.register import OrganisationKind, Register
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web import foi_words
from stile.entrypoints.web.foi_cited import of_all
from stile.entrypoints.web.foi_now import WORDED, clock, may_write, names, request_of, slug, ways
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.register_now import places
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/foi/{id}")

REFUSED = (WrongValue, NotAllowed, Conflict)
APPROVED = frozenset((Step.SEND, Step.RETURN))
"""Steps of whoever approves."""


@router.get("")
def one(
    request: Request, web: TheOffice, id: str, me: Me = needs(Permission.SEE_FOI), said: str = ""
) -> Response:
    """One request: the clock with its working, the answer with its citations, what was done and what may be done."""
    return page(request, web, me, request_of(web, id), said=foi_words.SAID.get(said))


def page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    status: int = 200,
    said: str | None = None,
    problem: str | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    desk, steps = web.office.answer_foi, web.office.foi_steps
    versions = desk.versions(asked.ref)
    last = versions[-1] if versions else None
    similar, said_otherwise = desk.compared(asked)
    history = web.office.registering.history() if last else ()
    with web.office.store.read() as work:
        named = places(Register.as_of(history, web.office.clock.today()), work.centres.all())
    return web.pages.show(
        request,
        "foi_request.html",
        status,
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        clock=clock(web, asked),
        ways=ways(asked),
        may_write=may_write(asked),
        last=last,
        answers={one.n: one for one in last.answers} if last else {},
        cited=of_all(last.answers if last else (), history, named),
        stale=last is not None and {one.n for one in last.answers} != {one.n for one in asked.questions},
        similar=similar,
        contradictions=said_otherwise,
        by=names(web, [one.by for one in asked.taken]),
        may_approve=steps.may_approve(asked, str(me.staff.id)),
        may_handle=me.staff.may(Permission.HANDLE_FOI),
        approves=me.staff.may(Permission.APPROVE_FOI),
        sees_register=me.staff.may(Permission.SEE_REGISTER),
        about=ABOUT,
        because=_because(asked),
        takes_rights=web.office.settings.organisation is OrganisationKind.OPERATOR
        and me.staff.may(Permission.RECEIVE_RIGHTS),
        can_charge=Step.CHARGE in possible(asked.state),
        slug=slug,
        worded=WORDED,
        approved=APPROVED,
        regimes=list(Regime),
        today=web.office.clock.today(),
        foi_words=foi_words,
        said=said,
        problem=problem,
        given={"step": "", "note": "", "on": ""} | (given or {}),
        log_piece=f"/console/foi/{asked.id}/publish" if me.staff.may(Permission.HANDLE_FOI) else None,
        gate=web.office.foi_gate.look(asked.ref),
        papers=[one for one in web.office.foi_papers.of(asked.ref) if not one.set_aside],
    )


def _because(asked: FoiRequest) -> str:
    """Why it is handled under its law."""
    found = regime_of(asked.text)
    return f"Because: {found.because}" if found.regime is asked.regime else "As an officer decided"


@router.post("/step")
def take(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    step: str = Form(""),
    on: str = Form(""),
    note: str = Form(""),
) -> Response:
    """Takes one step along the table. The first draft is made with the step that begins it."""
    asked = request_of(web, id)
    try:
        chosen = _step(step)
        if chosen in APPROVED | APPROVING:
            raise NotAllowed("Whoever approves takes this step.")
        web.office.foi_steps.take(asked.ref, chosen, str(me.staff.id), day(on), note)
        if chosen is Step.DRAFT and not web.office.answer_foi.versions(asked.ref):
            web.office.answer_foi.draft(asked.ref, str(me.staff.id))
            return _back(asked, "drafted")
    except REFUSED as error:
        return _refused(request, web, me, asked, error, {"step": step, "note": note, "on": on})
    return _back(asked, "taken")


@router.post("/approve")
def approve(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.APPROVE_FOI),
    step: str = Form(""),
    on: str = Form(""),
    note: str = Form(""),
) -> Response:
    """Lets the answer go, or returns it; not by whoever wrote it."""
    asked = request_of(web, id)
    try:
        chosen = _step(step)
        if chosen not in APPROVED:
            raise WrongValue("Please choose whether it goes or is returned.")
        web.office.foi_steps.take(asked.ref, chosen, str(me.staff.id), day(on), note)
    except REFUSED as error:
        return _refused(request, web, me, asked, error, {"step": step, "note": note, "on": on})
    return _back(asked, "taken")


@router.post("/amend")
def amend(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    name: str = Form("", max_length=200),
    address: str = Form("", max_length=400),
    regime: str = Form(""),
) -> Response:
    """Corrects who asks and where the answer goes, or the law that it is handled under."""
    asked = request_of(web, id)
    try:
        kind = next((one for one in Regime if one.value == regime), asked.regime)
        requester = Requester(name.strip(), address.strip())
        web.office.answer_foi.amend(asked.ref, requester, kind, str(me.staff.id))
    except REFUSED as error:
        return _refused(request, web, me, asked, error, {})
    return _back(asked, "amended")


# --- telling the requester -------------------------------------------------------------------------------------------


@router.get("/tell/{about}")
def letter(
    request: Request,
    web: TheOffice,
    id: str,
    about: str,
    me: Me = needs(Permission.HANDLE_FOI),
    fee: str = "",
) -> Response:
    """A letter on the way to the answer: an acknowledgement, a question, a fees notice, more time."""
    return _letter(request, web, me, request_of(web, id), _about(about), fee)


@router.post("/tell/{about}")
def tell(
    request: Request,
    web: TheOffice,
    id: str,
    about: str,
    me: Me = needs(Permission.HANDLE_FOI),
    subject: str = Form(""),
    text: str = Form(""),
    how: str = Form(""),
) -> Response:
    """Sends it by e-mail, or notes that it went another way; and takes the step that it goes with."""
    asked, which = request_of(web, id), _about(about)
    return _tell(request, web, me, asked, which, subject, text, how == "e-mail")


@router.get("/review")
def review(request: Request, web: TheOffice, id: str, me: Me = needs(Permission.APPROVE_FOI)) -> Response:
    """The outcome of an internal review, by somebody who wrote none of the answer."""
    return _letter(request, web, me, request_of(web, id), About.REVIEW_OUTCOME)


@router.post("/review")
def reviewed(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.APPROVE_FOI),
    subject: str = Form(""),
    text: str = Form(""),
    how: str = Form(""),
) -> Response:
    """Tells the outcome of an internal review, and closes it."""
    return _tell(request, web, me, request_of(web, id), About.REVIEW_OUTCOME, subject, text, how == "e-mail")


def _about(value: str) -> About:
    found = next((one for one in About if slug(one) == value and one is not About.REVIEW_OUTCOME), None)
    if found is None:
        raise NotFound("There is no such letter.")
    return found


def _tell(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    about: About,
    subject: str,
    text: str,
    by_email: bool,
) -> Response:
    try:
        web.office.foi_steps.tell(asked.ref, about, subject, text, str(me.staff.id), by_email)
    except (*REFUSED, CannotSend, NotConfigured) as error:
        return _letter(
            request,
            web,
            me,
            asked,
            about,
            "",
            422,
            foi_words.sentence(error),
            {"subject": subject, "text": text},
        )
    return _back(asked, "sent" if by_email else "taken")


def _letter(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    about: About,
    fee: str = "",
    status: int = 200,
    problem: str | None = None,
    given: dict[str, str] | None = None,
) -> Response:
    steps = web.office.foi_steps
    try:
        written = steps.write(asked, about, fee[:300])
    except WrongValue as error:
        raise NotFound("This letter does not fit the request as it stands.") from error
    at = f"/console/foi/{asked.id}"
    return web.pages.show(
        request,
        "foi_tell.html",
        status,
        me=me,
        asked=asked,
        written=written,
        given={"subject": written.subject, "text": written.text} | (given or {}),
        back=at,
        to=f"{at}/review" if about is About.REVIEW_OUTCOME else f"{at}/tell/{slug(about)}",
        step=STEP_OF[about],
        can_email=steps.can_email(asked),
        can_send=steps.can_send,
        foi_words=foi_words,
        problem=problem,
    )


def _step(value: str) -> Step:
    found = next((one for one in Step if one.value == value), None)
    if found is None:
        raise WrongValue("Please choose a step.")
    return found


def _back(asked: FoiRequest, said: str) -> Response:
    return RedirectResponse(f"/console/foi/{asked.id}?said={said}", status_code=303)


def _refused(
    request: Request, web: OfficeWeb, me: Me, asked: FoiRequest, error: Exception, given: dict[str, str]
) -> Response:
    """The page again, with what was typed."""
    status = 409 if isinstance(error, Conflict) else 403 if isinstance(error, NotAllowed) else 422
    return page(request, web, me, asked, status, problem=foi_words.sentence(error), given=given)
