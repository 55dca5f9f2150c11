"""Entering into the register: each form makes a new entry, which follows an earlier one or corrects it. Nothing is
changed, and nothing is taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from stile.domain.errors import Conflict, NotFound, WrongValue
from stile.domain.ids import EntryId
from stile.domain.register import Deployment, Document, Entry, Fact, NoneHappened, Register, too_soon
from stile.domain.roles import Permission
from stile.entrypoints.dates import day
from stile.entrypoints.web import register_links as links
from stile.entrypoints.web import register_words as told
from stile.entrypoints.web.office import OfficeWeb, TheOffice
from stile.entrypoints.web.register_fields import MOST, Field
from stile.entrypoints.web.register_form import FORMS, Form, form_of, new_key
from stile.entrypoints.web.register_now import about, happened_in, places, shown
from stile.entrypoints.web.security import Me, needs

router = APIRouter(prefix=links.AT)

NEEDED = frozenset(links.FIELD.values()) | {"condition"}
"""Fields without which a centre's lanes stay closed to faces (law 5)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A form, and what it was opened for. `before`: the entry it follows. `replaces`: the one that it corrects.
    `drafted`: filled from what the program is set to, not from the register. `gates`: whether lanes of ours wait for
    it."""

    form: Form
    key: str
    before: Entry | None
    replaces: Entry | None
    drafted: Deployment | None
    places: Mapping[str, str]
    gates: bool

    @property
    def fact(self) -> Fact | None:
        entry = self.replaces or self.before
        return entry.fact if entry else self.drafted

    @property
    def documents(self) -> tuple[Document, ...]:
        return self.fact.documents if isinstance(self.fact, Deployment) else ()

    def fields(self) -> Sequence[Field]:
        """With the places that may be chosen."""
        chosen = tuple(self.places.items())
        return [
            replace(field, choices=chosen if field.must else (("", told.WHOLE), *chosen))
            if field.name == "deployment"
            else field
            for field in self.form.fields
        ]


@router.get("/enter/{slug}")
def form(
    request: Request,
    web: TheOffice,
    slug: str,
    me: Me = needs(Permission.CHANGE_REGISTER),
    key: str = "",
    kind: str = "",
    replaces: str = "",
    take: str = "",
) -> Response:
    """The form for one kind of entry: new, following the one that stands, or correcting one (`replaces`). `take`: with
    what the program is set to, where the register says otherwise."""
    opened = _open(web, slug, key, replaces)
    given = opened.form.shown(opened.fact)
    if take and slug == "deployment" and opened.before:
        register = web.office.registering.as_of()
        given |= {one.field: one.set_to for one in web.office.assessing.differences(opened.key, register)}
    if opened.fact is None or "deployment" in given:
        given |= {"deployment": key} if key and "deployment" in given else {}
    if kind and not opened.replaces and "kind" in given:
        given["kind"] = kind
    today = web.office.clock.today()
    given |= {"source": opened.replaces.source if opened.replaces else "", "at": today.isoformat()}
    if opened.replaces:
        given["at"] = opened.replaces.at.isoformat()
    return _page(request, web, me, opened, given, {})


@router.post("/enter/{slug}")
async def enter(
    request: Request, web: TheOffice, slug: str, me: Me = needs(Permission.CHANGE_REGISTER)
) -> Response:
    """Makes the entry."""
    form = await request.form()
    given = {key: value for key, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_enter, request, web, me, slug, given)


def _enter(request: Request, web: OfficeWeb, me: Me, slug: str, given: dict[str, str]) -> Response:
    opened = _open(web, slug, given.get("key", "") or given.get("deployment", ""), given.get("replaces", ""))
    today = web.office.clock.today()
    if slug == "deployment" and not given.get("key"):
        given["key"] = new_key(given.get("place", ""), opened.places)
    kept: dict[str, Any] = {"documents": opened.documents} if slug == "deployment" else {}
    fact, problems = opened.form.fact(given, kept)
    at, source, more = when_and_whence(given, today)
    problems |= more
    if "deployment" in given and given["deployment"] not in ("", *opened.places):
        problems["deployment"] = "Please choose one of those listed."
    problems |= _behind(opened, given, at)
    if isinstance(fact, NoneHappened) and (
        days := happened_in(
            web.office.registering.as_of(), fact.kind, fact.since, fact.until, fact.deployment
        )
    ):
        problems["kind"] = f"One was entered, of {told.tell(days[-1])}: that there was none is not so."
    if fact is not None and at is not None and too_soon(fact, at):
        field = "until" if isinstance(fact, NoneHappened) else "on"
        problems[field] = f"It stands for {told.tell(at)}: what came after nobody knew that day."
    if fact is None or at is None or problems:
        return _page(request, web, me, opened, given, problems, 422)
    try:
        entry = web.office.registering.add(
            fact, source, str(me.staff.id), at, opened.replaces.id if opened.replaces else None
        )
    except (Conflict, NotFound) as error:
        return _page(request, web, me, opened, given, {"": str(error)}, 409)
    said = "corrected" if opened.replaces else "entered"
    key = about(entry)
    back = f"{links.deployment_link(key)}&said={said}" if key else f"{links.AT}?said={said}"
    return RedirectResponse(back, status_code=303)


def _behind(opened: Opened, given: Mapping[str, str], at: date | None) -> dict[str, str]:
    """Nobody's newer entry is overridden by one that was begun before it, or dated before it."""
    before = opened.before
    if before is None or opened.replaces is not None:
        return {}
    if opened.form.slug == "deployment" and given.get("before") != str(before.id):
        return {
            "": "Somebody entered something about this since you opened the form. Look at what stands now; enter yours"
            " again if it is still right."
        }
    if at is not None and at < before.at:
        on = told.tell(before.at)
        return {"at": f"What stands now is of {on}: choose that day or a later one, or correct that entry."}
    return {}


