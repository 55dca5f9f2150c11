"""Look-alikes: a pair stands once, and by a threshold that hardly any two strangers reach."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from stile.domain.calibration import Calibration, OperatingPoint
from stile.domain.errors import WrongValue
from stile.domain.ids import CentreId, MemberId
from stile.domain.look_alike import EXPECTED, LAXEST, FoundBy, LookAlike, threshold
from tests.domain.builders import PACK

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ONE, TWO = MemberId(UUID(int=1)), MemberId(UUID(int=2))
CENTRE = CentreId(UUID(int=9))
STEEP = Calibration(
    PACK, "made up", 1_000_000, 1_000, [OperatingPoint(0.1 * n, 10.0**-n) for n in range(1, 8)]
)
"""The threshold for a rate of 10 to the −n is a tenth of n."""


def test_whoever_is_named_first_it_is_one_pair() -> None:
    one, other = (
        LookAlike.of(*pair, PACK, CENTRE, NOW, FoundBy.ENROLMENT) for pair in ((ONE, TWO), (TWO, ONE))
    )
    assert one == other
    assert one.pair == {ONE, TWO}


def test_a_pair_is_two_members_in_order_at_a_time_with_its_zone() -> None:
    with pytest.raises(WrongValue, match="lower id first"):
        LookAlike(TWO, ONE, PACK, CENTRE, NOW, FoundBy.ENROLMENT)
    with pytest.raises(WrongValue, match="lower id first"):
        LookAlike.of(ONE, ONE, PACK, CENTRE, NOW, FoundBy.ENROLMENT)
    with pytest.raises(WrongValue, match="zone"):
        LookAlike.of(ONE, TWO, PACK, CENTRE, NOW.replace(tzinfo=None), FoundBy.ENROLMENT)


@pytest.mark.parametrize("members", [100, 1_000])
def test_hardly_any_pair_of_unrelated_members_reaches_the_threshold(members: int) -> None:
    pairs = members * (members - 1) // 2
    found = STEEP.threshold_at(EXPECTED / pairs)
    assert found is not None
    assert threshold(STEEP, members) == found.value


@pytest.mark.parametrize("members", [0, 1, 2, 10])
def test_among_few_members_it_is_no_lower_for_that(members: int) -> None:
    found = STEEP.threshold_at(LAXEST)
    assert found is not None
    assert threshold(STEEP, members) == found.value


def test_beyond_what_the_calibration_says_it_is_its_last_point() -> None:
    assert threshold(STEEP, 100_000) == STEEP.points[-1].threshold
