"""A new instance: an operator with a centre, a lane and one administrator, or an authority with the administrator
alone. No default password, ever."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from stile.domain.access import Staff
from stile.domain.audit import Event
from stile.domain.errors import Conflict, NotFound
from stile.domain.factors import check_password
from stile.domain.ids import CentreId, LaneId, OperatorId, StaffId
from stile.domain.liveness import LivenessMode
from stile.domain.places import Centre, Lane, Operator
from stile.domain.register import OrganisationKind
from stile.domain.roles import AT_AUTHORITY, Role
from stile.ports import Chance, Clock, Passwords, Store, UnitOfWork

FRAMES = 3
"""Of an attempt, unless the model pack needs more."""
SECONDS_A_FRAME = 0.5
"""A new lane collects for so long for each frame that it fuses: 1.5 s for three."""


@dataclass(frozen=True, slots=True)
class NewSite:
    operator: str
    centre: str
    lane: str
    administrator: str
    password: str
    liveness: LivenessMode = LivenessMode.PASSIVE
    frames: int = FRAMES


@dataclass(frozen=True, slots=True)
class NewAuthority:
    name: str
    administrator: str
    password: str


@dataclass(frozen=True, slots=True)
class NewLane:
    slug: str
    name: str
    door: str = "sim:"
    liveness: LivenessMode = LivenessMode.PASSIVE
    frames: int = FRAMES


class Setup:
    def __init__(self, store: Store, passwords: Passwords, clock: Clock, chance: Chance) -> None:
        self._store, self._passwords = store, passwords
        self._clock, self._chance = clock, chance

    @property
    def is_done(self) -> bool:
        return self.whose() is not None

    def whose(self) -> Operator | None:
        """Whose instance it is; None before it is set up."""
        with self._store.read() as work:
            return work.operators.only()

    def create_authority(self, new: NewAuthority) -> None:
        """No centre, no lane: an authority has neither. Raises as `create`."""
        check_password(new.password, new.administrator)
        authority = Operator(OperatorId(self._chance.new_id()), new.name, OrganisationKind.AUTHORITY)
        staff = self._administrator(new.administrator, new.password, AT_AUTHORITY)
        with self._store.begin() as work:
            self._begin(work, authority, staff)
            work.commit()

    def create(self, new: NewSite) -> Lane:
        """Raises Conflict when it was done before, WrongValue for a password that is too short."""
        check_password(new.password, new.administrator)
        now = self._clock.now()
        operator = Operator(OperatorId(self._chance.new_id()), new.operator)
        centre = Centre(CentreId(self._chance.new_id()), operator.id, new.centre)
        lane = Lane(
            LaneId(self._chance.new_id()),
            centre.id,
            "main",
            new.lane,
            liveness=new.liveness,
            frames=new.frames,
            seconds=SECONDS_A_FRAME * new.frames,
        )
        staff = self._administrator(new.administrator, new.password, frozenset(Role))
        with self._store.begin() as work:
            self._begin(work, operator, staff)
            work.centres.add(centre)
            work.lanes.add(lane)
            work.audit.append(now, Event.CENTRE_CREATED, "system", str(centre.id))
            work.audit.append(now, Event.LANE_CREATED, "system", str(lane.id), {"liveness": lane.liveness})
            work.commit()
        return lane

    def _administrator(self, name: str, password: str, roles: frozenset[Role]) -> Staff:
        """Whoever sets an instance up gives the roles to others."""
        return Staff(StaffId(self._chance.new_id()), name, roles, self._passwords.hash(password))

    def _begin(self, work: UnitOfWork, operator: Operator, staff: Staff) -> None:
        """Raises Conflict when it was done before."""
        if work.operators.only() is not None:
            raise Conflict("This instance is set up already.")
        now, roles = self._clock.now(), ", ".join(sorted(staff.roles))
        work.operators.add(operator)
        work.staff.add(staff)
        work.audit.append(now, Event.OPERATOR_CREATED, "system", str(operator.id), {"kind": operator.kind})
        work.audit.append(now, Event.STAFF_CREATED, "system", str(staff.id), {"roles": roles})

    def add_lane(self, new: NewLane) -> Lane:
        """Adds a lane to the one centre. Raises Conflict when its short name is taken."""
        with self._store.begin() as work:
            centre = work.centres.all()[0]
            lane = Lane(
                LaneId(self._chance.new_id()),
                centre.id,
                new.slug,
                new.name,
                new.door,
                liveness=new.liveness,
                frames=new.frames,
                seconds=SECONDS_A_FRAME * new.frames,
            )
            work.lanes.add(lane)
            work.audit.append(
                self._clock.now(), Event.LANE_CREATED, "system", str(lane.id), {"liveness": lane.liveness}
            )
            work.commit()
        return lane

    def lane(self, slug: str) -> Lane:
        """Raises NotFound."""
        with self._store.read() as work:
            lane = work.lanes.by_slug(slug)
        if lane is None:
            raise NotFound(f"There is no lane “{slug}”.")
        return lane

    def set_capacity(self, id: CentreId, capacity: int | None, actor: str = "system") -> Centre:
        """How many may be inside at once; None is no limit, and nobody counts. Raises NotFound and WrongValue."""
        with self._store.begin() as work:
            centre = work.centres.get(id)
            if centre is None:
                raise NotFound("There is no such centre.")
            centre = replace(centre, capacity=capacity)
            work.centres.save(centre)
            work.audit.append(self._clock.now(), Event.CENTRE_CHANGED, actor, str(id), {"capacity": capacity})
            work.commit()
        return centre

    def change_lane(self, id: LaneId, to: Mapping[str, Any], actor: str = "system") -> Lane:
        """`to`: fields of Lane and their new values. Raises WrongValue for what a lane cannot be."""
        with self._store.begin() as work:
            lane = work.lanes.get(id)
            if lane is None:
                raise NotFound("There is no such lane.")
            lane = replace(lane, **to)
            work.lanes.save(lane)
            shown = {name: _shown(lane, name) for name in to}
            work.audit.append(self._clock.now(), Event.LANE_CHANGED, actor, str(id), shown)
            work.commit()
        return lane


def _shown(lane: Lane, name: str) -> str | int | float | bool | None:
    """A lane's new value as the audit log keeps it: no password of a door, and plain words."""
    if name == "door":
        return lane.door_shown
    if name == "zone":
        return " ".join(f"{x:g},{y:g}" for x, y in lane.zone.corners) if lane.zone else None
    value: str | int | float | bool | None = getattr(lane, name)
    return value
