"""What answering costs: an estimate against the appropriate limit, and what may be charged (FOIA ss. 9 and 12; SI
2004/3244). It is worked out and shown, and kept only as the words of a notice or of a refusal."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.domain.errors import WrongValue
from stile.domain.foi import Step, possible
from stile.domain.foi_desk.fees import (
    AN_HOUR,
    LIMIT,
    Charge,
    Estimate,
    NothingToPay,
    OverTheLimit,
    ToPay,
    judge,
    pay_until,
    pounds,
)
from stile.domain.roles import Permission
from stile.entrypoints.web.foi_now import may_write, request_of
from stile.entrypoints.web.office import TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/foi/{id}/fee")

HOURS = {
    "determining": "Finding out whether it is held",
    "locating": "Locating it, or what may contain it",
    "retrieving": "Retrieving it",
    "extracting": "Extracting it from what contains it",
    "related": "Other requests that count together with this one",
}
HINTS = {
    "related": "By the same person, or by people who act together, about much the same, within 60 working days (reg. 5)"
}
CHARGES = {
    "copies": "Copies or printing",
    "postage": "Postage",
    "form": "Putting it into the form that they asked for",
}


@router.get("")
def fee(request: Request, web: TheOffice, id: str, me: Me = needs(Permission.HANDLE_FOI)) -> Response:
    """The estimate: hours of the four kinds of work that count, what sending costs, and what follows."""
    asked = request_of(web, id)
    given = {name: request.query_params.get(name, "").strip()[:12] for name in ("other", *HOURS, *CHARGES)}
    problems, verdict, estimate = _judged(given)
    step = possible(asked.state)
    return web.pages.show(
        request,
        "foi_fee.html",
        422 if problems else 200,
        me=me,
        asked=asked,
        at=f"/console/foi/{asked.id}",
        given=given,
        problems=problems,
        hours=HOURS,
        hints=HINTS,
        charges=CHARGES,
        estimate=estimate,
        kind=type(verdict).__name__,
        verdict=verdict,
        notice=_notice(estimate) if isinstance(verdict, ToPay) else "",
        refusal=_refusal(verdict, estimate) if isinstance(verdict, OverTheLimit) and estimate else "",
        pounds=pounds,
        limit=LIMIT,
        an_hour=AN_HOUR,
        pay_until=pay_until(web.office.clock.today()),
        may_charge=Step.CHARGE in step,
        may_ask=Step.ASK in step,
        may_refuse=may_write(asked) and bool(web.office.answer_foi.versions(asked.ref)),
        first=asked.questions[0].n if asked.questions else 1,
    )


def _judged(
    given: dict[str, str],
) -> tuple[dict[str, str], NothingToPay | ToPay | OverTheLimit | None, Estimate | None]:
    """What is wrong, by field; otherwise what follows. Nothing at all before anything is given."""
    if not any(given.values()):
        return {}, None, None
    problems: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for name, text in given.items():
        try:
            number = float(text.removeprefix("£").replace(",", "") or 0)
            if not 0 <= number <= 10_000:
                raise ValueError
            numbers[name] = number
        except ValueError:
            problems[name] = "Please give a number from 0 to 10,000, such as 2.5."
    if problems:
        return problems, None, None
    charges = tuple(
        Charge(what, round(numbers[name] * 100))
        for name, what in CHARGES.items()
        if round(numbers[name] * 100)
    )
    try:
        estimate = Estimate(
            numbers["determining"],
            numbers["locating"],
            numbers["retrieving"],
            numbers["extracting"],
            numbers["related"],
            round(numbers["other"] * 100),
            charges,
        )
    except WrongValue as error:
        return {"other": str(error)}, None, None
    return {}, judge(estimate), estimate


def _notice(estimate: Estimate | None) -> str:
    """The amount and what it is for, as it stands in the notice."""
    charges = estimate.charges if estimate else ()
    parts = ", ".join(f"{one.what.lower()} {pounds(one.pence)}" for one in charges)
    return f"{pounds(sum(one.pence for one in charges))} ({parts})"


def _refusal(verdict: OverTheLimit, estimate: Estimate) -> str:
    hours = f"{estimate.hours:g} hours at {pounds(AN_HOUR)}"
    other = f" and {pounds(estimate.other)} of other costs" if estimate.other else ""
    limit = f"The appropriate limit is {pounds(LIMIT)} (SI 2004/3244)."
    return f"We estimate {hours}{other}: {pounds(verdict.cost)}. {limit}"
