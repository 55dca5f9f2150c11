"""A data protection impact assessment in the Information Commissioner's seven steps: where it stands, its steps as
forms, its versions, and the whole of it to print."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from stile.application.register.assessing import Looked
from stile.domain.dpia import Assessment, changed
from stile.domain.dpia_questions import QUESTIONS, Step
from stile.domain.errors import Conflict, NotFound
from stile.domain.roles import Permission
from stile.entrypoints.web import dpia_form, dpia_words
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.register_now import name_of
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.word_changes import Piece, pieces

router = APIRouter(prefix=f"{links.AT}/dpia")

SAID = {"saved": "Saved.", "same": "Nothing was different: no version was made."}


@router.get("")
def dpia(
    request: Request, web: TheOffice, me: Me = needs(Permission.SEE_REGISTER), key: str = "", said: str = ""
) -> Response:
    """Where it stands: the seven steps, what is open, what the configuration says otherwise, and its versions."""
    looked = web.office.assessing.look(key)
    versions = web.office.assessing.versions(key)
    with web.office.store.read() as work:
        by = {one.by: name_of(work, one.by) for one in versions}
    made = [
        (one, changed(versions[n + 1] if n + 1 < len(versions) else None, one))
        for n, one in enumerate(versions)
    ]
    return web.pages.show(
        request,
        "dpia.html",
        me=me,
        key=key,
        looked=looked,
        made=made,
        by=by,
        signed=looked.signed,
        told=dpia_words,
        questions=QUESTIONS,
        links=links,
        said=SAID.get(said),
        today=web.office.clock.today(),
        may_change=me.staff.may(Permission.CHANGE_REGISTER),
        may_sign=me.staff.may(Permission.SIGN_OFF),
    )


@router.get("/print")
def printed(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.SEE_REGISTER),
    key: str = "",
    version: int = 0,
) -> Response:
    """The whole of one version on paper, the latest where none is named."""
    looked = web.office.assessing.look(key)
    shown = (
        web.office.assessing.version(key, version)
        if version
        else looked.offered
        if looked.fresh
        else looked.assessment
    )
    with web.office.store.read() as work:
        by = name_of(work, shown.by)
    signed = looked.signed
    return web.pages.show(
        request,
        "dpia_print.html",
        me=me,
        key=key,
        looked=looked,
        shown=shown,
        by=by,
        signed=signed if signed and signed.version == shown.signature else None,
        told=dpia_words,
        form=dpia_form,
        leads_back=links.dpia_link(key),
    )


@router.get("/changes")
def changes(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.SEE_REGISTER),
    key: str = "",
    version: int = 0,
) -> Response:
    """What a version changed against the one before it, word by word."""
    looked = web.office.assessing.look(key)
    later = web.office.assessing.version(key, version)
    before = web.office.assessing.version(key, version - 1) if version > 1 else None
    with web.office.store.read() as work:
        by = name_of(work, later.by)
    return web.pages.show(
        request,
        "dpia_changes.html",
        me=me,
        key=key,
        looked=looked,
        later=later,
        by=by,
        changed=_changes(before, later),
        links=links,
    )


def _changes(before: Assessment | None, later: Assessment) -> list[tuple[str, list[Piece]]]:
    found = [
        (one.label, before.text(one.name) if before else "", later.text(one.name))
        for one in QUESTIONS.values()
    ]
    found.append(
        (
            "Risks and measures",
            dpia_words.risks(before.risks if before else ()),
            dpia_words.risks(later.risks),
        )
    )
    return [(label, list(pieces(old, new))) for label, old, new in found if old != new]


@router.get("/steps/{step}")
def step(
    request: Request,
    web: TheOffice,
    step: str,
    me: Me = needs(Permission.CHANGE_REGISTER),
    key: str = "",
    said: str = "",
) -> Response:
    """One step, to write."""
    looked, one = web.office.assessing.look(key), _step(step)
    given = dpia_form.shown(looked.offered, one)
    return _form(request, web, me, looked, one, given, {}, said=SAID.get(said, ""))


@router.post("/steps/{step}")
async def save(
    request: Request, web: TheOffice, step: str, me: Me = needs(Permission.CHANGE_REGISTER)
) -> Response:
    """Saves it as a new version."""
    form = await request.form()
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_save, request, web, me, _step(step), given)


def _save(request: Request, web: OfficeWeb, me: Me, step: Step, given: dict[str, str]) -> Response:
    key = given.get("key", "")
    looked = web.office.assessing.look(key)
    upon = int(given["upon"]) if given.get("upon", "").isdecimal() else -1
    if upon != looked.assessment.n:
        problems = {
            "": f"Somebody saved version {looked.assessment.n} meanwhile. What stands now is shown with each answer of"
            " yours that differs; save again if yours is right."
        }
        return _form(request, web, me, looked, step, _again(looked.offered, step, given), problems, 409)
    read = dpia_form.read(looked.offered, step, given)
    if read.problems:
        return _form(request, web, me, looked, step, given, read.problems, 422)
    actor, take = str(me.staff.id), given.get("take", "")
    try:
        if step in (Step.RISKS, Step.MEASURES):
            made = web.office.assessing.judge(key, read.risks, step, upon, actor)
        else:
            made = web.office.assessing.answer(key, read.answers, step, upon, actor, [take] if take else [])
    except Conflict as error:
        return _form(request, web, me, looked, step, given, {"": str(error)}, 409)
    said = "same" if made.n == upon else "saved"
    following = dpia_words.after(step)
    if take or given.get("then") == "stay":
        return RedirectResponse(links.step_link(step, key, said), status_code=303)
    if following is None:
        return RedirectResponse(f"{links.dpia_link(key)}&said={said}", status_code=303)
    return RedirectResponse(links.step_link(following, key, said), status_code=303)


def _again(now: Assessment, step: Step, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed, in the fields as they are now: rows of risks may have come or gone."""
    return {name: given.get(name, value) for name, value in dpia_form.shown(now, step).items()}


def _step(text: str) -> Step:
    try:
        return Step(text)
    except ValueError:
        raise NotFound("An assessment has no such step.") from None


def _form(
    request: Request,
    web: OfficeWeb,
    me: Me,
    looked: Looked,
    step: Step,
    given: Mapping[str, str],
    problems: Mapping[str, str],
    status: int = 200,
    said: str = "",
) -> Response:
    stands = dpia_form.shown(looked.offered, step)
    return web.pages.show(
        request,
        "dpia_step.html",
        status,
        me=me,
        key=looked.deployment.key,
        looked=looked,
        step=step,
        given=stands | dict(given),
        stands=stands if status == 409 else {},
        problems=problems,
        form=dpia_form,
        told=dpia_words,
        links=links,
        said=said,
    )
