"""PINs, phones, their links and waits, on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from uuid_utils.compat import uuid7

from stile.adapters.storage import SqlStore
from stile.domain.errors import Conflict, NotFound
from stile.domain.ids import LaneId, MemberId, PassageId
from stile.domain.passage import Method, Outcome, Passage
from stile.domain.passes import Phone, SetsUp
from stile.domain.pins import PinKept
from stile.domain.waits import Counted, Wait
from tests.adapters.builders import NOW, Town, settle

HANDLE = "01234567890123456789"


@pytest.fixture
def town(store: SqlStore) -> Town:
    return settle(store)


@pytest.fixture
def member(store: SqlStore, town: Town) -> MemberId:
    member = town.member()
    with store.begin() as work:
        work.members.add(member)
        work.commit()
    return member.id


def test_a_pin_is_kept_counted_and_forgotten(store: SqlStore, member: MemberId) -> None:
    kept = PinKept(member, b"sealed", NOW)
    with store.begin() as work:
        work.alternatives.keep_pin(kept)
        assert work.alternatives.pin_of(member) == kept
        work.alternatives.count_failures(member, 5, NOW + timedelta(minutes=1))
        assert work.alternatives.pin_of(member) == replace(
            kept, failures=5, rests_until=NOW + timedelta(minutes=1)
        )
        work.alternatives.keep_pin(replace(kept, sealed=b"another"))
        assert work.alternatives.pin_of(member) == replace(kept, sealed=b"another")
        assert work.alternatives.forget_pin(member)
        assert not work.alternatives.forget_pin(member)
        assert work.alternatives.pin_of(member) is None


def test_a_phone_is_kept_used_and_replaced(store: SqlStore, town: Town, member: MemberId) -> None:
    phone = Phone(HANDLE, member, b"key", NOW)
    with store.begin() as work:
        work.alternatives.keep_phone(phone)
        assert work.alternatives.phone(HANDLE) == phone == work.alternatives.phone_of(member)
        work.alternatives.used(phone.after(58_000_000, NOW, town.lane_id))
        assert work.alternatives.phone(HANDLE) == phone.after(58_000_000, NOW, town.lane_id)
        other = Phone("9" * 20, member, b"key", NOW)
        work.alternatives.keep_phone(other)
        assert work.alternatives.phone(HANDLE) is None
        assert work.alternatives.forget_phone(member)
        assert work.alternatives.phone(other.handle) is None


def test_two_phones_have_two_handles(store: SqlStore, town: Town, member: MemberId) -> None:
    other = town.member("1002")
    with store.begin() as work:
        work.members.add(other)
        work.alternatives.keep_phone(Phone(HANDLE, member, b"key", NOW))
        with pytest.raises(Conflict):
            work.alternatives.keep_phone(Phone(HANDLE, other.id, b"key", NOW))


def test_nobody_has_a_pin_a_phone_or_a_link(store: SqlStore) -> None:
    nobody = MemberId(uuid7())
    with store.begin() as work:
        with pytest.raises(NotFound):
            work.alternatives.keep_pin(PinKept(nobody, b"sealed", NOW))
        with pytest.raises(NotFound):
            work.alternatives.keep_phone(Phone(HANDLE, nobody, b"key", NOW))
        with pytest.raises(NotFound):
            work.alternatives.add_link("0" * 64, nobody, SetsUp.PIN, NOW)


def test_a_link_is_of_its_kind_and_of_its_time(store: SqlStore, member: MemberId) -> None:
    soon = NOW + timedelta(hours=1)
    with store.begin() as work:
        work.alternatives.add_link("1" * 64, member, SetsUp.PIN, soon)
        assert work.alternatives.link("1" * 64, SetsUp.PIN, NOW) == member
        assert work.alternatives.link("1" * 64, SetsUp.PHONE, NOW) is None
        assert work.alternatives.link("1" * 64, SetsUp.PIN, soon) is None
        work.alternatives.add_link("2" * 64, member, SetsUp.PIN, soon)
        assert work.alternatives.link("1" * 64, SetsUp.PIN, NOW) is None
        work.alternatives.end_links(member, SetsUp.PIN)
        assert work.alternatives.link("2" * 64, SetsUp.PIN, NOW) is None


def test_waits_are_kept_in_order_and_by_day_and_lane(store: SqlStore, town: Town) -> None:
    first = Wait(date(2026, 11, 1), town.lane_id, Method.CARD, Outcome.ADMIT, 410.5, 612.25)
    later = Wait(date(2026, 11, 2), town.lane_id, Method.FACE, Outcome.REFER, 2_100.0)
    with store.begin() as work:
        work.waits.add(first)
        work.waits.add(later)
        assert work.waits.since() == [first, later]
        assert work.waits.since(date(2026, 11, 2)) == [later]
        assert work.waits.since(None, LaneId(uuid7())) == []
        with pytest.raises(NotFound):
            work.waits.add(replace(first, lane=LaneId(uuid7())))


def test_passages_are_counted_by_way(store: SqlStore, town: Town, member: MemberId) -> None:
    def passage(method: Method, outcome: Outcome, reason: str, who: MemberId | None = None) -> Passage:
        id = PassageId(uuid7())
        return Passage(id, town.centre_id, town.lane_id, NOW, method, outcome, reason, who)

    with store.begin() as work:
        for _ in range(2):
            work.passages.add(passage(Method.PIN, Outcome.REFUSE, "number or PIN not right"))
        work.passages.add(passage(Method.PASS, Outcome.ADMIT, "pass accepted", member))
        work.commit()
    with store.read() as work:
        assert work.waits.counted() == [
            Counted(Method.PASS, Outcome.ADMIT, "pass accepted", 1),
            Counted(Method.PIN, Outcome.REFUSE, "number or PIN not right", 2),
        ]
        assert work.waits.counted(NOW + timedelta(seconds=1)) == []
        assert work.waits.counted(NOW, LaneId(uuid7())) == []
