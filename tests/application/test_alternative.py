"""PIN and code on the phone: set up by the member, tried seldom, used once, and never in the card's way."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from stile.application.alternative import Ways
from stile.application.gate import Concluded
from stile.domain.audit import Event
from stile.domain.errors import NotFound, WrongValue
from stile.domain.ids import MemberId
from stile.domain.member import Member, MembershipStatus
from stile.domain.passage import Admit, AdmitReason, Method, Outcome, Refer, ReferReason, Refuse, RefuseReason
from stile.domain.passes import LINK_LASTS, STEP, SetsUp, Use
from stile.domain.pins import FREE_TRIES, KEYPAD_REST, KEYPAD_TRIES
from stile.ports import News, Topic
from stile.testing import FakePhone
from tests.conftest import Here

PIN = "830516"
WRONG = Refuse(None, RefuseReason.WRONG_PIN)


def with_pin(here: Here, who: int = 1) -> Member:
    member = here.add(who)
    here.site.alternative.set_pin(member.id, PIN, str(member.id))
    return member


def try_pin(here: Here, number: str = "1001", pin: str = PIN) -> Concluded:
    return here.site.admit_by_pin.present(here.lane, number, pin)


def with_phone(here: Here, member: Member) -> FakePhone:
    phone = FakePhone()
    code = here.site.alternative.link(member.id, SetsUp.PHONE, "test")
    phone.handle = here.site.alternative.register_phone(code, phone.public_key).handle
    return phone


def show(here: Here, code: str) -> Concluded:
    return here.site.admit_by_pass.present(here.lane, code)


# --- PIN ---


@pytest.mark.parametrize("number", ["1001", "55000 01"], ids=["membership number", "card number"])
def test_a_number_and_a_pin_open(here: Here, number: str) -> None:
    member = with_pin(here)
    done = try_pin(here, number)
    assert done.decision == Admit(member.id, AdmitReason.PIN_ACCEPTED)
    assert (done.greeting, done.door_opened) == ("Ada", True)
    assert done.passage is not None
    assert (done.passage.method, done.passage.member) == (Method.PIN, member.id)


def test_a_wrong_pin_a_number_of_nobody_and_a_member_without_a_pin_are_one(here: Here) -> None:
    with_pin(here)
    here.add(2)
    wrong, nobody, without = try_pin(here, pin="830517"), try_pin(here, "9999"), try_pin(here, "1002")
    none = try_pin(here, pin="")
    for done in (wrong, nobody, without, none):
        assert done.decision == WRONG
        assert done.passage is not None
        assert done.passage.member is None
    assert here.door.opened_for == []


def test_a_lapsed_membership_is_told_of_only_after_the_right_pin(here: Here) -> None:
    member = with_pin(here)
    here.site.membership.set_status(member.id, MembershipStatus.LAPSED, "test")
    assert try_pin(here, pin="111111").decision == WRONG
    assert try_pin(here).decision == Refuse(member.id, RefuseReason.LAPSED)


def test_after_five_wrong_tries_the_pin_rests_and_the_card_and_the_phone_do_not(here: Here) -> None:
    member = with_pin(here)
    phone = with_phone(here, member)
    for _ in range(FREE_TRIES):
        assert try_pin(here, pin="000111").decision == WRONG
    assert try_pin(here).decision == WRONG, "the right one, too early"
    assert here.site.alternative.of(member.id).pin_rests_until == here.clock.now() + timedelta(minutes=1)
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
    assert show(here, phone.code(here.clock.now())).door_opened
    here.clock.advance(60)
    assert try_pin(here).door_opened
    assert try_pin(here, pin="000111").decision == WRONG
    assert here.site.alternative.of(member.id).pin_rests_until is None, "the count began anew"


def test_that_a_pin_rests_is_in_the_audit_log_and_names_the_member(here: Here) -> None:
    member = with_pin(here)
    for _ in range(FREE_TRIES):
        try_pin(here, pin="000111")
    with here.site.store.read() as work:
        rests = [one for one in work.audit.entries() if one.event is Event.PIN_RESTS]
    assert [(one.subject, one.actor) for one in rests] == [(str(member.id), str(here.lane.id))]
    assert rests[0].detail == {"failures": FREE_TRIES}


def test_many_tries_at_once_are_no_more_tries(here: Here) -> None:
    """The count is kept under the lock that records: of twelve at once five count, and nothing is right after them."""
    with_pin(here)
    pins = [f"{n:06}" for n in range(100_000, 100_000 + FREE_TRIES + 7)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda pin: try_pin(here, pin=pin), pins))
    assert {one.decision for one in done} == {WRONG}
    with here.site.store.read() as work:
        holder = work.members.by_number("1001")
        assert holder is not None
        kept = work.alternatives.pin_of(holder.id)
    assert kept is not None
    assert kept.failures == FREE_TRIES, "while it rests nothing is counted, and nothing would have been right"


def test_a_keypad_rests_after_wrong_pins_with_many_numbers(here: Here) -> None:
    with_pin(here)
    told: list[News] = []
    end = here.site.board.subscribe(told.append)
    for n in range(KEYPAD_TRIES):
        assert try_pin(here, f"{n:05}", "830516").decision == WRONG
    end()
    assert next(one.text for one in told if one.topic is Topic.STAFF_NEEDED).startswith("Many wrong PINs")
    done = try_pin(here)
    assert done.decision == Refer(ReferReason.PIN_RESTS)
    assert done.passage is not None
    assert here.site.admit_by_card.present(here.lane, "5500001").door_opened
    here.clock.advance(KEYPAD_REST)
    assert try_pin(here).door_opened


def test_a_new_pin_ends_the_one_before_and_its_rest(here: Here) -> None:
    member = with_pin(here)
    for _ in range(FREE_TRIES):
        try_pin(here, pin="000111")
    here.site.alternative.set_pin(member.id, "740263", str(member.id))
    assert try_pin(here, pin="740263").door_opened
    assert try_pin(here).decision == WRONG


def test_a_pin_is_set_by_a_link_once(here: Here) -> None:
    member = here.add(1)
    code = here.site.alternative.link(member.id, SetsUp.PIN, "test")
    assert here.site.alternative.invited(code, SetsUp.PIN).id == member.id
    with pytest.raises(WrongValue, match="4 to 8"):
        here.site.alternative.set_pin_by_link(code, "12")
    here.site.alternative.set_pin_by_link(code.lower().replace("-", " "), PIN)
    assert try_pin(here).door_opened
    with pytest.raises(NotFound):
        here.site.alternative.set_pin_by_link(code, "740263")


@pytest.mark.parametrize("other", ["", "AAAA-AAAA-AAAA", "x" * 500])
def test_a_link_that_was_never_made(here: Here, other: str) -> None:
    with pytest.raises(NotFound):
        here.site.alternative.set_pin_by_link(other, PIN)


def test_a_link_is_for_one_thing_for_an_hour_and_the_newest_only(here: Here) -> None:
    member = here.add(1)
    first = here.site.alternative.link(member.id, SetsUp.PIN, "test")
    with pytest.raises(NotFound):
        here.site.alternative.register_phone(first, FakePhone().public_key)
    second = here.site.alternative.link(member.id, SetsUp.PIN, "test")
    with pytest.raises(NotFound):
        here.site.alternative.invited(first, SetsUp.PIN)
    here.clock.advance(LINK_LASTS.total_seconds())
    with pytest.raises(NotFound):
        here.site.alternative.invited(second, SetsUp.PIN)


def test_a_pin_that_is_removed_opens_nothing(here: Here) -> None:
    member = with_pin(here)
    assert here.site.alternative.remove_pin(member.id, "test")
    assert not here.site.alternative.remove_pin(member.id, "test")
    assert try_pin(here).decision == WRONG


def test_no_pin_and_no_code_stands_in_the_data_or_the_logs(
    here: Here, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    member = here.add(1)
    link = here.site.alternative.link(member.id, SetsUp.PIN, "test")
    here.site.alternative.set_pin_by_link(link, "60413977")
    try_pin(here, pin="60413977")
    try_pin(here, pin="60413978")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir()) + caplog.text.encode()
    for secret in ("60413977", "60413978", link, link.replace("-", ""), "$argon2id$v=19$m=7168"):
        assert secret.encode() not in kept


def test_a_pin_that_cannot_be_checked_refers_to_the_card(here: Here) -> None:
    """A store with another site key: the hash does not open, and nobody is told that a right PIN is wrong."""
    member = with_pin(here)
    with here.site.store.begin() as work:
        kept = work.alternatives.pin_of(member.id)
        assert kept is not None
        work.alternatives.keep_pin(type(kept)(kept.member, kept.sealed[:-1] + b"x", kept.set_at))
        work.commit()
    assert try_pin(here).decision == Refer(ReferReason.PIN_NOT_CHECKED)


# --- the code on the phone ---


def test_a_code_opens_once(here: Here) -> None:
    member = here.add(1)
    phone = with_phone(here, member)
    code = phone.code(here.clock.now())
    done = show(here, code)
    assert done.decision == Admit(member.id, AdmitReason.PASS_ACCEPTED)
    assert (done.greeting, done.door_opened) == ("Ada", True)
    again = show(here, code)
    assert again.decision == Refuse(member.id, RefuseReason.PASS_USED)
    here.clock.advance(STEP)
    assert show(here, phone.code(here.clock.now())).door_opened
    assert len(here.door.opened_for) == 2


def test_of_two_readers_that_read_one_code_at_once_one_opens(here: Here) -> None:
    code = with_phone(here, here.add(1)).code(here.clock.now())
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: show(here, code), range(4)))
    assert sorted(one.outcome for one in done) == [Outcome.ADMIT, *[Outcome.REFUSE] * 3]
    assert len(here.door.opened_for) == 1


def test_a_photograph_of_a_code_is_worth_nothing_after_its_time(here: Here) -> None:
    member = here.add(1)
    code = with_phone(here, member).code(here.clock.now())
    here.clock.advance(2 * STEP)
    assert show(here, code).decision == Refuse(member.id, RefuseReason.PASS_OUT_OF_DATE)


def test_an_older_code_is_used_up_with_a_newer_one(here: Here) -> None:
    phone = with_phone(here, here.add(1))
    photographed = phone.code(here.clock.now())
    here.clock.advance(STEP)
    assert show(here, phone.code(here.clock.now())).door_opened
    assert isinstance(show(here, photographed).decision, Refuse)


def test_a_new_phone_ends_the_old_one(here: Here) -> None:
    member = here.add(1)
    old = with_phone(here, member)
    new = with_phone(here, member)
    assert show(here, old.code(here.clock.now())).decision == Refuse(None, RefuseReason.UNKNOWN_PASS)
    assert show(here, new.code(here.clock.now())).door_opened
    assert here.site.alternative.end_phone(member.id, "test")
    here.clock.advance(STEP)
    assert show(here, new.code(here.clock.now())).decision == Refuse(None, RefuseReason.UNKNOWN_PASS)


def test_a_code_that_another_phone_signed_or_that_was_changed(here: Here) -> None:
    phone = with_phone(here, here.add(1))
    now = here.clock.now()
    stranger = FakePhone(phone.handle)
    later = phone.code(now + timedelta(seconds=STEP))
    asks = phone.code(now, Use.LOOK)
    right = phone.code(now)
    for code in (
        stranger.code(now),
        right[:21] + later[21:30] + right[30:],
        "1" + asks[1:],
        asks,
        right[:30] + "0" * 156,
        right[:30] + "9" * 156,
        "",
        "1" * 186,
    ):
        assert show(here, code).decision == Refuse(None, RefuseReason.UNKNOWN_PASS)
    assert here.door.opened_for == []


@pytest.mark.parametrize("key", ["", "AAAA", "x" * 1000, "§"])
def test_a_key_that_is_none_uses_no_link_up(here: Here, key: str) -> None:
    code = here.site.alternative.link(here.add(1).id, SetsUp.PHONE, "test")
    with pytest.raises(WrongValue):
        here.site.alternative.register_phone(code, key)
    here.site.alternative.register_phone(code, FakePhone().public_key)


def test_the_phone_learns_when_and_where_its_code_was_used(here: Here) -> None:
    phone = with_phone(here, here.add(1))
    ask = phone.code(here.clock.now(), Use.LOOK)
    assert here.site.alternative.last_use(ask) is None
    show(here, phone.code(here.clock.now()))
    used = here.site.alternative.last_use(ask)
    assert used is not None
    assert (used.at, used.lane) == (here.clock.now(), "Main entrance")
    for wrong in (phone.code(here.clock.now()), FakePhone(phone.handle).code(here.clock.now(), Use.LOOK), ""):
        with pytest.raises(NotFound):
            here.site.alternative.last_use(wrong)


def test_what_a_member_has_set_up(here: Here) -> None:
    member = here.add(1)
    assert here.site.alternative.of(member.id) == Ways(1)
    here.site.alternative.set_pin(member.id, PIN, "test")
    with_phone(here, member)
    found = here.site.alternative.of(member.id)
    assert (found.pin_set_at, found.phone_since) == (here.clock.now(), here.clock.now())
    with pytest.raises(NotFound):
        here.site.alternative.of(MemberId(here.lane.id))


def test_withdrawing_consent_leaves_pin_and_phone_as_they_are(here: Here) -> None:
    member = here.enrol(1)
    here.site.alternative.set_pin(member.id, PIN, "test")
    phone = with_phone(here, member)
    here.site.withdraw.consent_of(member.id, "test")
    assert try_pin(here).door_opened
    assert show(here, phone.code(here.clock.now())).door_opened


def test_an_erased_member_has_neither(here: Here) -> None:
    member = with_pin(here)
    phone = with_phone(here, member)
    here.site.alternative.link(member.id, SetsUp.PIN, "test")
    with here.site.store.begin() as work:
        work.erasures.member(member.id, here.clock.now())
        work.commit()
    assert try_pin(here).decision == WRONG
    assert show(here, phone.code(here.clock.now())).decision == Refuse(None, RefuseReason.UNKNOWN_PASS)
    with here.site.store.read() as work:
        assert (work.alternatives.pin_of(member.id), work.alternatives.phone_of(member.id)) == (None, None)
