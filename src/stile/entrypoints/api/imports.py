"""All members at once, from a file: looked at first with `dry_run`, then imported, in a process of its own."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Path, Query, Response
from pydantic import BaseModel, Field, WithJsonSchema

from stile.domain.errors import CannotRecord, Conflict, NotFound, WrongValue
from stile.domain.roles import Permission
from stile.domain.tokens import Token
from stile.entrypoints import import_uploads
from stile.entrypoints.api.auth import KnownFirst, actor_of, needs
from stile.entrypoints.api.problems import answers
from stile.entrypoints.import_jobs import Job, Order
from stile.entrypoints.web.context import TheWeb

router = APIRouter(prefix="/imports", tags=["members"], route_class=KnownFirst)


class WrongLine(BaseModel):
    line: int
    reason: str


class Report(BaseModel):
    """What the import did, or would do. Repeats nothing of a line."""

    sha256: str
    lines: int
    added: int
    changed: int
    fields: dict[str, int] = Field(description="How often each field changes.")
    unchanged: int
    lapsed: int = Field(description="Members who are not in the file any more.")
    wrong: int
    errors: list[WrongLine]
    columns: list[str]
    ignored_columns: list[str]
    refused: str | None = Field(description="Why it was not carried out.")
    imported: bool


class Import(BaseModel):
    id: UUID
    stage: str
    done: int
    of: int
    ended: bool
    error: str | None
    report: Report | None


@router.post("", status_code=202, responses=answers(400, 401, 403, 409, 413, 422, 429, 503))
def import_members(
    web: TheWeb,
    response: Response,
    file: Annotated[
        bytes,
        Body(media_type="text/csv", description="The file, a line for each member."),
        WithJsonSchema({"type": "string"}),
    ],
    program: Token = needs(Permission.IMPORT_MEMBERS),
    dry_run: Annotated[bool, Query(description="Only say what would change.")] = False,
    strict: Annotated[bool, Query(description="Import nothing if one line is wrong.")] = False,
    lapse_many: Annotated[bool, Query(description="It is meant that so many vanish.")] = False,
) -> Import:
    """Begins an import. The answer's `location` tells how far it is."""
    if not file.strip():
        raise WrongValue("The file is empty.")
    if web.imports.under_way():  # each is a process of its own, and the lanes share the machine
        raise Conflict("An import is under way. Please begin the next one when it has ended.")
    try:
        kept = import_uploads.keep(web.site.settings.data, file, ())
    except OSError as error:
        raise CannotRecord(f"The file could not be kept: {error.strerror}.") from None
    order = Order(
        kept,
        kept.stem,
        "program",
        actor_of(program),
        _mapping(web),
        dry_run=dry_run,
        strict=strict,
        lapse_many=lapse_many,
    )
    job = web.imports.begin(web.site.chance.new_id(), order)
    response.headers["location"] = f"/api/v1/imports/{job.id}"
    return _told(job)


def _mapping(web: TheWeb) -> str | None:
    path = web.site.settings.import_mapping
    return path.read_text() if path else None


@router.get("/{id}", responses=answers(401, 403, 404, 422, 429))
def read_import(
    web: TheWeb,
    id: Annotated[UUID, Path(description="The import's id.")],
    program: Token = needs(Permission.IMPORT_MEMBERS),
) -> Import:
    """How far an import is, and at the end what it did."""
    job = web.imports.get(id)
    if job is None:
        raise NotFound("There is no such import, or it was too long ago.")
    return _told(job)


def _told(job: Job) -> Import:
    report = Report.model_validate(job.report) if job.report else None
    return Import(
        id=job.id,
        stage=job.stage,
        done=job.done,
        of=job.of,
        ended=job.ended.is_set(),
        error=job.error,
        report=report,
    )
