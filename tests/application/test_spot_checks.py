"""One in n admissions by face is drawn in the transaction that records it, asked about while it is fresh, and answered
once or corrected; what was not seen is no answer."""

from pathlib import Path

import pytest

from stile.application.figures.spot_checks import Question
from stile.application.gate import Concluded
from stile.domain.adjudication import Verdict
from stile.domain.audit import Event
from stile.domain.errors import CannotRecord, NotFound, WrongValue
from stile.domain.figures import Figures, Measure, Period
from stile.domain.ids import PassageId, StaffId
from stile.domain.passage import AdmitReason, Outcome
from stile.domain.spot_checks import ASKED_FOR, SpotAnswer
from stile.ports import UnitOfWork
from tests.conftest import Here, open_here


@pytest.fixture
def asking(tmp_path: Path, here: Here) -> Here:
    """Every admission is drawn."""
    here.site.close()
    return open_here(tmp_path / "data", spot_check_every=1)


def staff_of(here: Here) -> StaffId:
    with here.site.store.read() as work:
        found = work.staff.by_name("admin")
    assert found is not None
    return found.id


def id_of(concluded: Concluded) -> PassageId:
    assert concluded.passage is not None
    return concluded.passage.id


def asked(here: Here) -> list[Question]:
    with here.site.store.read() as work:
        return list(here.site.spot_checks.asked(work))


def figures(here: Here) -> Figures:
    return here.site.measure_period.of(Period.month(here.clock.today()), here.lane.centre)


def test_an_admission_by_face_is_asked_about_with_the_name(asking: Here) -> None:
    ada = asking.enrol(1)
    came = id_of(asking.come(1))
    [question] = asked(asking)
    assert (question.member, question.check.passage, question.check.every) == (ada, came, 1)
    with asking.site.store.read() as work:
        [entry] = [one for one in work.audit.entries() if one.event is Event.PASSAGE_RECORDED]
    assert entry.detail["spot_check"] == 1


def test_nothing_else_is_drawn(asking: Here) -> None:
    """Neither who was referred, nor who came by card or was let in by hand: of them no face decided."""
    asking.enrol(1)
    assert asking.come(2).outcome is Outcome.REFER
    asking.site.admit_by_card.present(asking.lane, "5500001")
    asking.site.admit_by_hand.let_in(asking.lane, AdmitReason.GUEST, staff_of(asking))
    assert asked(asking) == []
    assert figures(asking).of(Measure.SPOT_CHECKS).count == 0


def test_with_0_nothing_is_drawn(here: Here) -> None:
    here.enrol(1)
    here.come(1)
    assert asked(here) == []


def test_what_is_not_recorded_is_not_drawn(asking: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Law 6: the check is part of the transaction; a door that did not open has no check."""
    asking.enrol(1)

    def refuse(_: UnitOfWork) -> None:
        raise CannotRecord("the disk is full")

    monkeypatch.setattr("stile.adapters.storage.unit_of_work.SqlUnitOfWork.commit", refuse)
    assert asking.come(1).passage is None
    monkeypatch.undo()
    assert figures(asking).of(Measure.SPOT_CHECKS).count == 0


@pytest.mark.parametrize(
    ("answer", "wrong", "verdict"),
    [
        (SpotAnswer.RIGHT, 0, Verdict.RIGHT),
        (SpotAnswer.WRONG_PERSON, 1, Verdict.WRONG_PERSON),
        (SpotAnswer.ATTACK, 1, Verdict.ATTACK),
    ],
)
def test_an_answer_is_a_verdict_and_counts_in_the_rate(
    asking: Here, answer: SpotAnswer, wrong: int, verdict: Verdict
) -> None:
    asking.enrol(1)
    came = id_of(asking.come(1))
    asking.site.spot_checks.answer(came, answer, staff_of(asking))
    assert asked(asking) == []
    with asking.site.store.read() as work:
        assert work.adjudications.latest_of([came])[came].verdict is verdict
        assert [one.event for one in work.audit.entries()][-2:] == [
            Event.SPOT_CHECK_ANSWERED,
            Event.PASSAGE_ADJUDICATED,
        ]
    found = figures(asking)
    assert [found.of(one).count for one in (Measure.SPOT_CHECKS, Measure.SPOT_CHECKS_ANSWERED)] == [1, 1]
    assert found.of(Measure.FALSE_ADMISSIONS).count == wrong


def test_what_nobody_saw_is_no_answer_and_no_verdict(asking: Here) -> None:
    asking.enrol(1)
    came = id_of(asking.come(1))
    asking.site.spot_checks.answer(came, SpotAnswer.NOT_SEEN, staff_of(asking))
    assert asked(asking) == []
    found = figures(asking)
    assert [found.of(one).count for one in (Measure.SPOT_CHECKS, Measure.SPOT_CHECKS_ANSWERED)] == [1, 0]
    with asking.site.store.read() as work:
        assert work.adjudications.latest_of([came]) == {}


def test_a_verdict_at_the_desk_answers_and_corrects(asking: Here) -> None:
    asking.enrol(1)
    came, staff = id_of(asking.come(1)), staff_of(asking)
    asking.site.adjudicate.passage(came, Verdict.WRONG_PERSON, staff)
    assert asked(asking) == []
    assert figures(asking).of(Measure.FALSE_ADMISSIONS).count == 1
    asking.clock.advance(1)
    asking.site.adjudicate.passage(came, Verdict.RIGHT, staff)
    assert figures(asking).of(Measure.FALSE_ADMISSIONS).count == 0
    assert figures(asking).of(Measure.SPOT_CHECKS_ANSWERED).count == 1


def test_it_is_asked_while_it_is_fresh_only(asking: Here) -> None:
    asking.enrol(1)
    came = id_of(asking.come(1))
    asking.clock.advance(ASKED_FOR.total_seconds() + 1)
    assert asked(asking) == []
    with pytest.raises(WrongValue, match="too long ago"):
        asking.site.spot_checks.answer(came, SpotAnswer.RIGHT, staff_of(asking))


def test_who_was_not_drawn_is_not_answered_for(here: Here) -> None:
    here.enrol(1)
    for id in (id_of(here.come(1)), PassageId(here.site.chance.new_id())):
        with pytest.raises(NotFound):
            here.site.spot_checks.answer(id, SpotAnswer.RIGHT, staff_of(here))
    with here.site.store.read() as work:
        assert not [one for one in work.audit.entries() if one.event is Event.SPOT_CHECK_ANSWERED]


def test_who_was_erased_meanwhile_is_not_asked_about(asking: Here) -> None:
    ada = asking.enrol(1)
    asking.come(1)
    asking.site.erase_member.of(ada.id, "test")
    assert asked(asking) == []
