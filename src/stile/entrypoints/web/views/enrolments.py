"""The console's page of enrolments that wait for somebody."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.application.may_enrol import SAID
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb
from stile.entrypoints.web.family_words import ASKED_AGAIN
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/enrolments")


@router.get("")
def enrolments(request: Request, web: TheWeb, me: Me = needs(Permission.ENROL)) -> Response:
    """Links that were not used, consents without a template, children who wait for a parent, and who is asked again."""
    waiting = web.site.waiting.all()
    web.site.looked.at_all(waiting.members, str(me.staff.id), "enrolments waiting")
    return web.pages.show(
        request,
        "enrolments.html",
        me=me,
        waiting=waiting,
        reasons=SAID,
        again=ASKED_AGAIN,
        can_mail=web.site.mail.is_set_up,
    )
