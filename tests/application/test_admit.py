"""Admission by face: one attempt, one decision, a reason for each way it can end."""

from dataclasses import replace

import pytest

from stile.application.attempt import Attempt, Looking
from stile.application.gate import Concluded
from stile.domain.faces import AlignedFace, Features, Frame
from stile.domain.liveness import LivenessMode
from stile.domain.member import MembershipStatus
from stile.domain.passage import Admit, AdmitReason, Outcome, Refer, ReferReason, Refuse, RefuseReason
from stile.domain.quality import Flaw
from stile.ports import News, Topic
from stile.testing import picture_of
from tests.conftest import A_FRAME, Here


def see(here: Here, attempt: Attempt, frame: Frame) -> Looking | Concluded:
    """The camera's next frame."""
    here.clock.advance(A_FRAME)
    return here.site.admit_by_face.see(attempt, frame)


def test_a_member_comes_in(here: Here) -> None:
    member = here.enrol(1)
    done = here.come(1)
    assert done.decision == Admit(member.id, AdmitReason.FACE_MATCHED)
    assert (done.greeting, done.door_opened, done.outcome) == ("Ada", True, Outcome.ADMIT)
    assert done.passage is not None
    assert here.door.opened_for == [done.passage.id]


def test_three_frames_are_fused_and_the_lane_says_how_far_it_is(here: Here) -> None:
    here.enrol(1)
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    assert see(here, attempt, picture_of(1)) == Looking(1, 3)
    assert see(here, attempt, picture_of()) == Looking(1, 3, Flaw.NO_FACE)
    assert see(here, attempt, picture_of(1, variation=1)) == Looking(2, 3)
    assert isinstance(see(here, attempt, picture_of(1, variation=2)), Concluded)


def test_a_stranger_is_referred_to_the_card(here: Here) -> None:
    here.enrol(1)
    done = here.come(500)
    assert done.decision == Refer(ReferReason.NO_MATCH)
    assert (done.greeting, done.door_opened) == (None, False)


@pytest.mark.parametrize(
    ("bona_fide", "reason"),
    [(0.0, ReferReason.SPOOF), (0.5, ReferReason.CHALLENGE_FAILED)],
    ids=["a picture of a member", "unsure, and no head was turned"],
)
def test_liveness(here: Here, bona_fide: float, reason: ReferReason) -> None:
    here.enrol(1)
    done = here.come(1, bona_fide)
    assert done.decision.reason is reason
    assert done.passage is not None
    assert done.passage.member is None, "who was imitated is nobody's business"
    assert here.door.opened_for == []


def test_a_lane_without_liveness_does_not_ask_for_it(here: Here) -> None:
    here.enrol(1)
    here.lane = replace(here.lane, liveness=LivenessMode.OFF)
    assert isinstance(here.come(1, bona_fide=0.0).decision, Admit)
    assert here.pool.eyes.calls["liveness"] == 0


@pytest.mark.parametrize("status", [MembershipStatus.LAPSED, MembershipStatus.SUSPENDED], ids=str)
def test_a_member_who_may_not_come_in_now(here: Here, status: MembershipStatus) -> None:
    member = here.enrol(1)
    here.site.membership.set_status(member.id, status, "test")
    assert here.come(1).decision == Refuse(member.id, RefuseReason(status.value))
    assert here.door.opened_for == []


def test_one_face_that_two_templates_claim(here: Here) -> None:
    """Twins, or one person under two numbers: the lane asks for the card and names nobody."""
    first, second = here.enrol(1), here.add(2, "Bea")
    assert here.site.gallery is not None
    with here.site.store.read() as work:
        ((row, key),) = work.templates.of_pack(here.pool.pack)
    here.site.gallery.put(second.id, here.site.vault.open(first.id, key, row.sealed, row.pack))
    assert here.come(1).decision == Refer(ReferReason.AMBIGUOUS)


