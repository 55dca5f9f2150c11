"""The web application around its pages: what an operator's has and an authority's has. No face is seen in here."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

import stile
from stile.entrypoints.web import errors
from stile.entrypoints.web.bodies import BodyLimits
from stile.entrypoints.web.headers import SecurityHeaders
from stile.entrypoints.web.hosts import OwnHostsOnly
from stile.entrypoints.web.office import OfficeWeb
from stile.entrypoints.web.open_pace import OpenPace
from stile.entrypoints.web.pages import HERE
from stile.entrypoints.web.security import OwnPagesOnly
from stile.entrypoints.web.views import (
    account,
    audit,
    disclosure_log,
    dpia,
    dpia_sign_off,
    foi,
    foi_answer,
    foi_disclose,
    foi_fee,
    foi_letter,
    foi_papers,
    foi_public,
    foi_request,
    foi_statistics,
    health,
    join,
    processing,
    prove_again,
    provider,
    register,
    register_change,
    register_documents,
    register_feeds,
    register_none,
    retention,
    settings,
    sign_in,
    staff,
    transparency,
    well_known,
)
from stile.office import Office

SIGN_EVERY = 60.0
"""Seconds between two looks at whether a checkpoint of the audit log is due."""

log = logging.getLogger(__name__)

OF_BOTH: tuple[APIRouter, ...] = (
    sign_in.router,
    provider.router,
    join.router,
    account.router,
    prove_again.router,
    staff.router,
    retention.router,
    audit.router,
    register.router,
    register_change.router,
    register_documents.router,
    register_none.router,
    register_feeds.router,
    dpia_sign_off.router,
    dpia.router,
    processing.router,
    foi.router,
    foi_statistics.router,
    foi_request.router,
    foi_answer.router,
    foi_letter.router,
    foi_papers.router,
    foi_disclose.router,
    disclosure_log.router,
    foi_fee.router,
    foi_public.router,
    settings.router,
    health.router,
    well_known.router,
    transparency.router,  # the last of its address: what others publish there comes before its files
)
"""The pages that an operator and an authority both have. They ask for `TheOffice`, never for a site."""


def assemble(
    web: OfficeWeb,
    routers: Sequence[APIRouter],
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
    mounted: Sequence[tuple[str, FastAPI, str]] = (),
) -> FastAPI:
    """The application of these pages. `mounted`: applications below an address, with their names."""
    app = FastAPI(
        title="Stile",
        version=stile.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.web = web
    chosen = web.office.settings
    app.add_middleware(BodyLimits)  # the last one added is asked first
    app.add_middleware(OpenPace)
    app.add_middleware(OwnPagesOnly, settings=chosen)
    app.add_middleware(OwnHostsOnly, settings=chosen)
    app.add_middleware(SecurityHeaders, settings=chosen)
    for path, one, name in mounted:
        app.mount(path, one, name=name)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for router in routers:
        app.include_router(router)
    errors.install(app)
    return app


async def sign_audit(office: Office) -> None:
    """Signs the head of the audit log when that is due. What cannot be signed is told to the log each time, and stops
    nothing."""
    while True:
        try:
            await anyio.to_thread.run_sync(office.checkpoints.keep_current)
        except Exception as error:  # noqa: BLE001 the lanes go on; `stile audit verify` shows that nothing was signed
            log.warning("the audit log was not signed: %s", type(error).__name__)
        await anyio.sleep(SIGN_EVERY)


def addresses_of(routers: Sequence[APIRouter]) -> Iterator[tuple[str, str]]:
    """Method and address of everything that these serve."""
    routes: list[BaseRoute] = [route for router in routers for route in router.routes]
    for route in routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path
        elif isinstance(route, WebSocketRoute):
            yield "WEBSOCKET", route.path
        else:
            assert isinstance(route, Mount)
    yield "GET", "/static/{path}"
