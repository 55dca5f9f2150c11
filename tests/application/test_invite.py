"""Links to enrol: shown, sent, taken up at a kiosk; once each, and over after a while."""

from dataclasses import replace

import pytest

from stile.application import invite
from stile.domain.consent import Alternative, Channel
from stile.domain.errors import CannotSend, Conflict, NotAllowed, NotConfigured, NotFound
from stile.domain.member import Member
from stile.testing import picture_of
from tests.conftest import Here
from tests.families import is_enrolled


@pytest.fixture
def member(here: Here) -> Member:
    added = here.add(1)
    return here.site.membership.change(added.id, {"email": "ada@example.org"}, "test")


def token_in(letter: str) -> str:
    (line,) = [one for one in letter.splitlines() if "/enrol/" in one]
    return line.rpartition("/")[2]


def test_a_link_is_sent_to_the_members_own_address(here: Here, member: Member) -> None:
    here.site.invite.send(member.id, "test")
    (letter,) = here.mail.letters
    assert letter.to == "ada@example.org"
    assert "your card works" in letter.text
    invitation, invited = here.site.invite.invited(token_in(letter.text))
    assert invited == member
    assert invitation.sent_at == here.clock.now()


def test_a_letter_that_was_not_sent_leaves_no_link(here: Here, member: Member) -> None:
    here.mail.refuses = True
    with pytest.raises(CannotSend):
        here.site.invite.send(member.id, "test")
    with here.site.store.read() as work:
        latest = work.invitations.latest_of(member.id)
    assert latest is not None
    assert not latest.works(here.clock.now())
    here.mail.is_set_up = False
    with pytest.raises(NotConfigured):
        here.site.invite.send(member.id, "test")


def test_without_an_address_nothing_is_sent(here: Here) -> None:
    with pytest.raises(NotAllowed, match="no e-mail address"):
        here.site.invite.send(here.add(2).id, "test")
    assert here.mail.letters == []


def test_the_log_holds_no_address_and_no_link(here: Here, member: Member) -> None:
    made = here.site.invite.send(member.id, "test")
    coded = here.site.invite.for_a_kiosk(member.id, "test")
    with here.site.store.read() as work:
        written = str(list(work.audit.entries()))
    for secret in ("ada@example.org", made.token, coded.code):
        assert str(secret) not in written


def test_a_kiosk_takes_a_code_up_once(here: Here, member: Member) -> None:
    code = here.site.invite.for_a_kiosk(member.id, "test").code
    assert code is not None
    assert code.isdigit()
    assert len(code) == invite.CODE_DIGITS
    made = here.site.invite.take_up(here.lane, f" {code[:4]} {code[4:]} ")
    invitation, invited = here.site.invite.invited(made.token)
    assert (invited.id, invitation.channel, invitation.lane) == (member.id, Channel.KIOSK, here.lane.id)
    with pytest.raises(NotFound):
        here.site.invite.take_up(here.lane, code)


@pytest.mark.parametrize(
    "wrong", ["", "0", "00000000", "½", "x" * 300], ids=["empty", "one", "eight", "odd", "long"]
)
def test_what_is_no_code_is_told_in_the_same_words(here: Here, member: Member, wrong: str) -> None:
    here.site.invite.for_a_kiosk(member.id, "test")
    with pytest.raises(NotFound, match="This code does not work"):
        here.site.invite.take_up(here.lane, wrong)


def test_a_code_runs_out(here: Here, member: Member) -> None:
    code = here.site.invite.for_a_kiosk(member.id, "test").code
    here.clock.advance(invite.CODE_LASTS.total_seconds() + 1)
    with pytest.raises(NotFound):
        here.site.invite.take_up(here.lane, str(code))


def test_a_new_link_ends_a_code(here: Here, member: Member) -> None:
    code = here.site.invite.for_a_kiosk(member.id, "test").code
    here.site.invite.link(member.id, "test")
    with pytest.raises(NotFound):
        here.site.invite.take_up(here.lane, str(code))


def test_cancelling_ends_every_link(here: Here, member: Member) -> None:
    token = here.site.invite.link(member.id, "test").token
    here.site.invite.cancel(member.id, "test")
    with pytest.raises(NotFound):
        here.site.invite.invited(token)


def test_of_two_pages_that_opened_one_link_one_enrols(here: Here, member: Member) -> None:
    here.consent(member)
    invitation, _ = here.site.invite.invited(here.site.invite.link(member.id, "test").token)
    first, second = here.site.enrol.begin(member.id), here.site.enrol.begin(member.id)
    for variation in range(3):
        here.site.enrol.shot(first, picture_of(1, variation=variation))
        here.site.enrol.shot(second, picture_of(2, variation=variation))
    here.site.enrol.finish(first, invitation)
    with pytest.raises(Conflict, match="used already"):
        here.site.enrol.finish(second, invitation)
    assert here.come(1).door_opened
    assert not here.come(2).door_opened, "nor is the other face kept in memory"


def test_the_desk_sits_beside_them(here: Here, member: Member) -> None:
    with here.site.store.read() as work:
        staff = work.staff.by_name("admin")
    assert staff is not None
    made = here.site.invite.at_the_desk(member.id, staff.id)
    consent = here.site.enrol.consent(
        member.id,
        here.site.notices.show(),
        made.invitation.channel,
        "the member",
        made.invitation.assisted_by,
    )
    assert (consent.channel, consent.assisted_by) == (Channel.DESK, staff.id)
    assert consent.offered == {Alternative.CARD, Alternative.PIN, Alternative.QR}
    with here.site.store.read() as work:
        assert work.consents.live_of(member.id) == consent


def test_the_words_that_were_agreed_to_are_kept(here: Here, member: Member) -> None:
    consent = here.site.enrol.consent(member.id, here.site.notices.current(), Channel.PAPER, "form 12")
    with here.site.store.read() as work:
        shown = work.notices.by_digest(consent.notice_sha256)
    assert shown is not None
    assert shown.notice == here.site.notices.current()
    assert shown.first_shown_at == here.clock.now()
    assert here.site.notices.of_version(shown.notice.version) == [shown]
    with pytest.raises(NotFound, match="2019-1"):
        here.site.notices.of_version("2019-1")


def test_who_waits_is_on_one_page(here: Here, member: Member) -> None:
    assert here.site.waiting.all().nobody
    here.site.invite.link(member.id, "test")
    (row,) = here.site.waiting.all().invited
    assert (row.member.id, row.is_over) == (member.id, False)
    here.clock.advance(invite.LINK_LASTS.total_seconds() + 1)
    assert here.site.waiting.all().invited[0].is_over
    here.site.invite.link(member.id, "test")
    assert len(here.site.waiting.all().invited) == 1, "the newest only"
    here.consent(member)
    (consented,) = here.site.waiting.all().without_template
    assert consented.member.id == member.id
    enrolled = here.enrol(2)
    assert enrolled.id not in here.site.waiting.all().members
    assert is_enrolled(here, enrolled)
    here.site.invite.cancel(member.id, "test")
    assert here.site.waiting.all().invited == []


def test_nobody_is_invited_who_is_not_there(here: Here, member: Member) -> None:
    nobody = replace(member, id=here.site.chance.new_id())  # type: ignore[arg-type]
    for does in (here.site.invite.link, here.site.invite.send, here.site.invite.cancel):
        with pytest.raises(NotFound):
            does(nobody.id, "test")
