"""A pace counts for each key, and forgets keys before they fill the memory."""

from stile.entrypoints.web.paces import MOST_KEYS, Pace
from stile.testing import FakeClock


def test_so_many_in_so_long_for_each_key() -> None:
    clock = FakeClock()
    pace = Pace(clock, 2, 60.0)
    assert [pace.allows("one") for _ in range(3)] == [True, True, False]
    assert pace.allows("other")
    clock.advance(60.0)
    assert pace.allows("one")


def test_many_addresses_do_not_fill_the_memory() -> None:
    clock = FakeClock()
    pace = Pace(clock, 1, 60.0)
    for n in range(MOST_KEYS + 10):
        assert pace.allows(n)
    assert len(pace._seen) == MOST_KEYS
    assert not pace.allows(MOST_KEYS + 9), "the latest are still counted"
    clock.advance(60.0)
    assert pace.allows("new")
    assert len(pace._seen) == 1
