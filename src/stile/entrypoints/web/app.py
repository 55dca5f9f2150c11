"""The web of one site. `create_app(site)` is all that others need."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRouter
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

import stile
from stile.bootstrap import Site
from stile.entrypoints.web import errors
from stile.entrypoints.web.context import Web
from stile.entrypoints.web.pages import HERE
from stile.entrypoints.web.security import LARGEST_BODY, OwnPagesOnly, SecurityHeaders
from stile.entrypoints.web.views import (
    desk,
    enrol,
    enrol_socket,
    health,
    kiosk,
    kiosk_socket,
    members,
    sign_in,
)

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    desk.router,
    members.router,
    kiosk.router,
    kiosk_socket.router,
    enrol.router,
    enrol_socket.router,
    health.router,
)


def create_app(site: Site) -> FastAPI:
    """The application. It does not own the site: whoever opened it closes it, after the server has ended."""
    web = Web.of(site)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
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
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY)
    app.add_middleware(OwnPagesOnly, settings=site.settings)
    app.add_middleware(SecurityHeaders, settings=site.settings)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for router in ROUTERS:
        app.include_router(router)
    errors.install(app)
    return app


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
