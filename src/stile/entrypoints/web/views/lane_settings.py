"""The lanes' own settings, to change."""

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from stile.domain.roles import Permission
from stile.entrypoints.web import lane_form
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/settings")


@router.get("/lanes/{slug}")
def lane(
    request: Request,
    web: TheWeb,
    slug: str,
    me: Me = needs(Permission.CHANGE_LANES, fresh=True),
) -> Response:
    """A lane's own settings, to change."""
    found = web.site.setup.lane(slug)
    return _form(request, web, me, slug, lane_form.shown(found), {})


@router.post("/lanes/{slug}")
async def change_lane(
    request: Request,
    web: TheWeb,
    slug: str,
    me: Me = needs(Permission.CHANGE_LANES, fresh=True, back="/console/settings"),
) -> Response:
    """Changes a lane. Its screens follow at the next attempt."""
    form = await request.form()
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_change, request, web, me, slug, given)


def _change(request: Request, web: Web, me: Me, slug: str, given: dict[str, str]) -> Response:
    found = web.site.setup.lane(slug)
    to, problems = lane_form.changes(found, given)
    if problems:
        ticks = {field.name: given.get(field.name, "") for field in lane_form.FIELDS if field.tick}
        return _form(request, web, me, slug, {**lane_form.shown(found), **given, **ticks}, problems, 422)
    if to:
        web.site.setup.change_lane(found.id, to, str(me.staff.id))
    return RedirectResponse("/console/settings?said=changed", status_code=303)


def _form(
    request: Request,
    web: Web,
    me: Me,
    slug: str,
    given: dict[str, str],
    problems: dict[str, str],
    status: int = 200,
) -> Response:
    return web.pages.show(
        request,
        "lane_settings.html",
        status,
        me=me,
        lane=web.site.setup.lane(slug),
        fields=lane_form.FIELDS,
        given=given,
        problems=problems,
    )
