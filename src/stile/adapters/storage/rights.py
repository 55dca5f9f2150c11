"""Requests about one's own data. Their steps are only added to; the database refuses to change one."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, update

from stile.adapters.storage import tables
from stile.adapters.storage.transaction import AnyRow, Transaction
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import CentreId, MemberId, RequestId
from stile.domain.rights_request import OVER, CameBy, Entry, Ground, Kind, RightsRequest, Step

request, entry = tables.rights_request, tables.rights_entry


class SqlRightsRequests:
    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def next_number(self) -> int:
        return self._tx.number(select(func.coalesce(func.max(request.c.number), 0) + 1))

    def add(self, asked: RightsRequest) -> None:
        """Raises Conflict for a number that is taken, NotFound for a member or centre that does not exist."""
        with self._tx.part("that request is recorded already", "the request's member does not exist"):
            self._tx.run(request.insert(), {"version": asked.version} | _values(asked))
            self._add_entries(asked, 0)

    def save(self, asked: RightsRequest) -> None:
        with self._tx.part("somebody took another step with this request meanwhile"):
            known = self._tx.number(
                select(func.count()).select_from(entry).where(entry.c.request == asked.id)
            )
            done = self._tx.run(
                update(request)
                .where(request.c.id == asked.id, request.c.version == asked.version)
                .values(state=asked.state, version=asked.version + 1)
            )
            if not done.rowcount:
                if not known:
                    raise NotFound("that request does not exist")
                raise Conflict("Somebody took another step with this request meanwhile. Please look again.")
            self._add_entries(asked, known)

    def _add_entries(self, asked: RightsRequest, known: int) -> None:
        new = [
            {
                "request": asked.id,
                "place": place,
                "step": one.step,
                "on": one.on,
                "at": one.at,
                "actor": one.actor,
                "note": one.note,
                "ground": one.ground,
            }
            for place, one in enumerate(asked.history)
            if place >= known
        ]
        if new:
            self._tx.run(entry.insert(), new)

    def get(self, id: RequestId) -> RightsRequest | None:
        return next(iter(self._all(select(request).where(request.c.id == id))), None)

    def open(self) -> Sequence[RightsRequest]:
        return self._all(
            select(request)
            .where(request.c.state.not_in(sorted(OVER)))
            .order_by(request.c.received_on, request.c.number)
        )

    def over(self, most: int = 100) -> Sequence[RightsRequest]:
        return self._all(
            select(request)
            .where(request.c.state.in_(sorted(OVER)))
            .order_by(request.c.received_on.desc(), request.c.number.desc())
            .limit(most)
        )

    def of_member(self, member: MemberId) -> Sequence[RightsRequest]:
        return self._all(select(request).where(request.c.member == member).order_by(request.c.number.desc()))

    def _all(self, wanted: Select[Any]) -> Sequence[RightsRequest]:
        rows = self._tx.all(wanted)
        if not rows:
            return []
        steps: dict[UUID, list[Entry]] = defaultdict(list)
        held = select(entry).where(entry.c.request.in_([row.id for row in rows]))
        for one in self._tx.all(held.order_by(entry.c.request, entry.c.place)):
            steps[one.request].append(_entry(one))
        return [_request(row, tuple(steps[row.id])) for row in rows]


def _values(asked: RightsRequest) -> dict[str, object]:
    return {
        "id": asked.id,
        "number": asked.number,
        "centre": asked.centre,
        "kind": asked.kind,
        "came_by": asked.came_by,
        "member": asked.member,
        "who": asked.who,
        "contact": asked.contact,
        "words": asked.words,
        "state": asked.state,
        "received_on": asked.received,
    }


def _entry(row: AnyRow) -> Entry:
    ground = None if row.ground is None else Ground(row.ground)
    return Entry(Step(row.step), row.on, row.at, row.actor, row.note, ground)


def _request(row: AnyRow, history: tuple[Entry, ...]) -> RightsRequest:
    return RightsRequest(
        id=RequestId(row.id),
        number=row.number,
        centre=CentreId(row.centre),
        kind=Kind(row.kind),
        came_by=CameBy(row.came_by),
        member=None if row.member is None else MemberId(row.member),
        who=row.who,
        contact=row.contact,
        words=row.words,
        history=history,
        version=row.version,
    )
