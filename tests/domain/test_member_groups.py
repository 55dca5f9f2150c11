"""Error rates by groups that members stated: shown only of five people and more, never to be worked out from totals,
and not measured where the passages are gone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.disclosure import LEAST, NotMeasured, Suppressed
from stile.domain.errors import WrongValue
from stile.domain.figures import Estimate, IntervalBy, Period
from stile.domain.intervals import wilson
from stile.domain.member_groups import (
    REST,
    SHARES,
    GroupCounts,
    GroupMeasure,
    GroupTally,
    checked,
    group_figures,
)

G = GroupMeasure
MONTH = Period.month(date(2026, 11, 1))
OFFERED = ("under 40", "40 and over")
YOUNG = GroupTally("under 40", 30, matches=400, false_alerts=8, entries=500, otherwise=90)
OLD = GroupTally("40 and over", 20, matches=300, false_alerts=9, entries=380, otherwise=80)
NOBODY = GroupTally(None, 200, matches=2_000, false_alerts=20, entries=2_500, otherwise=400)


def test_groups_are_compared_with_wilsons_interval() -> None:
    found = group_figures(MONTH, OFFERED, GroupCounts((YOUNG, OLD, NOBODY), whole=True, looked=True))
    assert found.groups == (*OFFERED, REST)
    assert found.rate(G.FALSE_ALERTS, G.MATCHES, "under 40") == Estimate(
        8 / 400, wilson(8, 400), IntervalBy.WILSON
    )
    assert found.count(G.OTHERWISE, REST) == 400


def test_a_group_of_few_people_is_added_to_the_rest() -> None:
    few = GroupTally("40 and over", LEAST - 1, matches=300, entries=300)
    found = group_figures(MONTH, OFFERED, GroupCounts((YOUNG, few, NOBODY), whole=True, looked=True))
    assert found.groups == ("under 40", REST)
    assert found.count(G.MATCHES, REST) == 2_300


def test_a_group_that_is_no_longer_offered_is_in_the_rest() -> None:
    found = group_figures(MONTH, ("under 40",), GroupCounts((YOUNG, OLD), whole=True, looked=True))
    assert found.groups == ("under 40", REST)
    assert found.count(G.MATCHES, REST) == 300


def test_a_small_count_is_hidden_and_so_is_what_it_could_be_worked_out_from() -> None:
    young = GroupTally("under 40", 30, matches=400, false_alerts=2)
    found = group_figures(MONTH, OFFERED, GroupCounts((young, OLD, NOBODY), whole=True, looked=True))
    hidden = [one for one in found.groups if isinstance(found.count(G.FALSE_ALERTS, one), Suppressed)]
    assert "under 40" in hidden
    assert len(hidden) >= 2
    assert isinstance(found.rate(G.FALSE_ALERTS, G.MATCHES, "under 40"), Suppressed)


def test_where_the_sum_would_tell_it_no_group_is_shown() -> None:
    """Everybody's figure is published: with one group at 2 and the rest at 0 it is the group's."""
    young = GroupTally("under 40", 30, matches=400, false_alerts=2)
    rest = GroupTally(None, 200, matches=2_000)
    found = group_figures(MONTH, OFFERED, GroupCounts((young, rest), whole=True, looked=True))
    assert all(isinstance(found.count(G.FALSE_ALERTS, one), Suppressed) for one in found.groups)


def test_what_nobody_looked_into_and_what_is_gone_is_not_measured() -> None:
    tallies = (YOUNG, OLD, NOBODY)
    unseen = group_figures(MONTH, OFFERED, GroupCounts(tallies, whole=True, looked=False))
    assert isinstance(unseen.count(G.FALSE_ALERTS, REST), NotMeasured)
    assert unseen.count(G.MATCHES, REST) == 2_000
    gone = group_figures(MONTH, OFFERED, GroupCounts(tallies, whole=False, looked=True))
    assert isinstance(gone.count(G.MATCHES, REST), NotMeasured)
    assert gone.count(G.ENROLMENTS, REST) == 0


tallies = st.lists(
    st.builds(
        lambda group, members, matches, wrong: GroupTally(
            group, members, matches=matches, false_alerts=min(wrong, matches)
        ),
        st.sampled_from([None, *OFFERED, "older than the offer"]),
        st.integers(0, 40),
        st.integers(0, 60),
        st.integers(0, 12),
    ),
    max_size=4,
    unique_by=lambda one: one.group,
)


@given(tallies)
def test_no_small_count_can_be_worked_out_from_everybodys(given_tallies: list[GroupTally]) -> None:
    """Whoever knows the total and all that is shown is left with five possible values or more for each hidden count, or
    with nothing shown at all."""
    found = group_figures(MONTH, OFFERED, GroupCounts(given_tallies, whole=True, looked=True))
    for measure in (G.MATCHES, G.FALSE_ALERTS):
        counts = [found.count(measure, one) for one in found.groups]
        total = sum(one.count(measure) for one in given_tallies)
        shown = [one for one in counts if isinstance(one, int)]
        hidden = len(counts) - len(shown)
        assert all(one == 0 or one >= LEAST for one in shown)
        if hidden and shown:
            spare = total - sum(shown) - hidden  # what the hidden ones share above 1 each
            assert hidden > 1
            assert spare + 1 >= LEAST


def test_groups_have_names_of_their_own() -> None:
    assert checked([" under 40 ", "40 and over"]) == OFFERED
    for wrong in (["a", "A"], [""], ["x" * 61], [REST.upper()], [str(n) for n in range(21)]):
        with pytest.raises(WrongValue):
            checked(wrong)


def test_every_measure_is_compared() -> None:
    assert {one for pair in SHARES for one in pair} == set(G)
