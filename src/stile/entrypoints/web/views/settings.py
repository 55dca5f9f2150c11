"""Settings in force, what is weak in them, and an operator's lanes."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.domain.roles import Permission
from stile.entrypoints import settings_shown
from stile.entrypoints.hardening import weaknesses
from stile.entrypoints.web.office import TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/settings")


@router.get("")
def settings(
    request: Request, web: TheOffice, me: Me = needs(Permission.SEE_SETTINGS), said: str = ""
) -> Response:
    """The settings in force and where each came from, what is weak in them, and the lanes."""
    with web.office.store.read() as work:
        lanes = work.lanes.all() if web.office.has_lanes else None
    return web.pages.show(
        request,
        "settings.html",
        me=me,
        groups=settings_shown.groups(web.office.settings),
        weak=weaknesses(web.office),
        lanes=lanes,
        may_change=me.staff.may(Permission.CHANGE_LANES),
        changed=said == "changed",
    )
