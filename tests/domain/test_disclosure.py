"""No hidden count can be worked out, held against trying every table that fits what is shown."""

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stile.domain.disclosure import Hidden, NotMeasured, Place, Published, Suppressed, feasible, protect
from stile.domain.errors import WrongValue

LEAST = 3


def tables(most_rows: int = 3, most_columns: int = 3, most: int = 6) -> st.SearchStrategy[dict[Place, int]]:
    return st.tuples(st.integers(1, most_rows), st.integers(1, most_columns)).flatmap(
        lambda size: st.fixed_dictionaries(
            {(f"r{r}", f"c{c}"): st.integers(0, most) for r, c in product(range(size[0]), range(size[1]))}
        )
    )


def every_table_that_fits(published: Published) -> Iterator[Mapping[Place, int]]:
    """All counts of at least 1 in the hidden places that give the totals shown: what somebody could think of."""
    hidden = [place for place, one in published.cells.items() if isinstance(one, Suppressed)]
    shown = {place: one for place, one in published.cells.items() if isinstance(one, int)}
    most = max((one for one in published.rows.values() if isinstance(one, int)), default=0)

    def fill(places: list[Place], so_far: dict[Place, int]) -> Iterator[Mapping[Place, int]]:
        if not places:
            if all(
                sum(count for place, count in so_far.items() if place[side] == name) == total
                for side, totals in ((0, published.rows), (1, published.columns))
                for name, total in totals.items()
            ):
                yield dict(so_far)
            return
        place, *rest = places
        row = published.rows[place[0]]
        assert isinstance(row, int)
        used = sum(count for one, count in so_far.items() if one[0] == place[0])
        for count in range(1, min(most, row - used) + 1):
            yield from fill(rest, so_far | {place: count})

    yield from fill(hidden, shown)


@settings(max_examples=150, deadline=None)
@given(tables(3, 3, 4))
def test_each_hidden_count_could_still_be_several(counts: dict[Place, int]) -> None:
    published = protect(counts, LEAST)
    hidden = [place for place, one in published.cells.items() if isinstance(one, Suppressed)]
    if not hidden or not isinstance(published.total, int):
        return
    thought: dict[Place, set[int]] = {place: set() for place in hidden}
    for table in every_table_that_fits(published):
        for place in hidden:
            thought[place].add(table[place])
    for place in hidden:
        assert counts[place] in thought[place]
        assert len(thought[place]) >= LEAST, (place, thought[place])


@settings(max_examples=150, deadline=None)
@given(tables(3, 3, 4))
def test_the_range_of_a_hidden_count_is_what_trying_finds(counts: dict[Place, int]) -> None:
    hidden = {place: Hidden.SMALL for place, count in counts.items() if 0 < count < LEAST}
    rows, columns = ({p[side]: 0 for p in counts} for side in (0, 1))
    for (row, column), count in counts.items():
        rows[row] += count
        columns[column] += count
    cells = {p: Suppressed(hidden[p]) if p in hidden else count for p, count in counts.items()}
    found = list(every_table_that_fits(Published(cells, rows, columns, sum(counts.values()))))
    for place in hidden:
        values = [table[place] for table in found]
        assert feasible(counts, hidden, place) == (min(values), max(values))


@given(tables(5, 5, 40))
def test_small_ones_are_hidden_zeros_are_not_and_the_rest_is_true(counts: dict[Place, int]) -> None:
    published = protect(counts)
    for place, count in counts.items():
        shown = published.cells[place]
        if 0 < count < 5:
            assert shown == Suppressed(Hidden.SMALL)
        elif count == 0:
            assert shown == 0
        else:
            assert shown in (count, Suppressed(Hidden.PROTECTS))
    if not published.log:
        assert published.total == sum(counts.values())
    assert len(published.log) == sum(isinstance(one, Suppressed) for one in published.cells.values())


def test_what_was_not_measured_is_neither_zero_nor_hidden() -> None:
    published = protect({("all", "a"): None, ("all", "b"): 0, ("all", "c"): 2, ("all", "d"): 50})
    assert list(published.cells.values()) == [NotMeasured(), 0, Suppressed(Hidden.SMALL), 50]
    assert published.total == NotMeasured()


def test_one_small_count_takes_another_along_and_each_says_why() -> None:
    counts = {("all", "a"): 2, ("all", "b"): 30, ("all", "c"): 40}
    published = protect(counts, column_totals=False)
    assert published.log == [(("all", "a"), Hidden.SMALL), (("all", "b"), Hidden.PROTECTS)]
    assert (published.total, published.columns) == (72, {})


def test_two_ones_with_their_sum_would_both_be_known() -> None:
    """Two hidden counts that sum to 2 are 1 each."""
    counts = {("all", "a"): 1, ("all", "b"): 1, ("all", "c"): 40, ("all", "d"): 50}
    published = protect(counts, column_totals=False)
    assert published.cells["all", "c"] == Suppressed(Hidden.PROTECTS)
    assert published.cells["all", "d"] == 50


def test_what_cannot_be_protected_beside_totals_is_shown_without_them() -> None:
    published = protect({("all", "a"): 2, ("all", "b"): 30})
    assert isinstance(published.total, Suppressed)


@pytest.mark.parametrize(("counts", "least"), [({("a", "b"): -1}, 5), ({("a", "b"): 1}, 1)])
def test_what_cannot_be(counts: dict[Place, int], least: int) -> None:
    with pytest.raises(WrongValue):
        protect(counts, least)