def test_no_good_frame_in_time(here: Here) -> None:
    here.enrol(1)
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    here.clock.advance(here.lane.patience + 1)
    done = here.site.admit_by_face.see(attempt, picture_of())
    assert isinstance(done, Concluded)
    assert done.decision == Refer(ReferReason.NO_GOOD_FRAME)


def test_nobody_is_enrolled_yet(here: Here) -> None:
    assert here.come(1).decision == Refer(ReferReason.NOBODY_ENROLLED)
    assert here.pool.eyes.calls["detect"] == 0


def test_face_mode_is_off(here: Here) -> None:
    here.enrol(1)
    here.lane = replace(here.lane, face_mode=False)
    before = dict(here.pool.eyes.calls)
    assert here.come(1).decision == Refer(ReferReason.FACE_MODE_OFF)
    assert here.pool.eyes.calls == before, "it was not even looked"


def test_a_model_that_fails_refers_to_the_card_and_tells_the_staff_its_kind_only(here: Here) -> None:
    here.enrol(1)
    told: list[News] = []
    here.site.board.subscribe(told.append)
    here.pool.eyes.breaks = True
    assert here.come(1).decision == Refer(ReferReason.VISION_DOWN)
    (news,) = [one for one in told if one.topic is Topic.STAFF_NEEDED]
    assert "RuntimeError" in news.text
    assert "might hold a face" not in news.text


def test_two_people_before_the_camera_are_asked_to_come_one_by_one(here: Here) -> None:
    here.enrol(1)
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    before = here.pool.eyes.calls["embed"]
    assert here.site.admit_by_face.see(attempt, picture_of(1, 2)) == Looking(0, 3, Flaw.SEVERAL_FACES)
    assert here.pool.eyes.calls["embed"] == before


def test_a_failure_after_the_last_frame_refers_as_well(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    here.enrol(1)
    monkeypatch.setattr(type(here.site.gallery), "search", lambda *_: 1 / 0)
    assert here.come(1).decision == Refer(ReferReason.VISION_DOWN)


def test_the_threshold_is_that_of_the_gallery_that_was_searched(here: Here) -> None:
    here.enrol(1)
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    for who in range(2, 9):
        here.enrol(who)
    for variation in range(3):
        done = see(here, attempt, picture_of(1, variation=60 + variation))
    assert isinstance(done, Concluded)
    assert done.passage is not None
    assert done.passage.comparison is not None
    assert done.passage.comparison.gallery_size == 8
    now = here.site.admit_by_face.threshold(here.lane)
    assert now is not None
    assert done.passage.comparison.threshold == now.value


def test_a_frame_that_comes_back_after_the_attempt_was_given_up_decides_nothing(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.enrol(1)
    here.lane = replace(here.lane, frames=1, liveness=LivenessMode.OFF)
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    embed = here.pool.eyes.embed

    def embed_slowly(aligned: AlignedFace) -> Features:
        here.site.admit_by_face.give_up(attempt)
        return embed(aligned)

    monkeypatch.setattr(here.pool.eyes, "embed", embed_slowly)
    assert here.site.admit_by_face.see(attempt, picture_of(1)) == Looking(0, 1)
    assert here.door.opened_for == []
    assert attempt.features == []
    with here.site.store.read() as work:
        assert work.passages.count() == 1


def test_an_attempt_that_has_its_decision_cannot_be_given_up(here: Here) -> None:
    here.enrol(1)
    attempt = here.site.admit_by_face.begin(here.lane)
    assert isinstance(attempt, Attempt)
    for variation in range(3):
        done = see(here, attempt, picture_of(1, variation=60 + variation))
    assert isinstance(done, Concluded)
    assert here.site.admit_by_face.give_up(attempt) is None
    looked = dict(here.pool.eyes.calls)
    assert here.site.admit_by_face.see(attempt, picture_of(500)) == Looking(0, 3)
    assert here.pool.eyes.calls == looked, "nobody asked any more, so nobody is looked at"
    with here.site.store.read() as work:
        assert work.passages.count() == 1
