"""Whatever is sent to the API, made up from its own OpenAPI document: no failure of ours, no stack trace, nothing
outside what the token may do, and answers as the document tells them.

2,000 calls: half of them well formed, half broken; with every right, with the right to read only, and with none.
"""

import os
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from stile.domain.roles import Permission
from stile.entrypoints.api.app import AT, needed_by, routes
from stile.entrypoints.api.auth import Paces
from tests.conftest import Here
from tests.test_api import EVERYTHING, Program
from tests.web_client import Browser

load_all_checks()
CALLS = int(os.environ.get("STILE_API_CALLS", "2000"))
CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]
NEEDED = {(method, route.path): needed_by(route) for route in routes() for method in route.methods or ()}
TOKENS = {
    "every right": EVERYTHING,
    "reading only": frozenset({Permission.SEE_MEMBERS, Permission.SEE_SETTINGS}),
    "no token": None,
}
EACH = -(-CALLS // (len(NEEDED) * len(TOKENS) * len(GenerationMode)))


class Unhurried(Paces):
    """Counts nothing: these calls come faster than any program's."""

    def count(self, items: list[Any], *key: str) -> None:
        pass


@pytest.fixture
def asked(here: Here) -> Any:
    """A site with members, and its document."""
    for who in (1, 2, 3):
        here.enrol(who) if who == 1 else here.add(who)
    program = Program(here)
    app = program.browser.client.app
    api = next(route.app for route in app.routes if getattr(route, "path", "") == AT)  # type: ignore[attr-defined]
    api.state.paces = Unhurried()
    document = program.browser.get(f"{AT}/openapi.json").json()
    return here, program.browser, schemathesis.openapi.from_dict(document)


@pytest.mark.parametrize("may", TOKENS.values(), ids=TOKENS)
def test_any_call(asked: Any, may: frozenset[Permission] | None) -> None:
    here, browser, schema = asked
    secret = Program(here, may, browser).secret if may is not None else None
    for found in schema.get_all_operations():
        operation = found.ok()
        needed = NEEDED[operation.method.upper(), operation.path]
        allowed = may is not None and (needed is None or needed in may)
        for mode in GenerationMode:
            assert _try(here, browser, operation, mode, secret, allowed) >= 1


def _try(
    here: Here, browser: Browser, operation: Any, mode: GenerationMode, secret: str | None, allowed: bool
) -> int:
    """How many calls were made of this one operation."""
    made = 0
    calls = st.one_of(
        operation.as_strategy(generation_mode=mode),
        operation.as_strategy(generation_mode=mode, path_parameters={"number": "1001"}),
    )

    @settings(
        max_examples=EACH,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=calls)
    def one(case: Any) -> None:
        nonlocal made
        made += 1
        before = None if allowed else _state(here)
        answer = _send(browser, case, secret)
        assert answer.status_code < 500, answer.text
        for trace in ("Traceback", "site-packages", ".py", "sqlalchemy", str(Path.cwd())):
            assert trace not in answer.text
        if not allowed:
            assert answer.status_code >= 400
            assert _state(here) == before
        case.validate_response(answer, checks=CHECKS)

    one()
    return made


def _send(browser: Browser, case: Any, secret: str | None) -> Any:
    """As it was made up, but for who sends it."""
    sent = case.as_transport_kwargs(base_url="http://testserver" + AT)
    headers = {key: value for key, value in sent.pop("headers").items() if key.lower() != "authorization"}
    if secret:
        headers["authorization"] = f"Bearer {secret}"
    sent.pop("cookies", None)
    body = {"content" if key == "data" else key: value for key, value in sent.items()}
    return browser.client.request(headers=headers, **body)


def _state(here: Here) -> tuple[int, int]:
    """What a call without the right must not change."""
    with here.site.store.read() as work:
        return work.members.count(), sum(1 for _ in work.audit.entries())
