"""Parents are told and asked; an objection or a refusal withdraws in the same moment."""

from dataclasses import replace
from datetime import timedelta

import pytest

from stile.application import family
from stile.domain.audit import Event
from stile.domain.children import Children, MayNot, WhyNot
from stile.domain.consent import Audience, Channel, Giver, Relation
from stile.domain.errors import CannotSend, NotAllowed, NotConfigured, NotFound, WrongValue
from stile.domain.guardians import Excuse, Said
from stile.testing import picture_of
from tests.conftest import Here
from tests.families import child, consents, enrol, for_children, is_enrolled, parent, with_settings


@pytest.fixture
def here(here: Here) -> Here:
    return for_children(here)


def why_not(here: Here, member: object) -> WhyNot | None:
    _, decision = here.site.may_enrol.of(member.id)  # type: ignore[attr-defined]
    return decision.reason if isinstance(decision, MayNot) else None


def token_in(letter: str) -> str:
    (line,) = [one for one in letter.splitlines() if "/parent/" in one]
    return line.rpartition("/")[2]


def test_a_child_under_13_is_enrolled_by_a_parents_consent(here: Here) -> None:
    member = child(here, 11)
    with pytest.raises(NotAllowed, match="parent or guardian must consent"):
        here.site.invite.link(member.id, "test")
    mother = parent(here, member)
    here.site.families.write_to(mother.id, "test")
    (letter,) = here.mail.letters
    assert letter.to == "annabella@example.org"
    assert "You may object at any time" in letter.text
    token = token_in(letter.text)
    here.site.families.consents_by_link(token, " Annabella  Byron ", here.site.notices.show(Audience.PARENT))
    enrol(here, member)
    with here.site.store.read() as work:
        consent = work.consents.live_of(member.id)
    assert consent is not None
    assert (consent.giver, consent.guardian, consent.relation) == (
        Giver.GUARDIAN,
        "Annabella Byron",
        Relation.PARENT,
    )
    shown = here.site.notices.current(Audience.PARENT)
    assert consent.notice_sha256 == shown.sha256, "the words that the parent had before them"
    assert here.come(1).door_opened


def test_a_parents_link_works_once_and_runs_out(here: Here) -> None:
    member = child(here, 11)
    mother = parent(here, member)
    notice = here.site.notices.show(Audience.PARENT)
    first = here.site.families.link(mother.id, "test").rpartition("/")[2]
    second = here.site.families.link(mother.id, "test").rpartition("/")[2]
    with pytest.raises(NotFound):
        here.site.families.asked(first)
    with pytest.raises(WrongValue, match="name"):
        here.site.families.consents_by_link(second, "  ", notice)
    here.site.families.consents_by_link(second, "Annabella", notice)
    with pytest.raises(NotFound):
        here.site.families.consents_by_link(second, "Annabella", notice)
    third = here.site.families.link(mother.id, "test").rpartition("/")[2]
    here.clock.advance(family.LINK_LASTS.total_seconds() + 1)
    with pytest.raises(NotFound, match="still say yes or no"):
        here.site.families.objects_by_link(third)


@pytest.mark.parametrize("by_link", [True, False], ids=["by the link", "at the desk"])
def test_an_objection_withdraws_at_once_and_stands(here: Here, by_link: bool) -> None:
    member = child(here, 11)
    mother, father = parent(here, member), parent(here, member, "George Example")
    consents(here, mother)
    enrol(here, member)
    if by_link:
        receipt = here.site.families.objects_by_link(
            here.site.families.link(father.id, "test").rpartition("/")[2]
        )
    else:
        found = here.site.families.record(father.id, Said.OBJECTED, Channel.DESK, "test")
        assert found is not None
        receipt = found
    assert receipt.templates == 1
    assert not is_enrolled(here, member)
    assert not here.come(1).door_opened
    assert why_not(here, member) is WhyNot.PARENT_OBJECTS


