"""What figures are counted from, on both databases: of passages that are there and that went, of spot checks that
nobody can drop, of enrolments."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import enrolment_count, spot_check
from stile.domain.adjudication import Adjudication, Verdict
from stile.domain.count_figures import EnrolmentTally, PassageTally
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import AdjudicationId, CentreId, MemberId, PassageId
from stile.domain.member_groups import GroupTally
from stile.domain.passage import AdmitReason, Method, Outcome, Passage
from stile.domain.places import Centre
from stile.domain.retention import Subject
from stile.domain.spot_checks import SpotAnswer, SpotCheck, SpotTally
from tests.adapters.builders import Town, enrol, settle
from tests.adapters.conftest import Place

OLD = datetime(2024, 5, 6, 10, 30, tzinfo=UTC)
DAY = OLD.date()
DAYS = (DAY, DAY)
MOMENTS = (OLD - timedelta(hours=1), OLD + timedelta(hours=1))


@pytest.fixture
def town(store: SqlStore) -> Town:
    return settle(store)


def admitted(store: SqlStore, town: Town, at: datetime = OLD, every: int | None = None) -> Passage:
    """A passage of a member who was admitted by face; drawn for a spot check where `every` is given."""
    with store.read() as work:
        known = work.members.by_number("1001")
    member = known.id if known else enrol(store, town).member
    one = town.passage(member, 0.8, at)
    with store.begin() as work:
        work.passages.add(one)
        if every is not None:
            work.figures.draw(SpotCheck(one.id, one.centre, one.lane, at.date(), every))
        work.commit()
    return one


def adjudicate(store: SqlStore, town: Town, passage: Passage, verdict: Verdict) -> None:
    with store.begin() as work:
        work.adjudications.add(
            Adjudication(
                AdjudicationId(uuid7()), passage.id, passage.centre, verdict, town.staff_id, passage.at
            )
        )
        work.figures.answer(passage.id, SpotAnswer(verdict.value), town.staff_id, passage.at)
        work.commit()


def test_passages_are_counted_by_their_latest_verdict_also_when_they_are_gone(
    store: SqlStore, town: Town
) -> None:
    adjudicate(store, town, admitted(store, town, every=20), Verdict.WRONG_PERSON)
    admitted(store, town)
    admitted(store, town, OLD + timedelta(days=1))
    how = (Method.FACE, Outcome.ADMIT, AdmitReason.FACE_MATCHED)
    expected = [PassageTally(*how, None, 1), PassageTally(*how, Verdict.WRONG_PERSON, 1)]
    with store.read() as work:
        before = work.figures.counts(DAYS, MOMENTS)
        assert work.figures.first_day() == DAY
    with store.begin() as work:
        assert work.retention.sweep(Subject.PASSAGES, OLD + timedelta(days=9), 100).gone == 3
        work.commit()
    with store.read() as work:
        after = work.figures.counts(DAYS, MOMENTS)
        assert work.figures.counts(DAYS, MOMENTS, town.centre_id) == after
        assert work.figures.first_day() == DAY
    assert before.passages == after.passages == expected
    assert before.spot_checks == after.spot_checks == [SpotTally(20, SpotAnswer.WRONG_PERSON, 1)]


def test_another_centre_and_another_day_are_not_counted(store: SqlStore, town: Town) -> None:
    admitted(store, town, every=20)
    other = CentreId(uuid7())
    with store.begin() as work:
        work.centres.add(Centre(other, town.operator.id, "Another pool"))
        work.figures.begun(DAY, town.centre_id)
        work.commit()
    later = (DAY + timedelta(days=1),) * 2
    with store.read() as work:
        for days, centre in ((DAYS, other), (later, town.centre_id)):
            found = work.figures.counts(days, tuple(m + (days[0] - DAY) for m in MOMENTS), centre)  # type: ignore[arg-type]
            assert (found.passages, found.spot_checks, found.enrolments) == ([], [], EnrolmentTally(0, 0))
        assert work.figures.counts(DAYS, MOMENTS).enrolments == EnrolmentTally(1, 0)


def test_a_passage_is_drawn_once_and_asked_about_until_it_is_answered(store: SqlStore, town: Town) -> None:
    passage = admitted(store, town, every=20)
    check = SpotCheck(passage.id, passage.centre, passage.lane, DAY, 20)
    with store.read() as work:
        assert work.figures.unanswered(OLD) == [(check, passage)]
        assert work.figures.unanswered(OLD + timedelta(seconds=1)) == []
    with store.begin() as work, pytest.raises(Conflict):
        work.figures.draw(check)
    with store.begin() as work:
        assert work.figures.answer(passage.id, SpotAnswer.NOT_SEEN, town.staff_id, OLD)
        assert not work.figures.answer(PassageId(uuid7()), SpotAnswer.RIGHT, town.staff_id, OLD)
        work.commit()
    with store.read() as work:
        assert work.figures.unanswered(OLD) == []


def test_a_check_stays_as_it_was_drawn(store: SqlStore, town: Town, place: Place) -> None:
    adjudicate(store, town, admitted(store, town, every=20), Verdict.WRONG_PERSON)
    with place.stranger() as tool:
        for statement in (
            delete(spot_check),
            update(spot_check).values(every=1000),
            update(spot_check).values(answer=None, answered_at=None, staff=None),
            update(spot_check).values(day=date(2024, 5, 7)),
        ):
            with pytest.raises(DBAPIError, match="law 7"):
                tool.execute(statement)
        tool.execute(update(spot_check).values(answer=SpotAnswer.RIGHT))  # may be corrected
        tool.execute(update(spot_check).values(passage=None))
        assert tool.execute(select(spot_check.c.every, spot_check.c.answer)).all() == [(20, "right")]


def test_enrolments_are_counted_by_the_day_they_began(store: SqlStore, town: Town, place: Place) -> None:
    with store.begin() as work:
        for _ in range(3):
            work.figures.begun(DAY, town.centre_id)
        work.figures.done(DAY, town.centre_id)
        work.commit()
    with store.read() as work:
        assert work.figures.counts(DAYS, MOMENTS).enrolments == EnrolmentTally(3, 1)
    with place.stranger() as tool:
        for statement in (delete(enrolment_count), update(enrolment_count).values(begun=2)):
            with pytest.raises(DBAPIError, match="law 7"):
                tool.execute(statement)
        with pytest.raises(DBAPIError):  # no more can be done than were begun
            tool.execute(insert(enrolment_count).values(day=OLD, centre=town.centre_id, begun=1, done=2))


def test_groups_are_counted_from_passages_that_name_somebody(
    store: SqlStore, town: Town, place: Place
) -> None:
    ada, grace = (enrol(store, town, number).member for number in ("1001", "1002"))
    bob = town.member("1003")
    with store.begin() as work:
        work.members.add(bob)
        work.groups.choose(ada, "40 and over", OLD)
        work.groups.choose(ada, "under 40", OLD)
        work.groups.choose(bob.id, "under 40", OLD)
        for member in (ada, ada, grace):
            work.passages.add(town.passage(member, 0.8, OLD))
        by_card = {"method": Method.CARD, "reason": AdmitReason.CARD_ACCEPTED, "comparison": None}
        for member in (ada, bob.id):  # Bob has no template: of him it is no choice
            work.passages.add(replace(town.passage(member, None, OLD), **by_card))  # type: ignore[arg-type]
        work.passages.add(town.passage(at=OLD))  # names nobody
        work.figures.begun(DAY, town.centre_id, "under 40")
        work.figures.begun(DAY, town.centre_id)
        work.figures.done(DAY, town.centre_id, "under 40")
        work.commit()
    with store.read() as work:
        assert work.groups.of(ada) == "under 40"
        assert work.groups.of(grace) is None
        found = work.groups.counts(DAYS, MOMENTS)
        assert work.figures.counts(DAYS, MOMENTS).enrolments == EnrolmentTally(2, 1)
    assert (found.whole, found.looked) == (True, False)
    assert {one.group: one for one in found.tallies} == {
        "under 40": GroupTally("under 40", 2, matches=2, entries=3, otherwise=1, enrolments=1),
        None: GroupTally(None, 1, matches=1, entries=1, enrolments=1, failures_to_enrol=1),
    }
    with store.begin() as work:
        work.members.get(ada)
        assert work.groups.forget(ada)
        assert not work.groups.forget(ada)
        assert work.retention.sweep(Subject.PASSAGES, OLD + timedelta(days=9), 100).gone == 6
        work.commit()
    with store.read() as work:
        assert not work.groups.counts(DAYS, MOMENTS).whole


def test_only_a_member_has_a_group(store: SqlStore) -> None:
    with store.begin() as work, pytest.raises(NotFound, match="does not exist"):
        work.groups.choose(MemberId(uuid7()), "under 40", OLD)
