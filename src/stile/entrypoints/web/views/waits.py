"""How long people wait, and how often they are turned away, by face and by every other way, side by side."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from stile.domain.roles import Permission
from stile.entrypoints import dates
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.waits_picture import picture

router = APIRouter(prefix="/console/waits")

DAYS = 30
"""Shown where no other day is asked for."""


@router.get("")
def waits(
    request: Request, web: TheWeb, me: Me = needs(Permission.SEE_EVALUATION), since: str = "", lane: str = ""
) -> Response:
    """Waiting time and refusals of each way, measured at the lanes."""
    zone = ZoneInfo(web.site.settings.time_zone)
    day = dates.day(since) or web.site.clock.today() - timedelta(days=DAYS)
    with web.site.store.read() as work:
        lanes = work.lanes.all()
    chosen = next((one for one in lanes if one.slug == lane), None)
    begins = datetime.combine(day, time(), zone)
    found = web.site.waiting_times.compare(begins, chosen.id if chosen else None)
    return web.pages.show(
        request,
        "waits.html",
        me=me,
        found=found,
        lanes=lanes,
        lane=chosen,
        day=day,
        picture=Markup(picture(found.rows)) if any(row.waits for row in found.rows) else None,  # noqa: S704 escaped
    )
