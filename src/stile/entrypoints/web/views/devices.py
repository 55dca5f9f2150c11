"""Screens: approved at the desk by the code that they show; seen and ended in the console."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from stile.domain.devices import Device
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import DeviceId, StaffId
from stile.domain.places import Lane
from stile.domain.roles import Permission
from stile.entrypoints.web.context import TheWeb, Web
from stile.entrypoints.web.security import Me, needs
from stile.ports import UnitOfWork

router = APIRouter()

SAID = {
    "ended": "Ended. That screen is known no more, and says so.",
    "all-ended": "Ended. No screen of that lane is known any more.",
}
TOO_MANY = "Too many codes were wrong. Please try again in a quarter of an hour."


# --- at the desk ---


@router.get("/desk/screens")
def screens(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.APPROVE_DEVICES),
    lane: str = "",
    done: str = "",
) -> Response:
    """Where the code of a screen is typed."""
    return _ask(request, web, me, chosen=lane, paired=done == "approved", refused=done == "refused")


@router.post("/desk/screens")
def find(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.APPROVE_DEVICES),
    code: str = Form(""),
    lane: str = Form(""),
) -> Response:
    """Shows which screen has this code, to compare before it is approved."""
    if not web.pairing_pace.may_type(str(me.staff.id)):
        return _ask(request, web, me, 429, code=code, chosen=lane, problem=TOO_MANY)
    try:
        return _compare(request, web, me, code, lane)
    except NotFound as error:
        web.pairing_pace.was_wrong(str(me.staff.id))
        return _ask(request, web, me, 404, code=code, chosen=lane, problem=str(error))


@router.post("/desk/screens/approve")
def approve(
    request: Request,
    web: TheWeb,
    me: Me = needs(Permission.APPROVE_DEVICES),
    code: str = Form(""),
    lane: str = Form(""),
    name: str = Form(""),
) -> Response:
    """The screen that shows this code belongs to this lane from now on."""
    if not web.pairing_pace.may_type(str(me.staff.id)):
        return _ask(request, web, me, 429, code=code, chosen=lane, problem=TOO_MANY)
    chosen = web.site.setup.lane(lane)
    try:
        web.site.kiosks.approve(code, chosen.id, name, str(me.staff.id))
    except NotFound as error:
        web.pairing_pace.was_wrong(str(me.staff.id))
        return _ask(request, web, me, 404, code=code, chosen=lane, problem=str(error))
    except WrongValue as error:
        return _compare(request, web, me, code, lane, 422, str(error), name)
    return RedirectResponse("/desk/screens?done=approved", status_code=303)


@router.post("/desk/screens/refuse")
def refuse(
    request: Request, web: TheWeb, me: Me = needs(Permission.APPROVE_DEVICES), code: str = Form("")
) -> Response:
    """It is not our screen: its code is gone."""
    if not web.pairing_pace.may_type(str(me.staff.id)):
        return _ask(request, web, me, 429, problem=TOO_MANY)
    try:
        web.site.kiosks.refuse(code, str(me.staff.id))
    except NotFound as error:
        web.pairing_pace.was_wrong(str(me.staff.id))
        return _ask(request, web, me, 404, code=code, problem=str(error))
    return RedirectResponse("/desk/screens?done=refused", status_code=303)


def _ask(
    request: Request,
    web: Web,
    me: Me,
    status: int = 200,
    *,
    code: str = "",
    chosen: str = "",
    problem: str | None = None,
    paired: bool = False,
    refused: bool = False,
) -> Response:
    return web.pages.show(
        request,
        "screens.html",
        status,
        me=me,
        waiting=None,
        code=code[:20],
        chosen=chosen[:40],
        problem=problem,
        paired=paired,
        refused=refused,
        address=f"{web.site.settings.base_url}/kiosk",
    )


def _compare(
    request: Request,
    web: Web,
    me: Me,
    code: str,
    lane: str,
    status: int = 200,
    problem: str | None = None,
    name: str = "",
) -> Response:
    waiting = web.site.kiosks.find(code)
    with web.site.store.read() as work:
        lanes = work.lanes.all()
    wanted = next((one.slug for one in lanes if one.id == waiting.wants), lane)
    return web.pages.show(
        request,
        "screens.html",
        status,
        me=me,
        waiting=waiting,
        lanes=lanes,
        chosen=wanted if not problem else lane,
        called=name[:60],
        problem=problem,
        paired=False,
        refused=False,
    )


# --- in the console ---


@dataclass(frozen=True, slots=True)
class Row:
    device: Device
    connected: bool
    approved_by: str | None


@dataclass(frozen=True, slots=True)
class Group:
    lane: Lane
    rows: list[Row]

    @property
    def working(self) -> int:
        return sum(row.device.revoked_at is None for row in self.rows)


@router.get("/console/devices")
def devices(
    request: Request, web: TheWeb, me: Me = needs(Permission.MANAGE_DEVICES), said: str = ""
) -> Response:
    """Which screens there are, at which lane, and when they were seen last."""
    return web.pages.show(
        request,
        "devices.html",
        me=me,
        groups=_groups(web),
        said=SAID.get(said),
        may_approve=me.staff.may(Permission.APPROVE_DEVICES),
        address=f"{web.site.settings.base_url}/kiosk",
    )


@router.post("/console/devices/{id}/revoke")
def revoke(web: TheWeb, id: UUID, me: Me = needs(Permission.MANAGE_DEVICES)) -> Response:
    """Ends one screen's pairing, and its open line."""
    device = web.site.kiosks.revoke(DeviceId(id), str(me.staff.id))
    web.open_lines.end([device.id])
    return RedirectResponse("/console/devices?said=ended", status_code=303)


@router.post("/console/devices/lanes/{slug}/revoke")
def revoke_lane(web: TheWeb, slug: str, me: Me = needs(Permission.MANAGE_DEVICES)) -> Response:
    """Ends the pairing of all screens of a lane, and their open lines."""
    revoked = web.site.kiosks.revoke_lane(web.site.setup.lane(slug).id, str(me.staff.id))
    web.open_lines.end([one.id for one in revoked])
    return RedirectResponse("/console/devices?said=all-ended", status_code=303)


def _name(work: UnitOfWork, by: str) -> str:
    """Of a member of staff; “command line” stands for itself."""
    try:
        staff = work.staff.get(StaffId(UUID(by)))
    except ValueError:
        return by
    return staff.name if staff else "an account that is gone"


def _groups(web: Web) -> list[Group]:
    connected = web.open_lines.connected()
    with web.site.store.read() as work:
        lanes = work.lanes.all()
        found = work.devices.all()
        names: dict[str, str | None] = {}
        for one in found:
            by = one.approved_by
            if by is not None and by not in names:
                names[by] = _name(work, by)
    return [
        Group(
            lane,
            [
                Row(one, one.id in connected, names.get(one.approved_by) if one.approved_by else None)
                for one in sorted(found, key=lambda one: one.revoked_at is not None)
                if one.lane == lane.id
            ],
        )
        for lane in lanes
    ]
