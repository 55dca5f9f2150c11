"""What the views share that an operator and an authority both have: staff, audit log, register, requests.

Such a view asks for `web: TheOffice` and finds its use cases in `web.office`. What an operator's lanes and members need
besides is in `context`, which an authority never imports.
"""

from dataclasses import dataclass, field
from typing import Annotated, cast

import anyio
from fastapi import Depends
from starlette.requests import HTTPConnection

from stile.entrypoints.web.asking_pace import AskingPace
from stile.entrypoints.web.audit_now import AuditCheck
from stile.entrypoints.web.pages import Pages
from stile.entrypoints.web.public_now import PublicNow
from stile.entrypoints.web.sign_in_pace import SignInPace
from stile.office import Office

LETTERS_AT_ONCE = 2
"""That strangers have us send: each may wait ten seconds for the mail server."""


@dataclass(frozen=True, slots=True)
class OfficeWeb:
    """`posting`: the threads that send what strangers ask for."""

    office: Office
    pages: Pages
    sign_in_pace: SignInPace
    audit_check: AuditCheck
    posting: anyio.CapacityLimiter
    asking_pace: AskingPace
    public: PublicNow = field(default_factory=PublicNow, kw_only=True)


def office_web_of(connection: HTTPConnection) -> OfficeWeb:
    return cast(OfficeWeb, connection.app.state.web)


TheOffice = Annotated[OfficeWeb, Depends(office_web_of)]
