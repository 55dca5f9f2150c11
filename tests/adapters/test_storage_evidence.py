"""Look-alikes, the site's own calibrations and adjudicated passages, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.adapters.storage.tables import outbox
from stile.adapters.storage.transaction import Kind
from stile.domain.access import Invitation, digest_of
from stile.domain.adjudication import Adjudication, Tally, Verdict
from stile.domain.calibration import OperatingPoint
from stile.domain.consent import Consent
from stile.domain.errors import NotFound
from stile.domain.ids import AdjudicationId, CalibrationId, InvitationId, LaneId, PackId, PassageId, StaffId
from stile.domain.look_alike import FoundBy, LookAlike
from stile.domain.passage import Outcome, Passage, ReferReason
from stile.domain.site_calibration import SiteCalibration, data_of
from tests.adapters.builders import LATER, NOW, PACK, Town, enrol, settle
from tests.adapters.conftest import Place

OTHER_PACK = PackId("sface")


@pytest.fixture
def town(store: SqlStore) -> Town:
    return settle(store)


@pytest.fixture
def three(store: SqlStore, town: Town) -> list[Consent]:
    return [enrol(store, town, number) for number in ("1001", "1002", "1003")]


def alike(town: Town, one: Consent, other: Consent, pack: PackId = PACK) -> LookAlike:
    return LookAlike.of(one.member, other.member, pack, town.centre_id, NOW, FoundBy.CALIBRATION)


def told(place: Place, kind: Kind) -> list[tuple[object, int]]:
    with place.stranger() as tool:
        rows = tool.execute(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.id)).all()
    return [(row.record, row.version) for row in rows]


# --- look-alikes ---


def test_a_pair_stands_once_whoever_is_named_first(store: SqlStore, town: Town, three: list[Consent]) -> None:
    first, second, third = three
    with store.begin() as work:
        assert work.look_alikes.add(alike(town, first, second))
        assert not work.look_alikes.add(alike(town, second, first))
        work.commit()
    with store.read() as work:
        assert work.look_alikes.of_pack(PACK) == [alike(town, first, second)]
        assert work.look_alikes.of_member(second.member, PACK) == [alike(town, first, second)]
        assert work.look_alikes.of_member(third.member, PACK) == []
        assert work.look_alikes.of_pack(OTHER_PACK) == []
        assert (work.look_alikes.count(PACK), work.look_alikes.count(OTHER_PACK)) == (1, 0)


def test_one_look_at_the_lane_says_who_has_a_look_alike(
    store: SqlStore, town: Town, three: list[Consent]
) -> None:
    with store.begin() as work:
        work.look_alikes.add(alike(town, three[0], three[1]))
        seen = [work.members.at_the_lane(one.member, PACK) for one in three]
        assert [one and one.look_alike for one in seen] == [True, True, False]
        with_another_pack = work.members.at_the_lane(three[0].member, OTHER_PACK)
        assert with_another_pack is not None
        assert not with_another_pack.look_alike


@pytest.mark.parametrize("whose", [0, 1], ids=["the first's", "the second's"])
@pytest.mark.parametrize("how", ["withdrawn", "erased", "enrolled anew"])
def test_a_pair_goes_with_either_template_and_the_outbox_is_told(
    place: Place, store: SqlStore, town: Town, three: list[Consent], whose: int, how: str
) -> None:
    with store.begin() as work:
        work.look_alikes.add(alike(town, three[0], three[1]))
        work.look_alikes.add(alike(town, three[1], three[2]))
        work.commit()
    before = told(place, Kind.LOOK_ALIKE)
    assert len(before) == 2
    gone = three[2 * whose]
    with store.begin() as work:
        if how == "withdrawn":
            work.consents.withdraw(gone.member, LATER)
        elif how == "erased":
            work.templates.erase(gone.member)
        else:
            work.templates.put(town.template(gone, b"another"), b"key")
        work.commit()
    with store.read() as work:
        [left] = work.look_alikes.of_pack(PACK)
    assert gone.member not in left.pair
    [(_, version)] = [one for one in told(place, Kind.LOOK_ALIKE) if one not in before]
    assert version == 2


def test_who_has_no_template_looks_like_nobody(store: SqlStore, town: Town, three: list[Consent]) -> None:
    with store.begin() as work:
        work.templates.erase(three[1].member)
        for pair in ((three[0], three[1]), (three[1], three[2])):
            with pytest.raises(NotFound, match="no template"):
                work.look_alikes.add(alike(town, pair[0], pair[1]))
        work.look_alikes.add(alike(town, three[0], three[2]))  # and the transaction goes on
        work.commit()


def test_an_invitation_says_whether_a_look_alike_is_known(store: SqlStore, three: list[Consent]) -> None:
    for allowed in (True, False):
        digest = digest_of(f"link {allowed}")
        made = Invitation(InvitationId(uuid7()), three[0].member, digest, LATER, look_alike_allowed=allowed)
        with store.begin() as work:
            work.invitations.add(made)
            work.commit()
        with store.read() as work:
            assert work.invitations.by_digest(digest) == made


# --- calibrations ---


def made(town: Town, at: timedelta = timedelta(0), pack: PackId = PACK, people: int = 30) -> SiteCalibration:
    points = [OperatingPoint(0.123456789012345, 0.1), OperatingPoint(0.5, 1e-3 / 3)]
    return SiteCalibration(
        pack=pack,
        data=data_of(people, 31, NOW + at),
        comparisons=435,
        people=people,
        points=points,
        id=CalibrationId(uuid7()),
        centre=town.centre_id,
        at=NOW + at,
        gallery=31,
        left_out=2,
    )


def test_calibrations_are_kept_and_the_newest_of_the_pack_counts(
    place: Place, store: SqlStore, town: Town
) -> None:
    with store.read() as work:
        assert work.calibrations.latest(PACK) is None
    one, two, late = (made(town, timedelta(hours=hours)) for hours in (0, 1, -5))
    other = made(town, timedelta(days=1), OTHER_PACK)
    with store.begin() as work:
        for each in (one, two, late, other):
            work.calibrations.add(each)
        work.commit()
    with store.read() as work:
        assert work.calibrations.latest(PACK) == two
        assert work.calibrations.history(PACK) == [two, one, late]
        assert work.calibrations.history(PACK, most=2) == [two, one]
        assert work.calibrations.history(OTHER_PACK) == [other]
    assert {record for record, _ in told(place, Kind.CALIBRATION)} == {
        each.id for each in (one, two, late, other)
    }


# --- adjudications ---


def judged(
    town: Town, passage: Passage, verdict: Verdict, at: timedelta = timedelta(0), staff: StaffId | None = None
) -> Adjudication:
    id = AdjudicationId(uuid7())
    return Adjudication(id, passage.id, town.centre_id, verdict, staff or town.staff_id, NOW + at)


def test_the_latest_verdict_of_a_passage_counts(place: Place, store: SqlStore, town: Town) -> None:
    passed, other = town.passage(), town.passage()
    said = [
        judged(town, passed, Verdict.SHOULD_HAVE_OPENED, timedelta(minutes=1)),
        judged(town, passed, Verdict.ATTACK, timedelta(minutes=3)),
        judged(town, passed, Verdict.RIGHTLY_REFERRED, timedelta(minutes=2)),
    ]
    with store.begin() as work:
        work.passages.add(passed)
        work.passages.add(other)
        for one in said:
            work.adjudications.add(one)
        work.commit()
    with store.read() as work:
        assert work.adjudications.latest_of([passed.id, other.id]) == {passed.id: said[1]}
        assert work.adjudications.latest_of([]) == {}
        assert set(work.adjudications.tally(town.lane_id)) == {
            Tally(Outcome.REFER, "no match", Verdict.ATTACK, 1),
            Tally(Outcome.REFER, "no match", None, 1),
        }
    assert {record for record, _ in told(place, Kind.ADJUDICATION)} == {one.id for one in said}


def test_a_lane_is_tallied_by_itself_since_a_day_and_by_face_only(store: SqlStore, town: Town) -> None:
    member = enrol(store, town).member
    lane = replace(town.lane, id=LaneId(uuid7()), slug="side")
    spoof = replace(town.passage(), reason=ReferReason.SPOOF)
    passages = [
        town.passage(member, 0.7),
        town.passage(member, 0.8, at=LATER),
        spoof,
        replace(spoof, id=PassageId(uuid7()), at=LATER),
        town.passage(lane=lane.id),
    ]
    with store.begin() as work:
        work.lanes.add(lane)
        for one in passages:
            work.passages.add(one)
        work.adjudications.add(judged(town, passages[1], Verdict.WRONG_PERSON))
        work.commit()
    with store.read() as work:
        assert set(work.adjudications.tally(town.lane_id)) == {
            Tally(Outcome.ADMIT, "face matched", None, 1),
            Tally(Outcome.ADMIT, "face matched", Verdict.WRONG_PERSON, 1),
            Tally(Outcome.REFER, "spoof", None, 2),
        }
        assert set(work.adjudications.tally(town.lane_id, LATER)) == {
            Tally(Outcome.ADMIT, "face matched", Verdict.WRONG_PERSON, 1),
            Tally(Outcome.REFER, "spoof", None, 1),
        }
        assert work.adjudications.tally(lane.id) == [Tally(Outcome.REFER, "no match", None, 1)]
        assert work.passages.span(town.lane_id) == (NOW, LATER)
        assert work.passages.span(town.lane_id, LATER + timedelta(days=1)) is None


def test_nobody_adjudicates_what_is_not_recorded(store: SqlStore, town: Town) -> None:
    passed = town.passage()
    with store.begin() as work:
        with pytest.raises(NotFound, match="does not exist"):
            work.adjudications.add(judged(town, passed, Verdict.ATTACK))
        work.passages.add(passed)
        with pytest.raises(NotFound, match="does not exist"):
            work.adjudications.add(judged(town, passed, Verdict.ATTACK, staff=StaffId(uuid7())))
        work.adjudications.add(judged(town, passed, Verdict.ATTACK))
        work.commit()
