"""An authority holds no template, and has no page that could ask for one: only what both kinds of organisation have.

Nothing that sees, searches or moves a door is imported from here (`tests/laws/test_authority.py`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

import anyio
from fastapi import FastAPI

from stile.entrypoints import worker
from stile.entrypoints.web.asking_pace import AskingPace
from stile.entrypoints.web.assembly import OF_BOTH, addresses_of, assemble, sign_audit
from stile.entrypoints.web.audit_now import AuditCheck
from stile.entrypoints.web.navigation import Navigation
from stile.entrypoints.web.office import LETTERS_AT_ONCE, OfficeWeb
from stile.entrypoints.web.pages import Pages
from stile.entrypoints.web.role_words import AT_AUTHORITY
from stile.entrypoints.web.sign_in_pace import SignInPace
from stile.office import Office


def create_authority(office: Office) -> FastAPI:
    """The application of an authority. It does not own the office: whoever opened it closes it."""
    served = {path for _, path in addresses_of(OF_BOTH)}
    web = OfficeWeb(
        office=office,
        pages=Pages(ZoneInfo(office.settings.time_zone), Navigation(served), AT_AUTHORITY),
        sign_in_pace=SignInPace(),
        audit_check=AuditCheck(),
        posting=anyio.CapacityLimiter(LETTERS_AT_ONCE),
        asking_pace=AskingPace(office.clock),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(worker.work, office)
            tasks.start_soon(sign_audit, office)
            yield
            tasks.cancel_scope.cancel()

    return assemble(web, OF_BOTH, lifespan)
