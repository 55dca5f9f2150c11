"""The record of processing (UK GDPR Art. 30), to read, to print and as a file."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from stile.domain.processing_record import Part
from stile.domain.roles import Permission
from stile.entrypoints import processing_table
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web.office import TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix=f"{links.AT}/processing")

LEFT_OUT = {
    Part.CONTROLLER: {"part", "name", "assessed"},
    Part.PROCESSOR: {"part", "name", "basis", "people", "kept", "joint"},
}
"""What a part does not ask for, or what its heading says already."""


@router.get("")
def record(request: Request, web: TheOffice, me: Me = needs(Permission.SEE_REGISTER)) -> Response:
    """Made anew each time: of the register, the retention rules in force, and what this program does."""
    made = web.office.processing.record()
    return web.pages.show(
        request,
        "processing.html",
        me=me,
        record=made,
        parts=[(part, made.part(part), LEFT_OUT[part]) for part in Part],
        columns=processing_table.COLUMNS,
        cells=processing_table.cells,
        links=links,
    )


@router.get(".csv")
def as_csv(web: TheOffice, me: Me = needs(Permission.SEE_REGISTER)) -> Response:
    """The same, one row an activity."""
    made = web.office.processing.record()
    name = f"record-of-processing-{made.on.isoformat()}.csv"
    return Response(
        processing_table.as_csv(made).encode(),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
