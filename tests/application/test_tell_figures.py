"""Figures of the uses that this organisation answers for, and of no others, over the days of the use."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from stile.domain.foi_desk.draft import Sentence
from stile.domain.foi_desk.questions import Topic
from stile.domain.register import Deployment, Phase, Relationship
from tests.conftest import Here

BEGAN = date(2026, 11, 2)


@pytest.fixture
def use(here: Here) -> Deployment:
    """The centre's own, as the builder entered it; somebody came by face on its first day."""
    here.enrol(1)
    here.come(1)
    entry = here.site.registering.as_of().deployment(str(here.lane.centre))
    assert entry is not None
    assert isinstance(entry.fact, Deployment)
    return entry.fact


def told(here: Here, fact: Deployment | None = None, day: date = BEGAN) -> list[Sentence]:
    if fact is not None:
        here.site.registering.add(fact, "a test", "test", BEGAN)
    found = here.site.tell_figures(here.site.registering.as_of(day), day)
    assert set(found) <= {Topic.ACCURACY}
    return list(found.get(Topic.ACCURACY, ()))


def test_from_its_first_day_to_the_day_of_the_answer(here: Here, use: Deployment) -> None:
    later = BEGAN + timedelta(days=9)
    first = told(here, replace(use, since=BEGAN), later)[0]
    assert first.text.startswith("At Test Centre, from 2 November 2026 to 11 November 2026, ")
    [cited] = first.citations
    assert (cited.entry, cited.date) == (f"figures:2026-11-02/2026-11-11:{here.lane.centre}", later)


def test_a_use_that_ended_is_measured_to_its_last_day(here: Here, use: Deployment) -> None:
    ended = replace(use, phase=Phase.ENDED, since=BEGAN, until=BEGAN + timedelta(days=2))
    assert "from 2 November 2026 to 4 November 2026" in told(here, ended, BEGAN + timedelta(days=30))[0].text


@pytest.mark.parametrize(
    "change",
    [
        {"phase": Phase.PLANNED},
        {"relationship": Relationship.OPERATORS_ALONE},
        {"since": BEGAN + timedelta(days=1)},
    ],
    ids=["planned", "another's", "not begun"],
)
def test_nothing_is_measured_of_it(here: Here, use: Deployment, change: dict[str, object]) -> None:
    assert told(here, replace(use, **change)) == []  # type: ignore[arg-type]


def test_a_use_on_its_behalf_that_it_has_no_figures_of(here: Here, use: Deployment) -> None:
    other = replace(use, key="the pool", place="The Pool", relationship=Relationship.ON_BEHALF)
    last = told(here, other)[-1]
    assert last.text == "A false alert rate at The Pool is not recorded."
    assert not last.tells
    assert [one.entry for one in last.citations] == ["register"]


def test_without_anybody_by_face_nothing_was_measured(here: Here) -> None:
    [only] = told(here)
    assert only.text.endswith("so no error rate was measured.")
    assert not only.tells


def test_days_before_anything_was_counted_are_in_no_figure(here: Here, use: Deployment) -> None:
    """It ran on another system before: nobody counted here who came."""
    long = replace(use, since=date(2020, 1, 1))
    assert told(here, long)[0].text.startswith("At Test Centre, from 2 November 2026 to 2 November 2026, ")
    over = replace(use, phase=Phase.ENDED, since=date(2020, 1, 1), until=date(2021, 1, 1))
    [only] = told(here, over)
    assert (only.text, only.tells) == ("A false alert rate at Test Centre is not recorded.", False)


def test_what_nobody_counted_is_not_said_to_be_nobody(here: Here) -> None:
    [only] = told(here)
    assert "nobody came" not in only.text
    assert "nothing was counted until 2 November 2026" in only.text
