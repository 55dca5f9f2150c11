"""Whatever a member of staff changes leaves an entry in the audit log. Every form of the staff pages is walked, so that
a form that is added tomorrow is walked too.

The code is read, not run: a form filled in right is another one for each page, and tried by that page's own tests. From
each view the calls are followed into the use cases, until one of them appends to the log.
"""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from functools import cache
from typing import Any, get_type_hints

import pytest
from fastapi.routing import APIRoute

from stile.bootstrap import Site
from stile.entrypoints.web.app import ROUTERS
from stile.entrypoints.web.context import Web
from tests.test_web_roles import STAFF_ONLY

NOTHING_TO_RECORD = {
    "/account/again/passkey/options": "a challenge for the browser: the answer to it is recorded",
    "/account/passkeys/options": "a challenge for the browser: the passkey that comes of it is recorded",
    "/account/app": "shows a secret to be confirmed: what was confirmed is recorded",
    "/desk/screens": "shows which screen has a code: approving or refusing it is recorded",
    "/console/imports": "looks at a file and changes nothing: importing it is recorded",
    "/console/imports/{id}/import": "starts a process of its own, which records what it imports (`ImportMembers`)",
    "/console/staff/{id}/mail": "sends a link, of which it is recorded that it was made; the address is not kept",
    "/desk/alerts/{number}/dismiss": "takes a line off the screen; it lives in memory and holds no personal data",
}
"""Address of a form that changes nothing that is kept: why."""

APPENDS = ("append", "append_all")
DEPTH = 7
USE_CASES: dict[str, Any] = get_type_hints(Site) | get_type_hints(Web)


def forms() -> list[APIRoute]:
    staff = {call.path for call in STAFF_ONLY}
    return [
        route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" not in (route.methods or ()) and route.path in staff
    ]


@cache
def tree_of(function: Any) -> ast.AST:
    return ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))


def is_append(node: ast.AST) -> bool:
    """`….audit.append(…)`."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in APPENDS
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "audit"
    )


def called_by(function: Any) -> Iterator[Any]:
    """Functions of this package that it mentions: of its module, of the use cases of the site, of its own class, and of
    the classes that its module knows."""
    known = vars(inspect.getmodule(function))
    own = known.get(function.__qualname__.split(".")[0])
    for node in ast.walk(tree_of(function)):
        if isinstance(node, ast.Name) and inspect.isfunction(known.get(node.id)):
            yield known[node.id]
        if not isinstance(node, ast.Attribute):
            continue
        holders: list[Any] = [own, *classes_in(known)]
        if isinstance(node.value, ast.Attribute) and node.value.attr in USE_CASES:
            kind = USE_CASES[node.value.attr]
            # What it does not do itself it hands on to something that its module knows.
            has_it = inspect.getattr_static(kind, node.attr, None) is not None
            holders = [kind] if has_it else classes_in(vars(inspect.getmodule(kind) or ast))
        for holder in holders:
            found = inspect.getattr_static(holder, node.attr, None) if inspect.isclass(holder) else None
            if inspect.isfunction(found):
                yield found


def classes_in(known: dict[str, Any]) -> list[type]:
    """Use cases and jobs that a module knows: what of them is called by that name may be what is meant."""
    ours = ("stile.application", "stile.entrypoints")
    return [one for one in known.values() if inspect.isclass(one) and one.__module__.startswith(ours)]


def appends(function: Any, depth: int = DEPTH, seen: set[Any] | None = None) -> bool:
    seen = set() if seen is None else seen
    if function in seen or depth == 0 or not function.__module__.startswith("stile."):
        return False
    seen.add(function)
    if any(is_append(node) for node in ast.walk(tree_of(function))):
        return True
    return any(appends(one, depth - 1, seen) for one in called_by(function))


def test_there_are_forms_to_walk() -> None:
    assert {"/desk/members/{id}/withdraw", "/console/audit/verify"} <= {route.path for route in forms()}


@pytest.mark.parametrize("route", forms(), ids=lambda route: route.path)
def test_a_form_leaves_an_entry(route: APIRoute) -> None:
    if route.path in NOTHING_TO_RECORD:
        return
    assert appends(route.endpoint), f"{route.path} reaches no use case that appends to the audit log"


@pytest.mark.parametrize("path", NOTHING_TO_RECORD)
def test_no_exception_is_left_behind(path: str) -> None:
    [route] = [one for one in forms() if one.path == path]
    assert not appends(route.endpoint), "it does append by now: take it off the list"


def test_a_view_that_records_nothing_is_found_out() -> None:
    def view() -> None:
        inspect.getsource(view)

    view.__module__ = "stile.entrypoints.web.views.desk"
    assert not appends(view)
