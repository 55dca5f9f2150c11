"""Who a member's own page belongs to: a cookie of its own, apart from the staff's, and a short session behind it."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from stile.config import Settings
from stile.domain.errors import NotAllowed
from stile.domain.member import Member
from stile.domain.own_page import SESSION_LASTS, OwnSession
from stile.entrypoints.web.context import Web, web_of
from stile.entrypoints.web.errors import LinkFirst


@dataclass(frozen=True, slots=True)
class Mine:
    """Whose page it is, and the session that every form of theirs must name."""

    member: Member
    session: OwnSession


def own_cookie(settings: Settings) -> str:
    """`__Host-`: the browser itself refuses it from another host or without TLS (RFC 6265bis)."""
    return "__Host-stile_me" if settings.secure else "stile_me"


def signed_in(request: Request, web: Annotated[Web, Depends(web_of)]) -> Mine:
    """Raises LinkFirst."""
    found = web.site.own_page.resume(request.cookies.get(own_cookie(web.site.settings)))
    if found is None:
        raise LinkFirst
    session, member = found
    return Mine(member, session)


async def with_own_form(
    request: Request, mine: Annotated[Mine, Depends(signed_in)], web: Annotated[Web, Depends(web_of)]
) -> Mine:
    """For whatever changes something: the form must come from a page of this session (CSRF)."""
    given = (await request.form()).get("csrf")
    if not isinstance(given, str) or not web.site.own_page.form_is_genuine(mine.session, given):
        raise NotAllowed("This form is out of date. Please go back, reload the page and try again.")
    return mine


def themselves(mine: Annotated[Mine, Depends(with_own_form)]) -> Mine:
    """For what gives, changes or carries away: whoever opened a link that reception showed may not be the member."""
    if not mine.session.sent:
        raise NotAllowed(
            "This needs the link that we send to your own address: you came by one that was shown at reception."
        )
    return mine


Reader = Annotated[Mine, Depends(signed_in)]
Actor = Annotated[Mine, Depends(with_own_form)]
Themselves = Annotated[Mine, Depends(themselves)]


def keep_own(response: Response, token: str, settings: Settings) -> None:
    response.set_cookie(
        own_cookie(settings),
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/",
        secure=settings.secure,
        httponly=True,
        samesite="strict",
    )


def forget_own(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        own_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="strict"
    )
