"""What this is."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

import stile
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.auth import needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.web.context import TheWeb

router = APIRouter(tags=["about"])


class About(BaseModel):
    program: Literal["stile"] = "stile"
    version: str
    operator: str = Field(description="Who runs the centres and is the controller.")
    members: int
    may: list[Permission] = Field(description="What the token may do.")


@router.get("/about", responses=answers(401, 429))
def about(web: TheWeb, program: Token = needs(None)) -> About:
    """Who runs this, and what the token may do."""
    with web.site.store.read() as work:
        operator = work.operators.only()
        members = work.members.count()
    return About(
        version=stile.__version__,
        operator=operator.name if operator else "",
        members=members,
        may=sorted(program.permissions),
    )
