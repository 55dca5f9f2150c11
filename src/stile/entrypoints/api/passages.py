"""What happened at the lanes. A passage that matched nobody names nobody (law 1)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from stile.domain.passage import Method, Outcome
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.auth import actor_of, needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.web.context import TheWeb

router = APIRouter(tags=["passages"])


class PassageOut(BaseModel):
    id: UUID
    at: datetime
    lane: UUID
    method: Method
    outcome: Outcome
    reason: str
    member: UUID | None = Field(description="The member's id; null where nobody was named.")


class Passages(BaseModel):
    passages: list[PassageOut] = Field(description="Newest first.")


@router.get("/passages", responses=answers(401, 403, 422, 429, 503))
def passages(
    web: TheWeb,
    program: Token = needs(Permission.SEE_MEMBERS),
    most: Annotated[int, Query(ge=1, le=500, description="How many at most.")] = 100,
) -> Passages:
    """The latest passages."""
    with web.site.store.read() as work:
        found = work.passages.latest(most)
    named = sorted({one.member for one in found if one.member})
    web.site.looked.at_all(named, actor_of(program), "passages, by a program")
    return Passages(
        passages=[
            PassageOut(
                id=one.id,
                at=one.at,
                lane=one.lane,
                method=one.method,
                outcome=one.outcome,
                reason=one.reason,
                member=one.member,
            )
            for one in found
        ]
    )
