"""Who is inside: nobody comes in twice where a lane says so, a full centre is full, and leaving is only ever told."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from stile.domain.access import Staff
from stile.domain.ids import CentreId, LaneId, StaffId
from stile.domain.passage import Admit, AdmitReason, Outcome, RefuseReason
from stile.domain.places import Lane
from stile.domain.roles import Role
from tests.conftest import Here


def set_lane(here: Here, anti_passback: bool = True, capacity: int | None = None) -> None:
    here.lane = replace(here.lane, anti_passback=anti_passback)
    with here.site.store.begin() as work:
        work.lanes.save(here.lane)
        centre = work.centres.get(here.lane.centre)
        assert centre is not None
        work.centres.save(replace(centre, capacity=capacity))
        work.commit()


def card(here: Here, who: int, lane: Lane | None = None) -> object:
    return here.site.admit_by_card.present(lane or here.lane, f"55000{who:02}").decision.reason


def inside(here: Here) -> int:
    with here.site.store.read() as work:
        return work.presences.count(here.lane.centre, here.clock.now().replace(year=2000))


def test_nothing_is_kept_where_nothing_asks(here: Here) -> None:
    here.add(1)
    assert card(here, 1) == card(here, 1) == AdmitReason.CARD_ACCEPTED
    assert inside(here) == 0


def test_who_was_inside_is_forgotten_where_nothing_asks_any_more(here: Here) -> None:
    set_lane(here)
    here.add(1)
    card(here, 1)
    set_lane(here, anti_passback=False)
    here.clock.advance(23 * 3600)
    list(here.site.expire.run())
    assert inside(here) == 1
    here.clock.advance(2 * 3600)
    list(here.site.expire.run())
    assert inside(here) == 0


def test_nobody_comes_in_twice(here: Here) -> None:
    set_lane(here)
    here.add(1)
    here.add(2)
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED
    assert card(here, 1) == RefuseReason.ALREADY_INSIDE
    assert card(here, 2) == AdmitReason.CARD_ACCEPTED
    with here.site.store.read() as work:
        assert [one.outcome for one in work.passages.latest()] == [
            Outcome.ADMIT,
            Outcome.REFUSE,
            Outcome.ADMIT,
        ]
    assert len(here.door.opened_for) == 2


def test_who_left_comes_in_again(here: Here) -> None:
    set_lane(here)
    here.add(1)
    card(here, 1)
    here.site.leave.told(here.lane, "55000-01")
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED


def test_a_visit_ends_by_itself(here: Here) -> None:
    set_lane(here)
    here.add(1)
    card(here, 1)
    here.clock.advance(4 * 3600 + 1)
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED
    assert inside(here) == 1


def test_another_lane_of_the_centre_counts_who_comes_in_and_lets_them_in_again(here: Here) -> None:
    set_lane(here)
    here.add(1)
    side = replace(here.lane, id=LaneId(here.site.chance.new_id()), slug="side", anti_passback=False)
    with here.site.store.begin() as work:
        work.lanes.add(side)
        work.commit()
    assert card(here, 1, side) == card(here, 1, side) == AdmitReason.CARD_ACCEPTED
    assert card(here, 1) == RefuseReason.ALREADY_INSIDE


def test_a_full_centre_is_full_until_somebody_leaves(here: Here) -> None:
    set_lane(here, anti_passback=False, capacity=2)
    for who in (1, 2, 3):
        here.add(who)
    assert card(here, 1) == card(here, 2) == AdmitReason.CARD_ACCEPTED
    assert card(here, 3) == RefuseReason.CENTRE_FULL
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED, "who is counted takes no second place"
    here.site.leave.told(here.lane)
    assert card(here, 3) == AdmitReason.CARD_ACCEPTED
    assert inside(here) == 2


def test_reception_lets_in_whom_it_will_and_guests_are_counted(here: Here) -> None:
    set_lane(here, anti_passback=False, capacity=1)
    here.add(1)
    staff = Staff(StaffId(here.site.chance.new_id()), "reception", frozenset({Role.RECEPTION}), "$argon2id$…")
    with here.site.store.begin() as work:
        work.staff.add(staff)
        work.commit()
    for _ in range(2):
        by_hand = here.site.admit_by_hand.let_in(here.lane, AdmitReason.GUEST, staff.id)
        assert by_hand.decision == Admit(None, AdmitReason.GUEST)
    assert card(here, 1) == RefuseReason.CENTRE_FULL
    here.site.leave.told(here.lane, "no card at all")
    here.site.leave.told(here.lane, "99999999")
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED


def test_who_is_inside_another_centre_left_it(here: Here) -> None:
    set_lane(here)
    member = here.add(1)
    other = CentreId(here.site.chance.new_id())
    with here.site.store.begin() as work:
        centre = work.centres.get(here.lane.centre)
        assert centre is not None
        work.centres.add(replace(centre, id=other, name="Elsewhere"))
        work.presences.come(here.site.chance.new_id(), member.id, other, here.clock.now(), here.clock.now())
        work.commit()
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED


def test_two_readers_at_once_let_one_card_in_once(here: Here) -> None:
    set_lane(here)
    here.add(1)
    with ThreadPoolExecutor(8) as pool:
        reasons = list(pool.map(lambda _: card(here, 1), range(16)))
    assert reasons.count(AdmitReason.CARD_ACCEPTED) == 1
    assert reasons.count(RefuseReason.ALREADY_INSIDE) == 15


def test_who_found_the_door_shut_may_try_again(here: Here) -> None:
    set_lane(here)
    here.add(1)
    here.door.breaks = True
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED
    here.door.breaks = False
    assert card(here, 1) == AdmitReason.CARD_ACCEPTED
    assert card(here, 1) == RefuseReason.ALREADY_INSIDE


def test_the_face_is_asked_the_same(here: Here) -> None:
    set_lane(here)
    here.enrol(1)
    assert here.come(1).decision.reason == AdmitReason.FACE_MATCHED
    assert here.come(1).decision.reason == RefuseReason.ALREADY_INSIDE
    assert card(here, 1) == RefuseReason.ALREADY_INSIDE
