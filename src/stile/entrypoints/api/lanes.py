"""The ways in, as they are set."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from stile.domain.liveness import LivenessMode
from stile.domain.places import Ask
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.auth import needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.web.context import TheWeb

router = APIRouter(tags=["lanes"])


class LaneOut(BaseModel):
    id: UUID
    centre: UUID
    slug: str
    name: str
    face_mode: bool = Field(description="Whether the lane is set to let members in by face.")
    closed_because: str | None = Field(description="Why faces are not looked at now; null when they are.")
    ask: Ask
    liveness: LivenessMode
    fpir: float = Field(description="The false-positive identification rate that an attempt promises.")
    door: str = Field(description="State of the door; leaving is never controlled.")


class Lanes(BaseModel):
    lanes: list[LaneOut]


@router.get("/lanes", responses=answers(401, 403, 429))
def lanes(web: TheWeb, program: Token = needs(Permission.SEE_SETTINGS)) -> Lanes:
    """Each lane, whether faces are looked at there now, and its door."""
    with web.site.store.read() as work:
        found = work.lanes.all()
    told = []
    for lane in found:
        closed = web.site.admit_by_face.closed(lane)
        told.append(
            LaneOut(
                id=lane.id,
                centre=lane.centre,
                slug=lane.slug,
                name=lane.name,
                face_mode=lane.face_mode,
                closed_because=closed.value if closed else None,
                ask=lane.ask,
                liveness=lane.liveness,
                fpir=lane.fpir,
                door=web.site.doors.of(lane).status().state.value,
            )
        )
    return Lanes(lanes=told)
