"""Enrolment: 3 to 5 good shots of one person, refused with a reason, and nobody twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from stile.application.enrol import Enrolment, ShotRefused, ShotTaken
from stile.application.shots import ShotFlaw
from stile.domain.errors import AlreadyEnrolled, Conflict, NotConfigured, NotFound
from stile.domain.faces import Frame
from stile.domain.quality import Flaw
from stile.testing import FAKE_PACK, picture_of
from tests.conftest import Here


@pytest.fixture
def enrolment(here: Here) -> Enrolment:
    member = here.add(1)
    here.consent(member)
    return here.site.enrol.begin(member.id)


def test_three_shots_make_a_template(here: Here, enrolment: Enrolment) -> None:
    for variation in range(3):
        assert here.site.enrol.shot(enrolment, picture_of(1, variation=variation)) == ShotTaken(variation + 1)
    here.site.enrol.finish(enrolment)
    with here.site.store.read() as work:
        ((row, _),) = work.templates.of_pack(FAKE_PACK)
    assert (row.member, row.shots) == (enrolment.member, 3)
    assert len(enrolment.shots) == 0, "the shots go as soon as the template is made"


@pytest.mark.parametrize(
    ("frame", "flaw"),
    [
        (picture_of(), Flaw.NO_FACE),
        (picture_of(1, 2), Flaw.SEVERAL_FACES),
        (picture_of(1, dark=True), Flaw.TOO_DARK),
    ],
    ids=["no face", "two faces", "too dark"],
)
def test_a_shot_is_refused_with_the_reason(
    here: Here, enrolment: Enrolment, frame: Frame, flaw: Flaw
) -> None:
    assert here.site.enrol.shot(enrolment, frame) == ShotRefused(flaw, 0)


def test_the_same_picture_twice_is_one_shot(here: Here, enrolment: Enrolment) -> None:
    here.site.enrol.shot(enrolment, picture_of(1))
    assert here.site.enrol.shot(enrolment, picture_of(1)) == ShotRefused(ShotFlaw.SAME_PICTURE, 1)


def test_somebody_else_slips_in_before_the_camera(here: Here, enrolment: Enrolment) -> None:
    here.site.enrol.shot(enrolment, picture_of(1))
    assert here.site.enrol.shot(enrolment, picture_of(2)) == ShotRefused(ShotFlaw.SOMEBODY_ELSE, 1)


def test_two_shots_are_too_few(here: Here, enrolment: Enrolment) -> None:
    for variation in range(2):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    with pytest.raises(Conflict, match="3 good pictures"):
        here.site.enrol.finish(enrolment)


def test_a_sixth_shot_is_not_taken(here: Here, enrolment: Enrolment) -> None:
    for variation in range(5):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    with pytest.raises(Conflict, match="5 pictures"):
        here.site.enrol.shot(enrolment, picture_of(1, variation=9))


def test_a_face_that_is_enrolled_under_another_member(here: Here) -> None:
    here.enrol(1)
    second = here.add(2, "Bea")
    here.consent(second)
    enrolment = here.site.enrol.begin(second.id)
    for variation in range(10, 13):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    with pytest.raises(AlreadyEnrolled) as refused:
        here.site.enrol.finish(enrolment)
    assert "Ada" not in str(refused.value), "it names nobody"
    with here.site.store.read() as work:
        assert not work.templates.has(second.id, FAKE_PACK)


def test_a_member_may_enrol_again(here: Here) -> None:
    member = here.enrol(1)
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(20, 23):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    here.site.enrol.finish(enrolment)
    assert len(here.site.gallery or ()) == 1


def test_the_link_works_once(here: Here) -> None:
    member = here.add(1)
    here.consent(member)
    token = here.site.enrol.invite(member.id, "test")
    invitation, invited = here.site.enrol.invited(token)
    assert invited == member
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    here.site.enrol.finish(enrolment, invitation)
    with pytest.raises(NotFound, match="does not work any more"):
        here.site.enrol.invited(token)


def test_the_link_runs_out(here: Here) -> None:
    token = here.site.enrol.invite(here.add(1).id, "test")
    here.clock.advance(timedelta(days=8).total_seconds())
    with pytest.raises(NotFound):
        here.site.enrol.invited(token)


def test_a_link_that_nobody_made(here: Here) -> None:
    with pytest.raises(NotFound):
        here.site.enrol.invited("guess")


def test_enrolling_without_a_model_pack_says_what_to_do(here: Here) -> None:
    blind = type(here.site.enrol)(here.site.store, here.site.vault, None, None, here.clock, here.site.chance)
    with pytest.raises(NotConfigured, match="stile doctor"):
        blind.begin(here.add(1).id)


def test_a_member_who_is_not_there_cannot_be_invited(here: Here) -> None:
    member = here.add(1)
    with pytest.raises(NotFound):
        here.site.enrol.invite(replace(member, id=here.site.chance.new_id()).id, "test")  # type: ignore[arg-type]


def test_a_new_link_ends_the_one_that_was_lost(here: Here) -> None:
    member = here.add(1)
    lost = here.site.enrol.invite(member.id, "test")
    new = here.site.enrol.invite(member.id, "test")
    with pytest.raises(NotFound):
        here.site.enrol.invited(lost)
    assert here.site.enrol.invited(new)[1] == member


def test_a_withdrawal_ends_the_members_links(here: Here) -> None:
    member = here.enrol(1)
    token = here.site.enrol.invite(member.id, "test")
    here.site.withdraw.consent_of(member.id, "test")
    with pytest.raises(NotFound):
        here.site.enrol.invited(token)
