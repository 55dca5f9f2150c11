"""What was sent to an address opens nothing once it is the member's no more."""

from collections.abc import Callable

import pytest

from stile.application.import_members import Wanted
from stile.domain.errors import NotFound
from stile.domain.member import Member
from tests.conftest import Here

OLD, NEW = "old@example.org", "new@example.org"


def by_the_member(here: Here, member: Member) -> None:
    here.site.own_choices.correct_contact(member.id, NEW, "")


def by_staff(here: Here, member: Member) -> None:
    here.site.membership.change(member.id, {"email": NEW}, "staff")


def by_a_file(here: Here, member: Member) -> None:
    file = f"number,given name,email\n{member.number},Ada,{NEW}\n".encode()
    assert here.site.import_members.run(Wanted(file, here.lane.centre), "test").plan.delta.changed == 1


WAYS = [by_the_member, by_staff, by_a_file]
Way = Callable[[Here, Member], None]


@pytest.fixture
def member(here: Here) -> Member:
    return here.site.membership.change(here.add(1).id, {"email": OLD}, "test")


def token(link: str) -> str:
    return link.rpartition("/")[2]


@pytest.mark.parametrize("changed", WAYS)
def test_a_link_to_the_own_page_works_no_more(here: Here, member: Member, changed: Way) -> None:
    link = token(here.site.own_page.link(member.id, str(member.id)))
    changed(here, member)
    with pytest.raises(NotFound):
        here.site.own_page.enter(link)


@pytest.mark.parametrize("changed", WAYS)
def test_a_link_to_enrol_that_was_mailed_works_no_more(here: Here, member: Member, changed: Way) -> None:
    made = here.site.invite.send(member.id, "staff")
    changed(here, member)
    with pytest.raises(NotFound):
        here.site.invite.invited(made.token)


@pytest.mark.parametrize("changed", WAYS)
def test_a_link_that_a_program_sent_works_no_more(here: Here, member: Member, changed: Way) -> None:
    made = here.site.invite.link(member.id, "token:1")
    changed(here, member)
    with pytest.raises(NotFound):
        here.site.invite.invited(made.token)


@pytest.mark.parametrize("changed", WAYS)
def test_a_link_on_the_desks_screen_goes_on_working(here: Here, member: Member, changed: Way) -> None:
    made = here.site.invite.link(member.id, "staff")
    changed(here, member)
    assert here.site.invite.invited(made.token)[1].id == member.id


@pytest.mark.parametrize("changed", [by_staff, by_a_file])
def test_whoever_came_in_from_the_old_mailbox_is_out(here: Here, member: Member, changed: Way) -> None:
    cookie, _ = here.site.own_page.enter(token(here.site.own_page.link(member.id, str(member.id))))
    changed(here, member)
    assert here.site.own_page.resume(cookie) is None


def test_whoever_corrects_their_own_stays_in(here: Here, member: Member) -> None:
    cookie, _ = here.site.own_page.enter(token(here.site.own_page.link(member.id, str(member.id))))
    by_the_member(here, member)
    assert here.site.own_page.resume(cookie) is not None