def when_and_whence(given: Mapping[str, str], today: date) -> tuple[date | None, str, dict[str, str]]:
    """The day that an entry stands for and its source, and what is wrong with either."""
    problems: dict[str, str] = {}
    source = " ".join(given.get("source", "").split())
    if not source:
        problems["source"] = "Where does it come from? Every answer names its source."
    elif len(source) > MOST:
        problems["source"] = f"Up to {MOST:,} characters, please."
    try:
        at = day(given.get("at")) or today
    except WrongValue as error:
        return None, source, problems | {"at": str(error)}
    if at > today:
        problems["at"] = "An entry stands for today or a day before. For what is planned there is the phase."
    return at, source, problems


def _open(web: OfficeWeb, slug: str, key: str, replaces: str) -> Opened:
    form = FORMS.get(slug)
    if form is None:
        raise NotFound("There is no such form.")
    found = web.office.registering.as_of()
    with web.office.store.read() as work:
        centres = work.centres.all()
    known = shown(found, centres, web.office.clock.today())
    named = {one.key: one.place for one in known} if slug != "police" else _entered(found)
    if replaces:
        corrected = web.office.registering.entry(EntryId(_id(replaces)))
        if form_of(corrected.fact) is not form:
            raise NotFound("That entry is of another kind.")
        key = about(corrected)
        gates = any(one.gates and one.key == key for one in known)
        return Opened(form, key, None, corrected, None, places(found, centres), gates)
    before = _before(found, slug, key)
    drafted = None
    if slug == "deployment" and before is None and key:
        if all(one.key != key for one in known):
            raise NotFound("There is no such deployment in the register.")
        drafted = web.office.assessing.deployment_as_configured(key)
    gates = any(one.gates and one.key == key for one in known)
    return Opened(form, key, before, None, drafted, named, gates)


def _entered(found: Register) -> Mapping[str, str]:
    return {one.fact.key: one.fact.place for one in found.deployments() if isinstance(one.fact, Deployment)}


def _before(found: Register, slug: str, key: str) -> Entry | None:
    """What stands: the form begins with it, where there is one fact of the kind at a time."""
    if slug == "deployment" and key:
        return found.deployment(key)
    if slug == "police" and key:
        return found.police(key)
    return found.own_use() if slug == "own-use" else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is no such entry in the register.") from None


def _page(
    request: Request,
    web: OfficeWeb,
    me: Me,
    opened: Opened,
    given: Mapping[str, str],
    problems: Mapping[str, str],
    status: int = 200,
) -> Response:
    return web.pages.show(
        request,
        "register_form.html",
        status,
        me=me,
        opened=opened,
        fields=opened.fields(),
        needed=NEEDED if opened.gates and opened.form.slug == "deployment" else frozenset(),
        given={field.name: "" for field in opened.form.fields} | {"at": "", "source": ""} | dict(given),
        problems=problems,
        today=web.office.clock.today(),
        back=links.deployment_link(opened.key) if opened.key else links.AT,
        told=told,
        links=links,
    )
