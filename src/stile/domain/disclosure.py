"""Disclosure control: what is published of groups of people tells nothing about one of them.

A count of 1 to `least` − 1 is hidden (primary suppression), and so are as many others as it takes that nobody can
work a hidden one out from the totals beside it (secondary suppression): with everything that is shown, and knowing
that a hidden count is at least 1, each hidden count could still be any of at least `least` values. A rate is shown
only where both of its counts are. `0`, “not measured” and “suppressed” are three different things, and zeros are
never hidden.

Source: Hundepool et al., *Statistical Disclosure Control* (2012), ch. 4; the range of a hidden cell is a maximum
flow in the bipartite graph of rows and columns (Cox 1995)."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stile.domain.errors import WrongValue

LEAST = 5
"""Counts of people below it are hidden."""
FREE = 10**12
"""More than any count."""

Place = tuple[str, str]
"""Row and column."""


class Hidden(StrEnum):
    """Why a count is not shown."""

    SMALL = "it is small enough to tell something about a person"
    PROTECTS = "another hidden figure could be worked out from it"


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A count that is known and not shown."""

    because: Hidden


class Unmeasured(StrEnum):
    """Why there is no figure."""

    NOT_COUNTED = "nobody counted it"
    NOTHING_TO_MEASURE = "there was nothing to measure it on"
    NOBODY_LOOKED = "nobody looked"
    GONE = "what it would be counted from was deleted"


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """A count that nobody made."""

    because: Unmeasured = Unmeasured.NOT_COUNTED


Shown = int | Suppressed | NotMeasured


@dataclass(frozen=True, slots=True)
class Published:
    """What may go out. `cells`: each place of the table. `rows`, `columns`, `total`: the sums that are shown beside
    them."""

    cells: Mapping[Place, Shown]
    rows: Mapping[str, Shown]
    columns: Mapping[str, Shown]
    total: Shown

    @property
    def log(self) -> Sequence[tuple[Place, Hidden]]:
        """Each suppression with its reason, in order."""
        return [
            (place, one.because) for place, one in sorted(self.cells.items()) if isinstance(one, Suppressed)
        ]


def protect(counts: Mapping[Place, int | None], least: int = LEAST, column_totals: bool = True) -> Published:
    """A table of counts of people, by row and column, with its totals. None is not measured. `column_totals`:
    whether the columns' sums are published; where there is one row only they would repeat it.

    Where hiding cells is not enough to protect one, all totals are hidden as well.
    """
    if least < 2:
        raise WrongValue(f"counts below 2 or more are hidden, not below {least}")
    if any(count is not None and count < 0 for count in counts.values()):
        raise WrongValue("a count is not negative")
    known = {place: count for place, count in counts.items() if count is not None}
    hidden = {place: Hidden.SMALL for place, count in known.items() if 0 < count < least}
    whole = len(known) == len(counts)  # with a hole in it no sum is a sum of the table, and none is shown
    while whole and (bare := _unprotected(known, hidden, least, column_totals)):
        more = _next(known, hidden, bare)
        if more is None:
            whole = False
        else:
            hidden[more] = Hidden.PROTECTS
    rows, columns = _sums(known, 0), _sums(known, 1)
    veil = Suppressed(Hidden.PROTECTS) if len(known) == len(counts) else NotMeasured()
    return Published(
        {
            place: Suppressed(hidden[place]) if place in hidden else NotMeasured() if count is None else count
            for place, count in counts.items()
        },
        {row: rows[row] if whole else veil for row in rows},
        {column: columns[column] if whole else veil for column in columns if column_totals},
        sum(known.values()) if whole else veil,
    )


def _sums(known: Mapping[Place, int], side: int) -> dict[str, int]:
    sums: dict[str, int] = {}
    for place, count in known.items():
        sums[place[side]] = sums.get(place[side], 0) + count
    return sums


def _unprotected(
    known: Mapping[Place, int], hidden: Mapping[Place, Hidden], least: int, column_totals: bool
) -> Place | None:
    """A hidden cell that can be worked out too well."""
    for place in sorted(hidden):
        low, high = feasible(known, hidden, place, column_totals)
        if high - low + 1 < least:
            return place
    return None


def _next(known: Mapping[Place, int], hidden: Mapping[Place, Hidden], bare: Place) -> Place | None:
    """What to hide next: in the row or column of the bare one, or anywhere, whatever says least."""
    free = [place for place, count in known.items() if count > 0 and place not in hidden]
    beside = [place for place in free if place[0] == bare[0] or place[1] == bare[1]]
    return min(beside or free, key=lambda place: (known[place], place), default=None)


def feasible(
    known: Mapping[Place, int], hidden: Mapping[Place, Hidden], place: Place, column_totals: bool = True
) -> tuple[int, int]:
    """The least and the most that the hidden count at `place` can be, as the totals and everything shown leave it."""
    up = _flow(known, hidden, place, column_totals, rising=True)
    down = _flow(known, hidden, place, column_totals, rising=False)
    return max(1, known[place] - down), known[place] + up


def _flow(
    known: Mapping[Place, int],
    hidden: Mapping[Place, Hidden],
    place: Place,
    column_totals: bool,
    rising: bool,
) -> int:
    """By how much the count at `place` can rise or fall while others balance it: the maximum flow from its row to
    its column.

    Another cell that must give way gives at most what it holds above 1; one that takes up takes anything.
    """
    capacity: dict[tuple[tuple[int, str], tuple[int, str]], int] = {}
    for row, column in hidden:
        if (row, column) == place:
            continue
        gives, takes = known[row, column] - 1, FREE
        there, back = (gives, takes) if rising else (takes, gives)
        capacity[(0, row), (1, column)] = there
        capacity[(1, column), (0, row)] = back
    if not column_totals:  # nothing holds a column: what it lacks or has too much is nobody's to see
        for column in {column for _, column in known}:
            capacity[(1, column), (2, "")] = capacity[(2, ""), (1, column)] = FREE
    source, sink = (0, place[0]), (1, place[1])
    limit = FREE if rising else known[place] - 1
    found = 0
    while found < limit and (path := _path(capacity, source, sink)):
        width = min(limit - found, *(capacity[edge] for edge in path))
        for one, other in path:
            capacity[one, other] -= width
            capacity[other, one] = capacity.get((other, one), 0) + width
        found += width
    return found


def _path(
    capacity: Mapping[tuple[tuple[int, str], tuple[int, str]], int],
    source: tuple[int, str],
    sink: tuple[int, str],
) -> list[tuple[tuple[int, str], tuple[int, str]]] | None:
    """The shortest way with room in it (Edmonds and Karp 1972)."""
    came: dict[tuple[int, str], tuple[int, str]] = {source: source}
    waiting = deque([source])
    ways: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for (one, other), room in capacity.items():
        if room > 0:
            ways.setdefault(one, []).append(other)
    while waiting and sink not in came:
        here = waiting.popleft()
        for there in ways.get(here, ()):
            if there not in came:
                came[there] = here
                waiting.append(there)
    if sink not in came:
        return None
    path, here = [], sink
    while here != source:
        path.append((came[here], here))
        here = came[here]
    return path[::-1]
