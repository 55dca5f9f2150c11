"""Repository of what figures are counted from. Reads over days on the centres' clock, and only writes counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from stile.domain.count_figures import Counts
from stile.domain.ids import CentreId, MemberId, PassageId, StaffId
from stile.domain.member_groups import GroupCounts
from stile.domain.passage import Method, Passage
from stile.domain.spot_checks import SpotAnswer, SpotCheck
from stile.domain.waits import Times


class FigureCounts(Protocol):
    def counts(
        self, days: tuple[date, date], moments: tuple[datetime, datetime], centre: CentreId | None = None
    ) -> Counts:
        """All that was counted of the days, both included; `moments`: when the first began and the last ended.
        Passages that were deleted by now are in it by their day of UTC. None: every centre together."""
        ...

    def waits(self, days: tuple[date, date], centre: CentreId | None = None) -> Mapping[Method, Times]:
        """By way; a way that nobody was timed by is not in it."""
        ...

    def looked_until(self) -> tuple[datetime | None, datetime | None]:
        """When somebody last adjudicated a passage, and last answered a spot check: what is over changes only so."""
        ...

    def first_day(self) -> date | None:
        """Of which anything was counted; None when nothing was yet."""
        ...

    # --- spot checks ---

    def draw(self, check: SpotCheck) -> None:
        """In the transaction that records the passage."""
        ...

    def unanswered(self, since: datetime) -> Sequence[tuple[SpotCheck, Passage]]:
        """Drawn since then and not answered, oldest first."""
        ...

    def answer(self, passage: PassageId, answer: SpotAnswer, staff: StaffId, at: datetime) -> bool:
        """The latest counts. Whether that passage was drawn at all."""
        ...

    # --- enrolments ---

    def begun(self, day: date, centre: CentreId, group: str | None = None) -> None: ...
    def done(self, day: date, centre: CentreId, group: str | None = None) -> None:
        """One of those that were begun on that day, under that group, has its template."""
        ...


class MemberGroups(Protocol):
    """Where members placed themselves; one group each. Leaves no trace of the one before."""

    def of(self, member: MemberId) -> str | None: ...
    def choose(self, member: MemberId, group: str, at: datetime) -> None:
        """Instead of the one before. Raises NotFound for nobody."""
        ...

    def forget(self, member: MemberId) -> bool:
        """Whether there was one."""
        ...

    def counts(self, days: tuple[date, date], moments: tuple[datetime, datetime]) -> GroupCounts:
        """Of all centres together, by the groups as they are stated now."""
        ...
