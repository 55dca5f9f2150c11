"""What happened around a member: how they came in, what was changed, and who looked; from the records themselves."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from stile.domain.audit import AuditEntry, Event
from stile.domain.ids import LaneId, MemberId, StaffId
from stile.domain.passage import Passage
from stile.entrypoints.web.context import Web
from stile.ports import UnitOfWork, Wanted

MOST = 20

SAID: dict[str, str] = {
    Event.MEMBER_ADDED: "Added",
    Event.MEMBER_CHANGED: "Changed",
    Event.MEMBER_SEEN: "Looked at",
    Event.INVITATION_MADE: "Invited to enrol",
    Event.INVITATION_SENT: "Link to enrol sent",
    Event.INVITATION_ENDED: "Link to enrol ended",
    Event.GUARDIAN_NAMED: "Parent or guardian named",
    Event.FAMILY_SAID: "Child, parent or guardian answered",
    Event.CONSENT_GIVEN: "Consent given",
    Event.CONSENT_LAPSED: "Consent came to its end",
    Event.CONSENT_WITHDRAWN: "Consent withdrawn",
    Event.TEMPLATE_STORED: "Enrolled",
    Event.TEMPLATE_ERASED: "Template destroyed",
    Event.TEMPLATE_EXPIRED: "Template destroyed: its time was over",
    Event.WAY_LINK_MADE: "Link for a PIN or a phone made",
    Event.PIN_SET: "PIN set",
    Event.PIN_REMOVED: "PIN ended",
    Event.PIN_RESTS: "PIN rests after wrong tries",
    Event.PHONE_REGISTERED: "Phone set up",
    Event.PHONE_ENDED: "Phone’s code ended",
    Event.GROUP_CHOSEN: "Stated a group, for comparing error rates",
    Event.GROUP_REMOVED: "Group deleted",
    Event.OWN_LINK_MADE: "Link to their own page made",
    Event.OWN_SIGNED_IN: "Opened their own page",
    Event.OWN_SIGNED_OUT: "Left their own page",
    Event.DATA_EXPORTED: "Copy of their data made",
    Event.FACE_RESTRICTED: "Template set aside",
    Event.RESTRICTION_LIFTED: "Template in use again",
    Event.RIGHTS_REQUESTED: "Request or complaint received",
    Event.RIGHTS_STEP_TAKEN: "Step taken with a request",
}
"""Other events are shown by their tag."""


@dataclass(frozen=True, slots=True)
class CameIn:
    passage: Passage
    lane: str


@dataclass(frozen=True, slots=True)
class Happened:
    """`who`: a name of the staff, or what the log has. `more`: the fields that were changed, or what was seen."""

    at: datetime
    what: str
    who: str
    more: str


@dataclass(frozen=True, slots=True)
class History:
    passages: Sequence[CameIn]
    changes: Sequence[Happened]
    looks: Sequence[Happened]


FOR_RIGHTS = (Event.MEMBER_SEEN, Event.RIGHTS_REQUESTED, Event.RIGHTS_STEP_TAKEN)
"""Who looked, and that somebody complained, is for those who see to rights: to let somebody in takes neither."""


def of(web: Web, member: MemberId, sees_rights: bool) -> History:
    with web.site.store.read() as work:
        lanes: dict[LaneId, str] = {one.id: one.name for one in work.lanes.all()}
        passages = [CameIn(one, lanes.get(one.lane, "–")) for one in work.passages.of_member(member, MOST)]
        seen = (Event.MEMBER_SEEN,)
        hidden = seen if sees_rights else FOR_RIGHTS
        others = tuple(one for one in Event if one not in hidden)
        subjects = (str(member),)
        changes = work.audit.find(Wanted(events=others, subjects=subjects, most=MOST))
        looks = work.audit.find(Wanted(events=seen, subjects=subjects, most=MOST)) if sees_rights else []
        names = {str(member): "the member", **_names(work, [*changes, *looks])}
    return History(
        passages, [_happened(one, names) for one in changes], [_happened(one, names) for one in looks]
    )


def _names(work: UnitOfWork, entries: Sequence[AuditEntry]) -> dict[str, str]:
    found: dict[str, str] = {}
    for actor in {one.actor for one in entries}:
        with suppress(ValueError):
            staff = work.staff.get(StaffId(UUID(actor)))
            if staff is not None:
                found[actor] = staff.name
    return found


def _happened(entry: AuditEntry, names: dict[str, str]) -> Happened:
    more = entry.detail.get("fields") or entry.detail.get("what") or entry.detail.get("status") or ""
    told = str(more).replace(",", ", ").replace("_", " ")
    return Happened(
        entry.at, SAID.get(entry.event, str(entry.event)), names.get(entry.actor, entry.actor), told
    )
