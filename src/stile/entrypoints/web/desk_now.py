"""What the desk shows of this moment: one card a lane, the last passages, and what the staff must see to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from stile.application.figures.spot_checks import Question
from stile.application.go_live import key_of
from stile.domain.adjudication import Adjudication, Verdict, fitting
from stile.domain.door import DoorState, DoorStatus
from stile.domain.ids import LaneId, MemberId
from stile.domain.liveness import LivenessMode
from stile.domain.member import Member
from stile.domain.passage import Passage, ReferReason
from stile.domain.places import Lane
from stile.entrypoints.web import words
from stile.entrypoints.web.context import Web
from stile.entrypoints.web.register_links import missing_link
from stile.entrypoints.web.register_words import LACKS
from stile.ports import UnitOfWork

LAST_PASSAGES = 20
MOST_ASKED = 3
"""Spot checks that the desk shows at once."""


@dataclass(frozen=True, slots=True)
class PassageRow:
    """One passage in words. `who`: the member's name; None where nobody was named (law 1). `verdicts`: what can be said
    of it; `said`: what was said last."""

    passage: Passage
    lane: str
    what: str
    how: str
    why: str
    who: Member | None
    verdicts: Sequence[Verdict] = ()
    said: Verdict | None = None


@dataclass(frozen=True, slots=True)
class FaceMode:
    """Whether the lane can look at faces now, and what to do where it cannot. `lacks`: what the register has not got
    yet for the lane's centre (law 5), each with the page where it is entered."""

    ready: bool
    headline: str
    hint: str | None = None
    lacks: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class LaneCard:
    lane: Lane
    doing: str
    busy: bool
    face: FaceMode
    unguarded: bool
    door: DoorStatus
    door_words: str
    screens: int
    paired: bool
    last: PassageRow | None


@dataclass(frozen=True, slots=True)
class AlertRow:
    id: int
    lane: str
    text: str
    at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Now:
    lanes: list[LaneCard]
    passages: list[PassageRow]
    alerts: list[AlertRow]
    members: int
    asked: Sequence[Question] = ()
    """Spot checks that wait for an answer, oldest first."""
    lane_names: Mapping[LaneId, str] = field(default_factory=dict)


def now(web: Web) -> Now:
    """One short read; cheap enough to be asked for every other second by every open desk."""
    with web.site.store.read() as work:
        lanes = list(work.lanes.all())
        names = {lane.id: lane.name for lane in lanes}
        members: dict[MemberId, Member | None] = {}
        latest = work.passages.latest(LAST_PASSAGES)
        said = work.adjudications.latest_of([one.id for one in latest])
        passages = [_row(one, names, members, work, said.get(one.id)) for one in latest]
        last = {lane.id: _last(lane.id, passages, names, members, work) for lane in lanes}
        paired = {lane.id: _paired(lane.id, work) for lane in lanes}
        count = work.members.count()
        asked = web.site.spot_checks.asked(work)[-MOST_ASKED:]  # the freshest: they are best remembered
    alerts = [
        AlertRow(one.id, names.get(one.lane, "A lane"), one.text, one.at, one.times)
        for one in web.alerts.open()
    ]
    return Now(
        [_card(web, lane, paired[lane.id], last[lane.id]) for lane in lanes],
        passages,
        alerts,
        count,
        asked,
        names,
    )


def _row(
    passage: Passage,
    names: dict[LaneId, str],
    members: dict[MemberId, Member | None],
    work: UnitOfWork,
    said: Adjudication | None = None,
) -> PassageRow:
    who = None
    if passage.member is not None:
        if passage.member not in members:
            members[passage.member] = work.members.get(passage.member)
        who = members[passage.member]
    return PassageRow(
        passage,
        names.get(passage.lane, "A lane"),
        words.OUTCOMES[passage.outcome],
        words.METHODS[passage.method],
        words.reason_at_the_desk(passage.reason),
        who,
        fitting(passage),
        said.verdict if said else None,
    )


def _last(
    lane: LaneId,
    passages: list[PassageRow],
    names: dict[LaneId, str],
    members: dict[MemberId, Member | None],
    work: UnitOfWork,
) -> PassageRow | None:
    for row in passages:
        if row.passage.lane == lane:
            return row
    older = work.passages.latest(1, lane)
    return _row(older[0], names, members, work) if older else None


def _paired(lane: LaneId, work: UnitOfWork) -> bool:
    return any(device.works for device in work.devices.of_lane(lane))


def _card(web: Web, lane: Lane, paired: bool, last: PassageRow | None) -> LaneCard:
    door, face = web.site.doors.of(lane).status(), _face_mode(web, lane)
    screens, looking = web.lanes.screens(lane.id), web.lanes.looking(lane.id)
    return LaneCard(
        lane,
        _doing(door, looking, screens),
        looking or door.state is DoorState.OPEN,
        face,
        face.ready and lane.liveness is LivenessMode.OFF,
        door,
        words.DOORS[door.state],
        screens,
        paired,
        last,
    )


def _doing(door: DoorStatus, looking: bool, screens: int) -> str:
    if door.state is DoorState.FAULT:
        return "The door does not answer"
    if door.state is DoorState.OPEN:
        return "The door is open"
    if looking:
        return "Somebody asked to come in by face"
    return "Waiting for the next person" if screens else "No screen is connected"


def _face_mode(web: Web, lane: Lane) -> FaceMode:
    match closed := web.site.admit_by_face.closed(lane):
        case None if last := web.site.go_live.closes_soon(lane.centre):
            return FaceMode(
                True, "Ready", f"Until {last.day} {last:%B %Y}, when the assessment must be reviewed."
            )
        case None if lane.liveness is not LivenessMode.OFF and not _detects_liveness(web):
            return FaceMode(True, "Ready", "Everybody is asked to turn their head.")
        case None:
            return FaceMode(True, "Ready")
        case ReferReason.FACE_MODE_OFF:
            return FaceMode(False, "Off", "This lane takes cards only.")
        case ReferReason.NOT_REGISTERED:
            return FaceMode(
                False,
                "Closed",
                "Not before the register is complete. Cards, PINs and phones work.",
                _lacks(web, lane),
            )
        case ReferReason.VISION_DOWN:
            return FaceMode(False, "Not working", web.site.blind_because)
        case ReferReason.NOBODY_ENROLLED:
            return FaceMode(False, "Nobody enrolled yet", "Invite a member to enrol to begin.")
        case _:
            return FaceMode(False, "Closed", words.AT_THE_DESK[closed])


def _lacks(web: Web, lane: Lane) -> Sequence[tuple[str, str]]:
    key = key_of(lane.centre)
    return [(LACKS[one], missing_link(one, key)) for one in web.site.go_live.lacks(lane.centre)]


def _detects_liveness(web: Web) -> bool:
    return web.site.pool is not None and web.site.pool.detects_liveness
