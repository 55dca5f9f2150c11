"""Imports of members: a file is looked at first, shown as what it would change, and only then imported.

The file waits in the data folder, its owner's alone, for minutes; what is imported is the same bytes, by their SHA-256.
"""

import hashlib
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from stile.application.member_file import LARGEST
from stile.application.member_file import mapping as read_mapping
from stile.domain.errors import NotFound, StileError, WrongValue
from stile.domain.roles import Permission
from stile.entrypoints import import_uploads
from stile.entrypoints.import_jobs import Job, Order
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.security import Me, needs
from stile.entrypoints.web.sent import sent_form

router = APIRouter(prefix="/console/imports")

LARGEST_MAPPING = 64 * 1024
SOURCE = "console"
SHOWN = 100
"""Wrong lines on a page."""


@router.get("")
def imports(request: Request, web: TheWeb, me: Me = needs(Permission.IMPORT_MEMBERS)) -> Response:
    """Upload a file; earlier imports."""
    return _page(request, web, me, None)


def _page(request: Request, web: Web, me: Me, problem: str | None, status: int = 200) -> Response:
    with web.site.store.read() as work:
        earlier = work.imports.latest()
        centres = list(work.centres.all())
    settings = web.site.settings
    return web.pages.show(
        request,
        "imports.html",
        status,
        me=me,
        problem=problem,
        earlier=earlier,
        under_way=web.imports.under_way(),
        failures=web.import_folder.failures(),
        centres=centres,
        has_mapping=settings.import_mapping is not None,
        folder=settings.import_folder,
        largest=LARGEST // 1024 // 1024,
    )


@router.post("")
def upload(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.IMPORT_MEMBERS),
    sent: FormData = sent_form(),
) -> Response:
    """Looks at a file, and changes nothing yet."""
    try:
        file, mapping = _content(sent.get("file"), LARGEST, "member file"), _mapping(web, sent)
        centre = _centre(web, sent.get("centre"))
        busy = {job.order.file for job in web.imports.under_way()}
        kept = import_uploads.keep(web.site.settings.data, file, busy)
    except WrongValue as error:
        return _page(request, web, me, str(error), 422)
    except OSError as error:
        return _page(request, web, me, f"The file could not be kept: {error.strerror}.", 503)
    order = Order(kept, kept.stem, SOURCE, str(me.staff.id), mapping, centre, dry_run=True)
    job = web.imports.begin(web.site.chance.new_id(), order)
    return RedirectResponse(f"/console/imports/{job.id}", status_code=303)


def _content(given: Any, most: int, what: str) -> bytes:
    if not isinstance(given, UploadFile) or not given.filename:
        raise WrongValue(f"Please choose the {what}.")
    content = given.file.read(most + 1)
    if len(content) > most:
        raise WrongValue(f"The {what} is larger than {most // 1024:,} KB.")
    if not content:
        raise WrongValue(f"The {what} is empty.")
    return content


def _mapping(web: Web, sent: FormData) -> str | None:
    """The text of the mapping that was chosen; None takes the headings as they are. Raises WrongValue."""
    match sent.get("mapping"):
        case "site" if web.site.settings.import_mapping is not None:
            text = web.site.settings.import_mapping.read_text()
        case "file":
            text = _content(sent.get("mapping_file"), LARGEST_MAPPING, "mapping").decode("utf-8", "replace")
        case _:
            return None
    read_mapping(text)
    return text


def _centre(web: Web, given: Any) -> str | None:
    with web.site.store.read() as work:
        known = {str(one.id) for one in work.centres.all()}
    return given if isinstance(given, str) and given in known else None


@router.get("/{id}")
def job(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.IMPORT_MEMBERS)) -> Response:
    """How far it is; what it would change, or what it did."""
    return _show(request, web, me, _job(web, id))


@router.get("/{id}/now")
def now(request: Request, web: TheWeb, id: UUID, me: Me = needs(Permission.IMPORT_MEMBERS)) -> Response:
    """The part of the page that is asked for again while it works."""
    return _show(request, web, me, _job(web, id), part=True)


def _job(web: Web, id: UUID) -> Job:
    found = web.imports.get(id)
    if found is None:
        raise NotFound("That import is not known any more. What was imported stands in the list.")
    return found


def _show(
    request: Request, web: Web, me: Me, job: Job, part: bool = False, problem: str | None = None
) -> Response:
    if job.ended.is_set() and not job.order.dry_run:
        job.order.file.unlink(missing_ok=True)
    return web.pages.show(
        request,
        "import_now.html" if part else "import.html",
        422 if problem else 200,
        me=me,
        job=job,
        report=job.report,
        ended=job.ended.is_set(),
        problem=problem,
        shown=SHOWN,
        waits=import_uploads.WAITS // 60,
    )


@router.post("/{id}/import")
def carry_out(
    request: Request,
    web: TheWeb,
    id: UUID,
    me: Me = needs(Permission.IMPORT_MEMBERS),
    lapse_many: str = Form(""),
) -> Response:
    """Imports the file that was looked at: the same bytes."""
    looked_at = _job(web, id)
    order = looked_at.order
    try:
        if not order.dry_run or not looked_at.ended.is_set() or looked_at.error:
            raise WrongValue("This file has not been looked at to the end.")
        same = hashlib.sha256(order.file.read_bytes()).hexdigest() == order.sha256
        if not same:
            raise WrongValue("The file is not the one that was looked at. Please upload it again.")
    except OSError:
        return _show(
            request,
            web,
            me,
            looked_at,
            problem="The file waited too long and is gone. Please upload it again.",
        )
    except StileError as error:
        return _show(request, web, me, looked_at, problem=str(error))
    to_do = Order(
        order.file,
        order.sha256,
        SOURCE,
        str(me.staff.id),
        order.mapping,
        order.centre,
        lapse_many=lapse_many == "yes",
    )
    job = web.imports.begin(web.site.chance.new_id(), to_do)
    return RedirectResponse(f"/console/imports/{job.id}", status_code=303)
