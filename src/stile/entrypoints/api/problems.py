"""What goes wrong, told as RFC 9457 asks: one line that a person can act on, and never a stack trace."""

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from stile.domain.errors import StileError
from stile.entrypoints.web.errors import STATUS

MEDIA = "application/problem+json"
TITLES = {
    400: "Not understood",
    401: "Who are you?",
    403: "Not allowed",
    404: "Not there",
    405: "Not done here",
    409: "In the way of what is there",
    413: "Too large",
    415: "Of the wrong kind",
    422: "Not right",
    429: "Too many",
    503: "Not ready",
}
log = logging.getLogger(__name__)


class Wrong(BaseModel):
    """`where`: the path to the value, such as `body.number`. `says`: what is wrong with it."""

    where: str
    says: str


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field("about:blank", description="Always about:blank: the status says what kind it is.")
    title: str
    status: int
    detail: str = Field(description="One line that a person can act on.")
    errors: list[Wrong] | None = Field(None, description="Value by value, where the request was not right.")


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI document: what else may come."""
    content = {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": TITLES[status], "content": content} for status in statuses}


def problem(
    status: int, detail: str, errors: list[Wrong] | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    told = Problem(
        type="about:blank",
        title=TITLES.get(status, "Something went wrong"),
        status=status,
        detail=detail,
        errors=errors,
    )
    return JSONResponse(
        told.model_dump(exclude_none=True),
        status,
        dict(headers or {}),
        MEDIA,
    )


class TooMany(Exception):
    """`seconds` until it may be tried again."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds


def install(app: FastAPI) -> None:
    app.add_exception_handler(StileError, _told)
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _not_right)
    app.add_exception_handler(Exception, _unexpected)


def _told(_: Request, error: Exception) -> Response:
    return problem(next(status for kind, status in STATUS if isinstance(error, kind)), str(error))


def _too_many(_: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    detail = f"Too many calls. Please wait {error.seconds} seconds."
    return problem(429, detail, headers={"retry-after": str(error.seconds)})


def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = "There is no such address." if error.status_code == 404 else error.detail
    return problem(error.status_code, detail, headers=error.headers)


def _not_right(_: Request, error: Exception) -> Response:
    """The values themselves are not repeated: the answer may end in somebody's log."""
    assert isinstance(error, RequestValidationError)
    wrong = [Wrong(where=".".join(map(str, one["loc"])), says=one["msg"]) for one in error.errors()]
    return problem(
        422, f"{wrong[0].where}: {wrong[0].says}." if wrong else "The request is not right.", wrong
    )


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("api: %s failed with %s", request.method, type(error).__name__)
    return problem(500, "It is not your fault, and it was written down for whoever looks after this.")
