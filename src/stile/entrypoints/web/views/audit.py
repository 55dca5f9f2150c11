"""The audit log: searched and read, checked, and handed to an auditor."""

import tempfile
from collections.abc import Iterator
from datetime import MAXYEAR, timedelta
from typing import IO, Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from stile.application.audit.read_audit import Search
from stile.domain.audit import Event
from stile.domain.errors import StileError, WrongValue
from stile.domain.roles import Permission
from stile.entrypoints.audit_words import words as words_of
from stile.entrypoints.dates import begins
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix="/console/audit")

HIDDEN = {"record"}
"""Facts that say nothing to a person."""


@router.get("")
def audit(
    request: Request,
    web: TheOffice,
    event: str = "",
    actor: str = "",
    subject: str = "",
    since: str = "",
    until: str = "",
    before: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    me: Me = needs(Permission.SEE_AUDIT),
) -> Response:
    """The newest entries that fit, the latest signed head, and the check. Reading is an entry itself."""
    given = {
        "event": event,
        "actor": actor.strip(),
        "subject": subject.strip(),
        "since": since,
        "until": until,
    }
    problem, page = None, None
    try:
        search = _search(web, given, before)
        web.office.read_audit.looked(str(me.staff.id), search)
        page = web.office.read_audit.page(search)
    except WrongValue as error:
        problem = str(error)
    checkpoint = web.office.checkpoints.latest()
    stamps = [
        one for one in web.office.checkpoints.stamps() if checkpoint and one.size == checkpoint.head.size
    ]
    return web.pages.show(
        request,
        "audit.html",
        status=422 if problem else 200,
        me=me,
        given=given,
        problem=problem,
        page=page,
        before=before,
        filtered=any(given.values()),
        query={name: value for name, value in given.items() if value},
        events=sorted(((one.value, words_of(one)) for one in Event), key=lambda one: one[1]),
        words_of=words_of,
        facts=_facts,
        may_see_members=me.staff.may(Permission.SEE_MEMBERS),
        checkpoint=checkpoint,
        public=_public(web) if checkpoint is not None else None,
        stamps=stamps,
        check=web.audit_check.now,
    )


@router.post("/verify")
def verify(web: TheOffice, me: Me = needs(Permission.SEE_AUDIT)) -> Response:
    """Starts a check of the whole log. That it was asked for is an entry itself."""
    web.office.read_audit.asked_to_verify(str(me.staff.id))
    web.audit_check.start(lambda progress: web.office.verify_audit.run(progress))
    return RedirectResponse("/console/audit#check", status_code=303)


@router.get("/check")
def check(request: Request, web: TheOffice, me: Me = needs(Permission.SEE_AUDIT)) -> Response:
    """How far the check is, or what it found: a part of the page, which asks for it while it runs."""
    return web.pages.show(request, "audit_check.html", me=me, check=web.audit_check.now)


@router.post("/export")
def export(web: TheOffice, me: Me = needs(Permission.SEE_AUDIT, fresh=True)) -> Response:
    """The whole log as JSON lines, with its checkpoints and public key."""
    # Written whole first, in one thread: a unit of work belongs to the thread that opened it.
    file = tempfile.TemporaryFile(dir=web.office.settings.data)  # noqa: SIM115 closed when it has been sent
    try:
        for line in web.office.export_audit.lines(str(me.staff.id)):
            file.write(line.encode())
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    name = f"audit-log-{web.office.clock.today():%Y-%m-%d}.jsonl"
    headers = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
    return StreamingResponse(_sent(file), media_type="application/jsonl", headers=headers)


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(64 * 1024):
            yield part


def _search(web: OfficeWeb, given: dict[str, str], before: int | None) -> Search:
    zone = web.office.settings.time_zone
    until = begins(given["until"], zone)
    if until is not None and until.year == MAXYEAR:
        raise WrongValue("Choose an earlier day: the log does not reach so far.")
    return Search(
        _event(given["event"]),
        given["actor"],
        given["subject"],
        begins(given["since"], zone),
        until + timedelta(days=1) if until is not None else None,
        before,
    )


def _event(tag: str) -> Event | None:
    try:
        return Event(tag) if tag else None
    except ValueError:
        raise WrongValue("There is no such kind of entry: choose one from the list.") from None


def _public(web: OfficeWeb) -> str | None:
    try:
        return web.office.checkpoints.public_line
    except StileError:
        return None


def _facts(detail: dict[str, object]) -> str:
    shown = ((name, value) for name, value in detail.items() if name not in HIDDEN)
    return ", ".join(str(value) if name == "what" else f"{name}: {value}" for name, value in shown)