def test_an_objection_that_cannot_be_recorded_withdraws_nothing_and_the_other_way_round(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: a template never stands beside an objection."""
    member = child(here, 11)
    mother = parent(here, member)
    consents(here, mother)
    enrol(here, member)

    def fails(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(here.site.families, "_say", fails)
    with pytest.raises(RuntimeError):
        here.site.families.record(mother.id, Said.OBJECTED, Channel.DESK, "test")
    assert is_enrolled(here, member)
    assert why_not(here, member) is None


def test_a_childs_refusal_counts_more_than_a_parents_yes(here: Here) -> None:
    member = child(here, 11)
    consents(here, parent(here, member))
    enrol(here, member)
    receipt = here.site.families.child_says(member.id, Said.REFUSED, Channel.DESK, "test")
    assert receipt is not None
    assert not is_enrolled(here, member)
    assert why_not(here, member) is WhyNot.CHILD_REFUSES
    with pytest.raises(NotAllowed):
        here.site.enrol.consent(member.id, here.site.notices.show(), Channel.PAPER, "form 12")
    here.site.families.child_says(member.id, Said.AGREED, Channel.DESK, "test")
    assert why_not(here, member) is None


def test_a_group_of_a_school_goes_by_the_act(here: Here) -> None:
    member = child(here, 15, group="Year 10")
    assert why_not(here, member) is WhyNot.NO_PARENT_NAMED
    mother, father = parent(here, member), parent(here, member, "George Example", None)
    assert why_not(here, member) is WhyNot.PARENT_NOT_NOTIFIED
    consents(here, mother)
    assert why_not(here, member) is WhyNot.PARENT_NOT_NOTIFIED, "each parent is told"
    here.site.families.record(father.id, Said.EXCUSED, Channel.PAPER, "test", Excuse.NOT_FOUND)
    assert why_not(here, member) is None
    enrol(here, member)
    with here.site.store.read() as work:
        consent = work.consents.live_of(member.id)
    assert consent is not None
    assert consent.giver is Giver.MEMBER, "from 13 their own, beside the parent's"


@pytest.mark.parametrize("guardian_too", [False, True], ids=["their own", "a guardian too"])
def test_13_to_17(here: Here, guardian_too: bool) -> None:
    here = with_settings(here, children=Children.FROM_13, children_guardian=guardian_too)
    member = child(here, 14)
    assert (why_not(here, member) is WhyNot.PARENT_HAS_NOT_CONSENTED) is guardian_too
    assert why_not(here, child(here, 12, who=2)) is WhyNot.TOO_YOUNG


def test_no_child_enrols_where_it_is_not_turned_on(here: Here) -> None:
    here = with_settings(here, children=Children.OFF)
    member = child(here, 17)
    for enrols in (
        lambda: here.site.invite.link(member.id, "test"),
        lambda: here.site.enrol.consent(member.id, here.site.notices.show(), Channel.PAPER, "form 12"),
    ):
        with pytest.raises(NotAllowed, match="18 and over"):
            enrols()


def test_a_consent_of_a_parent_is_in_writing(here: Here) -> None:
    mother = parent(here, child(here, 11))
    with pytest.raises(NotAllowed, match="in writing"):
        here.site.families.record(mother.id, Said.CONSENTED, Channel.KIOSK, "test")


def test_who_could_not_be_written_to_was_not_told(here: Here) -> None:
    member = child(here, 15, group="Year 10")
    mother, father = parent(here, member), parent(here, member, "George Example", None)
    here.mail.refuses = True
    with pytest.raises(CannotSend):
        here.site.families.write_to(mother.id, "test")
    here.mail.refuses, here.mail.is_set_up = False, False
    with pytest.raises(NotConfigured):
        here.site.families.write_to(mother.id, "test")
    with pytest.raises(NotAllowed, match="no e-mail address"):
        here.site.families.write_to(father.id, "test")
    assert here.site.families.of(member.id).words == []


def test_the_log_names_no_parent(here: Here) -> None:
    member = child(here, 11)
    mother = parent(here, member)
    here.site.families.write_to(mother.id, "test")
    consents(here, mother)
    with here.site.store.read() as work:
        written = str(list(work.audit.entries()))
    assert "Annabella" not in written
    assert "annabella" not in written


def test_a_template_is_not_made_of_what_was_withdrawn_while_the_pictures_were_taken(here: Here) -> None:
    member = child(here, 11)
    mother = parent(here, member)
    consents(here, mother)
    here.site.enrol.consent(member.id, here.site.notices.show(), Channel.ENROLMENT_PAGE, "the member")
    enrolment = here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(enrolment, picture_of(1, variation=variation))
    here.site.families.record(mother.id, Said.OBJECTED, Channel.DESK, "test")
    with pytest.raises(NotAllowed, match="withdrawn meanwhile"):
        here.site.enrol.finish(enrolment)
    assert not is_enrolled(here, member)


def test_a_parents_consent_lapses_a_while_after_the_13th_birthday(here: Here) -> None:
    """A parent's consent lapses sixty days after the 13th birthday, and the worker ends it."""
    member = child(here, 12)
    consents(here, parent(here, member))
    enrol(here, member)
    assert here.site.waiting.lapse() == 0
    here.clock.advance(timedelta(days=370).total_seconds())
    assert here.site.waiting.lapse() == 0, "13 by now, and asked"
    (again,) = here.site.waiting.all().to_renew
    assert again.again.lapses_on is not None
    here.clock.advance(timedelta(days=60).total_seconds())
    assert here.site.waiting.lapse() == 1
    assert not is_enrolled(here, member)
    assert here.site.waiting.lapse() == 0


def test_what_the_rules_do_not_let_stand_ends(here: Here) -> None:
    member = child(here, 15)
    enrol(here, member)
    assert here.site.waiting.lapse() == 0
    assert with_settings(here, children=Children.OFF).site.waiting.lapse() == 1
    assert not is_enrolled(here, member)


def test_a_missing_date_of_birth_ends_nothing(here: Here) -> None:
    adults = with_settings(here, children=Children.OFF, adults_only=True)
    member = adults.enrol(1)
    assert with_settings(here, children=Children.OFF).site.waiting.lapse() == 0
    assert is_enrolled(here, member)


def test_who_is_listed_as_staff_is_not_enrolled_any_more(here: Here) -> None:
    adults = with_settings(here, adults_only=True)
    member = adults.enrol(1)
    adults.site.membership.change(member.id, {"kind": "Staff"}, "test")
    assert adults.site.waiting.lapse() == 1
    assert not is_enrolled(here, member)
    with pytest.raises(NotAllowed, match="never for staff"):
        adults.site.invite.link(replace(member).id, "test")


def test_the_child_reads_who_answered_for_them_and_no_name(here: Here) -> None:
    member = child(here, 11)
    mother = parent(here, member)
    token = here.site.families.link(mother.id, "test").rpartition("/")[2]
    here.site.families.consents_by_link(token, "Annabella Byron", here.site.notices.show(Audience.PARENT))
    enrol(here, member)
    here.site.families.objects_by_link(here.site.families.link(mother.id, "test").rpartition("/")[2])
    trail = here.site.my_data.of(member.id).trail
    answers = [one for one in trail if one.event == Event.FAMILY_SAID]
    assert [(one.by, one.detail["said"]) for one in answers] == [
        ("a parent or guardian", "objected"),
        ("a parent or guardian", "consented"),
    ]
    assert "Annabella" not in str(trail)


def test_a_parent_of_a_school_child_who_is_named_later_is_told_first(here: Here) -> None:
    """s. 26(2): each parent, before; the guide and the page say what follows."""
    member = child(here, 14, group="Class 8b")
    consents(here, parent(here, member))
    enrol(here, member)
    assert here.site.waiting.lapse() == 0
    father = parent(here, member, "William Example", None)
    assert why_not(here, member) is WhyNot.PARENT_NOT_NOTIFIED
    assert here.site.waiting.lapse() == 1
    assert not is_enrolled(here, member)
    here.site.families.record(father.id, Said.NOTIFIED, Channel.PAPER, "test")
    assert why_not(here, member) is None
