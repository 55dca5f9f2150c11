"""What the desk says of a passage afterwards: fitting verdicts only, the latest counts, and nothing is changed."""

from dataclasses import replace

import pytest

from stile.application.gate import Concluded
from stile.domain.adjudication import FITTING, NOT_LOOKED_AT, Verdict, fitting
from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import PassageId, StaffId
from stile.domain.passage import Method, Outcome, Passage, ReferReason
from tests.conftest import Here


def passage_of(here: Here, concluded: Concluded) -> Passage:
    assert concluded.passage is not None
    with here.site.store.read() as work:
        found = work.passages.get(concluded.passage.id)
    assert found is not None
    return found


@pytest.fixture
def staff(here: Here) -> StaffId:
    with here.site.store.read() as work:
        found = work.staff.by_name("admin")
    assert found is not None
    return found.id


@pytest.mark.parametrize(
    ("who", "outcome", "verdict"),
    [
        (1, Outcome.ADMIT, Verdict.WRONG_PERSON),
        (1, Outcome.ADMIT, Verdict.ATTACK),
        (1, Outcome.ADMIT, Verdict.RIGHT),
        (2, Outcome.REFER, Verdict.SHOULD_HAVE_OPENED),
        (2, Outcome.REFER, Verdict.ATTACK),
        (2, Outcome.REFER, Verdict.RIGHTLY_REFERRED),
    ],
)
def test_a_verdict_is_recorded_beside_the_passage(
    here: Here, staff: StaffId, who: int, outcome: Outcome, verdict: Verdict
) -> None:
    here.enrol(1)
    passage = passage_of(here, here.come(who))
    assert passage.outcome is outcome
    given = here.site.adjudicate.passage(passage.id, verdict, staff)
    with here.site.store.read() as work:
        assert work.adjudications.latest_of([passage.id]) == {passage.id: given}
        assert work.passages.get(passage.id) == passage
        [entry] = [one for one in work.audit.entries() if one.event is Event.PASSAGE_ADJUDICATED]
    assert (entry.actor, entry.subject) == (str(staff), str(passage.id))
    assert entry.detail.keys() == {"verdict", "adjudication", "record"}
    assert (entry.detail["verdict"], entry.detail["adjudication"]) == (verdict.value, str(given.id))


def test_the_latest_verdict_counts_and_the_same_twice_is_one(here: Here, staff: StaffId) -> None:
    here.enrol(1)
    id = passage_of(here, here.come(1)).id
    first = here.site.adjudicate.passage(id, Verdict.WRONG_PERSON, staff)
    assert here.site.adjudicate.passage(id, Verdict.WRONG_PERSON, staff) == first
    here.clock.advance(1)
    second = here.site.adjudicate.passage(id, Verdict.RIGHT, staff)
    with here.site.store.read() as work:
        assert work.adjudications.latest_of([id]) == {id: second}
        assert len([one for one in work.audit.entries() if one.event is Event.PASSAGE_ADJUDICATED]) == 2


def test_a_verdict_that_does_not_fit_is_refused(here: Here, staff: StaffId) -> None:
    here.enrol(1)
    admitted, referred = (passage_of(here, here.come(who)) for who in (1, 2))
    by_card = passage_of(here, here.site.admit_by_card.present(here.lane, "5500001"))
    for passage in (admitted, referred, by_card):
        for verdict in set(Verdict) - set(fitting(passage)):
            with pytest.raises(WrongValue, match="cannot be said"):
                here.site.adjudicate.passage(passage.id, verdict, staff)
    assert fitting(by_card) == ()
    with here.site.store.read() as work:
        assert work.adjudications.latest_of([admitted.id, referred.id, by_card.id]) == {}


def test_a_passage_that_is_not_there(here: Here, staff: StaffId) -> None:
    with pytest.raises(NotFound, match="no such passage"):
        here.site.adjudicate.passage(PassageId(here.site.chance.new_id()), Verdict.ATTACK, staff)


@pytest.mark.parametrize("reason", ReferReason)
def test_only_where_a_face_was_looked_at_is_there_something_to_say(here: Here, reason: ReferReason) -> None:
    here.enrol(1)
    passage = replace(passage_of(here, here.come(2)), reason=reason)
    assert bool(fitting(passage)) == (reason not in NOT_LOOKED_AT)


def test_each_outcome_has_its_verdicts_and_every_verdict_an_outcome(here: Here) -> None:
    assert set(FITTING) == set(Outcome)
    assert {verdict for fits in FITTING.values() for verdict in fits} == set(Verdict)
    here.enrol(1)
    passage = passage_of(here, here.come(1))
    assert fitting(replace(passage, method=Method.CARD, comparison=None)) == ()
