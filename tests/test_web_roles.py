"""Each page names the one permission that it needs, and refuses every role that has not got it. All routes are walked,
so that a page that is added tomorrow is walked too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from stile.application.staff.sessions import SignedIn
from stile.domain.access import Staff
from stile.domain.ids import StaffId
from stile.domain.roles import MAY, Permission, Role
from stile.entrypoints.web.app import ROUTERS
from stile.entrypoints.web.security import Needs, session_cookie
from tests.conftest import Here
from tests.test_web_security import OPEN
from tests.web_client import PASSWORD, Browser

TOKENS_INSTEAD = ("/api/", "/scim/")
"""What other programs call, with a token instead of an account: walked by its own tests."""


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    permissions: tuple[Permission, ...]

    @property
    def address(self) -> str:
        """With made-up ids: whoever may call it is told that there is no such thing."""
        return re.sub(r"{(\w+)[^}]*}", lambda found: _made_up(found[1]), self.path)


def _made_up(name: str) -> str:
    if name == "slug":
        return "main"
    return str(uuid4()) if name.endswith("id") else "1"


def _needs(dependant: Dependant) -> Iterator[Permission]:
    if isinstance(dependant.call, Needs):
        yield dependant.call.permission
    for below in dependant.dependencies:
        yield from _needs(below)


CALLS = [
    Call(method, route.path, tuple(_needs(route.dependant)))
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and not route.path.startswith(TOKENS_INSTEAD)
    for method in sorted(route.methods or ())
]
STAFF_ONLY = [call for call in CALLS if call.path not in OPEN]


def test_every_page_for_staff_names_exactly_one_permission() -> None:
    assert {call.path for call in STAFF_ONLY} >= {"/desk", "/sign-out", "/console/evaluation"}
    wrong = [(call.method, call.path, call.permissions) for call in STAFF_ONLY if len(call.permissions) != 1]
    assert wrong == []


def test_open_pages_ask_for_no_account() -> None:
    """Or they would not be open: the list would hide a page from the walk."""
    assert [call for call in CALLS if call.path in OPEN and call.permissions] == []


@dataclass
class Visitor:
    """An account with one role, which signs in again whenever a page ended its session."""

    browser: Browser
    staff: Staff
    signed: SignedIn | None = None

    def calls(self, call: Call) -> int:
        site = self.browser.here.site
        if self.signed is None or site.sign_in.resume(self.signed.token) is None:
            self.signed = site.sign_in.with_password(self.staff.name, PASSWORD)
        self.browser.client.cookies.clear()
        self.browser.client.cookies.set(session_cookie(site.settings), self.signed.token)
        form = None if call.method == "GET" else {"csrf": self.signed.session.csrf}
        return self.browser.client.request(call.method, call.address, data=form).status_code


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_exactly_what_the_table_does_not_give_it(here: Here, role: Role) -> None:
    staff = Staff(StaffId(uuid4()), f"only {role}", frozenset((role,)), here.site.passwords.hash(PASSWORD))
    with here.site.store.begin() as work:
        work.staff.add(staff)
        work.commit()
    visitor = Visitor(Browser(here, raises=False), staff)
    wrong = []
    for call in (one for one in STAFF_ONLY if one.permissions):
        status = visitor.calls(call)
        may = call.permissions[0] in MAY[role]
        if status >= 500 or status == 401 or (status == 403) is may:
            wrong.append((call.method, call.path, call.permissions[0], status))
    assert wrong == []


def test_nobody_gets_anywhere_without_signing_in(here: Here) -> None:
    browser = Browser(here, raises=False)
    wrong = []
    for call in (one for one in STAFF_ONLY if one.permissions):
        answer = browser.client.request(call.method, call.address)
        if answer.status_code != 303 or not answer.headers["location"].startswith("/sign-in"):
            wrong.append((call.method, call.path, answer.status_code))
        assert answer.text == "", call.path
    assert wrong == []
