"""The web of one site. `create_app(site)` is all that others need."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

import stile
from stile.bootstrap import Site
from stile.entrypoints import worker
from stile.entrypoints.api.app import AT as API
from stile.entrypoints.api.app import create_api
from stile.entrypoints.import_folder import watch
from stile.entrypoints.web import errors
from stile.entrypoints.web.bodies import BodyLimits
from stile.entrypoints.web.context import Web
from stile.entrypoints.web.headers import SecurityHeaders
from stile.entrypoints.web.hosts import OwnHostsOnly
from stile.entrypoints.web.open_pace import OpenPace
from stile.entrypoints.web.pages import HERE
from stile.entrypoints.web.security import OwnPagesOnly
from stile.entrypoints.web.views import (
    account,
    audit,
    desk,
    devices,
    enrol,
    enrol_socket,
    enrolments,
    erase,
    evaluation,
    family,
    health,
    imports,
    invite,
    join,
    kiosk,
    kiosk_enrol,
    kiosk_socket,
    me,
    me_enter,
    me_link,
    members,
    parent,
    phone,
    prove_again,
    provider,
    retention,
    rights,
    rights_letters,
    settings,
    sign_in,
    staff,
    tokens,
    waits,
    ways,
    well_known,
)

FOLLOW_EVERY = 1.0
"""Seconds."""

CALIBRATE_EVERY = 60.0
"""Seconds between two looks at whether the site's own calibration is due."""

SIGN_EVERY = 60.0
"""Seconds between two looks at whether a checkpoint of the audit log is due."""

log = logging.getLogger(__name__)

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    provider.router,
    join.router,
    account.router,
    prove_again.router,
    staff.router,
    desk.router,
    devices.router,
    members.router,
    imports.router,
    ways.router,
    phone.router,
    waits.router,
    invite.router,
    family.router,
    enrolments.router,
    erase.router,
    evaluation.router,
    retention.router,
    audit.router,
    tokens.router,
    settings.router,
    kiosk.router,
    kiosk_enrol.router,
    kiosk_socket.router,
    enrol.router,
    enrol_socket.router,
    parent.router,
    me_enter.router,
    me.router,
    me_link.router,
    rights.router,
    rights_letters.router,
    health.router,
    well_known.router,
)


def create_app(site: Site) -> FastAPI:
    """The application. It does not own the site: whoever opened it closes it, after the server has ended."""
    web = Web.of(site)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_follow, site)
            tasks.start_soon(_calibrate, site)
            tasks.start_soon(worker.work, site)
            tasks.start_soon(_import, web)
            tasks.start_soon(_sign_audit, site)
            yield
            tasks.cancel_scope.cancel()
        web.alerts.close()

    app = FastAPI(
        title="Stile",
        version=stile.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
    )
    app.state.web = web
    app.add_middleware(BodyLimits)  # the last one added is asked first
    app.add_middleware(OpenPace)
    app.add_middleware(OwnPagesOnly, settings=site.settings)
    app.add_middleware(OwnHostsOnly, settings=site.settings)
    app.add_middleware(SecurityHeaders, settings=site.settings)
    app.mount(API, create_api(web), name="api")
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
    return app


async def _follow(site: Site) -> None:
    """Law 2, everywhere: another program's withdrawals leave this one's memory within a second, and what could not
    be scrubbed from the file at once is scrubbed as soon as it can be."""
    while True:
        try:
            await anyio.to_thread.run_sync(site.follow_changes.catch_up)
            await anyio.to_thread.run_sync(site.withdraw.scrub_what_is_left)
            await anyio.to_thread.run_sync(site.remember_erasures.catch_up)
        except Exception as error:  # noqa: BLE001 it must go on; and admissions ask the store anyway
            log.warning("changes by other programs could not be followed: %s", type(error).__name__)
        await anyio.sleep(FOLLOW_EVERY)


async def _sign_audit(site: Site) -> None:
    """Signs the head of the audit log when that is due. What cannot be signed is told to the log each time, and stops
    nothing."""
    while True:
        try:
            await anyio.to_thread.run_sync(site.checkpoints.keep_current)
        except Exception as error:  # noqa: BLE001 the lanes go on; `stile audit verify` shows that nothing was signed
            log.warning("the audit log was not signed: %s", type(error).__name__)
        await anyio.sleep(SIGN_EVERY)


async def _import(web: Web) -> None:
    """What an import decided and did not finish is finished first, then the folder is watched."""
    try:
        await anyio.to_thread.run_sync(web.site.import_members.finish_what_is_left, abandon_on_cancel=True)
    except Exception as error:  # noqa: BLE001 the next import finishes it
        log.warning("an import could not be finished: %s", type(error).__name__)
    await watch(web.import_folder)


async def _calibrate(site: Site) -> None:
    """Law 7: the site's own calibration follows its gallery. In a thread of its own, so that no withdrawal waits."""
    while True:
        try:
            await anyio.to_thread.run_sync(site.calibrate_site.keep_current, limiter=anyio.CapacityLimiter(1))
        except Exception as error:  # noqa: BLE001 the one before stands, and it is tried again
            log.warning("the site could not be calibrated: %s", type(error).__name__)
        await anyio.sleep(CALIBRATE_EVERY)


def addresses() -> Iterator[tuple[str, str]]:
    """Method and address of everything that is served, for tests and for the reference."""
    routes: list[BaseRoute] = [route for router in ROUTERS for route in router.routes]
    for route in routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, route.path
        elif isinstance(route, WebSocketRoute):
            yield "WEBSOCKET", route.path
        else:
            assert isinstance(route, Mount)
    yield "GET", "/static/{path}"
