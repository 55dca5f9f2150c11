"""The web of one site. `create_app(site)` is all that others need."""

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import anyio
import anyio.to_thread
from fastapi import FastAPI
from fastapi.routing import APIRouter

from stile.bootstrap import Site
from stile.entrypoints import worker
from stile.entrypoints.api.app import AT as API
from stile.entrypoints.api.app import create_api
from stile.entrypoints.import_folder import watch
from stile.entrypoints.web.assembly import OF_BOTH, addresses_of, assemble, sign_audit
from stile.entrypoints.web.context import Web
from stile.entrypoints.web.views import (
    desk,
    devices,
    enrol,
    enrol_socket,
    enrolments,
    erase,
    evaluation,
    family,
    figures,
    imports,
    invite,
    kiosk,
    kiosk_enrol,
    kiosk_socket,
    lane_settings,
    me,
    me_enter,
    me_link,
    members,
    parent,
    phone,
    rights,
    rights_letters,
    tokens,
    waits,
    ways,
)

FOLLOW_EVERY = 1.0
"""Seconds."""

CALIBRATE_EVERY = 60.0
"""Seconds between two looks at whether the site's own calibration is due."""

log = logging.getLogger(__name__)

ROUTERS: tuple[APIRouter, ...] = (
    *OF_BOTH,
    desk.router,
    devices.router,
    members.router,
    imports.router,
    ways.router,
    phone.router,
    waits.router,
    figures.router,
    invite.router,
    family.router,
    enrolments.router,
    erase.router,
    evaluation.router,
    tokens.router,
    lane_settings.router,
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
)
"""The pages of an operator. Those that an authority has too stand in `assembly.OF_BOTH`."""


def create_app(site: Site) -> FastAPI:
    """The application. It does not own the site: whoever opened it closes it, after the server has ended."""
    web = Web.of(site)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(_follow, site)
            tasks.start_soon(_calibrate, site)
            tasks.start_soon(_work, site)
            tasks.start_soon(_import, web)
            tasks.start_soon(sign_audit, site)
            yield
            tasks.cancel_scope.cancel()
        web.alerts.close()

    return assemble(web, ROUTERS, lifespan, [(API, create_api(web), "api")])


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


async def _work(site: Site) -> None:
    await worker.work(site, end_consents=partial(_end_consents, site))


async def _end_consents(site: Site, alone: anyio.CapacityLimiter) -> None:
    """Those of parents for members who decide for themselves by now, and those that the rules do not let stand."""
    await anyio.to_thread.run_sync(site.waiting.keep_current, limiter=alone)


def addresses() -> Iterator[tuple[str, str]]:
    """Method and address of everything that is served, for tests and for the reference."""
    return addresses_of(ROUTERS)
