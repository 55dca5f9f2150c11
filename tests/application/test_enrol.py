"""Enrolment: 3 to 5 good shots of one person, refused with a reason, and nobody twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from stile.application.consenting import Consenting
from stile.application.enrol import Enrol, Enrolment, ShotRefused, ShotTaken
from stile.application.shots import ShotFlaw
from stile.domain import fusion
from stile.domain.audit import Event
from stile.domain.errors import AlreadyEnrolled, Conflict, NotAllowed, NotConfigured, NotFound
from stile.domain.faces import Frame
from stile.domain.notice import OFFERED
from stile.domain.passage import Refer, ReferReason
from stile.domain.quality import Flaw
from stile.testing import FAKE_PACK, picture_of
from tests.application.alike import enrolled, like, store, strangers_to_each_other
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
    site = here.site
    consenting = Consenting(site.store, None, here.clock, site.chance, site.may_enrol, OFFERED)
    blind = Enrol(
        site.store, site.vault, None, None, here.clock, site.chance, site.invite, consenting, site.go_live
    )
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


# --- look-alikes ---


def newcomer(here: Here, who: int, looks_like: int) -> Enrolment:
    """Another member, whose face is as much like somebody's as a twin's."""
    member = here.add(who, "Bea")
    here.consent(member)
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(10, 13):
        here.site.enrol.shot(enrolment, picture_of(looks_like, variation=variation))
    return enrolment


def pairs(here: Here) -> list[tuple[frozenset[object], str]]:
    with here.site.store.read() as work:
        return [(frozenset(one.pair), one.found_by.value) for one in work.look_alikes.of_pack(FAKE_PACK)]


def test_twins_are_enrolled_where_reception_says_that_they_are_two(here: Here) -> None:
    first = here.enrol(1)
    second = newcomer(here, 2, looks_like=1)
    token = here.site.enrol.invite(second.member, "test", look_alike_allowed=True)
    here.site.enrol.finish(second, here.site.enrol.invited(token)[0])
    assert pairs(here) == [(frozenset((first.id, second.member)), "enrolment")]
    assert here.come(1).decision == Refer(ReferReason.AMBIGUOUS)
    with here.site.store.read() as work:
        last = [one for one in work.audit.entries() if one.event is Event.INVITATION_MADE][-1]
        for entry in work.audit.entries():
            if entry.subject == str(first.id):
                assert str(second.member) not in str(entry.detail)
    assert last.detail == {}, "what is derived from templates goes with them, and the log never forgets"


def test_the_command_line_may_say_so_as_well(here: Here) -> None:
    first = here.enrol(1)
    second = newcomer(here, 2, looks_like=1)
    here.site.enrol.finish(second, actor="command line", look_alike_allowed=True)
    assert pairs(here) == [(frozenset((first.id, second.member)), "enrolment")]


def test_an_invitation_without_the_word_of_reception_does_not_let_a_twin_in(here: Here) -> None:
    here.enrol(1)
    second = newcomer(here, 2, looks_like=1)
    token = here.site.enrol.invite(second.member, "test")
    with pytest.raises(AlreadyEnrolled):
        here.site.enrol.finish(second, here.site.enrol.invited(token)[0])
    assert pairs(here) == []


def test_known_twins_enrol_again_without_being_asked_once_more(here: Here) -> None:
    first = here.enrol(1)
    second = newcomer(here, 2, looks_like=1)
    here.site.enrol.finish(second, look_alike_allowed=True)
    again = here.site.enrol.begin(first.id)
    for variation in range(20, 23):
        here.site.enrol.shot(again, picture_of(1, variation=variation))
    here.site.enrol.finish(again)
    assert pairs(here) == [(frozenset((first.id, second.member)), "enrolment")]


@pytest.mark.parametrize(("cosine", "recorded"), [(0.46, True), (0.30, False)], ids=["alike", "not alike"])
def test_who_looks_alike_but_is_no_duplicate_is_recorded_silently(
    here: Here, cosine: float, recorded: bool
) -> None:
    """Among 30 members two look alike from 0.44 on in the eyes of the fake, and are one person from 0.50 on."""
    vectors = strangers_to_each_other(30)
    members = enrolled(here, vectors, first=10)
    new = here.add(1)
    here.consent(new)
    enrolment = here.site.enrol.begin(new.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    made = fusion.template(enrolment.shots.taken).vector
    store(here, members[3], like(made, cosine + 0.01))
    here.site.enrol.finish(enrolment)
    assert pairs(here) == ([(frozenset((new.id, members[3])), "enrolment")] if recorded else [])


def test_no_template_where_the_date_of_birth_was_corrected_after_the_consent(here: Here) -> None:
    """Who turns out to be a child between the yes and the last picture is not enrolled as an adult."""
    member = here.add(1)
    here.consent(member)
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    born = here.clock.today().replace(year=here.clock.today().year - 10, day=1)
    here.site.membership.change(member.id, {"born_on": born}, "test")
    with pytest.raises(NotAllowed, match="18 and over"):
        here.site.enrol.finish(enrolment)
    with here.site.store.read() as work:
        assert not work.templates.has(member.id, FAKE_PACK)
