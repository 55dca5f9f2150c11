"""What is kept for how long and why, what goes next, what went, and where the backups are."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.backup import Backup
from stile.domain.errors import WrongValue
from stile.domain.retention import AT_AUTHORITY, RULES, STAYS, Because, Period, What, rule_named
from stile.domain.roles import Permission
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.signed_in import Me, needs
from stile.entrypoints.worker import last_backup
from stile.ports import Run

router = APIRouter(prefix="/console/retention")

HAPPENS = {
    What.DELETE: "Deleted",
    What.COUNT_AND_DELETE: "Counted, then deleted",
    What.DESTROY_TEMPLATE: "Template and key destroyed, consent ended",
    What.ERASE_MEMBER: "Everything personal erased",
}
STAYING = {
    "audit_entry": "The audit log",
    "passage_count": "Counts of passages, and the site’s calibrations",
    "erasure": "The journal of erasures",
    "staff": "Staff accounts that are closed",
}
STAYING_AT_AUTHORITY = {
    "audit_entry": "The audit log",
    "register_entry": "The register",
    "staff": "Staff accounts that are closed",
}
RUNS = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows beside the rules."""

    runs: Sequence[Run]
    chosen: Sequence[Period]
    backup: Backup | None


@router.get("")
def retention(
    request: Request, web: TheOffice, me: Me = needs(Permission.SEE_RETENTION), said: str = ""
) -> Response:
    """The rules with their reasons, what goes next, the last runs, and the backups."""
    return _page(request, web, me, changed=said if said in set(RULES) else "")


@router.post("")
def change(
    request: Request,
    web: TheOffice,
    me: Me = needs(Permission.CHANGE_RETENTION, fresh=True, back="/console/retention"),
    rule: str = Form(""),
    days: str = Form(""),
) -> Response:
    """Chooses another period for a rule. It counts from the next run on."""
    chosen = rule_named(rule)
    try:
        web.office.expire.change(rule, _days(days), str(me.staff.id))
    except WrongValue as error:
        return _page(request, web, me, 422, problem=str(error), problem_of=chosen.subject, given=days)
    return RedirectResponse(f"/console/retention?said={chosen.subject}#changed", status_code=303)


def _days(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise WrongValue("A period is a whole number of days.") from None


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    status: int = 200,
    changed: str = "",
    problem: str = "",
    problem_of: str = "",
    given: str = "",
) -> Response:
    with web.office.store.read() as work:
        shown = Shown(
            work.retention.runs(RUNS), work.retention.chosen()[::-1][:RUNS], last_backup(web.office.settings)
        )
    settings, has_lanes = web.office.settings, web.office.has_lanes
    staying = STAYING if has_lanes else STAYING_AT_AUTHORITY
    return web.pages.show(
        request,
        "retention.html",
        status,
        me=me,
        due=[one for one in web.office.expire.preview() if has_lanes or one.rule.subject in AT_AUTHORITY],
        shown=shown,
        rules=RULES,
        happens=HAPPENS,
        stays=[(name, STAYS.get(table, Because.COUNTS)) for table, name in staying.items()],
        may_change=me.staff.may(Permission.CHANGE_RETENTION),
        hour=f"{settings.retention_hour:02}:00",
        backups=settings.backup_folder is not None and bool(settings.backup_recipients),
        behind=web.office.remember_erasures.behind,
        changed=changed,
        problem=problem,
        problem_of=problem_of,
        given=given,
    )
