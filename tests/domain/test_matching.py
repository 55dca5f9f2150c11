"""Scores → Match | NoMatch | Ambiguous."""

import dataclasses
import math
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stile.domain.errors import WrongValue
from stile.domain.ids import MemberId
from stile.domain.matching import Ambiguous, Candidate, Match, Matching, NoMatch, compare
from tests.domain.builders import ADA, BOB, quick

THRESHOLD = 0.5
BELOW, ABOVE = math.nextafter(THRESHOLD, -1), math.nextafter(THRESHOLD, 1)


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        pytest.param((), NoMatch(), id="nobody"),
        pytest.param((BELOW,), NoMatch(), id="one below"),
        pytest.param((BELOW, BELOW), NoMatch(), id="two below"),
        pytest.param((THRESHOLD,), Match(ADA, THRESHOLD), id="one at"),
        pytest.param((ABOVE,), Match(ADA, ABOVE), id="one above"),
        pytest.param((THRESHOLD, BELOW), Match(ADA, THRESHOLD), id="one at, one below"),
        pytest.param((1.0, BELOW), Match(ADA, 1.0), id="one above, one below"),
        pytest.param((THRESHOLD, THRESHOLD), Ambiguous(), id="two at"),
        pytest.param((1.0, THRESHOLD), Ambiguous(), id="one above, one at"),
        pytest.param((1.0, 0.9), Ambiguous(), id="two above"),
        pytest.param((math.nan,), NoMatch(), id="no number"),
    ],
)
def test_at_below_and_above_the_threshold(scores: tuple[float, ...], expected: Matching) -> None:
    candidates = [Candidate(who, score) for who, score in zip((ADA, BOB), scores, strict=False)]
    assert compare(candidates, THRESHOLD) == expected


@pytest.mark.parametrize("kind", [NoMatch, Ambiguous])
def test_who_was_not_matched_leaves_nothing_behind(kind: type) -> None:
    one = kind()
    assert dataclasses.fields(one) == ()
    assert not hasattr(one, "__dict__"), "nothing can be hung on it either"
    assert not [name for name in dir(one) if not name.startswith("_")]


@pytest.mark.parametrize("threshold", [-1.01, 1.01, math.nan, math.inf], ids=str)
def test_a_threshold_that_is_no_cosine_is_refused(threshold: float) -> None:
    with pytest.raises(WrongValue, match="cosine between -1 and 1"):
        compare([Candidate(ADA, 1.0)], threshold)


@pytest.mark.parametrize("threshold", [-1.0, 1.0], ids=str)
def test_the_ends_of_the_cosines_are_thresholds(threshold: float) -> None:
    assert compare([Candidate(ADA, threshold)], threshold) == Match(ADA, threshold)


@quick
@given(
    st.lists(st.floats(-1, 1), max_size=5).map(lambda scores: sorted(scores, reverse=True)), st.floats(-1, 1)
)
def test_it_names_the_best_and_only_when_alone(scores: list[float], threshold: float) -> None:
    candidates = [Candidate(MemberId(UUID(int=n)), score) for n, score in enumerate(scores)]
    matching = compare(candidates, threshold)
    reached = sum(score >= threshold for score in scores)
    assert type(matching) is (NoMatch, Match, Ambiguous)[min(reached, 2)]
    if isinstance(matching, Match):
        assert Candidate(matching.member, matching.score) == candidates[0]


@quick
@given(
    st.lists(st.floats(-1, 1), max_size=5).map(lambda scores: sorted(scores, reverse=True)), st.floats(-1, 1)
)
def test_the_best_two_are_enough_to_decide(scores: list[float], threshold: float) -> None:
    candidates = [Candidate(MemberId(UUID(int=n)), score) for n, score in enumerate(scores)]
    assert compare(candidates[:2], threshold) == compare(candidates, threshold)
