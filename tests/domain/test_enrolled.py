"""How many are enrolled is told without telling of anybody."""

from datetime import date
from uuid import UUID

import pytest

from stile.domain.disclosure import Suppressed
from stile.domain.enrolled import AgeGroup, Born, enrolled
from stile.domain.ids import CentreId

DAY = date(2026, 11, 25)
POOL, HALL = CentreId(UUID(int=1)), CentreId(UUID(int=2))
PLACES = {str(POOL): "Pool", str(HALL): "Hall"}


@pytest.mark.parametrize(
    ("born_on", "group"),
    [
        (date(2013, 11, 26), AgeGroup.CHILD),
        (date(2013, 11, 25), AgeGroup.TEENAGER),
        (date(2008, 11, 26), AgeGroup.TEENAGER),
        (date(2008, 11, 25), AgeGroup.ADULT),
        (None, AgeGroup.UNKNOWN),
        (date(2027, 1, 1), AgeGroup.UNKNOWN),
    ],
)
def test_groups_begin_on_the_birthday(born_on: date | None, group: AgeGroup) -> None:
    assert AgeGroup.of(DAY, born_on) is group


def test_a_small_number_is_hidden_and_so_is_what_would_give_it_away() -> None:
    born = [
        Born(POOL, date(2011, 1, 1), 2),
        Born(POOL, date(1990, 1, 1), 60),
        Born(POOL, date(1991, 1, 1), 40),
        Born(HALL, date(2011, 1, 1), 30),
        Born(HALL, date(1990, 1, 1), 200),
    ]
    found = enrolled(PLACES, born, DAY)
    teenagers = found.table.cells[str(POOL), AgeGroup.TEENAGER.value]
    assert isinstance(teenagers, Suppressed)
    assert found.table.cells[str(POOL), AgeGroup.CHILD.value] == 0, "nobody is not hidden"
    hidden = dict(found.hidden)
    assert len(hidden) >= 4, "with the totals beside it, one hidden cell alone hides nothing"
    assert f"Pool ({POOL}), 13 to 17" in hidden
    shown = [count for *_, count in found.lines if isinstance(count, int)]
    assert 2 not in shown


def test_one_centre_repeats_no_totals() -> None:
    found = enrolled({str(POOL): "Pool"}, [Born(POOL, date(1990, 1, 1), 12)], DAY)
    assert [(place, group) for _, place, group, _ in found.lines] == [
        *(("Pool", group.value) for group in AgeGroup),
        ("Pool", "all"),
    ]
    assert list(found.hidden) == []


def test_two_members_of_one_centre_are_not_to_be_found_in_any_total() -> None:
    found = enrolled(PLACES, [Born(POOL, date(1990, 1, 1), 2)], DAY)
    assert not any(isinstance(count, int) and count for *_, count in found.lines)
