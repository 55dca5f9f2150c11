"""Repositories of what happened and of what was measured."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from stile.domain.adjudication import Adjudication, Tally
from stile.domain.ids import (
    LaneId,
    MemberId,
    PackId,
    PassageId,
)
from stile.domain.passage import Passage
from stile.domain.site_calibration import SiteCalibration


class Passages(Protocol):
    def add(self, passage: Passage) -> str:
        """Its digest, which belongs into the audit entry about it."""
        ...

    def get(self, id: PassageId) -> Passage | None: ...
    def latest(self, most: int = 50, lane: LaneId | None = None) -> Sequence[Passage]:
        """Newest first."""
        ...

    def of_member(self, member: MemberId, most: int | None = None) -> Sequence[Passage]:
        """The member's own, newest first."""
        ...

    def span(self, lane: LaneId, since: datetime | None = None) -> tuple[datetime, datetime] | None:
        """When the lane's first and last passage by face were; None when there was none."""
        ...

    def count(self) -> int: ...


class Adjudications(Protocol):
    def add(self, adjudication: Adjudication) -> str:
        """Its digest, for the audit entry. Raises NotFound for a passage or staff that does not exist."""
        ...

    def latest_of(self, passages: Collection[PassageId]) -> Mapping[PassageId, Adjudication]:
        """Those that count; passages that nobody adjudicated are not in it."""
        ...

    def tally(self, lane: LaneId, since: datetime | None = None) -> Sequence[Tally]:
        """The lane's passages by face, counted by outcome, reason and latest verdict."""
        ...


class Calibrations(Protocol):
    """The site's own, kept as history."""

    def add(self, calibration: SiteCalibration) -> None: ...
    def latest(self, pack: PackId) -> SiteCalibration | None: ...
    def history(self, pack: PackId, most: int = 20) -> Sequence[SiteCalibration]:
        """Newest first."""
        ...
