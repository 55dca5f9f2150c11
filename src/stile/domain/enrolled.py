"""How many members are enrolled, by centre and age group: a table of people, so what is published of it tells nothing
about one of them (`stile.domain.disclosure`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stile.domain.children import ADULT_FROM, OWN_CONSENT_FROM, age_on
from stile.domain.disclosure import Hidden, Published, Shown, Suppressed, protect
from stile.domain.ids import CentreId


class AgeGroup(StrEnum):
    """UNKNOWN: no date of birth is recorded."""

    CHILD = "under 13"
    TEENAGER = "13 to 17"
    ADULT = "18 and over"
    UNKNOWN = "not recorded"

    @classmethod
    def of(cls, day: date, born_on: date | None) -> "AgeGroup":
        age = age_on(day, born_on)
        if age is None:
            return cls.UNKNOWN
        if age < OWN_CONSENT_FROM:
            return cls.CHILD
        return cls.TEENAGER if age < ADULT_FROM else cls.ADULT


@dataclass(frozen=True, slots=True)
class Born:
    """So many enrolled members of a centre with one date of birth."""

    centre: CentreId
    born_on: date | None
    members: int


@dataclass(frozen=True, slots=True)
class Enrolled:
    """`places`: name of each centre by its id. `table`: by centre's id and age group, as it may be published."""

    places: Mapping[str, str]
    table: Published

    @property
    def lines(self) -> Iterable[tuple[str, str, str, Shown]]:
        """Centre's id, its name, age group, count: each cell, then what totals are shown beside them; “all” in them."""
        for centre, place in self.places.items():
            for group in AgeGroup:
                yield centre, place, group.value, self.table.cells[centre, group.value]
            if centre in self.table.rows:
                yield centre, place, "all", self.table.rows[centre]
        if len(self.places) > 1:
            for group in AgeGroup:
                if group.value in self.table.columns:
                    yield "all", "All centres", group.value, self.table.columns[group.value]
            yield "all", "All centres", "all", self.table.total

    @property
    def hidden(self) -> Iterable[tuple[str, Hidden]]:
        """Which counts are not shown, and why."""
        for centre, place, group, count in self.lines:
            if isinstance(count, Suppressed):
                where = place if centre == "all" else f"{place} ({centre})"  # two may have one name
                yield f"{where}, {group}", count.because


def enrolled(places: Mapping[str, str], born: Iterable[Born], day: date) -> Enrolled:
    """Of the members whose template exists on that day. A centre without any is a row of zeros."""
    counts = {(centre, group.value): 0 for centre in places for group in AgeGroup}
    for one in born:
        counts[str(one.centre), AgeGroup.of(day, one.born_on).value] += one.members
    return Enrolled(places, protect(dict(counts), column_totals=len(places) > 1))
