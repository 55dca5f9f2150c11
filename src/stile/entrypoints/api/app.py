"""The REST API. `create_api(web)` is mounted at /api/v1 by the web of the site."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, APIRouter

from stile.domain.roles import Permission
from stile.entrypoints.api import about, audit, exits, imports, lanes, members, passages, problems
from stile.entrypoints.api.auth import Needs, Paces
from stile.entrypoints.api.problems import Problem
from stile.entrypoints.web.context import Web

AT = "/api/v1"
ROUTERS: tuple[APIRouter, ...] = (
    about.router,
    members.router,
    passages.router,
    lanes.router,
    audit.router,
    exits.router,
    imports.router,
)
VERSION = "1.0"
"""Of the interface: the second number grows with what is added; what would break a caller becomes /api/v2."""

WORDS = """\
For programs that keep the membership, and for those that read what happened. Each call names the permission that it \
needs (`x-needs`); a token made at `/console/tokens` carries some of them, runs out and can be revoked.

Nothing here gives a picture or a template, and no call takes a face to look for.
"""


def create_api(web: Web) -> FastAPI:
    api = FastAPI(
        title="Stile",
        version=VERSION,
        description=WORDS,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        servers=[{"url": AT}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )
    api.state.web = web
    api.state.paces = Paces()
    for router in ROUTERS:
        api.include_router(router)
    problems.install(api)
    api.openapi = document(api)  # type: ignore[method-assign]
    return api


def document(api: FastAPI) -> Any:
    """The OpenAPI document, with the shape of a problem and with the permission of each call."""

    def made() -> dict[str, Any]:
        if api.openapi_schema is None:
            schema = get_openapi(
                title=api.title,
                version=api.version,
                description=api.description,
                routes=api.routes,
                servers=api.servers,
            )
            parts = schema["components"]["schemas"]
            shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            parts.update(shape.pop("$defs", {}))
            parts["Problem"] = shape
            for name in ("HTTPValidationError", "ValidationError"):
                parts.pop(name, None)
            for route in routes():
                for method in route.methods or ():
                    schema["paths"][route.path][method.lower()]["x-needs"] = needed_by(route)
            api.openapi_schema = schema
        return api.openapi_schema

    return made


def routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield route


def needed_by(route: APIRoute) -> Permission | None:
    """The permission that a call names; None for what any token may ask."""
    found = [one.call for one in route.dependant.dependencies if isinstance(one.call, Needs)]
    [only] = found
    return only.permission
