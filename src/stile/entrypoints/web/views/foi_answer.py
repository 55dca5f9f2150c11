"""The answer to a request: drafted from the register, changed by an officer, refused where the law allows it.

Each change is a version, and what was changed stays to be seen."""

from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import Conflict, NotAllowed, NotFound, WrongValue
from stile.domain.foi import EXEMPTIONS, Exemption, Refusal
from stile.domain.foi_desk.draft import Held
from stile.domain.foi_desk.questions import Question, Regime
from stile.domain.foi_desk.request import DraftVersion, FoiRequest
from stile.domain.roles import Permission
from stile.entrypoints.web import foi_words
from stile.entrypoints.web.foi_now import changes, last_of, may_write, names, request_of
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sent import sent_form

router = APIRouter(prefix="/console/foi/{id}")

LONGEST = 20_000
"""Characters of one answer."""


@router.post("/draft")
def draft(web: TheOffice, id: str, me: Me = needs(Permission.HANDLE_FOI)) -> Response:
    """Drafts it anew from the register as it stands today; what was written before stays in the versions."""
    asked = request_of(web, id)
    web.office.answer_foi.draft(asked.ref, str(me.staff.id))
    return RedirectResponse(f"/console/foi/{asked.id}?said=drafted", status_code=303)


@router.get("/answer")
def answer(request: Request, web: TheOffice, id: str, me: Me = needs(Permission.HANDLE_FOI)) -> Response:
    """The form for the answer's words, question by question."""
    asked = request_of(web, id)
    return _form(request, web, me, asked, last_of(web, asked), {})


@router.post("/answer")
def save(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    sent: FormData = sent_form(),
) -> Response:
    """Keeps the words as a new version. Where somebody changed it meanwhile nothing is lost: both are shown."""
    asked = request_of(web, id)
    last = last_of(web, asked)
    given = {name: str(value) for name, value in sent.items() if isinstance(value, str)}
    try:
        answers = {
            one.n: (_text(given[f"text-{one.n}"]), _held(given.get(f"held-{one.n}", "")))
            for one in last.answers
            if f"text-{one.n}" in given
        }
        made = web.office.answer_foi.edit(
            asked.ref, answers, str(me.staff.id), _number(given.get("after", ""))
        )
    except (Conflict, WrongValue) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _form(request, web, me, asked, last, given, status, foi_words.sentence(error))
    said = "same" if made.n == last.n else "saved"
    return RedirectResponse(f"/console/foi/{asked.id}?said={said}", status_code=303)


def _form(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    last: DraftVersion,
    given: dict[str, str],
    status: int = 200,
    problem: str | None = None,
) -> Response:
    return web.pages.show(
        request,
        "foi_answer.html",
        status,
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        last=last,
        texts={one.n: one.text for one in asked.questions},
        given=given,
        held=list(Held),
        longest=LONGEST,
        foi_words=foi_words,
        problem=problem,
    )


def _text(text: str) -> str:
    if len(text) > LONGEST:
        raise WrongValue(f"An answer has up to {LONGEST:,} characters.")
    return text.replace("\r\n", "\n")


def _held(value: str) -> Held:
    try:
        return Held(value)
    except ValueError:
        raise WrongValue("Please say for each question whether the information is held.") from None


