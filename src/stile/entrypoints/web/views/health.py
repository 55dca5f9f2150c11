"""Whether this process serves, for a monitor. No secrets, no figures."""

import logging

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

import stile
from stile.entrypoints.web.office import TheOffice

log = logging.getLogger(__name__)
router = APIRouter()


@router.get("/health")
def health(web: TheOffice) -> Response:
    """200 when the database answers, else 503. `face`: whether a model pack is loaded; the card needs none."""
    try:
        with web.office.store.read() as work:
            work.operators.only()
        database = True
    except Exception as error:  # noqa: BLE001 whatever is wrong with it, a monitor wants an answer
        log.error("health: the database does not answer (%s)", type(error).__name__)
        database = False
    told = {
        "ok": database,
        "version": stile.__version__,
        "database": database,
        "face": web.office.sees,
    }
    return JSONResponse(told, 200 if database else 503)
