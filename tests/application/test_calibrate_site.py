"""The site's own calibration: from its members against each other, with look-alikes left out and recorded."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from stile.application.calibrate_site import Calibrated, CalibrateSite, TooLittle
from stile.domain import site_calibration
from stile.domain.audit import Event
from stile.domain.calibration import Calibration, required_fmr, safer
from stile.domain.errors import Conflict, NotConfigured
from stile.domain.look_alike import FoundBy, LookAlike
from stile.domain.passage import Refer, ReferReason
from stile.ports import Pairs
from stile.testing import FAKE_PACK
from tests.application.alike import enrolled, like, strangers_to_each_other
from tests.conftest import Here

DAY = timedelta(days=1).total_seconds()


def made(here: Here) -> Calibrated:
    found = here.site.calibrate_site.make("test")
    assert isinstance(found, Calibrated)
    return found


def pairs_of(here: Here) -> set[frozenset[object]]:
    with here.site.store.read() as work:
        return {frozenset(one.pair) for one in work.look_alikes.of_pack(FAKE_PACK)}


def test_members_make_a_calibration_that_is_kept_and_told(here: Here) -> None:
    enrolled(here, strangers_to_each_other(60))
    found = made(here)
    own = found.calibration
    assert (own.people, own.gallery, own.comparisons) == (60, 60, 1770)
    assert (found.calibration.left_out, found.look_alikes) == (0, 0)
    assert here.site.calibrate_site.current() == found.calibration
    with here.site.store.read() as work:
        assert work.calibrations.history(FAKE_PACK) == [found.calibration]
        [entry] = [one for one in work.audit.entries() if one.event is Event.SITE_CALIBRATED]
    assert entry.detail == {
        "pack": "fake",
        "members": 60,
        "look_alikes": 0,
        "comparisons": 1770,
        "left_out": 0,
    }


def test_its_threshold_keeps_the_rate_among_people_it_has_not_seen(here: Here) -> None:
    """1,000 strangers against each threshold: the share that matches some member is what was promised, or less."""
    vectors = strangers_to_each_other(60)
    enrolled(here, vectors)
    own = made(here).calibration
    best = (strangers_to_each_other(1_000, seed=5) @ vectors.T).max(axis=1)
    for fpir in (0.5, 0.1, 0.05):
        threshold = own.threshold_for(fpir, 60)
        assert threshold is not None
        assert (best >= threshold.value).mean() <= fpir


def test_beyond_what_the_members_show_the_last_threshold_stands_and_says_so(here: Here) -> None:
    enrolled(here, strangers_to_each_other(60))
    own = made(here).calibration
    shown = own.threshold_at(3 / 1770)
    last, beyond = own.threshold_at(own.rarest_fmr), own.threshold_at(1e-9)
    assert shown is not None
    assert last is not None
    assert beyond is not None
    assert own.rarest_fmr == pytest.approx(1 / 1770, rel=1e-3)  # three times rarer than shown, and no further
    assert (shown.extrapolated, last.extrapolated, beyond.extrapolated) == (False, True, True)
    assert last.value == beyond.value
    assert beyond.fmr == 1e-9


@pytest.mark.parametrize("members", [0, 1, 2, 49])
def test_too_few_members_say_how_many_are_needed(here: Here, members: int) -> None:
    enrolled(here, strangers_to_each_other(members))
    found = here.site.calibrate_site.make("test")
    assert isinstance(found, TooLittle)
    assert found.members == members
    assert found.why == f"{members} members are enrolled, and 50 are needed."
    assert here.site.calibrate_site.current() is None


def test_without_a_pack_it_says_what_to_do(here: Here) -> None:
    blind = CalibrateSite(here.site.store, None, None, here.clock, here.site.chance)
    assert blind.keep_current() is None
    with pytest.raises(NotConfigured, match="stile doctor"):
        blind.make("test")


# --- look-alikes ---


@pytest.fixture
def with_twins(here: Here) -> tuple[Here, set[frozenset[object]]]:
    """60 members, of whom two are twins."""
    vectors = strangers_to_each_other(60)
    vectors[17] = like(vectors[4], 0.8)
    members = enrolled(here, vectors)
    return here, {frozenset((members[4], members[17]))}


def test_twins_are_recorded_and_left_out_of_the_tail(
    with_twins: tuple[Here, set[frozenset[object]]], make_here: Callable[[], Here]
) -> None:
    here, twins = with_twins
    found = made(here)
    assert pairs_of(here) == twins
    assert (found.look_alikes, found.calibration.left_out, found.calibration.comparisons) == (1, 1, 1769)
    again = made(here)
    assert (again.look_alikes, again.calibration.left_out) == (0, 1)  # known now, and left out all the same
    assert [one.threshold for one in again.calibration.points] == [
        one.threshold for one in found.calibration.points
    ]
    assert found.calibration.points[-1].threshold < 0.8
    for entry in _entries(here):
        text = str(dict(entry))
        assert not any(str(one) in text for pair in twins for one in pair), (
            "the audit log would never forget it"
        )


def _entries(here: Here) -> list[dict[str, object]]:
    with here.site.store.read() as work:
        return [dict(one.detail) for one in work.audit.entries() if one.event is Event.SITE_CALIBRATED]


def test_a_look_alike_is_asked_for_the_card_and_others_are_not(here: Here) -> None:
    members = [here.enrol(who) for who in range(1, 4)]
    vector = here.site.gallery
    assert vector is not None
    enrolled(here, strangers_to_each_other(20), first=20)
    assert here.come(1).door_opened
    with here.site.store.begin() as work:
        now, centre = here.clock.now(), here.lane.centre
        pair = LookAlike.of(members[0].id, members[1].id, FAKE_PACK, centre, now, FoundBy.ENROLMENT)
        work.look_alikes.add(pair)
        work.commit()
    for who in (1, 2):
        assert here.come(who).decision == Refer(ReferReason.AMBIGUOUS)
    assert here.come(3).door_opened
    here.site.withdraw.consent_of(members[1].id, "test")
    assert here.come(1).door_opened, "who they looked like is not enrolled any more"


def test_the_fact_goes_with_either_template(with_twins: tuple[Here, set[frozenset[object]]]) -> None:
    here, twins = with_twins
    made(here)
    [(one, _)] = [tuple(pair) for pair in twins]
    here.site.withdraw.consent_of(one, "test")  # type: ignore[arg-type]
    assert pairs_of(here) == set()
    assert made(here).calibration.left_out == 0


def test_who_withdraws_while_members_are_compared_is_not_recorded(
    with_twins: tuple[Here, set[frozenset[object]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pair was found in memory; by the time it is recorded one of the two has no template any more."""
    here, twins = with_twins
    [(one, _)] = [tuple(pair) for pair in twins]
    points_of = site_calibration.points_of

    def meanwhile(*args: object) -> object:
        here.site.withdraw.consent_of(one, "test")  # type: ignore[arg-type]
        return points_of(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(site_calibration, "points_of", meanwhile)
    assert made(here).look_alikes == 0
    assert pairs_of(here) == set()


# --- when ---


def test_it_is_made_again_as_the_gallery_changes(here: Here) -> None:
    keep = here.site.calibrate_site.keep_current
    assert keep() is None, "nobody is enrolled"
    enrolled(here, strangers_to_each_other(60))
    assert isinstance(keep(), Calibrated)
    assert keep() is None
    enrolled(here, strangers_to_each_other(3, seed=3), first=70)  # 5 in 100, and no more
    assert keep() is None
    enrolled(here, strangers_to_each_other(1, seed=4), first=80)
    assert isinstance(keep(), Calibrated)
    here.clock.advance(DAY - 1)
    assert keep() is None
    here.clock.advance(1)
    assert isinstance(keep(), Calibrated)


def test_too_few_members_are_not_tried_every_minute(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(here, strangers_to_each_other(10))
    keep = here.site.calibrate_site.keep_current
    assert isinstance(keep(), TooLittle)
    assert keep() is None
    enrolled(here, strangers_to_each_other(45, seed=3), first=30)
    assert isinstance(keep(), Calibrated)


def test_the_newest_is_there_after_a_restart_and_follows_another_program(
    make_here: Callable[[], Here],
) -> None:
    here = make_here()
    enrolled(here, strangers_to_each_other(60))
    first = made(here).calibration
    other = make_here()
    assert other.site.calibrate_site.current() == first
    other.clock.advance(60)
    second = made(other).calibration
    assert here.site.calibrate_site.current() == first
    assert here.site.calibrate_site.keep_current() is None
    assert here.site.calibrate_site.current() == second


# --- what it does at the lane ---


def test_at_the_lane_the_safer_of_the_two_wins(here: Here) -> None:
    """Members who look much more alike than the people that the pack was measured on."""
    common = strangers_to_each_other(1, seed=9)
    vectors = strangers_to_each_other(60) + 1.2 * common
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pack = here.pool.calibration.threshold_for(here.lane.fpir, 60)
    enrolled(here, vectors.astype(np.float32))
    assert here.site.admit_by_face.threshold(here.lane) == pack
    own: Calibration = made(here).calibration
    wanted = own.threshold_at(required_fmr(here.lane.fpir, 60))
    assert pack is not None
    assert wanted is not None
    assert wanted.value > pack.value
    assert here.site.admit_by_face.threshold(here.lane) == safer(pack, wanted) == wanted
    assert made(here).calibration.left_out == 6, (
        "one in ten; the others are a harder crowd, not each other's twins"
    )


def test_a_calibration_that_a_wrong_clock_dated_ahead_is_not_in_the_way(here: Here) -> None:
    enrolled(here, strangers_to_each_other(60))
    here.clock.advance(400 * 86_400)
    made(here)
    here.clock.advance(-399 * 86_400)
    right = made(here).calibration
    here.site.calibrate_site.follow()
    assert here.site.calibrate_site.current() == right


def test_who_is_told_apart_again_comes_in_by_face_again(here: Here) -> None:
    here.site.setup.change_lane(here.lane.id, {"fpir": 0.4})
    enrolled(here, strangers_to_each_other(60))
    assert made(here).look_alikes > 0
    here.site.setup.change_lane(here.lane.id, {"fpir": 0.001})
    made(here)
    with here.site.store.read() as work:
        assert work.look_alikes.count(FAKE_PACK) == 0


def test_who_would_be_taken_for_each_other_at_a_lane_is_a_look_alike_but_stays_in_the_tail(
    here: Here,
) -> None:
    """A chance pair just over the lane's threshold: left out, it would take the top off the tail each time."""
    here.site.setup.change_lane(here.lane.id, {"fpir": 0.3})
    vectors = strangers_to_each_other(60)
    vectors[17] = like(vectors[4], 0.46)
    members = enrolled(here, vectors)
    found = made(here)
    threshold = here.site.admit_by_face.threshold(here.site.setup.lane("main"))
    assert threshold is not None
    over = {
        frozenset((members[i], members[j]))
        for i in range(60)
        for j in range(i)
        if vectors[i] @ vectors[j] >= threshold.value
    }
    assert over
    assert pairs_of(here) == over
    assert found.calibration.left_out == 0


def test_nobody_waits_while_the_members_are_compared(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(here, strangers_to_each_other(60))
    gallery, calibrate = here.site.gallery, here.site.calibrate_site
    assert gallery is not None
    between, refused = gallery.between, []

    def slowly(highest: int, most: int, seed: int) -> Pairs:
        with pytest.raises(Conflict, match="at this moment"):
            calibrate.make("somebody else")
        refused.append(True)
        return between(highest, most, seed)

    monkeypatch.setattr(gallery, "between", slowly)
    made(here)
    assert refused == [True]
    monkeypatch.undo()
    made(here)