def _number(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise WrongValue("The form did not arrive whole. Please go back and try again.")
    return int(value)


# --- refusing ---------------------------------------------------------------------------------------------


@router.get("/answer/{n}/refuse")
def choose(
    request: Request,
    web: TheOffice,
    id: str,
    n: int,
    me: Me = needs(Permission.HANDLE_FOI),
    exemption: str = "",
    why: str = "",
) -> Response:
    """Builds a refusal (s. 17): first the exemption, then why it applies and, where it is qualified, the balance."""
    asked = request_of(web, id)
    return _refusal(request, web, me, asked, n, _exemption(exemption), {"why": why[:2000]})


@router.post("/answer/{n}/refuse")
def refuse(
    request: Request,
    web: TheOffice,
    id: str,
    n: int,
    me: Me = needs(Permission.HANDLE_FOI),
    exemption: str = Form(""),
    why: str = Form("", max_length=LONGEST),
    balance: str = Form("", max_length=LONGEST),
    after: int = Form(0),
    every: str = Form(""),
    take_back: str = Form(""),
) -> Response:
    """Puts the refusal into the answer, to one question or to all; or takes it back."""
    asked, actor = request_of(web, id), str(me.staff.id)
    chosen = _exemption(exemption)
    back = f"/console/foi/{asked.id}?said="
    if take_back:
        web.office.answer_foi.refuse(asked.ref, n, None, actor, after)
        return RedirectResponse(f"{back}taken-back", status_code=303)
    if asked.regime is not Regime.FOI:
        return _refusal(request, web, me, asked, n, None, {}, 422, "The Act’s exemptions do not apply here.")
    if chosen is None:
        return _refusal(request, web, me, asked, n, None, {}, 422, "Please choose an exemption.")
    given = {"why": why, "balance": balance, "every": every}
    try:
        refusal = Refusal(chosen, why.strip(), balance.strip() if chosen.qualified else "")
        web.office.answer_foi.refuse(asked.ref, None if every else n, refusal, actor, after)
    except (WrongValue, Conflict, NotAllowed) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _refusal(request, web, me, asked, n, chosen, given, status, foi_words.sentence(error))
    return RedirectResponse(f"{back}refused", status_code=303)


def _refusal(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    n: int,
    chosen: Exemption | None,
    given: dict[str, str],
    status: int = 200,
    problem: str | None = None,
) -> Response:
    last, question = last_of(web, asked), _question(asked, n)
    stands = next((one.refusal for one in last.answers if one.n == n), None)
    if chosen is None and stands is not None and not problem:
        chosen, given = stands.exemption, {"why": stands.why, "balance": stands.balance}
    return web.pages.show(
        request,
        "foi_refuse.html",
        status,
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        question=question,
        last=last,
        stands=stands,
        chosen=chosen,
        by_the_act=asked.regime is Regime.FOI,
        exemptions=EXEMPTIONS,
        given=given,
        problem=problem,
    )


def _question(asked: FoiRequest, n: int) -> Question:
    found = next((one for one in asked.questions if one.n == n), None)
    if found is None:
        raise NotFound("There is no such question.")
    return found


def _exemption(name: str) -> Exemption | None:
    return next((one for one in EXEMPTIONS if one.name == name), None)


# --- versions ---------------------------------------------------------------------------------------------


@router.get("/versions")
def versions(request: Request, web: TheOffice, id: str, me: Me = needs(Permission.SEE_FOI)) -> Response:
    """Each version of the answer with what was changed in it, word by word."""
    return _versions(request, web, me, request_of(web, id))


@router.post("/versions")
def restore(
    request: Request,
    web: TheOffice,
    id: str,
    me: Me = needs(Permission.HANDLE_FOI),
    n: int = Form(0),
    after: int = Form(0),
) -> Response:
    """Takes an earlier version back, as a new one."""
    asked = request_of(web, id)
    try:
        made = web.office.answer_foi.restore(asked.ref, n, str(me.staff.id), after)
    except (Conflict, NotAllowed) as error:
        status = 409 if isinstance(error, Conflict) else 403
        return _versions(request, web, me, asked, status, foi_words.sentence(error))
    said = "same" if made.n == after else "restored"
    return RedirectResponse(f"/console/foi/{asked.id}?said={said}", status_code=303)


def _versions(
    request: Request,
    web: OfficeWeb,
    me: Me,
    asked: FoiRequest,
    status: int = 200,
    problem: str | None = None,
) -> Response:
    found = list(web.office.answer_foi.versions(asked.ref))
    if not found:
        raise NotFound("There is no draft of this answer yet.")
    before = [None, *found[:-1]]
    shown = [(later, changes(earlier, later)) for earlier, later in zip(before, found, strict=True)]
    return web.pages.show(
        request,
        "foi_versions.html",
        status,
        me=me,
        last=found[-1],
        may_restore=may_write(asked) and me.staff.may(Permission.HANDLE_FOI),
        problem=problem,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        shown=shown[::-1],
        by=names(web, [one.by for one in found]),
    )
