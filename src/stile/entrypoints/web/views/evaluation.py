"""The evaluation pages: what the thresholds rest on, what was measured, and the reports on file."""

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, RedirectResponse, Response

from stile.application.calibrate_site import Calibrated
from stile.domain.errors import NotFound
from stile.domain.roles import Permission
from stile.entrypoints.dates import begins
from stile.entrypoints.web import evaluation_now
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/evaluation")

SAID = {
    "measured": "The members were compared with each other. The lanes follow what came out at once.",
    "too-little": "There is too little yet for a calibration of the site's own. The pack's stands alone.",
}


@router.get("")
def evaluation(
    request: Request, web: TheWeb, me: Me = needs(Permission.SEE_EVALUATION), said: str = "", since: str = ""
) -> Response:
    """Each lane's threshold and what it rests on, what was measured, and the reports on file."""
    return web.pages.show(
        request,
        "evaluation.html",
        me=me,
        now=evaluation_now.now(web, begins(since, web.site.settings.time_zone)),
        said=SAID.get(said),
        said_well=said == "measured",
        since=since,
        one_in=evaluation_now.one_in,
    )


@router.post("/calibrate")
def calibrate(web: TheWeb, me: Me = needs(Permission.CALIBRATE)) -> Response:
    """Compares the enrolled members with each other, at once."""
    made = web.site.calibrate_site.make(str(me.staff.id))
    said = "measured" if isinstance(made, Calibrated) else "too-little"
    return RedirectResponse(f"/console/evaluation?said={said}", status_code=303)


@router.get("/reports/{name}")
def report(web: TheWeb, name: str, me: Me = needs(Permission.SEE_EVALUATION)) -> Response:
    """A report on file, as a download: it is a page of its own and is never shown as one of ours."""
    path = evaluation_now.report(web, name)
    if path is None:
        raise NotFound("There is no such report.")
    return FileResponse(path, media_type="text/html", filename=name, content_disposition_type="attachment")
