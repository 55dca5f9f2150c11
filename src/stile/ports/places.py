"""Repositories of operator, centres and lanes."""

from collections.abc import Sequence
from typing import Protocol

from stile.domain.ids import (
    CentreId,
    LaneId,
)
from stile.domain.places import Centre, Lane, Operator


class Operators(Protocol):
    def add(self, operator: Operator) -> None: ...
    def only(self) -> Operator | None:
        """The operator of this instance; None before `stile init`."""
        ...


class Centres(Protocol):
    def add(self, centre: Centre) -> None: ...
    def save(self, centre: Centre) -> None:
        """Raises NotFound for a centre that was never added."""
        ...

    def get(self, id: CentreId) -> Centre | None: ...
    def all(self) -> Sequence[Centre]: ...


class Lanes(Protocol):
    def add(self, lane: Lane) -> None:
        """Raises Conflict when the slug is taken."""
        ...

    def get(self, id: LaneId) -> Lane | None: ...
    def by_slug(self, slug: str) -> Lane | None: ...
    def all(self) -> Sequence[Lane]: ...
    def save(self, lane: Lane) -> None: ...
