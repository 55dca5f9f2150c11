"""Whether it is wrong more often for some than for others: counts by the groups that members placed themselves in, with
their consent, where the operator offers any. Nobody is placed by anybody else, and nothing is guessed from a face.

Counts of groups are counts of people: a group that fewer than five members of it made is added to the rest, and what
is left is protected (`disclosure`). A referral names nobody (law 1), so false refusals of a group cannot be counted;
how often its enrolled members come by another way can, and stands in their place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.disclosure import (
    LEAST,
    Hidden,
    NotMeasured,
    Published,
    Shown,
    Suppressed,
    Unmeasured,
    protect,
)
from stile.domain.errors import WrongValue
from stile.domain.figures import Estimate, IntervalBy, Period, Rate
from stile.domain.intervals import wilson

LONGEST = 60
MOST = 20
REST = "Not stated, or too few to show"


class GroupMeasure(StrEnum):
    """By the name under which it is published. Never rename one."""

    MATCHES = "matches"
    """Attempts by face in which a member of the group was named."""
    FALSE_ALERTS = "false_alerts"
    """Of those, the ones in which somebody else stood there, as far as somebody said so."""
    ENTRIES = "entries_of_enrolled"
    """Entries of the group's enrolled members, by every way that names them."""
    OTHERWISE = "entries_otherwise"
    """Of those, the ones by card, PIN or phone."""
    ENROLMENTS = "enrolments"
    FAILURES_TO_ENROL = "failures_to_enrol"


SHARES: tuple[tuple[GroupMeasure, GroupMeasure], ...] = (
    (GroupMeasure.FALSE_ALERTS, GroupMeasure.MATCHES),
    (GroupMeasure.OTHERWISE, GroupMeasure.ENTRIES),
    (GroupMeasure.FAILURES_TO_ENROL, GroupMeasure.ENROLMENTS),
)
"""What is compared between groups, and what it is a share of."""


@dataclass(frozen=True, slots=True)
class GroupTally:
    """`group`: None for members who stated none. `members`: how many different ones it was made of."""

    group: str | None
    members: int
    matches: int = 0
    false_alerts: int = 0
    entries: int = 0
    otherwise: int = 0
    enrolments: int = 0
    failures_to_enrol: int = 0

    def count(self, measure: GroupMeasure) -> int:
        match measure:
            case GroupMeasure.ENTRIES:
                return self.entries
            case GroupMeasure.OTHERWISE:
                return self.otherwise
            case _:
                count: int = getattr(self, measure.value)
                return count


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """`whole`: whether every passage of the time is still there; a passage that went is counted without its group.
    `looked`: whether anybody looked into a match."""

    tallies: Sequence[GroupTally]
    whole: bool
    looked: bool


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """Of all centres together. `groups`: those that are shown, the rest last. `tables`: one a measure; its columns are
    the groups."""

    period: Period
    groups: tuple[str, ...]
    tables: Mapping[GroupMeasure, Published]

    def count(self, measure: GroupMeasure, group: str) -> Shown:
        return self.tables[measure].cells[measure.value, group]

    def rate(self, measure: GroupMeasure, of: GroupMeasure, group: str) -> Rate:
        """Shown only where both of its counts are. Wilson's interval: many small groups are compared."""
        errors, trials = self.count(measure, group), self.count(of, group)
        for one in (errors, trials):
            if isinstance(one, (NotMeasured, Suppressed)):
                return one
        assert isinstance(errors, int)
        assert isinstance(trials, int)
        if not trials:
            return NotMeasured(Unmeasured.NOTHING_TO_MEASURE)
        return Estimate(errors / trials, wilson(errors, trials), IntervalBy.WILSON)


def checked(groups: Sequence[str]) -> tuple[str, ...]:
    """The groups that an operator offers. Raises WrongValue."""
    names = tuple(one.strip() for one in groups)
    if len(names) > MOST or any(not one or len(one) > LONGEST for one in names):
        raise WrongValue(f"up to {MOST} groups are offered, each named in up to {LONGEST} characters")
    if len({one.casefold() for one in (*names, REST)}) != len(names) + 1:
        raise WrongValue("two groups have one name")
    return names


def group_figures(period: Period, offered: Sequence[str], counts: GroupCounts) -> GroupFigures:
    """What may be shown of the groups. Raises nothing: what may not be shown is suppressed."""
    large = {one.group for one in counts.tallies if one.members >= LEAST}
    shown = [one for one in offered if one in large]
    groups = (*shown, REST)
    sums = {(measure, group): 0 for measure in GroupMeasure for group in groups}
    for tally in counts.tallies:
        group = tally.group if tally.group is not None and tally.group in shown else REST
        for measure in GroupMeasure:
            sums[measure, group] += tally.count(measure)
    return GroupFigures(
        period,
        groups,
        {
            measure: _protected(
                measure, {group: sums[measure, group] for group in groups}, _missing(measure, counts)
            )
            for measure in GroupMeasure
        },
    )


def _missing(measure: GroupMeasure, counts: GroupCounts) -> Unmeasured | None:
    if measure in (GroupMeasure.ENROLMENTS, GroupMeasure.FAILURES_TO_ENROL):
        return None
    if not counts.whole:
        return Unmeasured.GONE
    looked = counts.looked or measure is not GroupMeasure.FALSE_ALERTS
    return None if looked else Unmeasured.NOBODY_LOOKED


def _protected(measure: GroupMeasure, counts: Mapping[str, int], missing: Unmeasured | None) -> Published:
    """The sum over the groups is published as the figure of everybody: where a group could be worked out from it all
    the same, no group is shown."""
    cells = {(measure.value, group): count for group, count in counts.items()}
    if missing is not None:
        none = NotMeasured(missing)
        return Published(dict.fromkeys(cells, none), {measure.value: none}, {}, none)
    found = protect(cells, column_totals=False)
    if isinstance(found.total, Suppressed):
        hidden: Mapping[tuple[str, str], Shown] = {place: Suppressed(Hidden.PROTECTS) for place in cells}
        return Published(hidden, found.rows, found.columns, found.total)
    return found
