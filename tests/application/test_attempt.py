"""A passage attempt: one tracked person, frames apart in time, head turns, and no more tries than the lane allows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
import pytest

from stile.application.attempt import APART, Attempt, Claim, Looking
from stile.application.gate import Concluded
from stile.domain.attempts import PAUSE
from stile.domain.challenge import TRIES, TURNED, Turn
from stile.domain.faces import DetectedFace, Frame
from stile.domain.ids import LaneId
from stile.domain.liveness import LivenessMode, ScreenTraces, Telltale
from stile.domain.look_alike import FoundBy, LookAlike
from stile.domain.member import MembershipStatus
from stile.domain.passage import Admit, AdmitReason, Refer, ReferReason, Refuse
from stile.domain.places import Ask
from stile.domain.quality import Flaw
from stile.domain.tracking import LONGEST_GAP
from stile.domain.zone import Zone
from stile.ports import News, Topic
from stile.testing import picture_of
from tests.conftest import A_FRAME, Here

LEFT, RIGHT, AHEAD = TURNED + 0.05, -TURNED - 0.05, 0.0


def begin(here: Here, claim: Claim | None = None) -> Attempt:
    attempt = here.site.admit_by_face.begin(here.lane, claim)
    assert isinstance(attempt, Attempt)
    return attempt


def see(here: Here, attempt: Attempt, *frames: Frame, apart: float = A_FRAME) -> Looking | Concluded:
    for frame in frames:
        here.clock.advance(apart)
        seen = here.site.admit_by_face.see(attempt, frame)
        if isinstance(seen, Concluded):
            break
    return seen


def pictures(who: int, count: int = 3, first: int = 50, **more: float) -> list[Frame]:
    return [picture_of(who, variation=first + n, **more) for n in range(count)]  # type: ignore[arg-type]


# --- one person ---


def test_a_face_that_swaps_starts_the_attempt_again(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    assert see(here, attempt, *pictures(1, 2)) == Looking(2, 3)
    assert see(here, attempt, *pictures(2, 1)) == Looking(1, 3), "what was seen of the first counts no more"
    done = see(here, attempt, *pictures(2, 2, first=70))
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.NO_MATCH)


def test_a_second_person_starts_it_again(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 2))
    assert see(here, attempt, picture_of(1, 2)) == Looking(0, 3, Flaw.SEVERAL_FACES)
    assert see(here, attempt, *pictures(1, 2, first=70)) == Looking(2, 3)


def test_a_jump_of_the_track_starts_it_again(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 2))
    detect = here.pool.eyes.detect

    def elsewhere(frame: Frame) -> Sequence[DetectedFace]:
        (face,) = detect(frame)
        half = (face.box[0] + 40, face.box[1] + 20, face.box[2] / 2, face.box[3] / 2)
        return [
            DetectedFace(
                half,
                (face.points - np.float32(120)) / np.float32(2) + np.float32(130),
                face.confidence,
                face.scheme,
            )
        ]

    monkeypatch.setattr(here.pool.eyes, "detect", elsewhere)
    assert see(here, attempt, *pictures(1, 1, first=70)) == Looking(1, 3), "it began with this frame"


def test_a_gap_starts_it_again(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 2))
    see(here, attempt, picture_of())
    here.clock.advance(LONGEST_GAP)
    assert see(here, attempt, *pictures(1, 1, first=70)) == Looking(1, 3)


def test_a_busy_machine_does_not_lose_whoever_stands_there(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 2))
    here.clock.advance(LONGEST_GAP)
    assert isinstance(see(here, attempt, *pictures(1, 1, first=70)), Concluded)


# --- frames ---


def test_frames_that_come_too_close_are_not_fused(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 1))
    embedded = here.pool.eyes.calls["embed"]
    assert see(here, attempt, *pictures(1, 1, first=60), apart=APART / 2) == Looking(1, 3)
    assert here.pool.eyes.calls["embed"] == embedded
    assert see(here, attempt, *pictures(1, 1, first=61), apart=APART / 2 + 0.01) == Looking(2, 3)


def test_the_same_picture_twice_is_one_frame(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    (picture,) = pictures(1, 1)
    assert see(here, attempt, picture, picture) == Looking(1, 3)


def test_when_time_is_over_two_good_frames_will_do(here: Here) -> None:
    member = here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 2))
    done = see(here, attempt, *[picture_of(1, variation=n, dark=True) for n in range(9)])
    assert isinstance(done, Concluded)
    assert done.decision == Admit(member.id, AdmitReason.FACE_MATCHED)


def test_one_good_frame_never_will(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 1))
    seen = see(here, attempt, *[picture_of(1, variation=n, dark=True) for n in range(40)])
    assert seen == Looking(1, 3, Flaw.TOO_DARK)
    here.clock.advance(here.lane.patience)
    done = see(here, attempt, picture_of())
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.NO_GOOD_FRAME)


# --- the zone ---


def test_who_passes_by_outside_the_zone_is_never_embedded(here: Here) -> None:
    """Law 1 and law 3: found, because nobody can be told from nobody without looking, and forgotten."""
    member = here.enrol(1)
    zone = Zone(((0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)))
    here.lane = replace(here.lane, ask=Ask.ZONE, zone=zone, least_face=0.2)
    before = dict(here.pool.eyes.calls)
    nobody = picture_of(1, 600)  # 600 stands to the right of 1, outside the zone
    assert here.site.admit_by_face.asks(here.lane, nobody), "the person 1 stands in it"
    here.lane = replace(here.lane, zone=Zone(((0.0, 0.0), (0.1, 0.0), (0.1, 1.0), (0.0, 1.0))))
    assert not here.site.admit_by_face.asks(here.lane, nobody)
    here.lane = replace(here.lane, zone=zone)
    attempt = begin(here)
    done = see(here, attempt, *[picture_of(1, 600, variation=n) for n in range(3)])
    assert isinstance(done, Concluded)
    assert done.decision == Admit(member.id, AdmitReason.FACE_MATCHED), "the passer-by was not in the way"
    after = here.pool.eyes.calls
    assert after["detect"] == before["detect"] + 5
    assert after["embed"] == before["embed"] + 3, (
        "three frames of the one who asked, and none of the passer-by"
    )
    assert after["liveness"] == before["liveness"] + 3


def test_two_people_in_the_zone_come_one_by_one(here: Here) -> None:
    here.enrol(1)
    everywhere = Zone(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)))
    here.lane = replace(here.lane, ask=Ask.ZONE, zone=everywhere)
    embedded = here.pool.eyes.calls["embed"]
    assert see(here, begin(here), picture_of(1, 600)) == Looking(0, 3, Flaw.SEVERAL_FACES)
    assert here.pool.eyes.calls["embed"] == embedded


# --- no more tries than the lane allows ---


def test_after_the_allowed_attempts_the_card_is_asked_for_without_a_look(here: Here) -> None:
    here.enrol(1)
    for _ in range(here.lane.attempts):
        assert here.come(500).decision == Refer(ReferReason.NO_MATCH)
        here.clock.advance(3)
    looked = dict(here.pool.eyes.calls)
    assert here.come(500).decision == Refer(ReferReason.TOO_MANY_ATTEMPTS)
    assert here.pool.eyes.calls == looked
    here.clock.advance(PAUSE)
    assert isinstance(here.come(1).decision, Admit)


def test_who_comes_in_ends_the_count(here: Here) -> None:
    here.enrol(1)
    for _ in range(3):
        assert here.come(500).decision == Refer(ReferReason.NO_MATCH)
        assert isinstance(here.come(1).decision, Admit)


def test_lanes_count_each_for_itself(here: Here) -> None:
    here.enrol(1)
    for _ in range(here.lane.attempts):
        here.come(500)
    other = replace(here.lane, id=LaneId(UUID(int=7)))
    assert isinstance(here.site.admit_by_face.begin(other), Attempt)


# --- a number first ---


@pytest.fixture
def card_first(here: Here) -> Here:
    here.lane = replace(here.lane, ask=Ask.CARD_FIRST)
    return here


def test_a_face_that_fits_the_number_comes_in_and_nobody_else_is_searched(
    card_first: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = card_first
    ada, _ = here.enrol(1), here.enrol(2, "Bea")
    monkeypatch.setattr(type(here.site.gallery), "search", lambda *_: 1 / 0)
    done = see(here, begin(here, Claim(ada.id)), *pictures(1))
    assert isinstance(done, Concluded)
    assert done.decision == Admit(ada.id, AdmitReason.FACE_MATCHED)
    assert done.passage is not None
    assert done.passage.comparison is not None
    assert done.passage.comparison.gallery_size == 1
    one_to_one = here.site.admit_by_face.threshold(here.lane)
    assert one_to_one is not None
    assert done.passage.comparison.threshold == one_to_one.value


def test_another_members_face_does_not(card_first: Here) -> None:
    ada, _ = card_first.enrol(1), card_first.enrol(2, "Bea")
    done = see(card_first, begin(card_first, Claim(ada.id)), *pictures(2))
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.NO_MATCH)


def test_a_number_that_is_nobodys_reads_like_a_face_that_does_not_fit(card_first: Here) -> None:
    card_first.enrol(1)
    done = see(card_first, begin(card_first, Claim(None)), *pictures(1))
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.NO_MATCH)
    assert card_first.pool.eyes.calls["embed"] >= 3, "or the time it takes would tell which numbers exist"


# --- liveness ---


Actor = Callable[[Looking], float]


def obeys(looking: Looking) -> float:
    return {Turn.LEFT: LEFT, Turn.RIGHT: RIGHT, None: AHEAD}[looking.turn]


def contradicts(looking: Looking) -> float:
    return -obeys(looking)


def stands(looking: Looking) -> float:
    return AHEAD


def act(here: Here, actor: Actor, who: int = 1, bona_fide: float = 1.0, most: int = 400) -> Concluded:
    """Somebody before the camera who sees what is asked, and does what they do a moment later, as a head turns: all
    the way."""
    attempt, seen, before, yaw = begin(here), Looking(0, 3), Looking(0, 3), 0.0
    for n in range(most):
        here.clock.advance(A_FRAME)
        yaw += max(-0.1, min(0.1, actor(before) - yaw))
        now = here.site.admit_by_face.see(
            attempt, picture_of(who, variation=n % 250, bona_fide=bona_fide, yaw=yaw)
        )
        if isinstance(now, Concluded):
            return now
        seen, before = now, seen
    raise AssertionError("an attempt ends")


@pytest.fixture
def active(here: Here) -> Here:
    here.lane = replace(here.lane, liveness=LivenessMode.PASSIVE_ACTIVE)
    return here


def test_who_turns_as_asked_comes_in(active: Here) -> None:
    member = active.enrol(1)
    assert act(active, obeys).decision == Admit(member.id, AdmitReason.FACE_MATCHED)


def test_who_turns_the_other_way_does_not(active: Here) -> None:
    active.enrol(1)
    assert act(active, contradicts).decision == Refer(ReferReason.CHALLENGE_FAILED)
    assert active.door.opened_for == []


def test_who_does_not_turn_has_three_tries(active: Here) -> None:
    active.enrol(1)
    began = active.clock.monotonic()
    assert act(active, stands).decision == Refer(ReferReason.CHALLENGE_FAILED)
    assert active.clock.monotonic() - began > TRIES * 3.0


def test_a_passive_lane_asks_only_where_looking_left_a_doubt(here: Here) -> None:
    member = here.enrol(1)
    assert isinstance(act(here, stands, bona_fide=1.0).decision, Admit)
    assert act(here, obeys, bona_fide=0.5).decision == Admit(member.id, AdmitReason.FACE_MATCHED)
    assert act(here, stands, bona_fide=0.5).decision == Refer(ReferReason.CHALLENGE_FAILED)


def test_edges_around_a_face_ask_for_turns(here: Here) -> None:
    here.enrol(1)
    here.pool.eyes.leaves = ScreenTraces(0.0, 0.75)
    assert act(here, stands).decision == Refer(ReferReason.CHALLENGE_FAILED)


def test_stripes_of_a_screen_are_an_attack_whatever_it_shows(active: Here) -> None:
    active.enrol(1)
    active.pool.eyes.leaves = ScreenTraces(0.9, 0.0)
    assert act(active, obeys).decision == Refer(ReferReason.SPOOF, Telltale.STRIPES)


def test_an_attack_that_shows_is_not_given_a_second_chance(active: Here) -> None:
    active.enrol(1)
    told: list[News] = []
    active.site.board.subscribe(told.append)
    done = act(active, obeys, bona_fide=0.05)
    assert done.decision == Refer(ReferReason.SPOOF, Telltale.NETWORKS)
    (news,) = [one for one in told if one.topic is Topic.STAFF_NEEDED]
    assert "is not a live face" in news.text
    with active.site.store.read() as work:
        (last,) = list(work.audit.entries())[-1:]
    assert last.detail["telltale"] == Telltale.NETWORKS


def test_a_still_is_an_attack_as_soon_as_it_stands_too_long(active: Here) -> None:
    active.enrol(1)
    done = see(active, begin(active), *[picture_of(1, variation=5)] * 20)
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.SPOOF, Telltale.STILL)


def test_a_stranger_is_asked_to_turn_like_a_member(active: Here) -> None:
    """What is asked of somebody must not tell whether they are enrolled."""
    active.enrol(1)
    attempt = begin(active)
    seen = see(active, attempt, *pictures(500, 3))
    assert isinstance(seen, Looking)
    assert seen.holds
    assert act(active, obeys, who=500).decision == Refer(ReferReason.NO_MATCH)


def test_another_head_cannot_turn_for_the_one_that_was_looked_at(active: Here) -> None:
    active.enrol(1)
    attempt, seen = begin(active), Looking(0, 3)
    for n in range(400):
        active.clock.advance(A_FRAME)
        yaw = obeys(seen)
        now = active.site.admit_by_face.see(
            attempt, picture_of(1 if yaw == AHEAD else 2, variation=n % 250, yaw=yaw)
        )
        if isinstance(now, Concluded):
            break
        seen = now
    assert isinstance(now, Concluded)
    assert now.decision == Refer(ReferReason.CHALLENGE_FAILED)


def test_pictures_of_a_turned_head_that_are_swapped_by_hand_do_not_come_in(active: Here) -> None:
    active.enrol(1)
    attempt, seen = begin(active), Looking(0, 3)
    for n in range(400):
        active.clock.advance(A_FRAME)
        now = active.site.admit_by_face.see(attempt, picture_of(1, variation=n % 250, yaw=obeys(seen)))
        if isinstance(now, Concluded):
            break
        seen = now
    assert isinstance(now, Concluded)
    assert now.decision == Refer(ReferReason.CHALLENGE_FAILED)


def test_who_was_asked_to_turn_has_used_an_attempt(active: Here) -> None:
    """Or a film could give up until it is asked for the turns that it shows."""
    active.enrol(1)
    for _ in range(active.lane.attempts):
        attempt = begin(active)
        see(active, attempt, *pictures(1))
        given_up = active.site.admit_by_face.give_up(attempt)
        assert given_up is not None
        assert given_up.decision == Refer(ReferReason.CHALLENGE_FAILED)
    assert active.come(1).decision == Refer(ReferReason.TOO_MANY_ATTEMPTS)


def test_turning_to_the_card_before_that_has_not(here: Here) -> None:
    here.enrol(1)
    for _ in range(5):
        attempt = begin(here)
        see(here, attempt, *pictures(1, 2))
        assert here.site.admit_by_face.give_up(attempt) is not None


def test_looking_better_afterwards_does_not_take_the_doubt_away(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    seen = see(here, attempt, *pictures(1, 3, bona_fide=0.5))
    assert isinstance(seen, Looking)
    assert seen.holds
    see(here, attempt, picture_of(1, 600))  # somebody steps beside them: it starts again
    seen = see(here, attempt, *pictures(1, 3, first=90))
    assert isinstance(seen, Looking)
    assert seen.holds, "and they are asked to turn again"


def test_the_networks_go_on_looking_while_the_head_turns(active: Here) -> None:
    active.enrol(1)
    attempt, seen, yaw = begin(active), Looking(0, 3), 0.0
    for n in range(400):
        active.clock.advance(A_FRAME)
        yaw += max(-0.1, min(0.1, obeys(seen) - yaw))
        picture = picture_of(1, variation=n % 250, bona_fide=1.0 if n < 3 else 0.0, yaw=yaw)
        now = active.site.admit_by_face.see(attempt, picture)
        if isinstance(now, Concluded):
            break
        seen = now
    assert isinstance(now, Concluded)
    assert now.decision == Refer(ReferReason.SPOOF, Telltale.NETWORKS)


def test_one_frame_alone_is_no_evidence_of_life(here: Here) -> None:
    here.enrol(1)
    here.lane = replace(here.lane, frames=1)
    assert see(here, begin(here), *pictures(1, 1, bona_fide=0.0)) == Looking(1, 2)
    assert act(here, stands, bona_fide=0.0).decision == Refer(ReferReason.SPOOF, Telltale.NETWORKS)


def test_nothing_is_decided_for_somebody_who_has_gone(here: Here) -> None:
    here.enrol(1)
    attempt = begin(here)
    see(here, attempt, *pictures(1, 2))
    here.clock.advance(here.lane.patience - 2)
    assert see(here, attempt, picture_of()) == Looking(0, 3, Flaw.NO_FACE)
    assert here.door.opened_for == []


def test_two_screens_of_a_lane_give_nobody_twice_as_many_tries(here: Here) -> None:
    here.enrol(1)
    attempts = [here.site.admit_by_face.begin(here.lane) for _ in range(here.lane.attempts + 1)]
    assert [isinstance(one, Attempt) for one in attempts] == [True] * here.lane.attempts + [False]
    assert isinstance(attempts[0], Attempt)
    here.site.admit_by_face.give_up(attempts[0])
    assert isinstance(here.site.admit_by_face.begin(here.lane), Attempt)


def test_only_who_is_let_in_wipes_out_failures(here: Here) -> None:
    here.enrol(1)
    lapsed = here.enrol(2, "Bea")
    here.site.membership.set_status(lapsed.id, MembershipStatus.LAPSED, "test")
    assert here.come(500).decision == Refer(ReferReason.NO_MATCH)
    assert isinstance(here.come(2).decision, Refuse)
    assert here.come(500).decision == Refer(ReferReason.NO_MATCH)
    assert here.come(500).decision == Refer(ReferReason.TOO_MANY_ATTEMPTS)


@pytest.mark.parametrize("by_card", [True, False], ids=["a card", "a membership number"])
def test_a_look_alike_needs_the_card_itself(card_first: Here, by_card: bool) -> None:
    """A membership number is known to a twin."""
    here = card_first
    ada, bea = here.enrol(1), here.enrol(2, "Bea")
    with here.site.store.begin() as work:
        now, pack = here.clock.now(), here.pool.pack
        work.look_alikes.add(LookAlike.of(ada.id, bea.id, pack, here.lane.centre, now, FoundBy.ENROLMENT))
        work.commit()
    done = see(here, begin(here, Claim(ada.id, by_card)), *pictures(1))
    assert isinstance(done, Concluded)
    assert isinstance(done.decision, Admit if by_card else Refer)
