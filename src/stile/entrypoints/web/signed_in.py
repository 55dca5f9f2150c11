"""Who is signed in, and whether they may: each staff route names the one permission that it needs."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from stile.domain.access import Staff
from stile.domain.errors import NotAllowed
from stile.domain.roles import Permission
from stile.domain.sessions import Session, Stage
from stile.entrypoints.web.cookies import session_cookie
from stile.entrypoints.web.office import OfficeWeb, office_web_of


class SignInFirst(Exception):
    """Nobody is signed in, or not far enough: the handler sends the browser to `page`, and back to `back`."""

    page = "/sign-in"

    def __init__(self, back: str | None = None) -> None:
        self.back = back


class FactorFirst(SignInFirst):
    """The password was right, and a second factor is owed."""

    page = "/sign-in/code"


class SetUpFirst(SignInFirst):
    """A second factor is required, and none is set up yet."""

    page = "/account/set-up"


class ProveFirst(SignInFirst):
    """What is asked for is sensitive, and the last sign-in is more than a quarter of an hour ago."""

    page = "/account/again"


OWED: dict[Stage, type[SignInFirst]] = {Stage.FACTOR_OWED: FactorFirst, Stage.SET_UP_OWED: SetUpFirst}


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, and the session that every form of theirs must name."""

    staff: Staff
    session: Session


def found(request: Request, web: Annotated[OfficeWeb, Depends(office_web_of)]) -> Me | None:
    """Whoever's cookie it is, however far they came. In a thread: it asks the store."""
    resumed = web.office.sessions.find(request.cookies.get(session_cookie(web.office.settings)))
    return Me(resumed[1], resumed[0]) if resumed else None


class Needs:
    """What a staff route depends on: somebody signed in who has the permission and, for anything that changes
    something, a form of this session (CSRF). Raises SignInFirst, one of its kinds, or NotAllowed.

    `fresh`: the sign-in is not older than 15 minutes. `set_up`: also for whoever still owes their second factor."""

    def __init__(
        self, permission: Permission, fresh: bool = False, set_up: bool = False, back: str | None = None
    ) -> None:
        self.permission, self.fresh, self.set_up, self.back = permission, fresh, set_up, back

    async def __call__(
        self,
        request: Request,
        me: Annotated[Me | None, Depends(found)],
        web: Annotated[OfficeWeb, Depends(office_web_of)],
    ) -> Me:
        if me is None:
            raise SignInFirst
        owes = OWED.get(me.session.stage)
        if owes is not None and not (self.set_up and owes is SetUpFirst):
            raise owes
        if not me.staff.may(self.permission):
            raise NotAllowed("Your account may not do this. Please ask whoever manages the staff accounts.")
        if request.method not in ("GET", "HEAD"):
            given = (await request.form()).get("csrf")
            if not isinstance(given, str) or not web.office.sign_in.form_is_genuine(me.session, given):
                raise NotAllowed("This form is out of date. Please go back, reload the page and try again.")
        if self.fresh and owes is None and not me.session.is_fresh(web.office.clock.now()):
            raise ProveFirst(self.back or _page_of(request))
        return me


def needs(
    permission: Permission, *, fresh: bool = False, set_up: bool = False, back: str | None = None
) -> Any:
    """`me: Me = needs(Permission.…)`: each staff route names the one permission it needs, and a test walks them all.

    `fresh=True` for what is sensitive (giving roles, taking data away): whoever signed in more than 15 minutes ago
    shows first once more who they are, and comes back to the page (`back`, or the one above a form's address)."""
    return Depends(Needs(permission, fresh, set_up, back))


def _page_of(request: Request) -> str:
    """The page that a form stands on: by our habit the address above the one that it is sent to."""
    path = request.url.path
    return path if request.method == "GET" else path.rsplit("/", 1)[0] or "/"
