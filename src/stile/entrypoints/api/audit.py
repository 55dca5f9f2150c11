"""The signed head of the audit log: kept elsewhere, it shows when the log was cut off or written anew."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.auth import needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.web.context import TheWeb

router = APIRouter(tags=["audit"])


class Head(BaseModel):
    size: int = Field(description="How many entries the head stands for.")
    root: str = Field(description="Root hash of the tree (RFC 6962), hex.")
    at: datetime
    note: str = Field(description="The signed note, to be kept as it is.")
    public_key: str = Field(description="The line that the signature is checked with.")


class LatestHead(BaseModel):
    head: Head | None = Field(description="Null before the first one was signed.")


@router.get("/audit/head", responses=answers(401, 403, 429, 503))
def audit_head(web: TheWeb, program: Token = needs(Permission.SEE_AUDIT)) -> LatestHead:
    """The latest signed head of the audit log."""
    made = web.site.checkpoints.latest()
    if made is None:
        return LatestHead(head=None)
    return LatestHead(
        head=Head(
            size=made.head.size,
            root=made.head.root.hex(),
            at=made.head.at,
            note=made.note,
            public_key=web.site.checkpoints.public_line,
        )
    )
