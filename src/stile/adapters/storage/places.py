"""Operator, centres, lanes."""

import json
from collections.abc import Sequence

from sqlalchemy import func, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import CentreId, LaneId, OperatorId
from stile.domain.liveness import LivenessMode
from stile.domain.places import Ask, Centre, Lane, Operator
from stile.domain.register import OrganisationKind
from stile.domain.zone import Zone


class SqlOperators:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, operator: Operator) -> None:
        """Raises Conflict when this instance has its operator already."""
        if self._tx.number(select(func.count()).select_from(tables.operator)):
            raise Conflict("this instance has its operator already")
        self._tx.run(
            tables.operator.insert(), {"id": operator.id, "name": operator.name, "kind": operator.kind}
        )

    def only(self) -> Operator | None:
        row = self._tx.one(select(tables.operator))
        return None if row is None else Operator(OperatorId(row.id), row.name, OrganisationKind(row.kind))


class SqlCentres:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, centre: Centre) -> None:
        self._tx.add(
            tables.centre,
            {
                "id": centre.id,
                "operator": centre.operator,
                "name": centre.name,
                "capacity": centre.capacity,
                "version": 1,
            },
            taken="that centre exists already",
            missing="the centre's operator does not exist",
        )

    def save(self, centre: Centre) -> None:
        """Raises NotFound for a centre that was never added."""
        table = tables.centre
        done = self._tx.run(
            update(table)
            .where(table.c.id == centre.id)
            .values(name=centre.name, capacity=centre.capacity, version=table.c.version + 1)
        )
        if not done.rowcount:
            raise NotFound("that centre does not exist")

    def get(self, id: CentreId) -> Centre | None:
        row = self._tx.one(select(tables.centre).where(tables.centre.c.id == id))
        return None if row is None else _centre(row)

    def all(self) -> Sequence[Centre]:
        return [_centre(row) for row in self._tx.all(select(tables.centre).order_by(tables.centre.c.name))]


class SqlLanes:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def add(self, lane: Lane) -> None:
        self._tx.add(
            tables.lane,
            {"id": lane.id, "version": 1} | _values(lane),
            taken=f"a lane is called “{lane.slug}” already",
            missing="the lane's centre does not exist",
        )

    def save(self, lane: Lane) -> None:
        """Raises NotFound for a lane that was never added, Conflict when its new slug is taken."""
        with self._tx.part(f"a lane is called “{lane.slug}” already", "the lane's centre does not exist"):
            done = self._tx.run(
                update(tables.lane)
                .where(tables.lane.c.id == lane.id)
                .values(**_values(lane), version=tables.lane.c.version + 1)
            )
        if not done.rowcount:
            raise NotFound("that lane does not exist")

    def get(self, id: LaneId) -> Lane | None:
        row = self._tx.one(select(tables.lane).where(tables.lane.c.id == id))
        return None if row is None else _lane(row)

    def by_slug(self, slug: str) -> Lane | None:
        row = self._tx.one(select(tables.lane).where(tables.lane.c.slug == slug))
        return None if row is None else _lane(row)

    def all(self) -> Sequence[Lane]:
        return [_lane(row) for row in self._tx.all(select(tables.lane).order_by(tables.lane.c.slug))]


def _centre(row: AnyRow) -> Centre:
    return Centre(CentreId(row.id), OperatorId(row.operator), row.name, row.capacity)


def _values(lane: Lane) -> dict[str, object]:
    return {
        "centre": lane.centre,
        "slug": lane.slug,
        "name": lane.name,
        "door": lane.door,
        "face_mode": lane.face_mode,
        "liveness": lane.liveness,
        "fpir": lane.fpir,
        "frames": lane.frames,
        "seconds": lane.seconds,
        "ask": lane.ask,
        "zone": None if lane.zone is None else json.dumps([list(corner) for corner in lane.zone.corners]),
        "least_face": lane.least_face,
        "attempts": lane.attempts,
        "fmr": lane.fmr,
        "patience": lane.patience,
        "anti_passback": lane.anti_passback,
    }


def _lane(row: AnyRow) -> Lane:
    return Lane(
        id=LaneId(row.id),
        centre=CentreId(row.centre),
        slug=row.slug,
        name=row.name,
        door=row.door,
        face_mode=row.face_mode,
        liveness=LivenessMode(row.liveness),
        fpir=row.fpir,
        frames=row.frames,
        seconds=row.seconds,
        ask=Ask(row.ask),
        zone=None if row.zone is None else Zone(tuple((x, y) for x, y in json.loads(row.zone))),
        least_face=row.least_face,
        attempts=row.attempts,
        fmr=row.fmr,
        patience=row.patience,
        anti_passback=row.anti_passback,
    )
