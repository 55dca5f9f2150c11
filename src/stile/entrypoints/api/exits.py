"""Law 8: an exit reader tells that somebody left. Nothing is decided, nothing is refused, nothing is recorded of it."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints.api.auth import needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.web.context import TheWeb

router = APIRouter(tags=["lanes"])

Slug = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9-]+$")]
Read = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]


class Exit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    card: Read | None = Field(
        None, description="What was read of a card; without it somebody left who is not known."
    )


@router.post("/lanes/{slug}/exits", status_code=204, responses=answers(400, 401, 403, 404, 422, 429, 503))
def tell_exit(
    web: TheWeb,
    slug: Annotated[Slug, Path(description="Short name of the lane that they left by.")],
    left: Exit,
    program: Token = needs(Permission.TELL_EXITS),
) -> Response:
    """Somebody left. They are counted as inside no more; that is all that happens."""
    web.site.leave.told(web.site.setup.lane(slug), left.card)
    return Response(status_code=204)
