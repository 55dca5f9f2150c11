"""Signing off an assessment: who approves the measures, who accepts what risk is left, what the data protection officer
advised, and when it is looked at again."""

from collections.abc import Mapping
from datetime import date

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.register.assessing import Looked, Signing
from stile.domain.errors import Conflict, WrongValue
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web import dpia_words
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.register_fields import MOST
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix=f"{links.AT}/dpia/sign-off")

WORDS = {
    "measures_by": "Who approves the measures?",
    "residual_by": "Who accepts the risk that is left?",
    "advice": "What did the data protection officer advise?",
}


@router.get("")
def form(
    request: Request, web: TheOffice, me: Me = needs(Permission.SIGN_OFF, fresh=True), key: str = ""
) -> Response:
    """The form, or what is open before it can be signed."""
    return _page(request, web, me, web.office.assessing.look(key), {}, {})


@router.post("")
def sign(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.SIGN_OFF),
    key: str = Form(""),
    version: int = Form(0),
    measures_by: str = Form(""),
    residual_by: str = Form(""),
    advice: str = Form(""),
    followed: str = Form(""),
    overruled: str = Form(""),
    review_on: str = Form(""),
) -> Response:
    """Signs off, and puts the assessment on file with the deployment."""
    given = {
        "measures_by": measures_by,
        "residual_by": residual_by,
        "advice": advice,
        "followed": followed,
        "overruled": overruled,
        "review_on": review_on,
    }
    looked = web.office.assessing.look(key)
    on, problems = _read(given, web.office.clock.today())
    if on is None or problems:
        return _page(request, web, me, looked, given, problems, 422)
    signing = Signing(
        version,
        measures_by.strip(),
        residual_by.strip(),
        advice.strip(),
        overruled.strip() if followed == "no" else "",
        on,
        "signed off in Stile",  # sources are public; who signed stands with the entry, for staff
    )
    try:
        web.office.assessing.sign_off(key, signing, str(me.staff.id))
    except (WrongValue, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        return _page(request, web, me, looked, given, {"": f"{str(error).rstrip('.')}."}, status)
    return RedirectResponse(f"{links.deployment_link(key)}&said=signed", status_code=303)


def _read(given: Mapping[str, str], today: date) -> tuple[date | None, dict[str, str]]:
    problems = {name: said for name, said in WORDS.items() if not given[name].strip()}
    problems |= {
        name: f"Up to {MOST:,} characters, please." for name, value in given.items() if len(value) > MOST
    }
    if given["followed"] not in ("yes", "no"):
        problems["followed"] = "Was the advice followed?"
    elif given["followed"] == "no" and not given["overruled"].strip():
        problems["overruled"] = "Why was it not followed? The reasons are part of the assessment."
    try:
        on = day(given["review_on"])
    except WrongValue as error:
        return None, problems | {"review_on": str(error)}
    if on is None:
        problems["review_on"] = "By which day is it looked at again?"
    elif on <= today:
        problems["review_on"] = "The review lies ahead: choose a day after today."
    return on, problems


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    looked: Looked,
    given: Mapping[str, str],
    problems: Mapping[str, str],
    status: int = 200,
) -> Response:
    blank = dict.fromkeys(("measures_by", "residual_by", "advice", "followed", "overruled", "review_on"), "")
    key = looked.deployment.key
    return web.pages.show(
        request,
        "dpia_sign_off.html",
        status,
        me=me,
        key=key,
        looked=looked,
        before=looked.signed,
        given=blank | dict(given),
        problems=problems,
        today=web.office.clock.today(),
        told=dpia_words,
        links=links,
    )
