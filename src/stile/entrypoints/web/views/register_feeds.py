"""Registers that operators publish, and that this authority reads."""

from collections.abc import Callable

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.application.register.subscribing import Reading
from stile.domain.errors import StileError
from stile.domain.roles import Permission
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix=f"{links.AT}/operators")


@router.get("")
def feeds(request: Request, web: TheOffice, me: Me = needs(Permission.SEE_REGISTER)) -> Response:
    """Which registers are read, when each was, and what was in the way."""
    return _page(request, web, me)


@router.post("")
def subscribe(
    request: Request, web: TheOffice, me: Me = needs(Permission.CHANGE_REGISTER), url: str = Form("")
) -> Response:
    """Reads a published register now, and daily from now on."""
    return _read(request, web, me, lambda: web.office.subscribing.subscribe(url, str(me.staff.id)), url)


@router.post("/read")
def read(
    request: Request, web: TheOffice, me: Me = needs(Permission.CHANGE_REGISTER), url: str = Form("")
) -> Response:
    """Reads one again."""
    return _read(request, web, me, lambda: web.office.subscribing.refresh(url, str(me.staff.id)))


@router.post("/end")
def end(web: TheOffice, me: Me = needs(Permission.CHANGE_REGISTER), url: str = Form("")) -> Response:
    """Reads it no more. What was read stays in the register."""
    web.office.subscribing.end(url, str(me.staff.id))
    return RedirectResponse(f"{links.AT}/operators", status_code=303)


def _read(request: Request, web: OfficeWeb, me: Me, act: Callable[[], Reading], typed: str = "") -> Response:
    """`typed`: the address in the field, which is kept when something is in the way. The network is waited for in
    this request's own thread, for a minute at most."""
    try:
        return _page(request, web, me, reading=act())
    except StileError as error:
        return _page(request, web, me, 422, problem=str(error), given=typed)


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    status: int = 200,
    reading: Reading | None = None,
    problem: str = "",
    given: str = "",
) -> Response:
    return web.pages.show(
        request,
        "register_feeds.html",
        status,
        me=me,
        feeds=web.office.subscribing.all(),
        reading=reading,
        problem=problem,
        given=given,
        is_authority=not web.office.has_lanes,
        may_change=me.staff.may(Permission.CHANGE_REGISTER),
        links=links,
    )
